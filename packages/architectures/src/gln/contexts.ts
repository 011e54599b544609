import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import { dotAt } from './arithmetic.ts';
import type { GlnLayer } from './layers.ts';

/**
 * Writes the context of every neuron of a layer, Σ_b 2^b [v_b · z ≥ o_b]. Sums run in one fixed order, so an example
 * has the same contexts alone and in any batch.
 */
export function fillContexts(layer: GlnLayer, side: Float64Array, out: Int32Array): void {
  const { neurons, bits, normals, offsets } = layer;
  const D = side.length;
  for (let neuron = 0; neuron < neurons; neuron++) {
    let context = 0;
    for (let bit = 0; bit < bits; bit++) {
      const at = neuron * bits + bit;
      if (dotAt(normals, at * D, side) >= offsets[at]) context |= 1 << bit;
    }
    out[neuron] = context;
  }
}

/** @throws GGDLN_INPUT for contexts that aren't those of the layers. */
export function requireContexts(layers: readonly GlnLayer[], contexts: readonly Int32Array[]): void {
  layers.forEach(({ neurons, contexts: count }, l) => {
    const found = contexts[l];
    const remedy = `Give ${neurons} whole numbers from 0 to ${count - 1}, or leave contexts out`;
    if (found?.length !== neurons) {
      throw inputError(
        '@ggdln/architectures gln',
        `layer ${l + 1} has contexts for ${found?.length ?? 'no'} neurons`,
        remedy,
      );
    }
    const bad = found.find((context) => !(context >= 0 && context < count));
    if (bad !== undefined)
      throw inputError('@ggdln/architectures gln', `layer ${l + 1} has the context ${bad}`, remedy);
  });
}

/**
 * Entropy in bits of each neuron's context over given inputs, one array a layer. B bits is the most there can be; near
 * 0 the half-spaces don't cut the data (standardise z, or change the offsets) and the gates do nothing.
 * @param Z Side information, one example a row. @throws GGDLN_INPUT when it is empty or of another dimension.
 */
export function glnContextEntropy(
  network: { readonly layers: readonly GlnLayer[]; readonly sideInputs: number },
  Z: Matrix,
): readonly Float64Array[] {
  const where = '@ggdln/architectures glnContextEntropy';
  requireMatrix(where, 'Z', Z, { cols: network.sideInputs });
  if (Z.rows === 0) throw inputError(where, 'Z has no rows', 'Give at least one example');
  return network.layers.map((layer) => layerEntropy(layer, Z));
}

function layerEntropy(layer: GlnLayer, Z: Matrix): Float64Array {
  const counts = new Float64Array(layer.neurons * layer.contexts);
  const contexts = new Int32Array(layer.neurons);
  for (let row = 0; row < Z.rows; row++) {
    fillContexts(layer, Z.data.subarray(row * Z.cols, (row + 1) * Z.cols), contexts);
    for (let neuron = 0; neuron < layer.neurons; neuron++) counts[neuron * layer.contexts + contexts[neuron]]++;
  }
  return Float64Array.from({ length: layer.neurons }, (_, neuron) => {
    let entropy = 0;
    for (const count of counts.subarray(neuron * layer.contexts, (neuron + 1) * layer.contexts)) {
      if (count > 0) entropy -= (count / Z.rows) * Math.log2(count / Z.rows);
    }
    return entropy;
  });
}
