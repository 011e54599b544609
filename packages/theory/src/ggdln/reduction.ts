import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, identity, matrix, transpose } from '@ggdln/linalg';
import { kroneckerIdentity } from './chain.ts';
import { lastColumns } from './range.ts';

// Section 3, (ii) and (iii): with an orthonormal basis Q of the row space of F, the data depend on V = QᵀU_1Q only.
// Given V and the prior C_1, the rest of U_1 sits at its own optimum, so that the action of V is the full one less
// N_1 (D − R) / 2, at every depth.

/** Squared singular values below this times the largest count as zero: exact repetitions, not near ones. */
const RANK_CUT = 1e-12;

/** Rank of F and an orthonormal basis of its row space, D × R. */
export function gateRowSpace(F: Matrix, linalg: LinalgBackend): { readonly rank: number; readonly Q: Matrix } {
  if (F.rows === 0) return { rank: 0, Q: matrix(F.cols, 0) };
  const wide = F.rows < F.cols;
  const { values, vectors } = linalg.symmetricEigen(linalg.syrk(F, { trans: !wide }));
  const threshold = RANK_CUT * Math.max(0, values[values.length - 1]);
  const rank = values.reduce((count, value) => count + (value > threshold ? 1 : 0), 0);
  const basis = lastColumns(vectors, rank);
  if (!wide || rank === 0) return { rank, Q: wide ? matrix(F.cols, 0) : basis };
  return { rank, Q: linalg.qr(linalg.gemm(F, basis, { transA: true })).q };
}

/** The prior covariance C_1 of the lowest layer as seen through Q. */
export interface ReducedPrior {
  /** QᵀC_1Q, R × R. */
  readonly C: Matrix;
  /** C_1Q, D × R. */
  readonly C1Q: Matrix;
}

/**
 * QᵀC_1Q and C_1Q for C_1 = σ² U_2 ⊗ I_m without building C_1. @param upper U_2; absent for one hidden layer.
 */
export function reducedPrior(
  Q: Matrix,
  upper: Matrix | undefined,
  sigma2: number,
  linalg: LinalgBackend,
): ReducedPrior {
  if (!upper) return { C: identity(Q.cols, sigma2), C1Q: add(Q, Q, sigma2, 0) };
  const C1Q = fold(linalg.gemm(upper, unfold(Q, upper.rows), { alpha: sigma2 }), Q.rows);
  const C = linalg.gemm(Q, C1Q, { transA: true });
  return { C, C1Q };
}

/** W = C_1Q (QᵀC_1Q)⁻¹ and W (V − QᵀC_1Q), both D × R. @param factor Cholesky factor of QᵀC_1Q. */
function liftingFactors(V: Matrix, prior: ReducedPrior, factor: Matrix, linalg: LinalgBackend) {
  const W = transpose(linalg.choleskySolve(factor, transpose(prior.C1Q)));
  return { W, E: linalg.gemm(W, add(V, prior.C, 1, -1)) };
}

/** The full U_1 = C_1 + W (V − QᵀC_1Q) Wᵀ, D × D. */
export function liftOrderParameter(
  V: Matrix,
  prior: ReducedPrior,
  factor: Matrix,
  upper: Matrix | undefined,
  sigma2: number,
  linalg: LinalgBackend,
): Matrix {
  const { W, E } = liftingFactors(V, prior, factor, linalg);
  const C1 = upper ? kroneckerIdentity(upper, W.rows / upper.rows, sigma2) : identity(W.rows, sigma2);
  return linalg.gemm(E, W, { transB: true, beta: 1, out: C1 });
}

/** ptr_1(U_1) of the full U_1, without building it: σ² m U_2 + ptr(E Wᵀ). */
export function liftedPartialTrace(
  V: Matrix,
  prior: ReducedPrior,
  factor: Matrix,
  upper: Matrix,
  sigma2: number,
  linalg: LinalgBackend,
): Matrix {
  const { W, E } = liftingFactors(V, prior, factor, linalg);
  const rest = linalg.gemm(unfold(E, upper.rows), unfold(W, upper.rows), { transB: true });
  return add(upper, rest, (sigma2 * W.rows) / upper.rows);
}

/** Row-major data seen with another number of rows: (D_2 m) × R as D_2 × (m R). Shares memory. */
function unfold(a: Matrix, rows: number): Matrix {
  return matrix(rows, (a.rows * a.cols) / rows, a.data);
}

const fold = unfold;
