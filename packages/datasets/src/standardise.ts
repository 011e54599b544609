import type { Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { columnMeans, subtractFromRows } from './images.ts';

/**
 * Both matrices with the training columns' means subtracted and divided by their standard deviations (over P, not
 * P − 1). A column that is constant on the training examples is only shifted.
 */
export function standardiseColumns(train: Matrix, test: Matrix): [train: Matrix, test: Matrix] {
  const means = columnMeans(train);
  const centred = subtractFromRows(train, means);
  const scales = new Float64Array(train.cols);
  for (let i = 0; i < centred.data.length; i++) scales[i % train.cols] += centred.data[i] ** 2 / train.rows;
  for (let j = 0; j < scales.length; j++) {
    // Rounding leaves a constant column with a variance of about (ε·mean)².
    const negligible = (Number.EPSILON * train.rows * Math.abs(means[j])) ** 2;
    scales[j] = scales[j] > negligible ? 1 / Math.sqrt(scales[j]) : 1;
  }
  const scaled = (a: Matrix) =>
    matrix(
      a.rows,
      a.cols,
      a.data.map((value, i) => value * scales[i % a.cols]),
    );
  return [scaled(centred), scaled(subtractFromRows(test, means))];
}
