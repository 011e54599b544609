import { inputError, type Matrix } from '@ggdln/core';
import { matrix, requireMatrix } from '@ggdln/linalg';
import type { PreparedBpkr } from './prepare.ts';
import { rotateSpectrum, scaleSpectrum } from './spectrum.ts';
import type { BpkrPredictor, BpkrSaddle, BpkrSetting } from './types.ts';

/** Posterior mean and covariance of f on the test inputs at a saddle (section 3; equation 5 for one output). */
export function predictorAt(
  { linalg, spectrum, test }: PreparedBpkr,
  { sigma, temperature }: BpkrSetting,
  { basis, logG }: BpkrSaddle,
): BpkrPredictor {
  const { eigenvalues, c } = rotateSpectrum(scaleSpectrum(spectrum, sigma ** 2), basis, linalg);
  const C = basis.rows;
  const coefficients = matrix(c.rows, C);
  const explained = matrix(c.rows, C);
  for (let i = 0, at = 0; i < c.rows; i++) {
    for (let a = 0; a < C; a++, at++) {
      // 1/(λ + T/γ); at T = 0 also where γ = 0.
      const gain = 1 / (eigenvalues[i] + (temperature === 0 ? 0 : temperature * Math.exp(-logG[a])));
      coefficients.data[at] = sigma ** 2 * gain * c.data[at];
      explained.data[at] = sigma ** 4 * gain;
    }
  }
  const squares = matrix(
    test.kV.rows,
    test.kV.cols,
    test.kV.data.map((value) => value * value),
  );
  const rotatedMean = linalg.gemm(test.kV, coefficients);
  const reduction = linalg.gemm(squares, explained);
  const variances = matrix(reduction.rows, C);
  for (let x = 0, at = 0; x < reduction.rows; x++) {
    for (let a = 0; a < C; a++, at++) {
      const rest = Math.max(0, sigma ** 2 * test.diagonal[x] - reduction.data[at]);
      variances.data[at] = Math.exp(logG[a]) * rest;
    }
  }
  const covariance = linalg.gemm(variances, outerSquares(basis));
  return {
    mean: linalg.gemm(rotatedMean, basis, { transB: true }),
    variance: diagonals(covariance, C),
    covariance,
  };
}

/** Row a is the outer product of column a with itself, so that variances times it are covariances. */
function outerSquares(basis: Matrix): Matrix {
  const C = basis.rows;
  const out = matrix(C, C * C);
  for (let a = 0, at = 0; a < C; a++) {
    for (let b = 0; b < C; b++) {
      for (let d = 0; d < C; d++, at++) out.data[at] = basis.data[b * C + a] * basis.data[d * C + a];
    }
  }
  return out;
}

function diagonals(covariance: Matrix, C: number): Matrix {
  const out = matrix(covariance.rows, C);
  for (let at = 0; at < out.data.length; at++) {
    out.data[at] = covariance.data[Math.floor(at / C) * C * C + (at % C) * (C + 1)];
  }
  return out;
}

/** Errors of a random network of the posterior, summed over outputs, means over test inputs. */
export interface BpkrErrors {
  /** ⟨‖E f − y‖²⟩. */
  readonly bias: number;
  /** ⟨tr Cov f⟩. */
  readonly variance: number;
  /** bias + variance = ⟨E‖f − y‖²⟩. */
  readonly testError: number;
}

/**
 * Bias, variance and test error of a predictor.
 * @param Y Test targets, P_test × C.
 * @throws GGDLN_INPUT for targets of another shape, or no test inputs.
 */
export function predictorErrors(
  { mean, variance }: { readonly mean: Matrix; readonly variance: Matrix },
  Y: Matrix,
): BpkrErrors {
  const where = '@ggdln/theory predictorErrors';
  requireMatrix(where, 'the test targets (P_test × C)', Y, mean);
  if (Y.rows === 0) throw inputError(where, 'there are no test inputs', 'Give test inputs when you solve');
  let [bias, spread] = [0, 0];
  for (let at = 0; at < Y.data.length; at++) {
    bias += (mean.data[at] - Y.data[at]) ** 2 / Y.rows;
    spread += variance.data[at] / Y.rows;
  }
  return { bias, variance: spread, testError: bias + spread };
}
