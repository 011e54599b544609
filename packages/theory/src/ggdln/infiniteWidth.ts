import type { Matrix } from '@ggdln/core';
import { identity } from '@ggdln/linalg';
import { dataTerms, infiniteWidthScale, wholeInverseOf } from './dataTerms.ts';
import { predictorAt } from './predictor.ts';
import { prepareGgdln } from './prepare.ts';
import { infiniteWidthOrderParameters, type KernelStatistics, kernelStatistics } from './statistics.ts';
import type { GgdlnData, GgdlnPredictor, GgdlnSetting, PrepareOptions } from './types.ts';
import { checkSetting } from './validate.ts';
import { takeWorkspace } from './workspace.ts';

/** The Gaussian process that a network becomes as all its widths grow. */
export interface InfiniteWidthSolution extends KernelStatistics {
  /** σ^{2(L−l+1)} I, top first. */
  readonly U: readonly Matrix[];
  readonly predictor: GgdlnPredictor;
}

/**
 * Gaussian-process regression with the kernel σ^{2(L+1)} K_0 ∘ Π_l (Φ^(l)Φ^(l)ᵀ / M_l), the infinite-width limit
 * (identity 7.2). Widths are not asked for.
 * @throws GGDLN_INPUT for bad input; GGDLN_NUMERICAL when K + TI can't be factorised.
 */
export async function infiniteWidthPredictor(
  problem: GgdlnData & Pick<GgdlnSetting, 'sigma' | 'temperature'>,
  options: PrepareOptions = {},
): Promise<InfiniteWidthSolution> {
  const prepared = await prepareGgdln(problem, options);
  const depth = prepared.dimensions.length;
  const { sigma, temperature } = problem;
  // A and B aren't used here, so the widths that scale them don't matter.
  const setting = { widths: problem.gates.map(() => 1), sigma, temperature };
  checkSetting(setting, depth);
  const U = infiniteWidthOrderParameters(prepared, sigma);
  const size = prepared.reduced?.Q.cols ?? prepared.F.cols;
  const lambda = identity(size, Math.sqrt(infiniteWidthScale(depth - 1, sigma)));
  const workspace = takeWorkspace(prepared.memory);
  const data = dataTerms(prepared, setting, lambda, workspace);
  const H = () => wholeInverseOf(prepared, setting, lambda, data, workspace);
  return {
    U,
    predictor: predictorAt(prepared, sigma, U[depth - 1], { H, beta: data.beta }),
    ...kernelStatistics(prepared, setting, lambda, data, workspace),
  };
}
