import type { Matrix } from '@ggdln/core';
import { add, transpose } from '@ggdln/linalg';
import { evaluate } from './evaluate.ts';
import { monotoneStep } from './mm.ts';
import { predictorAt } from './predictor.ts';
import { type PreparedGgdln, prepareGgdln } from './prepare.ts';
import { tryCholesky } from './range.ts';
import { statisticsOf } from './statistics.ts';
import type { GgdlnOptions, GgdlnPredictor, GgdlnProblem, GgdlnStatistics } from './types.ts';
import { checkOrderParameters, checkSetting } from './validate.ts';

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
  const evaluation = evaluate(prepared, problem, U);
  return {
    ...statisticsOf(prepared, problem, evaluation),
    gradients: evaluation.layers.map(({ lambda, whitenedGradient }, t) =>
      gradient(prepared, problem.widths[t], lambda, whitenedGradient),
    ),
    kernel: evaluation.data.K,
    nextU: monotoneStep(prepared, problem, evaluation),
    predictor: predictorAt(prepared, problem.sigma, U[U.length - 1], evaluation.data),
  };
}

/** (N/2) Λ⁻ᵀ g Λ⁻¹. */
function gradient({ linalg }: PreparedGgdln, width: number, lambda: Matrix, whitened: Matrix): Matrix {
  const left = linalg.triangularSolve(lambda, whitened, { trans: true });
  const both = linalg.triangularSolve(lambda, transpose(left), { trans: true });
  return add(both, transpose(both), width / 4, width / 4);
}
