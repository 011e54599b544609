import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix, shapeOf } from '@ggdln/linalg';

/** Checks the inputs that a gating is fitted on. @throws GGDLN_INPUT when empty, or an entry isn't finite. */
export function requireTrainingInputs(where: string, X: Matrix): void {
  requireMatrix(where, 'X (P × N0)', X);
  if (X.rows === 0 || X.cols === 0) {
    throw inputError(where, `X is ${shapeOf(X)}`, 'Gates are fitted on at least one input of dimension at least 1');
  }
}

/** Checks inputs against the dimension that the gating was fitted on. @throws GGDLN_INPUT with both dimensions. */
export function requireSameDimension(where: string, X: Matrix, dimension: number): void {
  requireMatrix(where, 'X (P × N0)', X);
  if (X.cols !== dimension) {
    throw inputError(
      where,
      `X is ${shapeOf(X)}, but the gates were fitted on inputs of dimension ${dimension}`,
      'Prepare these inputs as the training inputs were prepared',
    );
  }
}

/** Checks a count. @throws GGDLN_INPUT naming it. */
export function requireCount(where: string, name: string, count: number, min: number, remedy: string): void {
  if (!Number.isSafeInteger(count) || count < min) throw inputError(where, `${name} = ${count}`, remedy);
}

/** Mean of each column. @throws GGDLN_INPUT naming the column whose sum overflows. */
export function columnMeans(where: string, X: Matrix): number[] {
  const sums = new Float64Array(X.cols);
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < X.cols; j++) sums[j] += X.data[i * X.cols + j];
  }
  const bad = sums.findIndex((sum) => !Number.isFinite(sum));
  if (bad >= 0) throw inputError(where, `the mean of column ${bad} of X overflows`, 'Scale the inputs down');
  return Array.from(sums, (sum) => sum / X.rows);
}
