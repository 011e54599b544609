import { inputError, type Matrix, type PredictorBatches } from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import { jackknife } from './jackknife.ts';

/** The quantities that experiments report: of every predictor, and those that only some learners tell. */
export const metricNames: readonly string[] = [
  ...['bias', 'variance', 'generalisation error', 'error rate'],
  ...['accuracy', 'log loss', 'online accuracy', 'online log loss'],
];

/** One number of a predictor. `stderr` is `null` where there is no sampling noise, or no error bar can be given. */
export interface Metric {
  readonly metric: string;
  readonly value: number;
  readonly stderr: number | null;
}

/** Mean and variance of the network output on the test inputs, each P_test × C. */
export interface PredictorMoments {
  readonly mean: Matrix;
  readonly variance: Matrix;
  /** Moments of batches of samples; with at least two, error bars and bias corrections come from them. */
  readonly batches?: PredictorBatches;
}

const where = '@ggdln/experiments predictorMetrics';

/**
 * Numbers of a predictor against test targets; averages run over test points and outputs:
 *
 * - `bias` = mean of (⟨f⟩ − y)²,
 * - `variance` = mean of var f,
 * - `generalisation error` = bias + variance,
 * - `error rate` = share of test points where the sign of ⟨f⟩ isn't y's (only for targets ±1; ⟨f⟩ = 0 counts half).
 *
 * From B ≥ 2 batches with means m_b of f and s_b of f², with m = (1/B) Σ m_b and s = (1/B) Σ s_b, the plug-in values
 * (m − y)² and s − m² are biased by +Var(m) and −Var(m). The delete-one jackknife removes that exactly, as both are
 * quadratic in m: with V = Σ (m_b − m)² / (B (B − 1)) they become (m − y)² − V and s − m² + V, averaged. Standard
 * errors are the jackknife's. A count of signs is not smooth in m, so the error rate gets no standard error.
 * @throws GGDLN_INPUT for shapes that don't fit, GGDLN_INPUT for numbers that aren't finite.
 */
export function predictorMetrics(predictor: PredictorMoments, targets: Matrix): Metric[] {
  const shape = { rows: targets.rows, cols: targets.cols };
  requireMatrix(where, 'targets (P_test × C)', targets);
  requireMatrix(where, 'the mean of the predictor (P_test × C)', predictor.mean, shape);
  requireMatrix(where, 'the variance of the predictor (P_test × C)', predictor.variance, shape);
  if (targets.data.length === 0) {
    throw inputError(where, `there are ${targets.rows} × ${targets.cols} test targets`, 'Give at least one');
  }
  const { batches } = predictor;
  const smooth =
    batches === undefined || batches.mean.rows < 2 ? plain(predictor, targets.data) : sampled(batches, targets.data);
  return [...smooth, ...errorRate(predictor.mean, targets)];
}

function plain(predictor: PredictorMoments, targets: Float64Array): Metric[] {
  const bias = meanOf(predictor.mean.data, (f, i) => (f - targets[i]) ** 2);
  const variance = meanOf(predictor.variance.data, (v) => v);
  return [
    { metric: 'bias', value: bias, stderr: null },
    { metric: 'variance', value: variance, stderr: null },
    { metric: 'generalisation error', value: bias + variance, stderr: null },
  ];
}

function sampled(batches: PredictorBatches, targets: Float64Array): Metric[] {
  const shape = { rows: batches.mean.rows, cols: targets.length };
  requireMatrix(where, 'the batches of means (B × P_test·C)', batches.mean, shape);
  requireMatrix(where, 'the batches of squares (B × P_test·C)', batches.square, shape);
  const mean = leaveOneOut(batches.mean);
  const square = leaveOneOut(batches.square);
  const bias = (b?: number) => meanOf(mean(b), (m, i) => (m - targets[i]) ** 2);
  const variance = (b?: number) => {
    const m = mean(b);
    return meanOf(square(b), (s, i) => s - m[i] * m[i]);
  };
  const count = batches.mean.rows;
  return [
    { metric: 'bias', ...jackknife(count, bias) },
    { metric: 'variance', ...jackknife(count, variance) },
    { metric: 'generalisation error', ...jackknife(count, (b) => bias(b) + variance(b)) },
  ];
}

/** Column means over all rows, or over all but one. */
function leaveOneOut(rows: Matrix): (without: number | undefined) => Float64Array {
  const sums = new Float64Array(rows.cols);
  for (let b = 0; b < rows.rows; b++) {
    for (let j = 0; j < rows.cols; j++) sums[j] += rows.data[b * rows.cols + j];
  }
  return (without) =>
    without === undefined
      ? sums.map((sum) => sum / rows.rows)
      : sums.map((sum, j) => (sum - rows.data[without * rows.cols + j]) / (rows.rows - 1));
}

function errorRate(mean: Matrix, targets: Matrix): Metric[] {
  if (targets.cols !== 1 || !targets.data.every((y) => y === 1 || y === -1)) return [];
  const value = meanOf(mean.data, (f, i) => (1 - Math.sign(f) * targets.data[i]) / 2);
  return [{ metric: 'error rate', value, stderr: null }];
}

function meanOf(values: Float64Array, of: (value: number, index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += of(values[i], i);
  return sum / values.length;
}
