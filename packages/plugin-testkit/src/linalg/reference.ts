import { createRandom, type LinalgBackend, type Matrix } from '@ggdln/core';
import { copy, identity, matrix, transpose } from '@ggdln/linalg';
import type { Check } from '../check.ts';
import { demandClose, demandMatrix } from '../compare.ts';
import { sampleMatrix } from '../samples.ts';

/** Sizes with ends of blocks and tiles on both sides. */
export const SIZES = [0, 1, 2, 3, 5, 17, 32, 33, 65, 130] as const;

/** Makes a check that is given the backend. */
export type LinalgCheck = (name: string, run: (backend: LinalgBackend) => void | Promise<void>) => Check;

/** A matrix of normal numbers that depends on its size and `seed` alone. */
export function gaussianMatrix(rows: number, cols: number, seed = 0): Matrix {
  return sampleMatrix(createRandom(seed).stream(`${rows} × ${cols}`), rows, cols);
}

/** A well-conditioned symmetric positive definite matrix with entries of order one. */
export function positiveMatrix(n: number, seed = 0): Matrix {
  const g = gaussianMatrix(n, n, seed);
  const out = multiply(g, transpose(g), 1 / Math.max(1, n));
  for (let i = 0; i < n; i++) out.data[i * n + i] += 1;
  return out;
}

/** alpha · A B by the definition. */
export function multiply(a: Matrix, b: Matrix, alpha = 1): Matrix {
  const out = matrix(a.rows, b.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let p = 0; p < a.cols; p++) {
      const factor = alpha * a.data[i * a.cols + p];
      for (let j = 0; j < b.cols; j++) out.data[i * b.cols + j] += factor * b.data[p * b.cols + j];
    }
  }
  return out;
}

/** A · diag(s). */
export function timesDiagonal(a: Matrix, s: ArrayLike<number>): Matrix {
  return mapEntries(a, (value, _, j) => value * s[j]);
}

/** The matrix with f(value, row, column) for its entries. */
export function mapEntries(a: Matrix, f: (value: number, row: number, column: number) => number): Matrix {
  const out = copy(a);
  for (let at = 0; at < out.data.length; at++) out.data[at] = f(a.data[at], Math.floor(at / a.cols), at % a.cols);
  return out;
}

/** The lower triangle with `above` over the diagonal. */
export function lowerTriangle(a: Matrix, above = 0): Matrix {
  return mapEntries(a, (value, i, j) => (j > i ? above : value));
}

/** Demands shape and entries, up to rounding. */
export function demandEqual(what: string, found: Matrix, expected: Matrix, tolerance = 1e-11): void {
  demandMatrix(what, found, expected.rows, expected.cols);
  demandClose(what, found.data, expected.data, tolerance);
}

/** Demands orthonormal columns. */
export function demandOrthonormal(what: string, a: Matrix): void {
  demandEqual(`${what}: products of its columns`, multiply(transpose(a), a), identity(a.cols), 1e-11);
}
