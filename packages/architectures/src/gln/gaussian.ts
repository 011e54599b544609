import { GgdlnError, inputError, type Parameters } from '@ggdln/core';
import { clamp } from './arithmetic.ts';
import { fillContexts } from './contexts.ts';
import type { GlnHalfSpaces } from './halfSpaces.ts';
import { type GlnLayer, glnInitialWeights, glnLayers, glnShapes, requireGlnWeights, requireVector } from './layers.ts';

const where = '@ggdln/architectures GaussianGln';

/** Of means, weights, variances and their inverses: products of much larger numbers leave the range of float64. */
const LARGEST = 1e30;

export interface GaussianGlnOptions {
  /** K0, number of base predictions. */
  readonly inputs: number;
  readonly halfSpaces: GlnHalfSpaces;
  /** Smallest variance of a prediction: the noise variance of the targets or a bit less. */
  readonly varianceMin: number;
  /** Default 10⁵. */
  readonly varianceMax?: number;
  /** Default 0. */
  readonly weightMin?: number;
  /** Default 10³. */
  readonly weightMax?: number;
  /** Means of the bias inputs of every layer. They should bracket the targets. Default −1, 0, 1. */
  readonly biasMeans?: readonly number[];
  /** Default 1 for each bias. */
  readonly biasVariances?: readonly number[];
}

/** What a Gaussian network reads. */
export interface GaussianInput {
  /** z, side information, read by the half-spaces only. Length D. */
  readonly side: Float64Array;
  /** Means of the base predictions, length K0. */
  readonly means: Float64Array;
  /** Variances of the base predictions, > 0, length K0. */
  readonly variances: Float64Array;
}

/** What a layer computed on its way forward. Overwritten by the next pass. */
interface GaussianLayerPass {
  readonly contexts: Int32Array;
  /** μ_j and τ_j = 1/v_j of the inputs, biases first, length fan-in. */
  readonly inputMeans: Float64Array;
  readonly inputPrecisions: Float64Array;
  /** Active weights after clipping and projection, neurons × fan-in. */
  readonly weights: Float64Array;
  /** Predictions of the neurons. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** Buffers of a forward pass, layer nearest to the inputs first. */
export type GaussianPass = readonly GaussianLayerPass[];

/** A network whose every neuron predicts a real target by a weighted product of the Gaussians below it. */
export interface GaussianGln {
  readonly layers: readonly GlnLayer[];
  readonly inputs: number;
  readonly sideInputs: number;
  readonly weightMin: number;
  readonly weightMax: number;
  readonly varianceMin: number;
  readonly varianceMax: number;
  /** `{ W1: [K_1, 2^B, biases + K_0], …, WL }`; the biases come first on the last axis. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** @param value Of every weight. Default 1/fan-in. */
  initialWeights(value?: number): Parameters;
  createPass(): GaussianPass;
  /**
   * Computes all neurons into `pass`; stores nothing in the weights.
   * @throws GGDLN_INPUT for inputs of another length, not finite or absurdly large, or variances ≤ 0.
   */
  forward(weights: Parameters, input: GaussianInput, pass: GaussianPass): void;
  /** @throws GGDLN_INPUT for weights of other shapes than `shapes`, or not finite. */
  requireWeights(weights: Parameters): void;
}

/**
 * The Gaussian gated linear network for regression (theory page gln, section 3; Budden et al. 2020, arXiv:2006.05964).
 * Active weights are clipped to [weightMin, weightMax] and then projected so that the variance of the prediction is in
 * [varianceMin, varianceMax].
 * @throws GGDLN_INPUT for half-spaces that don't make a network, or bounds and biases that contradict each other.
 */
export function createGaussianGln(options: GaussianGlnOptions): GaussianGln {
  const { inputs, halfSpaces, varianceMin, varianceMax = 1e5, weightMin = 0, weightMax = 1e3 } = options;
  const { biasMeans = [-1, 0, 1], biasVariances = biasMeans.map(() => 1) } = options;
  const bounds = { weightMin, weightMax, varianceMin, varianceMax };
  const biases = { means: Float64Array.from(biasMeans), precisions: Float64Array.from(biasVariances, (v) => 1 / v) };
  requireBounds(bounds);
  requireVector(where, 'biasMeans', biases.means, biasMeans.length, [-LARGEST, LARGEST]);
  const range = [1 / LARGEST, LARGEST] as const;
  requireVector(where, 'biasVariances', Float64Array.from(biasVariances), biasMeans.length, range);
  const layers = glnLayers(halfSpaces, { inputs, biases: biasMeans.length }, where);
  const { sideInputs } = halfSpaces;
  return {
    layers,
    inputs,
    sideInputs,
    ...bounds,
    shapes: glnShapes(layers),
    initialWeights: (value) => glnInitialWeights(layers, value, where),
    requireWeights: (weights) => requireGlnWeights(layers, weights, where, { entries: true }),
    createPass: () => layers.map((layer) => createLayerPass(layer, biases)),
    forward(weights, { side, means, variances }, pass) {
      requireVector(where, 'side', side, sideInputs);
      requireVector(where, 'means', means, inputs, [-LARGEST, LARGEST]);
      requireVector(where, 'variances', variances, inputs, range);
      requireGlnWeights(layers, weights, where, { entries: false });
      setInputs(pass[0], biasMeans.length, means, variances);
      for (let i = 0; i < layers.length; i++) {
        fillContexts(layers[i], side, pass[i].contexts);
        multiply(layers[i], weights[layers[i].name], bounds, pass[i]);
        if (i + 1 < layers.length) setInputs(pass[i + 1], biasMeans.length, pass[i].means, pass[i].variances);
      }
    },
  };
}

function createLayerPass(
  { neurons, fanIn }: GlnLayer,
  biases: { readonly means: Float64Array; readonly precisions: Float64Array },
): GaussianLayerPass {
  const pass = {
    contexts: new Int32Array(neurons),
    inputMeans: new Float64Array(fanIn),
    inputPrecisions: new Float64Array(fanIn),
    weights: new Float64Array(neurons * fanIn),
    means: new Float64Array(neurons),
    variances: new Float64Array(neurons),
  };
  pass.inputMeans.set(biases.means);
  pass.inputPrecisions.set(biases.precisions);
  return pass;
}

function setInputs(pass: GaussianLayerPass, from: number, means: Float64Array, variances: Float64Array): void {
  for (let j = 0; j < means.length; j++) {
    pass.inputMeans[from + j] = means[j];
    pass.inputPrecisions[from + j] = 1 / variances[j];
  }
}

type Bounds = Pick<GaussianGln, 'weightMin' | 'weightMax' | 'varianceMin' | 'varianceMax'>;

/** Predictions of one layer from its inputs and contexts, with the weights that made them. */
function multiply(layer: GlnLayer, stored: Float64Array, bounds: Bounds, pass: GaussianLayerPass): void {
  const { neurons, contexts, fanIn } = layer;
  const { inputMeans: mu, inputPrecisions: tau, weights } = pass;
  for (let neuron = 0; neuron < neurons; neuron++) {
    const from = (neuron * contexts + pass.contexts[neuron]) * fanIn;
    const to = neuron * fanIn;
    for (let j = 0; j < fanIn; j++) {
      weights[to + j] = clamp(stored[from + j], bounds.weightMin, bounds.weightMax);
    }
    const precision = project(weights, to, tau, bounds);
    let mean = 0;
    for (let j = 0; j < fanIn; j++) mean += weights[to + j] * tau[j] * mu[j];
    pass.means[neuron] = mean / precision;
    if (!Number.isFinite(pass.means[neuron])) throw overflow(layer, neuron);
    pass.variances[neuron] = 1 / precision;
  }
}

/** Moves a weight vector to the nearest one whose precision w · τ is within bounds, if it isn't; returns w · τ. */
function project(weights: Float64Array, from: number, tau: Float64Array, { varianceMin, varianceMax }: Bounds): number {
  let precision = 0;
  let square = 0;
  for (let j = 0; j < tau.length; j++) {
    precision += weights[from + j] * tau[j];
    square += tau[j] * tau[j];
  }
  const allowed = clamp(precision, 1 / varianceMax, 1 / varianceMin);
  if (allowed === precision) return precision;
  const step = (allowed - precision) / square;
  for (let j = 0; j < tau.length; j++) weights[from + j] += step * tau[j];
  return allowed;
}

function requireBounds({ weightMin, weightMax, varianceMin, varianceMax }: Bounds): void {
  if (!(weightMin < weightMax && weightMin >= -LARGEST && weightMax <= LARGEST)) {
    throw inputError(where, `weights are in [${weightMin}, ${weightMax}]`, 'Give finite weightMin < weightMax');
  }
  if (!(varianceMin >= 1 / LARGEST && varianceMin < varianceMax && varianceMax <= LARGEST)) {
    throw inputError(
      where,
      `variances are in [${varianceMin}, ${varianceMax}]`,
      'Give 0 < varianceMin < varianceMax, with varianceMin near the noise variance of the targets',
    );
  }
}

function overflow({ name }: GlnLayer, neuron: number): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem: `the mean of neuron ${neuron} of the layer with weights ${name} overflows`,
    remedy: 'Rescale means, variances and targets to a size near 1',
  });
}
