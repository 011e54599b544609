import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, columnVector, identity, inner } from '@ggdln/linalg';
import { type GaluProblem, galuKernel, galuMap, singleTarget } from './network.ts';

const where = '@ggdln/theory galuPosterior';

/** Posterior of the outputs of a GaLU network. */
export interface GaluPosterior {
  /** E[f], length m' (test inputs). */
  readonly mean: Float64Array;
  /** Covariance of f, m' × m'. */
  readonly covariance: Matrix;
  /** ln p(y). */
  readonly logEvidence: number;
}

/**
 * Posterior over W with prior N(0, σ²) and likelihood N(y; f, T): Gaussian-process regression with the kernel
 * σ² s² (G diag(α²) Gᵀ) ∘ (XXᵀ) (theory page galu, section 7).
 * @param problem One output. The default scale is 1/√(kd).
 * @param options `sigma`: prior standard deviation of a weight. `temperature`: T > 0. `test`: inputs, m' × d.
 * @throws GGDLN_INPUT for what doesn't fit; GGDLN_NUMERICAL when T is so small that K + TI isn't positive definite.
 */
export function galuPosterior(
  problem: GaluProblem,
  options: { readonly sigma: number; readonly temperature: number; readonly test: Matrix },
  linalg: LinalgBackend,
): GaluPosterior {
  const { sigma, temperature, test } = options;
  for (const [name, value] of Object.entries({ sigma, temperature })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw inputError(where, `${name} is ${value}`, 'Give a finite number > 0');
  }
  const y = columnVector(singleTarget(problem, 'galuPosterior'));
  const { X } = problem;
  const { scale = 1 / Math.sqrt(problem.network.U.rows * X.cols), ...rest } = problem.network;
  // The prior deviation is a factor of the features.
  const network = { ...rest, scale: scale * sigma };
  const K = galuMap(X, network, linalg).kernel();
  const factor = linalg.cholesky(add(K, identity(K.rows, temperature)));
  const cross = galuKernel(X, test, network, linalg);
  const whitened = linalg.triangularSolve(factor, cross);
  const whitenedY = linalg.triangularSolve(factor, y);
  const prior = galuMap(test, network, linalg).kernel();
  return {
    mean: linalg.gemm(whitened, whitenedY, { transA: true }).data,
    covariance: add(prior, linalg.syrk(whitened, { trans: true }), 1, -1),
    logEvidence: -0.5 * inner(whitenedY, whitenedY) - halfLogDeterminant(factor) - 0.5 * y.rows * Math.log(2 * Math.PI),
  };
}

/** ½ ln |LLᵀ|. */
function halfLogDeterminant(factor: Matrix): number {
  let sum = 0;
  for (let i = 0; i < factor.rows; i++) sum += Math.log(factor.data[i * factor.cols + i]);
  return sum;
}
