import { inputError, type Parameters } from '@ggdln/core';
import { clamp, dotAt, sigmoid } from './arithmetic.ts';
import { fillContexts, requireContexts } from './contexts.ts';
import type { GlnHalfSpaces } from './halfSpaces.ts';
import { type GlnLayer, glnInitialWeights, glnLayers, glnShapes, requireGlnWeights, requireVector } from './layers.ts';

const where = '@ggdln/architectures BernoulliGln';

export interface BernoulliGlnOptions {
  /** K0, number of base predictions. */
  readonly inputs: number;
  readonly halfSpaces: GlnHalfSpaces;
  /** ε: all predictions, base ones too, are clipped to [ε, 1 − ε]. Default 0.01; usual from 0.001 to 0.05. */
  readonly epsilon?: number;
  /** β, the logit of the bias input. Default 1. */
  readonly biasLogit?: number;
}

/** What a Bernoulli network reads. */
export interface BernoulliInput {
  /** z, side information, read by the half-spaces only. Length D. */
  readonly side: Float64Array;
  /** p⁰, base predictions in [0, 1], e.g. σ(x). Length K0. */
  readonly base: Float64Array;
  /** Context of each neuron, layer nearest to the inputs first, where already known; `side` is not read then. */
  readonly contexts?: readonly Int32Array[];
}

/** What a layer computed on its way forward. Overwritten by the next pass. */
interface BernoulliLayerPass {
  /** Context of each neuron. */
  readonly contexts: Int32Array;
  /** ℓ = (β, logits of the clipped predictions below), length fan-in. */
  readonly inputs: Float64Array;
  /** w · ℓ of each neuron: the logit of its prediction before clipping. */
  readonly logits: Float64Array;
  /** Clipped prediction of each neuron. */
  readonly probabilities: Float64Array;
}

/** Buffers of a forward pass, layer nearest to the inputs first. */
export type BernoulliPass = readonly BernoulliLayerPass[];

/** A network whose every neuron predicts a binary target by mixing the predictions below it geometrically. */
export interface BernoulliGln {
  readonly layers: readonly GlnLayer[];
  readonly inputs: number;
  readonly sideInputs: number;
  readonly epsilon: number;
  readonly biasLogit: number;
  /** `{ W1: [K_1, 2^B, K_0 + 1], …, WL }`; entry 0 of the last axis belongs to the bias. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** @param value Of every weight. Default 1/fan-in. */
  initialWeights(value?: number): Parameters;
  createPass(): BernoulliPass;
  /**
   * Computes all neurons into `pass`. Doesn't look at each weight: check weights from outside with `requireWeights`.
   * @throws GGDLN_INPUT for inputs of another length, not finite, or base predictions outside [0, 1].
   */
  forward(weights: Parameters, input: BernoulliInput, pass: BernoulliPass): void;
  /** @throws GGDLN_INPUT for weights of other shapes than `shapes`, or not finite. */
  requireWeights(weights: Parameters): void;
}

/**
 * The Bernoulli gated linear network (theory page gln, section 1; Veness et al. 2019, arXiv:1910.01526): a neuron with
 * active weights w predicts σ(w · ℓ). Layer sizes and context bits are those of the half-spaces.
 * @throws GGDLN_INPUT for half-spaces that don't make a network, ε outside [10⁻¹⁵, ½), or a β that is not finite.
 */
export function createBernoulliGln(options: BernoulliGlnOptions): BernoulliGln {
  const { inputs, halfSpaces, epsilon = 0.01, biasLogit = 1 } = options;
  if (!(epsilon >= 1e-15 && epsilon < 0.5)) {
    throw inputError(where, `epsilon = ${epsilon}`, 'Give a number from 1e-15 to below ½');
  }
  if (!(Math.abs(biasLogit) <= 1e100)) throw inputError(where, `biasLogit = ${biasLogit}`, 'Give a finite number');
  const layers = glnLayers(halfSpaces, { inputs, biases: 1 }, where);
  const { sideInputs } = halfSpaces;
  return {
    layers,
    inputs,
    sideInputs,
    epsilon,
    biasLogit,
    shapes: glnShapes(layers),
    initialWeights: (value) => glnInitialWeights(layers, value, where),
    requireWeights: (weights) => requireGlnWeights(layers, weights, where, { entries: true }),
    createPass: () =>
      layers.map(({ neurons, fanIn }) => ({
        contexts: new Int32Array(neurons),
        inputs: new Float64Array(fanIn).fill(biasLogit, 0, 1),
        logits: new Float64Array(neurons),
        probabilities: new Float64Array(neurons),
      })),
    forward(weights, { side, base, contexts }, pass) {
      if (contexts) requireContexts(layers, contexts);
      else requireVector(where, 'side', side, sideInputs);
      requireVector(where, 'base', base, inputs, [0, 1]);
      requireGlnWeights(layers, weights, where, { entries: false });
      for (let j = 0; j < inputs; j++) {
        const p = clamp(base[j], epsilon, 1 - epsilon);
        pass[0].inputs[j + 1] = Math.log(p / (1 - p));
      }
      for (let i = 0; i < layers.length; i++) {
        if (contexts) pass[i].contexts.set(contexts[i]);
        else fillContexts(layers[i], side, pass[i].contexts);
        mix(layers[i], weights[layers[i].name], epsilon, pass[i], pass[i + 1]?.inputs);
      }
    },
  };
}

/** Predictions of one layer from its input logits and contexts; `above` gets their logits after its bias. */
function mix(
  { neurons, contexts, fanIn }: GlnLayer,
  weights: Float64Array,
  epsilon: number,
  pass: BernoulliLayerPass,
  above: Float64Array | undefined,
): void {
  const largest = Math.log((1 - epsilon) / epsilon);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const logit = dotAt(weights, (neuron * contexts + pass.contexts[neuron]) * fanIn, pass.inputs);
    pass.logits[neuron] = logit;
    pass.probabilities[neuron] = clamp(sigmoid(logit), epsilon, 1 - epsilon);
    // The logit of the clipped prediction; going through the prediction would lose digits near 0 and 1.
    if (above) above[neuron + 1] = clamp(logit, -largest, largest);
  }
}
