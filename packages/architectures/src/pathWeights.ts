import type { LinalgBackend, Matrix, Parameters, ProductCache } from '@ggdln/core';
import { matrix, transpose } from '@ggdln/linalg';
import { cached } from './cache.ts';
import { type Layers, widthOf } from './layers.ts';
import { weightMatrix } from './network.ts';

/**
 * u^(l) as a matrix with a row for each composite gate and a column for each unit of layer l (theory page ggdln,
 * section 3): u^(L)_i = a_i and u^(l)_j = Σ_i u^(l+1)_i ⊗ W^(l+1)_ij / √N_{l+1}. Composite gate indices have m_L
 * slowest; with C outputs the index of the top layer is mC + c.
 */
export function pathWeights(
  layers: Layers,
  parameters: Parameters,
  layer: number,
  linalg: LinalgBackend,
  cache?: ProductCache,
): Matrix {
  const { depth } = layers;
  const above = Array.from({ length: depth - layer }, (_, i) => parameters[`W${depth - i}`]);
  return cached(cache, `path weights ${layer}`, [parameters.a, ...above], () => {
    if (layer === depth) return transpose(weightMatrix(layers, parameters, 'a'));
    const u = pathWeights(layers, parameters, layer + 1, linalg, cache);
    const alpha = 1 / Math.sqrt(widthOf(layers, layer + 1));
    // The gate index of a weight matrix is the slower index of its columns, so u · W read with M_l times as many rows
    // already is the next u.
    const { data } = linalg.gemm(u, weightMatrix(layers, parameters, `W${layer + 1}`), { alpha });
    const units = widthOf(layers, layer);
    return matrix(data.length / units, units, data);
  });
}
