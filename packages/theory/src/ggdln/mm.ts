import type { Matrix } from '@ggdln/core';
import { add, symmetrise } from '@ggdln/linalg';
import { spectralMap, whiten } from './chain.ts';
import { type Evaluation, lowerPartialTrace, type State } from './evaluate.ts';
import type { PreparedGgdln } from './prepare.ts';
import type { GgdlnSetting } from './types.ts';

/**
 * One step of the monotone fixed point (section 5): each layer in turn, from the lowest up, goes to the minimum of an
 * upper bound of S that touches it at the present point. S never increases, U stays positive definite, and the fixed
 * points are the stationary points of S.
 */
export function monotoneStep(prepared: PreparedGgdln, setting: GgdlnSetting, evaluation: Evaluation): State {
  const { state } = evaluation;
  const next = [...state];
  next[state.length - 1] = lowestLayerStep(prepared, evaluation);
  for (let t = state.length - 2; t >= 0; t--) {
    // Lifting a reduced U_1 uses the prior that its step used: the state above as it was.
    const lower = lowerPartialTrace(prepared, setting, state, t, next[t + 1]);
    next[t] = upperLayerStep(prepared, setting, t, evaluation.layers[t].priorFactor, lower);
  }
  return next;
}

/** U ← Γ⁻ᵀ X Γ⁻¹ with ΓΓᵀ = C⁻¹ + A, X = ½ + (¼ + Y)^{1/2}, Y = Γᵀ U B U Γ. */
function lowestLayerStep({ linalg }: PreparedGgdln, { layers, data, state }: Evaluation): Matrix {
  const { priorFactor } = layers[layers.length - 1];
  const U = state[state.length - 1];
  const gamma = linalg.cholesky(add(linalg.choleskyInverse(priorFactor), data.A));
  const UGamma = linalg.gemm(U, gamma);
  const Y = linalg.gemm(UGamma, linalg.gemm(data.B, UGamma), { transA: true });
  const root = spectralMap(symmetrise(Y), (y) => Math.sqrt(0.5 + Math.sqrt(0.25 + Math.max(0, y))), linalg);
  return linalg.syrk(linalg.triangularSolve(gamma, root, { trans: true }));
}

/** The closed form of U_{l+1} (index t) given its neighbours (section 3). */
function upperLayerStep(
  { linalg, branching }: PreparedGgdln,
  { widths, sigma }: GgdlnSetting,
  t: number,
  priorFactor: Matrix,
  lowerTrace: Matrix,
): Matrix {
  const width = widths[t];
  const c = widths[t + 1] * branching[t + 1] - width;
  const scale = widths[t + 1] / sigma ** 2;
  const Y = whiten(priorFactor, lowerTrace, linalg);
  const root = spectralMap(Y, (y) => Math.sqrt(positiveRoot(width, c, scale * Math.max(0, y))), linalg);
  return linalg.syrk(linalg.gemm(priorFactor, root));
}

/** The positive root x of N x² + c x = y, without cancellation for either sign of c. */
function positiveRoot(N: number, c: number, y: number): number {
  const discriminant = Math.sqrt(c * c + 4 * N * y);
  return c >= 0 ? (2 * y) / (c + discriminant) : (discriminant - c) / (2 * N);
}
