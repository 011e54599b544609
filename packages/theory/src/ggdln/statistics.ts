import type { Matrix } from '@ggdln/core';
import { identity } from '@ggdln/linalg';
import { type DataTerms, infiniteWidthScale, kernelPrefactor, rangeAt } from './dataTerms.ts';
import type { Evaluation } from './evaluate.ts';
import type { PreparedGgdln } from './prepare.ts';
import { largestEigenvalue } from './range.ts';
import type { GgdlnSetting, GgdlnStatistics } from './types.ts';

/** What the kernel and the data alone say; it needs no widths. */
export type KernelStatistics = Omit<GgdlnStatistics, 'action' | 'residual' | 'virial'>;

/** @param data At this setting. */
export function kernelStatistics(
  prepared: PreparedGgdln,
  setting: Pick<GgdlnSetting, 'sigma' | 'temperature'>,
  data: DataTerms,
): KernelStatistics {
  const { y, inputs, gateRank } = prepared;
  return {
    logdet: data.logdet,
    effectiveDof: data.effectiveDof,
    yKinvy: data.yKinvy,
    yKinvKKinvy: data.yKinvKKinvy,
    kernelPrefactor: kernelPrefactor(prepared, setting.sigma),
    conditionNumber: conditionNumber(prepared, setting.temperature, data),
    rank: rangeAt(prepared, setting)?.Q.cols ?? Math.min(y.length, inputs * gateRank),
  };
}

/** All statistics of an evaluated state. */
export function statisticsOf(prepared: PreparedGgdln, setting: GgdlnSetting, evaluation: Evaluation): GgdlnStatistics {
  const { data, layers, action, residual } = evaluation;
  const { excess } = layers[layers.length - 1];
  const virial = setting.widths[layers.length - 1] * excess + data.effectiveDof - data.yKinvKKinvy;
  return { action, residual, virial, ...kernelStatistics(prepared, setting, data) };
}

/** Largest over smallest eigenvalue of K + TI where H inverts it, by power iteration on both; 1 without data. */
export function conditionNumber({ linalg }: PreparedGgdln, temperature: number, { K, H }: DataTerms): number {
  const largest = largestEigenvalue(K.rows, (v) => linalg.gemm(K, v)) + temperature;
  const inverse = largestEigenvalue(H.rows, (v) => linalg.gemm(H, v));
  return inverse === 0 ? 1 : Math.max(1, largest * inverse);
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
