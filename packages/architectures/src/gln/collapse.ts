import type { Parameters } from '@ggdln/core';
import type { BernoulliGln } from './bernoulli.ts';
import { fillContexts } from './contexts.ts';
import { requireVector } from './layers.ts';

/**
 * The one linear map that a Bernoulli network is in logit space for given side information: while nothing clips,
 * logit p = A_L(z) ⋯ A_1(z) (β, logit p⁰), where A_i(z) has the active weights of layer i as its rows and (1, 0, …) on
 * top (theory page gln, identity 2).
 * @param side z. @returns Weights of (β, logit p⁰), length K0 + 1.
 * @throws GGDLN_INPUT for side information or weights that don't fit the network.
 */
export function collapseBernoulliGln(network: BernoulliGln, weights: Parameters, side: Float64Array): Float64Array {
  requireVector('@ggdln/architectures collapseBernoulliGln', 'side', side, network.sideInputs);
  network.requireWeights(weights);
  let row = Float64Array.of(1);
  // From the output down: a row vector times one layer at a time.
  for (let i = network.layers.length - 1; i >= 0; i--) {
    const layer = network.layers[i];
    const values = weights[layer.name];
    const contexts = new Int32Array(layer.neurons);
    fillContexts(layer, side, contexts);
    const isTop = i === network.layers.length - 1;
    const next = new Float64Array(layer.fanIn);
    if (!isTop) next[0] = row[0];
    for (let neuron = 0; neuron < layer.neurons; neuron++) {
      const factor = isTop ? 1 : row[neuron + 1];
      const from = (neuron * layer.contexts + contexts[neuron]) * layer.fanIn;
      for (let j = 0; j < layer.fanIn; j++) next[j] += factor * values[from + j];
    }
    row = next;
  }
  return row;
}
