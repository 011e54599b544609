import { allFinite } from '@ggdln/linalg/backend';
import type { Blas } from './symbols.ts';

/** The library's sum costs a call; from here on it is the faster way to look at numbers. */
const LONG = 512;

/** Whether all numbers are finite: then, and only then but for overflow, the sum of their sizes is. */
export function isAllFinite(blas: Blas, data: Float64Array): boolean {
  return (data.length >= LONG && Number.isFinite(blas.dasum(data.length, data, 1))) || allFinite(data);
}
