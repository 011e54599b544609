import type { Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { gramsOf, type LayerGramOptions, type LayerMoments } from '../layerGrams.ts';
import { type PreparedBpkr, prepareBpkr } from '../prepare.ts';
import type { BpkrPredictor, BpkrProblem, BpkrSetting } from '../types.ts';
import { checkSetting } from '../validate.ts';
import { convolve } from './gridFunction.ts';
import { type ExactOptions, type ScalePosterior, scalePosterior, weightsTimes } from './scalePosterior.ts';

/** Posterior averages of a deep linear network with one output, exact at its widths. */
export interface ExactBpkr {
  /** log p(y), the density of the targets; at T = 0 that of their projections on the range of the kernel. */
  readonly logEvidence: number;
  /** E[G_L], …, E[G_1], top first; G_1 = s. */
  readonly G: readonly number[];
  /** E[u_L], …, E[u_1], top first. */
  readonly U: readonly number[];
  /** E[1/s]. */
  readonly inverseScale: number;
  /** E‖θ_l‖²/σ² − dim θ_l, the same for every layer (equation 8). */
  readonly layerNormExcess: number;
  readonly predictor: BpkrPredictor;
  /** E(f − y)² per training example. */
  readonly trainError: number;
  /** The posterior of log s: probabilities of equally spaced values. */
  readonly scale: { readonly logS: Float64Array; readonly weights: Float64Array };
}

/**
 * The posterior at given widths without any approximation (section 2): given s = ∏ u_l the network is a Gaussian process,
 * and s is averaged over on a grid. Any depth and widths, T ≥ 0; one output.
 * @throws GGDLN_INPUT for bad input; GGDLN_INCOMPATIBLE for several outputs; GGDLN_NUMERICAL; GGDLN_CANCELLED.
 */
export async function exactBpkr(problem: BpkrProblem, options: ExactOptions = {}): Promise<ExactBpkr> {
  checkSetting(problem);
  return exactPreparedBpkr(await prepareBpkr(problem, options), problem, options);
}

/**
 * `exactBpkr` on prepared data, for sweeps.
 * @throws As `exactBpkr`.
 */
export async function exactPreparedBpkr(
  prepared: PreparedBpkr,
  setting: BpkrSetting,
  options: ExactOptions = {},
): Promise<ExactBpkr> {
  checkSetting(setting);
  const posterior = await scalePosterior(prepared, setting, options);
  const { logS, weights, layers, upper, lower, logEvidence } = posterior;
  const variance = setting.sigma ** 2;
  const data = dataAverages(posterior, setting);
  return {
    logEvidence,
    G: upper.map((part, t) => variance ** (t + 1) * total(weightsTimes(posterior, part, 1, lower[t]))),
    U: layers.map((layer, t) => {
      const rest = t === 0 ? lower[0] : convolve(upper[t - 1], lower[t]);
      return variance * total(weightsTimes(posterior, layer, 1, rest));
    }),
    inverseScale: total(weights.map((weight, k) => weight * Math.exp(-logS[k]))),
    layerNormExcess: -data.dataTerm,
    predictor: averagedPredictor(prepared, posterior, setting),
    trainError: data.trainError,
    scale: { logS, weights },
  };
}

/**
 * `layerGrams` averaged over the exact posterior.
 * @throws As `exactBpkr`.
 */
export async function exactLayerGrams(
  prepared: PreparedBpkr,
  setting: BpkrSetting,
  options: ExactOptions & LayerGramOptions = {},
): Promise<Matrix[]> {
  checkSetting(setting);
  const posterior = await scalePosterior(prepared, setting, options);
  const { logS, spectrum, upper, lower } = posterior;
  const gains = gainsOf(posterior, setting.temperature);
  const moments = upper.map((part, t): LayerMoments => {
    const unit = setting.sigma ** (2 * (t + 1));
    const weights = weightsTimes(posterior, part, -1, lower[t]).map((weight) => weight / unit);
    const scaled = weights.map((weight, k) => weight * Math.exp(logS[k]));
    const coefficients = matrix(gains.rows, weights.length);
    const explained = new Float64Array(gains.rows);
    for (let i = 0, at = 0; i < gains.rows; i++) {
      for (let k = 0; k < weights.length; k++, at++) {
        coefficients.data[at] = spectrum.c.data[i] * gains.data[at] * Math.sqrt(weights[k]);
        explained[i] += scaled[k] * gains.data[at];
      }
    }
    return { coefficients, scale: total(scaled), explained };
  });
  return gramsOf(prepared, setting, moments, options);
}

/** 1/(λ_i + T/s) at every s of the grid, p × points: the posterior mean given s is K_0V times it times c. */
function gainsOf({ logS, spectrum: { eigenvalues } }: ScalePosterior, temperature: number): Matrix {
  const out = matrix(eigenvalues.length, logS.length);
  for (let i = 0, at = 0; i < out.rows; i++) {
    for (let k = 0; k < out.cols; k++, at++) out.data[at] = 1 / (eigenvalues[i] + temperature * Math.exp(-logS[k]));
  }
  return out;
}

/** E[m], and E[v] + Var[m]. */
function averagedPredictor(
  { linalg, test }: PreparedBpkr,
  posterior: ScalePosterior,
  { sigma, temperature }: BpkrSetting,
): BpkrPredictor {
  const { logS, weights, spectrum } = posterior;
  const gains = gainsOf(posterior, temperature);
  const coefficients = matrix(
    gains.rows,
    gains.cols,
    gains.data.map((gain, at) => gain * spectrum.c.data[Math.floor(at / gains.cols)]),
  );
  const means = linalg.gemm(test.kV, coefficients, { alpha: sigma ** 2 });
  const scales = weights.map((weight, k) => weight * Math.exp(logS[k]));
  const explained = linalg.gemm(gains, matrix(scales.length, 1, scales), { alpha: sigma ** 4 });
  const reduction = linalg.gemm(
    matrix(
      test.kV.rows,
      test.kV.cols,
      test.kV.data.map((value) => value ** 2),
    ),
    explained,
  );
  const mean = linalg.gemm(means, matrix(weights.length, 1, weights));
  const variance = matrix(mean.rows, 1);
  for (let x = 0; x < mean.rows; x++) {
    let fluctuation = 0;
    for (let k = 0; k < weights.length; k++) {
      fluctuation += weights[k] * (means.data[x * weights.length + k] - mean.data[x]) ** 2;
    }
    const within = sigma ** 2 * test.diagonal[x] * total(scales) - reduction.data[x];
    variance.data[x] = Math.max(0, within) + fluctuation;
  }
  return { mean, variance, covariance: variance };
}

/** E[g(s)] of equation (3) and the training error. */
function dataAverages({ logS, weights, spectrum }: ScalePosterior, { temperature }: BpkrSetting) {
  const { eigenvalues, c, examples, unfittable } = spectrum;
  let dataTerm = 0;
  let squares = unfittable;
  for (let k = 0; k < weights.length; k++) {
    const s = Math.exp(logS[k]);
    for (let i = 0; i < eigenvalues.length; i++) {
      const sum = s * eigenvalues[i] + temperature;
      const share = (s * eigenvalues[i]) / sum;
      const rest = temperature / sum;
      dataTerm += weights[k] * share * (1 - c.data[i] ** 2 / sum);
      squares += weights[k] * ((rest * c.data[i]) ** 2 + temperature * share);
    }
  }
  return { dataTerm, trainError: squares / examples };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
