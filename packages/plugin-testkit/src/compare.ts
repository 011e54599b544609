import type { Matrix } from '@ggdln/core';
import { demand } from './check.ts';

/** Demands an honest matrix of a given shape whose entries are finite. */
export function demandMatrix(what: string, a: Matrix, rows: number, cols: number): void {
  const honest = a?.data instanceof Float64Array && a.data.length === a.rows * a.cols;
  demand(honest, `${what} is no matrix, expected { rows, cols, data: Float64Array of rows · cols numbers }`);
  demand(a.rows === rows && a.cols === cols, `${what} is ${a.rows} × ${a.cols}, expected ${rows} × ${cols}`);
  demandFinite(what, a.data);
}

/** Demands numbers that are finite. */
export function demandFinite(what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    demand(Number.isFinite(values[i]), `${what} has ${values[i]} at place ${i}, expected finite numbers`);
  }
}

/** Demands finite numbers none of which is below 0 by more than rounding (1e-10 of the largest). */
export function demandNotNegative(what: string, values: Float64Array): void {
  demandFinite(what, values);
  const floor = -1e-10 * values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const bad = values.findIndex((value) => value < floor);
  demand(bad < 0, `${what} has ${values[bad]} at place ${bad}, expected ≥ 0`);
}

/** Demands equal bits, so that −0 is not 0 and rounding counts. */
export function demandSameBits(what: string, found: ArrayLike<number>, expected: ArrayLike<number>): void {
  demand(found.length === expected.length, `${what}: ${found.length} numbers, expected ${expected.length}`);
  for (let i = 0; i < found.length; i++) {
    demand(Object.is(found[i], expected[i]), `${what}: ${found[i]} at place ${i}, expected ${expected[i]}`);
  }
}

/** Largest |found − expected| in units of 1 + max |expected|; infinite for different lengths or a NaN. */
export function relativeDistance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let scale = 1;
  let distance = 0;
  for (let i = 0; i < found.length; i++) {
    scale = Math.max(scale, 1 + Math.abs(expected[i]));
    distance = Math.max(distance, Math.abs(found[i] - expected[i]));
    if (Number.isNaN(found[i])) return Number.POSITIVE_INFINITY;
  }
  return distance / scale;
}

/** Demands agreement up to rounding: {@link relativeDistance} at most `tolerance`. */
export function demandClose(
  what: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-10,
): void {
  const distance = relativeDistance(found, expected);
  demand(distance <= tolerance, `${what}: relative distance ${distance}, allowed ${tolerance}`);
}
