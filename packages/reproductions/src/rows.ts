import type { Matrix, Row, SourceRole } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** The entry (row, column) of a matrix. */
export const entry = (from: Matrix, row: number, column: number): number => from.data[row * from.cols + column];

/** A row of a theory's line or of a simulation's point. */
export const lineRow = (cells: Row, metric: string, value: number, source = 'theory'): Row => ({
  ...cells,
  source,
  role: 'theory',
  metric,
  value,
  stderr: null,
});
export const pointRow = (
  cells: Row,
  metric: string,
  value: number,
  stderr: number,
  role: SourceRole = 'langevin',
  source: string = role,
): Row => ({
  ...cells,
  source,
  role,
  metric,
  value,
  stderr,
});

/** √⟨((found − theory)/s.e.)²⟩: about 1 where theory is right. */
export function rootMeanScore(found: Matrix, stderr: Matrix, theory: Matrix, fromRow = 0): number {
  let [sum, count] = [0, 0];
  for (let k = fromRow * found.cols; k < found.data.length; k++) {
    sum += ((found.data[k] - theory.data[k]) / stderr.data[k]) ** 2;
    count++;
  }
  return Math.sqrt(sum / count);
}

/** √⟨(a − b)²⟩. */
export function rootMeanSquare(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
  return Math.sqrt(sum / a.length);
}

/** Rows of a matrix, by index. */
export function rowsOf(from: Matrix, rows: readonly number[], first = 0, end: number = from.cols): Matrix {
  const out = matrix(rows.length, end - first);
  rows.forEach((row, i) => {
    out.data.set(from.data.subarray(row * from.cols + first, row * from.cols + end), i * out.cols);
  });
  return out;
}
