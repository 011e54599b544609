import type { GaussianGln, GaussianInput, GaussianPass } from '@ggdln/architectures';
import { inputError, type Parameters } from '@ggdln/core';
import { type LocalStep, openLocalRun } from './localRun.ts';
import type { OnlineLearner } from './online.ts';

const where = '@ggdln/learning gaussianLearner';

/** Of targets, as of the means that networks take: squares of much larger numbers overflow. */
const LARGEST = 1e30;

/** What all neurons of a Gaussian network predict; the last one is its output. Lists are over layers, inputs first. */
export interface GaussianPrediction {
  readonly mean: number;
  readonly variance: number;
  readonly means: readonly Float64Array[];
  readonly variances: readonly Float64Array[];
  readonly contexts: readonly Int32Array[];
}

/** ½ ln(2πv) + (y − μ)²/2v: the loss that every neuron descends on its own. */
export function gaussianLoss(mean: number, variance: number, target: number): number {
  return 0.5 * Math.log(2 * Math.PI * variance) + (target - mean) ** 2 / (2 * variance);
}

/**
 * Local online learning of a Gaussian gated linear network (theory page gln, section 3): every neuron steps its active
 * weights, projected to the bounds of the network, down the gradient of its own loss,
 * ∂/∂w_j = τ_j/2 [(y − μ_j)² − (μ_j − μ)² − v]. Neither projection nor inputs are differentiated.
 * @param options `initialWeight` of every weight; default 1/fan-in.
 */
export function gaussianLearner(
  network: GaussianGln,
  options: { readonly initialWeight?: number } = {},
): OnlineLearner<GaussianInput, number, GaussianPrediction> {
  return {
    init: () => ({ weights: network.initialWeights(options.initialWeight), steps: 0 }),
    open: (state) =>
      openLocalRun(network, state, {
        where,
        requireTarget(target) {
          if (!(Math.abs(target) <= LARGEST)) {
            throw inputError(where, `the target is ${target}`, `Give a number within ±${LARGEST}; rescale the targets`);
          }
        },
        learn: (weights, pass, step) => descend(network, weights, pass, step),
        read: readPrediction,
      }),
  };
}

/** Steps the active weights of all neurons, in place. */
function descend(network: GaussianGln, weights: Parameters, pass: GaussianPass, { target, rate }: LocalStep): void {
  const { weightMin, weightMax } = network;
  for (let i = 0; i < network.layers.length; i++) {
    const { name, neurons, contexts, fanIn } = network.layers[i];
    const stored = weights[name];
    const { inputMeans: mu, inputPrecisions: tau, weights: projected, means, variances } = pass[i];
    for (let neuron = 0; neuron < neurons; neuron++) {
      const [mean, variance] = [means[neuron], variances[neuron]];
      const to = (neuron * contexts + pass[i].contexts[neuron]) * fanIn;
      for (let j = 0; j < fanIn; j++) {
        const gradient = (tau[j] / 2) * ((target - mu[j]) ** 2 - (mu[j] - mean) ** 2 - variance);
        const stepped = projected[neuron * fanIn + j] - rate * gradient;
        stored[to + j] = Math.min(Math.max(stepped, weightMin), weightMax);
      }
    }
  }
}

function readPrediction(pass: GaussianPass): GaussianPrediction {
  const output = pass[pass.length - 1];
  return {
    mean: output.means[0],
    variance: output.variances[0],
    means: pass.map((layer) => layer.means.slice()),
    variances: pass.map((layer) => layer.variances.slice()),
    contexts: pass.map((layer) => layer.contexts.slice()),
  };
}
