import type { Matrix } from '@ggdln/core';
import { identity } from '@ggdln/linalg';
import { type DataTerms, gatesOf, infiniteWidthScale, inverseOf, kernelPrefactor, rangeAt } from './dataTerms.ts';
import type { Evaluation } from './evaluate.ts';
import { kernelNorm, rowSumNorm } from './kernelBlocks.ts';
import type { PreparedGgdln } from './prepare.ts';
import type { GgdlnSetting, GgdlnStatistics } from './types.ts';
import type { Workspace } from './workspace.ts';

/** What the kernel and the data alone say; it needs no widths. */
export type KernelStatistics = Omit<GgdlnStatistics, 'action' | 'residual' | 'virial'>;

/** @param lambda Cholesky factor of U_1 (or V). @param data At this setting and U_1. */
export function kernelStatistics(
  prepared: PreparedGgdln,
  setting: Pick<GgdlnSetting, 'sigma' | 'temperature'>,
  lambda: Matrix,
  data: DataTerms,
  workspace: Workspace,
): KernelStatistics {
  const { y, inputs, gateRank } = prepared;
  return {
    logdet: data.logdet,
    effectiveDof: data.effectiveDof,
    yKinvy: data.yKinvy,
    yKinvKKinvy: data.yKinvKKinvy,
    kernelPrefactor: kernelPrefactor(prepared, setting.sigma),
    conditionNumber: conditionNumber(prepared, setting, lambda, data, workspace),
    rank: rangeAt(prepared, setting)?.Q.cols ?? Math.min(y.length, inputs * gateRank),
  };
}

/** All statistics of an evaluated state. */
export function statisticsOf(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  evaluation: Evaluation,
  workspace: Workspace,
): GgdlnStatistics {
  const { data, layers, action, residual } = evaluation;
  const { excess, lambda } = layers[layers.length - 1];
  const virial = setting.widths[layers.length - 1] * excess + data.effectiveDof - data.yKinvKKinvy;
  return { action, residual, virial, ...kernelStatistics(prepared, setting, lambda, data, workspace) };
}

/** ‖K + TI‖ ‖H‖ in the largest row sum, not below the ratio of extreme eigenvalues where H inverts; 1 without data. */
export function conditionNumber(
  prepared: PreparedGgdln,
  setting: Pick<GgdlnSetting, 'sigma' | 'temperature'>,
  lambda: Matrix,
  data: DataTerms,
  workspace: Workspace,
): number {
  const H = inverseOf(prepared, setting, lambda, data, workspace);
  const G = prepared.linalg.gemm(gatesOf(prepared), lambda);
  const largest = kernelNorm(prepared, G, kernelPrefactor(prepared, setting.sigma), workspace.block);
  return Math.max(1, (largest + setting.temperature) * rowSumNorm(prepared, H.data));
}

/** Order parameters of an infinitely wide network, [σ² I, σ⁴ I, …] from the top: U_l = σ^{2(L−l+1)} I. */
export function infiniteWidthOrderParameters({ dimensions }: PreparedGgdln, sigma: number): Matrix[] {
  return dimensions.map((size, t) => identity(size, infiniteWidthScale(t, sigma)));
}

/**
 * How many generic targets the network can interpolate (section 6): N0 · rank F, or for one narrow hidden layer the
 * dimension of the matrices of rank N.
 */
export function capacity({ inputs, gateRank, dimensions }: PreparedGgdln, widths: readonly number[]): number {
  const [width] = widths;
  const narrow = dimensions.length === 1 && width < Math.min(gateRank, inputs);
  return narrow ? width * (gateRank + inputs - width) : inputs * gateRank;
}
