import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, identity, matrix, rowKronecker, transpose } from '@ggdln/linalg';
import { type GaluMap, type GaluProblem, galuMap, halfMeanSquare, subtract, targetsOf } from './network.ts';

const where = '@ggdln/theory galu';

/** Trained weights and what they do. */
export interface GaluFit {
  /** C × kd: row c is vec(W_c), the k × d weights of output c, neuron after neuron. */
  readonly weights: Matrix;
  /** Outputs on the training inputs, m × C. */
  readonly outputs: Matrix;
  /** Mean over the inputs of the squared residual, summed over outputs. */
  readonly trainMse: number;
  /** Rows of X with no open gate, which can't be fitted. */
  readonly deadInputs: readonly number[];
  /** Outputs on other inputs, m' × C. */
  predict(X: Matrix): Matrix;
}

export interface GaluMinimumNormFit extends GaluFit {
  /** Rank of Φ: singular values above σ_max · max(m, kd) · machine precision. */
  readonly rank: number;
  /** The first `rank` singular values of Φ, descending. */
  readonly singularValues: Float64Array;
  /** ‖w‖², summed over outputs; yᵀK⁺y where the fit is exact. */
  readonly normSquared: number;
}

/**
 * The least-squares weights of smallest norm, Φ⁺y (theory page galu, section 2); gradient descent from zero ends here.
 * Forms Φ (m × kd) and its SVD. Near kd = m the weights are ill-conditioned, outputs and error are not.
 * @throws GGDLN_INPUT for what doesn't fit.
 */
export function galuMinimumNorm(problem: GaluProblem, linalg: LinalgBackend): GaluMinimumNormFit {
  const Y = targetsOf(problem);
  const map = galuMap(problem.X, problem.network, linalg);
  const { u, s, v } = linalg.svd(map.features());
  const rank = numericalRank(s, Math.max(u.rows, v.rows));
  const singularValues = s.slice(0, rank);
  const U = firstColumns(u, rank);
  const projected = linalg.gemm(U, Y, { transA: true });
  const V = firstColumns(v, rank);
  const scaled = matrix(
    rank,
    Y.cols,
    projected.data.map((value, at) => value / singularValues[Math.floor(at / Y.cols)]),
  );
  const weights = transpose(linalg.gemm(V, scaled));
  // UUᵀy rather than Φw: exact to rounding also where the weights are not.
  const outputs = withZeroRows(linalg.gemm(U, projected), map.deadInputs);
  const normSquared = weights.data.reduce((sum, w) => sum + w * w, 0);
  return { ...fitOf({ problem, map, Y, weights, outputs, linalg }), rank, singularValues, normSquared };
}

/**
 * Minimiser of ‖Φw − y‖² + λ‖w‖² (no 1/m): Φᵀ(K + λI)⁻¹y, or from the kd × kd system where that is smaller. Never
 * forms Φ in the first case, which costs O(m²(k + d) + m³).
 * @param lambda λ > 0.
 * @throws GGDLN_INPUT for what doesn't fit; GGDLN_NUMERICAL when λ is so small that the system isn't positive definite.
 */
export function galuRidge(problem: GaluProblem, lambda: number, linalg: LinalgBackend): GaluFit {
  if (!(lambda > 0 && Number.isFinite(lambda))) {
    throw inputError(`${where} galuRidge`, `lambda is ${lambda}`, 'Give a finite number > 0; galuMinimumNorm is λ → 0');
  }
  const Y = targetsOf(problem);
  const { X, network } = problem;
  const map = galuMap(X, network, linalg);
  const parameters = network.U.rows * X.cols;
  const dual = parameters >= X.rows;
  const gram = dual ? map.kernel() : linalg.syrk(map.features(), { trans: true });
  const factor = linalg.cholesky(add(gram, identity(gram.rows), 1, lambda));
  const weights = dual
    ? map.adjoint(linalg.choleskySolve(factor, Y))
    : transpose(linalg.choleskySolve(factor, transpose(map.adjoint(Y))));
  return fitOf({ problem, map, Y, weights, outputs: map.forward(weights), linalg });
}

/** What is known of given weights. */
export function fitOf(parts: {
  readonly problem: GaluProblem;
  readonly map: GaluMap;
  readonly Y: Matrix;
  readonly weights: Matrix;
  readonly outputs: Matrix;
  readonly linalg: LinalgBackend;
}): GaluFit {
  const { problem, map, Y, weights, outputs, linalg } = parts;
  return {
    weights,
    outputs,
    trainMse: 2 * halfMeanSquare(subtract(outputs, Y)),
    deadInputs: map.deadInputs,
    predict: (X) => galuMap(X, problem.network, linalg).forward(weights),
  };
}

/** Rank of Φ of given gates at given inputs, by the cut of `galuMinimumNorm`. @param gates m × k. @param X m × d. */
export function galuFeatureRank(gates: Matrix, X: Matrix, linalg: LinalgBackend): number {
  const { s, u, v } = linalg.svd(rowKronecker(gates, X));
  return numericalRank(s, Math.max(u.rows, v.rows));
}

/** Singular values above σ_max · size · machine precision; `s` is descending. */
function numericalRank(s: Float64Array, size: number): number {
  const cut = (s[0] ?? 0) * size * Number.EPSILON;
  return s.filter((value) => value > cut).length;
}

function firstColumns(a: Matrix, count: number): Matrix {
  const out = matrix(a.rows, count);
  for (let row = 0; row < a.rows; row++) {
    out.data.set(a.data.subarray(row * a.cols, row * a.cols + count), row * count);
  }
  return out;
}

function withZeroRows(a: Matrix, rows: readonly number[]): Matrix {
  for (const row of rows) a.data.fill(0, row * a.cols, (row + 1) * a.cols);
  return a;
}
