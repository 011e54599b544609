import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, matrix, mirrorLower, transpose } from '@ggdln/linalg';
import { gatesOf, kernelPrefactor, wholeInverseOf } from './dataTerms.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { assembleKernel } from './kernelBlocks.ts';
import { monotoneStep } from './mm.ts';
import { predictorAt } from './predictor.ts';
import { type PreparedGgdln, prepareGgdln } from './prepare.ts';
import { tryCholesky } from './range.ts';
import { statisticsOf } from './statistics.ts';
import type { GgdlnOptions, GgdlnPredictor, GgdlnProblem, GgdlnSetting, GgdlnStatistics } from './types.ts';
import { checkOrderParameters, checkSetting } from './validate.ts';
import { takeWorkspace } from './workspace.ts';

/** S(U) and its gradients, for optimisers and benchmarks of one's own. */
export interface GgdlnAction {
  /**
   * @param U Top first, [U_L, …, U_1], symmetric and positive definite (Cholesky is the only check of that).
   * @throws GGDLN_NUMERICAL when an order parameter or K + TI can't be factorised.
   */
  evaluate(U: readonly Matrix[]): GgdlnActionValue;
}

/** S at a point. */
export interface GgdlnActionValue {
  /** S(U), with every log det C_l and no other constant (section 3). */
  readonly action: number;
  /** G_l, top first, with dS = tr(G dU) for symmetric dU. */
  readonly gradients: readonly Matrix[];
  /** max over layers of ‖(2/N_l) Λᵀ G_l Λ‖_max with U_l = ΛΛᵀ: the affine-invariant residual, zero at a saddle. */
  readonly residual: number;
}

/**
 * The action of a problem as a function of U that keeps its large memory (two P × P arrays, three where the backend
 * can't factorise in place) from call to call. One evaluation costs about P³ + 2P²M multiply-adds.
 * @throws GGDLN_INPUT for bad input.
 */
export async function createGgdlnAction(
  problem: GgdlnProblem,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<GgdlnAction> {
  const prepared = await prepareGgdln(problem, { ...options, reduce: false });
  checkSetting(problem, prepared.dimensions.length);
  const workspace = takeWorkspace(prepared.memory);
  return {
    evaluate: (U) => {
      const evaluation = evaluate(prepared, problem, U, workspace);
      const { action, residual } = evaluation;
      return { action, residual, gradients: gradientsOf(prepared, problem, evaluation) };
    },
  };
}

/** S and everything derived from it at given order parameters. */
export interface GgdlnActionAt extends GgdlnStatistics {
  /** G_l, top first, with dS = tr(G dU) for symmetric dU. */
  readonly gradients: readonly Matrix[];
  /** K(U_1), (P·C) × (P·C), without T. */
  readonly kernel: Matrix;
  /** The next point of the monotone fixed point, top first; S is not above that at U. */
  readonly nextU: readonly Matrix[];
  /** Mean and variance of the output on the test inputs with these order parameters, sampled ones for example. */
  readonly predictor: GgdlnPredictor;
}

/**
 * The action, its gradients, the next fixed-point step and the predictor at given order parameters.
 * @param U Top first, [U_L, …, U_1], symmetric and positive definite.
 * @throws GGDLN_INPUT for bad input; GGDLN_NUMERICAL when K + TI can't be factorised.
 */
export async function ggdlnActionAt(
  problem: GgdlnProblem,
  U: readonly Matrix[],
  options: Pick<GgdlnOptions, 'linalg'> = {},
): Promise<GgdlnActionAt> {
  const prepared = await prepareGgdln(problem, { ...options, reduce: false });
  checkSetting(problem, prepared.dimensions.length);
  checkOrderParameters('U', U, prepared.dimensions, (u) => tryCholesky(u, prepared.linalg) !== undefined);
  const workspace = takeWorkspace(prepared.memory);
  const evaluation = evaluate(prepared, problem, U, workspace);
  const { lambda } = evaluation.layers[U.length - 1];
  const H = () => wholeInverseOf(prepared, problem, lambda, evaluation.data, workspace);
  return {
    ...statisticsOf(prepared, problem, evaluation, workspace),
    gradients: gradientsOf(prepared, problem, evaluation),
    nextU: monotoneStep(prepared, problem, evaluation),
    predictor: predictorAt(prepared, problem.sigma, U[U.length - 1], { H, beta: evaluation.data.beta }),
    kernel: kernelAt(prepared, problem.sigma, lambda, workspace.block),
  };
}

/** K(U_1) in memory of its own. @param lambda Cholesky factor of U_1. */
function kernelAt(prepared: PreparedGgdln, sigma: number, lambda: Matrix, block: Float64Array): Matrix {
  const s = kernelPrefactor(prepared, sigma);
  const G = prepared.linalg.gemm(gatesOf(prepared), lambda);
  const out = matrix(G.rows, G.rows);
  assembleKernel(prepared, G, { s, temperature: 0 }, out.data, block);
  mirrorLower(out);
  return out;
}

function gradientsOf(
  prepared: PreparedGgdln,
  { widths }: Pick<GgdlnSetting, 'widths'>,
  { layers }: Evaluation,
): Matrix[] {
  return layers.map(({ lambda, whitenedGradient }, t) => gradient(prepared, widths[t], lambda, whitenedGradient));
}

/** (N/2) Λ⁻ᵀ g Λ⁻¹. */
function gradient({ linalg }: PreparedGgdln, width: number, lambda: Matrix, whitened: Matrix): Matrix {
  const left = linalg.triangularSolve(lambda, whitened, { trans: true });
  const both = linalg.triangularSolve(lambda, transpose(left), { trans: true });
  return add(both, transpose(both), width / 4, width / 4);
}
