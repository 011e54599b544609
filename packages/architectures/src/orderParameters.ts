import type { LinalgBackend, Matrix, Parameters, ProductCache } from '@ggdln/core';
import { cached } from './cache.ts';
import { type Layers, parameterNames, widthOf } from './layers.ts';
import { pathWeights } from './pathWeights.ts';

/**
 * U_L, …, U_1 of given weights (theory page ggdln, section 3): U_l = Σ_j u_j u_jᵀ / N_l, with the indices of
 * `pathWeights`.
 */
export function orderParameters(
  layers: Layers,
  parameters: Parameters,
  linalg: LinalgBackend,
  cache?: ProductCache,
): { [name: string]: Matrix } {
  const read = parameterNames(layers.depth).slice(0, -1);
  return cached(
    cache,
    'order parameters',
    read.map((name) => parameters[name]),
    () => {
      const found: { [name: string]: Matrix } = {};
      for (let layer = layers.depth; layer >= 1; layer--) {
        const u = pathWeights(layers, parameters, layer, linalg, cache);
        found[`U${layer}`] = linalg.syrk(u, { alpha: 1 / widthOf(layers, layer) });
      }
      return found;
    },
  );
}
