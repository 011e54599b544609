import type { Matrix } from '@ggdln/core';
import { add, identity, maxAbs, trace } from '@ggdln/linalg';
import { logDeterminant, partialTrace, priorCovariance, whiten } from './chain.ts';
import { type DataTerms, dataTerms } from './dataTerms.ts';
import type { PreparedGgdln } from './prepare.ts';
import { liftedPartialTrace, liftOrderParameter, type ReducedPrior, reducedPrior } from './reduction.ts';
import type { GgdlnSetting } from './types.ts';
import type { Workspace } from './workspace.ts';

/**
 * Order parameters as the solver holds them, top first: U_L, …, U_2 and, last, U_1 (D × D) or, where the row space of
 * the gates is smaller, V = QᵀU_1Q (R × R), which fixes U_1 (section 3, (ii)).
 */
export type State = readonly Matrix[];

/** One layer of the chain at a state. */
interface LayerTerms {
  /** Cholesky factor Λ of U_l (or V). */
  readonly lambda: Matrix;
  /** Cholesky factor of C_l (or QᵀC_1Q). */
  readonly priorFactor: Matrix;
  /** For the lowest layer where it is reduced. */
  readonly reduced?: ReducedPrior;
  /** (2/N_l) ΛᵀG_lΛ: the gradient without dimensions, zero at a saddle. */
  readonly whitenedGradient: Matrix;
  /** tr(C_l⁻¹U_l) − D_l. */
  readonly excess: number;
}

/** S(U), its gradients, and the pieces of the next step; the one place where the kernel is factorised. */
export interface Evaluation {
  readonly state: State;
  readonly layers: readonly LayerTerms[];
  readonly data: DataTerms;
  readonly action: number;
  readonly residual: number;
}

/** Leaves H in the workspace. @throws GGDLN_NUMERICAL when an order parameter or K + TI can't be factorised. */
export function evaluate(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  state: State,
  workspace: Workspace,
): Evaluation {
  const { linalg } = prepared;
  const bottom = state.length - 1;
  const lambdas = state.map((u) => linalg.cholesky(u));
  const data = dataTerms(prepared, setting, lambdas[bottom], workspace);
  let action = 0.5 * (data.logdet + data.yKinvy);
  const layers = state.map((_, t): LayerTerms => {
    const lambda = lambdas[t];
    const { factor: priorFactor, reduced } = layerPrior(prepared, setting, state, t);
    const ratio = linalg.triangularSolve(priorFactor, lambda);
    const precision = linalg.syrk(ratio, { trans: true });
    const pull =
      t === bottom
        ? dataPull(prepared, data, lambda)
        : lowerPull(prepared, setting, state, t, lambda, lowerPartialTrace(prepared, setting, state, t));
    // tr(C⁻¹U) − D is the same through Q: what Q leaves out is at its optimum and adds D − R to both.
    const excess = trace(precision) - lambda.rows;
    const hidden = prepared.dimensions[t];
    action += 0.5 * setting.widths[t] * (excess + hidden - logDeterminant(lambda) + logDeterminant(priorFactor));
    const whitenedGradient = add(add(precision, identity(lambda.rows), 1, -1), pull);
    return { lambda, priorFactor, ...(reduced ? { reduced } : {}), whitenedGradient, excess };
  });
  return { state, layers, data, action, residual: Math.max(...layers.map((l) => maxAbs(l.whitenedGradient))) };
}

/** Cholesky factor of C_l given the state above it, in the reduced space where that is used. */
function layerPrior(prepared: PreparedGgdln, { sigma }: GgdlnSetting, state: State, t: number) {
  const { linalg, branching } = prepared;
  const upper = t > 0 ? state[t - 1] : undefined;
  if (t === state.length - 1 && prepared.reduced) {
    const reduced = reducedPrior(prepared.reduced.Q, upper, sigma ** 2, linalg);
    return { factor: linalg.cholesky(reduced.C), reduced };
  }
  return { factor: linalg.cholesky(priorCovariance(upper, branching[t], sigma ** 2)) };
}

/** Λᵀ(A − B)Λ. */
function dataPull({ linalg }: PreparedGgdln, { A, B }: DataTerms, lambda: Matrix): Matrix {
  return linalg.gemm(lambda, linalg.gemm(add(A, B, 1, -1), lambda), { transA: true });
}

/** (N_l/N_{l+1}) [M_l I − σ⁻² Λ⁻¹ ptr_l(U_l) Λ⁻ᵀ], the pull of the layer below on layer l + 1 (index t). */
function lowerPull(
  { linalg, branching }: PreparedGgdln,
  { widths, sigma }: GgdlnSetting,
  state: State,
  t: number,
  lambda: Matrix,
  lowerTrace: Matrix,
): Matrix {
  const share = widths[t + 1] / widths[t];
  return add(
    identity(state[t].rows),
    whiten(lambda, lowerTrace, linalg),
    share * branching[t + 1],
    -share / sigma ** 2,
  );
}

/**
 * ptr_l(U_l) of the layer below index t.
 * @param below That layer's U_l or V; the state's own when absent. A new V is lifted with the state's C_1.
 */
export function lowerPartialTrace(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  state: State,
  t: number,
  below: Matrix = state[t + 1],
): Matrix {
  const { linalg, branching } = prepared;
  if (t + 1 < state.length - 1 || !prepared.reduced) return partialTrace(below, branching[t + 1]);
  const { factor, reduced } = layerPrior(prepared, setting, state, t + 1);
  return liftedPartialTrace(below, reduced as ReducedPrior, factor, state[t], setting.sigma ** 2, linalg);
}

/** The full order parameters [U_L, …, U_1] of an evaluated state. */
export function fullOrderParameters(
  prepared: PreparedGgdln,
  { sigma }: GgdlnSetting,
  { state, layers }: Pick<Evaluation, 'state' | 'layers'>,
): Matrix[] {
  const bottom = state.length - 1;
  const { reduced, priorFactor } = layers[bottom];
  if (!reduced) return [...state];
  const upper = state[bottom - 1];
  return [
    ...state.slice(0, bottom),
    liftOrderParameter(state[bottom], reduced, priorFactor, upper, sigma ** 2, prepared.linalg),
  ];
}

/** The state of full order parameters [U_L, …, U_1]. */
export function stateOf({ reduced, linalg }: PreparedGgdln, U: readonly Matrix[]): State {
  if (!reduced) return U;
  const U1 = U[U.length - 1];
  return [...U.slice(0, -1), linalg.gemm(reduced.Q, linalg.gemm(U1, reduced.Q), { transA: true })];
}
