import { inputError, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** Over the pairs of an ensemble; every matrix is times × points. */
export interface PairStatistics {
  readonly mean: Matrix;
  readonly stderr: Matrix;
  /** Variance of the output over networks. */
  readonly variance: Matrix;
  readonly varianceStderr: Matrix;
}

/**
 * Mean and variance of outputs over an ensemble of antithetic pairs, with standard errors over pairs (whose two networks
 * are not independent).
 * @param outputs 2·pairs × (times × points), as `EnsembleRun` has them.
 * @throws GGDLN_INPUT for fewer than two pairs.
 */
export function pairStatistics(outputs: Matrix, points: number): PairStatistics {
  const pairs = outputs.rows / 2;
  if (!Number.isSafeInteger(pairs) || pairs < 2 || outputs.cols % points !== 0)
    throw inputError(
      '@ggdln/learning pairStatistics',
      `outputs are ${outputs.rows} × ${outputs.cols} for ${points} points`,
      'Give at least two pairs, 4 rows, of times × points outputs',
    );
  const make = () => matrix(outputs.cols / points, points);
  const [mean, stderr, variance, varianceStderr] = [make(), make(), make(), make()];
  const squares = new Float64Array(pairs);
  for (let k = 0; k < outputs.cols; k++) {
    const at = (row: number) => outputs.data[row * outputs.cols + k];
    const averages = Float64Array.from({ length: pairs }, (_, p) => (at(2 * p) + at(2 * p + 1)) / 2);
    const ofMean = momentsOf(averages);
    mean.data[k] = ofMean.mean;
    stderr.data[k] = ofMean.stderr;
    for (let p = 0; p < pairs; p++) {
      squares[p] = ((at(2 * p) - ofMean.mean) ** 2 + (at(2 * p + 1) - ofMean.mean) ** 2) / 2;
    }
    const ofVariance = momentsOf(squares);
    // Deviations are from the mean of the same pairs, which takes its variance away.
    variance.data[k] = ofVariance.mean + ofMean.stderr ** 2;
    varianceStderr.data[k] = ofVariance.stderr;
  }
  return { mean, stderr, variance, varianceStderr };
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly stderr: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, stderr: Math.sqrt(square / (n * (n - 1))) };
}
