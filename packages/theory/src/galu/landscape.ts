import type { LinalgBackend, Matrix } from '@ggdln/core';
import { matrix, requireMatrix } from '@ggdln/linalg';
import { galuMinimumNorm } from './leastSquares.ts';
import { type GaluProblem, galuMap, halfMeanSquare, singleTarget } from './network.ts';

const where = '@ggdln/theory galuLandscape';

/** The loss with learned output weights at one point θ = (α, vec W), of length k + kd. */
export interface GaluLandscape {
  /** L = ‖f − y‖²/2m. */
  readonly loss: number;
  /** ∂L/∂θ. */
  readonly gradient: Float64Array;
  /** ∂²L/∂θ², (k + kd) × (k + kd). */
  readonly hessian: Matrix;
  /** Smallest eigenvalue of the Hessian. */
  readonly smallestEigenvalue: number;
  /** The least loss that any α and W have. */
  readonly globalMinimum: number;
}

/**
 * Loss, gradient and Hessian of a GaLU network of one output whose α are learned together with W, gates fixed. Every
 * critical point is a global minimum or has a negative Hessian eigenvalue (theory page galu, section 5).
 * @param problem `network.alpha` is the point's α (default ones). @param W k × d.
 * @throws GGDLN_INPUT for what doesn't fit.
 */
export function galuLandscape(problem: GaluProblem, W: Matrix, linalg: LinalgBackend): GaluLandscape {
  const y = singleTarget(problem, 'galuLandscape');
  const { X } = problem;
  const { alpha = new Float64Array(problem.network.U.rows).fill(1), ...rest } = problem.network;
  const [m, k, d] = [X.rows, alpha.length, X.cols];
  requireMatrix(where, 'W (k × d)', W, { rows: problem.network.U.rows, cols: d });
  requireMatrix(where, 'alpha (k)', matrix(k, 1, alpha), { rows: W.rows });
  // φ_μj = s G_μj x_μ, so that f_μ = Σ_j α_j φ_μj·w_j.
  const phi = galuMap(X, rest, linalg).features();
  const size = k + k * d;
  const jacobian = matrix(m, size);
  const residual = matrix(m, 1);
  for (let row = 0; row < m; row++) {
    const byAlpha = jacobian.data.subarray(row * size, row * size + k);
    for (let t = 0; t < k * d; t++) {
      const value = phi.data[row * phi.cols + t];
      byAlpha[Math.floor(t / d)] += value * W.data[t];
      jacobian.data[row * size + k + t] = value * alpha[Math.floor(t / d)];
    }
    residual.data[row] = byAlpha.reduce((sum, value, j) => sum + alpha[j] * value, -y[row]);
  }
  const hessian = linalg.syrk(jacobian, { trans: true, alpha: 1 / m });
  const mixed = linalg.gemm(phi, residual, { transA: true, alpha: 1 / m }).data;
  mixed.forEach((value, t) => {
    const [row, col] = [Math.floor(t / d), k + t];
    hessian.data[row * size + col] += value;
    hessian.data[col * size + row] += value;
  });
  return {
    loss: halfMeanSquare(residual),
    gradient: linalg.gemm(jacobian, residual, { transA: true, alpha: 1 / m }).data,
    hessian,
    smallestEigenvalue: linalg.symmetricEigen(hessian).values[0],
    globalMinimum: galuMinimumNorm({ ...problem, network: rest }, linalg).trainMse / 2,
  };
}
