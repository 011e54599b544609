import type { Parameters, RandomStream } from '@ggdln/core';
import type { Matrix } from '@ggdln/linalg';
import type { PreparedBpkr } from '../prepare.ts';
import type { BpkrSetting } from '../types.ts';
import { checkSetting } from '../validate.ts';
import { type GridFunction, valueAt } from './gridFunction.ts';
import { type ExactOptions, type ScalePosterior, scalePosterior } from './scalePosterior.ts';

/** Of the grid that log u is drawn from; averages would do with a coarser one. */
const COARSEST = 0.02;

/** One network of the posterior. */
export interface ExactSample {
  /** Weights as the architecture `dln` has them: `a` (N_L), `W_l` (N_l × N_{l−1}, row-major). */
  readonly parameters: Parameters;
  /** u_L, …, u_1, top first; their product is s. */
  readonly U: readonly number[];
}

/** Draws networks from the posterior, independent of each other: nothing has to burn in or to mix. */
export interface ExactSampler {
  sample(rng: RandomStream): ExactSample;
}

/**
 * The independent sampler of section 9 for one output, any depth and widths and T ≥ 0: log s from its exact posterior,
 * split over the layers, random directions of those norms, then the first layer given all others. The u_l lie on the
 * grid of log u; averages of smooth functions don't show it.
 * @throws As `exactBpkr`.
 */
export async function createExactSampler(
  prepared: PreparedBpkr,
  setting: BpkrSetting,
  options: ExactOptions = {},
): Promise<ExactSampler> {
  checkSetting(setting);
  const posterior = await scalePosterior(prepared, setting, options, COARSEST);
  const draw = {
    prepared,
    setting,
    posterior,
    VX: prepared.linalg.gemm(prepared.V, prepared.data.X, { transA: true }),
  };
  return { sample: (rng) => sampleNetwork(draw, rng) };
}

interface Draw {
  readonly prepared: PreparedBpkr;
  readonly setting: BpkrSetting;
  readonly posterior: ScalePosterior;
  /** VᵀX, p × N0. */
  readonly VX: Matrix;
}

function sampleNetwork(draw: Draw, rng: RandomStream): ExactSample {
  const { widths, sigma } = draw.setting;
  const U = drawScales(draw, rng);
  const parameters: { [name: string]: Float64Array } = {};
  const depth = widths.length;
  let b = randomDirection(rng, widths[0], Math.sqrt(widths[0] * U[0]));
  parameters.a = b;
  for (let t = 1; t < depth; t++) {
    const norm = Math.sqrt((widths[t] * U[t] * squareNorm(b)) / widths[t - 1]);
    const lower = randomDirection(rng, widths[t], norm);
    parameters[`W${depth - t + 1}`] = layerBetween(b, lower, sigma, rng);
    b = lower;
  }
  parameters.W1 = firstLayer(draw, b, rng);
  return { parameters, U };
}

/** s from its posterior, then layer by layer from the bottom the share of log s, given what is left for those above. */
function drawScales({ posterior, setting }: Draw, rng: RandomStream): number[] {
  const { indices, weights, layers, upper, step } = posterior;
  let left = indices[choose(weights, rng)];
  const U = new Array<number>(layers.length);
  for (let t = layers.length - 1; t >= 0; t--) {
    const index = t === 0 ? left : splitOff(layers[t], upper[t - 1], left, rng);
    U[t] = setting.sigma ** 2 * Math.exp(index * step);
    left -= index;
  }
  return U;
}

function splitOff(layer: GridFunction, above: GridFunction, sum: number, rng: RandomStream): number {
  return (
    layer.first +
    choose(
      layer.values.map((value, k) => value * valueAt(above, sum - layer.first - k)),
      rng,
    )
  );
}

/** An index with probability proportional to its weight. */
function choose(weights: Float64Array, rng: RandomStream): number {
  let left = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  let chosen = 0;
  for (let k = 0; k < weights.length; k++) {
    if (weights[k] === 0) continue;
    chosen = k;
    left -= weights[k];
    if (left < 0) break;
  }
  return chosen;
}

function randomDirection(rng: RandomStream, size: number, norm: number): Float64Array {
  const values = rng.fillGaussian(new Float64Array(size));
  const factor = norm / Math.sqrt(squareNorm(values));
  return values.map((value) => factor * value);
}

/** W with Wᵀb/√N = lower and otherwise from the prior, N = rows of W. */
function layerBetween(b: Float64Array, lower: Float64Array, sigma: number, rng: RandomStream): Float64Array {
  const [rows, cols] = [b.length, lower.length];
  const W = rng.fillGaussian(new Float64Array(rows * cols), sigma);
  const square = squareNorm(b);
  for (let j = 0; j < cols; j++) {
    let inner = 0;
    for (let i = 0; i < rows; i++) inner += b[i] * W[i * cols + j];
    const excess = (Math.sqrt(rows) * lower[j] - inner) / square;
    for (let i = 0; i < rows; i++) W[i * cols + j] += excess * b[i];
  }
  return W;
}

/** W_1 given b_1 (section 8, steps 1 to 4), in the eigenbasis of K_0; what lies outside its range doesn't reach W_1. */
function firstLayer({ setting, posterior, VX }: Draw, b: Float64Array, rng: RandomStream): Float64Array {
  const { sigma, temperature } = setting;
  const { eigenvalues, c } = posterior.spectrum;
  const [rows, cols] = [b.length, VX.cols];
  const beta = 1 / Math.sqrt(rows * cols);
  const W = rng.fillGaussian(new Float64Array(rows * cols), sigma);
  const readout = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) readout[j] += b[i] * W[i * cols + j];
  }
  const s = squareNorm(b) / rows;
  const change = new Float64Array(cols);
  for (let i = 0; i < eigenvalues.length; i++) {
    const row = VX.data.subarray(i * cols, (i + 1) * cols);
    let output = 0;
    for (let j = 0; j < cols; j++) output += row[j] * readout[j];
    const missing = c.data[i] - Math.sqrt(temperature) * rng.gaussian() - beta * output;
    const multiplier = (sigma ** 2 * beta * missing) / (s * eigenvalues[i] + temperature);
    for (let j = 0; j < cols; j++) change[j] += multiplier * row[j];
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) W[i * cols + j] += b[i] * change[j];
  }
  return W;
}

function squareNorm(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
