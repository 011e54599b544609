import type { Matrix } from '@ggdln/core';
import { matrix, transpose } from '../matrix.ts';
import { dot } from './product.ts';

/** Columns with a squared norm below this count as zero beside entries of order one. */
const ZERO = 1e-280;

/**
 * Thin QR by Householder reflections (G. Golub and C. Van Loan, Matrix Computations, section 5.2) of a matrix with
 * rows ≥ cols and entries of order one: Q with orthonormal columns whatever the rank, R upper triangular with a
 * diagonal ≥ 0. Columns are kept as rows of the transpose, where they are contiguous.
 */
export function householderQr(a: Matrix): { q: Matrix; r: Matrix } {
  const { rows: m, cols: n } = a;
  const work = transpose(a);
  const r = matrix(n, n);
  const signs = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const own = work.data.subarray(k * m + k, (k + 1) * m);
    const image = reflectionInPlace(own);
    for (let j = k + 1; j < n; j++) reflect(own, work.data.subarray(j * m + k, (j + 1) * m));
    signs[k] = image < 0 ? -1 : 1;
    r.data[k * n + k] = Math.abs(image);
    for (let j = k + 1; j < n; j++) r.data[k * n + j] = signs[k] * work.data[j * m + k];
  }
  return { q: transpose(formColumns(work, signs)), r };
}

/**
 * Turns x into the unit vector u of the reflection I − 2uuᵀ that takes it to (value, 0, …, 0), and returns the value;
 * u = 0, no reflection, for a vector that counts as zero.
 */
function reflectionInPlace(x: Float64Array): number {
  const square = dot(x, 0, x, 0, x.length);
  if (square < ZERO) {
    x.fill(0);
    return 0;
  }
  const norm = Math.sqrt(square);
  const image = x[0] > 0 ? -norm : norm;
  // |x − image · e₁|² = 2 norm (norm + |x₀|), without cancellation.
  const length = Math.sqrt(2 * norm * (norm + Math.abs(x[0])));
  x[0] -= image;
  for (let i = 0; i < x.length; i++) x[i] /= length;
  return image;
}

/** x ← (I − 2uuᵀ) x. */
function reflect(u: Float64Array, x: Float64Array): void {
  const twice = 2 * dot(u, 0, x, 0, x.length);
  for (let i = 0; i < x.length; i++) x[i] -= twice * u[i];
}

/** Qᵀ: row k is what all reflections, the last first, make of the k-th unit vector, with its sign. */
function formColumns(reflections: Matrix, signs: Float64Array): Matrix {
  const { rows: n, cols: m } = reflections;
  const out = matrix(n, m);
  for (let k = n - 1; k >= 0; k--) {
    out.data[k * m + k] = signs[k];
    const u = reflections.data.subarray(k * m + k, (k + 1) * m);
    for (let j = k; j < n; j++) reflect(u, out.data.subarray(j * m + k, (j + 1) * m));
  }
  return out;
}
