import type { LinalgBackend, Matrix, Parameters, ProductCache } from '@ggdln/core';
import { matrix, transpose } from '@ggdln/linalg';
import { cached } from './cache.ts';
import { type Layers, widthOf } from './layers.ts';
import { weightMatrix } from './network.ts';

/**
 * U_L, …, U_1 of given weights (theory page ggdln, section 3): U_l = Σ_j u_j u_jᵀ / N_l with u^(L)_i = a_i and
 * u^(l)_j = Σ_i u^(l+1)_i ⊗ W^(l+1)_ij / √N_{l+1}. Composite gate indices have m_L slowest; with C outputs the index of
 * the top layer is mC + c.
 */
export function orderParameters(
  layers: Layers,
  parameters: Parameters,
  linalg: LinalgBackend,
  cache?: ProductCache,
): { [name: string]: Matrix } {
  const { depth } = layers;
  const weights = Array.from({ length: depth - 1 }, (_, i) => parameters[`W${depth - i}`]);
  return cached(cache, 'order parameters', [parameters.a, ...weights], () => {
    // Rows of `u` are composite gates, columns are units. The gate index of a weight matrix is the slower index of
    // its columns, so u · W read with M_{l} times as many rows already is the next u.
    let u = transpose(weightMatrix(layers, parameters, 'a'));
    const found: { [name: string]: Matrix } = {};
    for (let layer = depth; layer >= 1; layer--) {
      const units = widthOf(layers, layer);
      found[`U${layer}`] = linalg.syrk(u, { alpha: 1 / units });
      if (layer === 1) break;
      const below = widthOf(layers, layer - 1);
      const product = linalg.gemm(u, weightMatrix(layers, parameters, `W${layer}`), { alpha: 1 / Math.sqrt(units) });
      u = matrix(product.data.length / below, below, product.data);
    }
    return found;
  });
}
