import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, inner, matrix } from '@ggdln/linalg';
import {
  type GdlnData,
  type GdlnGradient,
  type GdlnWeights,
  gated,
  requireGdlnData,
  requireGdlnWeights,
} from './data.ts';
import type { Gdln } from './graph.ts';

/**
 * Activity h_v of every node, P × width: h_v = g_v Σ_e g_e W_e h_s(e).
 * @throws GGDLN_INPUT for weights or data that don't fit the graph.
 */
export function gdlnForward(
  gdln: Gdln,
  weights: GdlnWeights,
  data: GdlnData,
  linalg: LinalgBackend,
): Readonly<Record<string, Matrix>> {
  const samples = requireGdlnData('@ggdln/architectures gdlnForward', gdln, data);
  requireGdlnWeights('@ggdln/architectures gdlnForward', gdln, weights);
  const active: Record<string, Matrix> = {};
  for (const { id, width, role } of gdln.order) {
    let sum = role === 'input' ? data.inputs[id] : matrix(samples, width);
    for (const edge of gdln.incoming(id)) {
      const source = gated(active[edge.source], data.edgeGates?.[edge.id]);
      sum = add(sum, linalg.gemm(source, weights[edge.id], { transB: true }));
    }
    active[id] = gated(sum, data.nodeGates?.[id]);
  }
  return active;
}

/**
 * Loss and gradient by gated back-propagation over the samples: O(P Σ_e n_s n_t).
 * @throws GGDLN_INPUT for weights or data that don't fit the graph.
 */
export function gdlnGradient(gdln: Gdln, weights: GdlnWeights, data: GdlnData, linalg: LinalgBackend): GdlnGradient {
  const active = gdlnForward(gdln, weights, data, linalg);
  const back: Record<string, Matrix> = {};
  const gradients: Record<string, Matrix> = {};
  let loss = 0;
  for (const { id, width, role } of gdln.order.toReversed()) {
    const { rows } = active[id];
    let sum = back[id] ?? matrix(rows, width);
    if (role === 'output') {
      const error = add(active[id], data.targets[id], 1, -1);
      loss += inner(error, error) / (2 * rows);
      sum = add(sum, error, 1, 1 / rows);
    }
    const slope = gated(sum, data.nodeGates?.[id]);
    for (const edge of gdln.incoming(id)) {
      const throughEdge = gated(slope, data.edgeGates?.[edge.id]);
      gradients[edge.id] = linalg.gemm(throughEdge, active[edge.source], { transA: true });
      const below = linalg.gemm(throughEdge, weights[edge.id]);
      back[edge.source] = back[edge.source] ? add(back[edge.source], below) : below;
    }
  }
  return { loss, gradients };
}
