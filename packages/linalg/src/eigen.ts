import type { Matrix } from '@ggdln/core';
import { numericalError } from './checks.ts';
import { matrix } from './matrix.ts';

/** The power of two just above a positive number; 1 for 0. Dividing by it is exact. */
export function powerOfTwoAbove(largest: number): number {
  return largest === 0 ? 1 : 2 ** Math.min(1023, Math.max(-1022, Math.ceil(Math.log2(largest))));
}

/** The power of two above the entries on and below the diagonal. */
export function lowerTriangleScale(a: Matrix): number {
  let largest = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j <= i; j++) largest = Math.max(largest, Math.abs(a.data[i * a.cols + j]));
  }
  return powerOfTwoAbove(largest);
}

/**
 * New arrays with the eigenvalues ascending and times `scale`, the eigenvectors (columns) in their order.
 * @throws GGDLN_NUMERICAL when an eigenvalue overflows.
 */
export function scaledEigen(
  unsorted: Float64Array,
  columns: Matrix,
  scale: number,
): { values: Float64Array; vectors: Matrix } {
  const n = unsorted.length;
  const order = Array.from(unsorted.keys()).sort((i, j) => unsorted[i] - unsorted[j]);
  const values = Float64Array.from(order, (i) => unsorted[i] * scale);
  if (!values.every(Number.isFinite)) {
    throw numericalError('symmetricEigen', 'an eigenvalue is beyond the largest number', 'Scale the matrix down');
  }
  const vectors = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) vectors.data[i * n + j] = columns.data[i * n + order[j]];
  }
  return { values, vectors };
}
