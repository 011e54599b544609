import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, identity, inner, matrix, scaleRows, transpose } from '@ggdln/linalg';
import { type GdlnData, type GdlnGradient, type GdlnWeights, requireGdlnData, requireGdlnWeights } from './data.ts';
import type { Gdln, GdlnEdge } from './graph.ts';

/** A path from an input to an output, by its edges. */
export type GdlnPath = readonly string[];

/**
 * All paths from inputs to outputs. Their number can grow exponentially with depth.
 * @param limit Refuse above this many. Default 1000.
 * @throws GGDLN_INPUT above the limit.
 */
export function gdlnPaths(gdln: Gdln, limit = 1000): GdlnPath[] {
  const paths: GdlnPath[] = [];
  // Dead ends are left alone: there may be exponentially many of them, too.
  const useful = new Set<string>();
  for (const { id, role } of gdln.order.toReversed()) {
    if (role === 'output' || gdln.outgoing(id).some(({ target }) => useful.has(target))) useful.add(id);
  }
  const extend = (node: string, path: GdlnPath): void => {
    if (path.length > 0 && gdln.node(node).role === 'output') paths.push(path);
    if (paths.length > limit) {
      throw inputError(
        '@ggdln/architectures gdlnPaths',
        `the graph has more than ${limit} paths`,
        'Raise the limit, or use gdlnGradient, which needs none',
      );
    }
    for (const edge of gdln.outgoing(node)) {
      if (useful.has(edge.target)) extend(edge.target, [...path, edge.id]);
    }
  };
  for (const { id, role } of gdln.graph.nodes) if (role === 'input') extend(id, []);
  return paths;
}

/** What the data are to a list of paths: the only way in which they enter learning. */
export interface GdlnPathStatistics {
  readonly paths: readonly GdlnPath[];
  /** The input and output nodes of each path. */
  readonly ends: readonly { readonly source: string; readonly target: string }[];
  /** Σ^yx(p) = ⟨g_p y x_pᵀ⟩. */
  readonly sigmaYX: readonly Matrix[];
  /** Σ^x(j, p) = ⟨g_j x_j x_pᵀ g_p⟩ of all pairs with the same output. */
  readonly sigmaX: readonly { readonly j: number; readonly p: number; readonly value: Matrix }[];
  /** ⟨Σ_v ‖y_v‖²⟩. */
  readonly targetPower: number;
}

/** @throws GGDLN_INPUT for data that don't fit the graph, or an unknown edge in a path. */
export function gdlnPathStatistics(
  gdln: Gdln,
  paths: readonly GdlnPath[],
  data: GdlnData,
  linalg: LinalgBackend,
): GdlnPathStatistics {
  const samples = requireGdlnData('@ggdln/architectures gdlnPathStatistics', gdln, data);
  const ends = paths.map((path) => endsOf(gdln, path));
  const seen = ends.map(({ source, edges }) => {
    const gate = new Float64Array(samples).fill(1);
    const close = (values: ArrayLike<number> | undefined) => {
      if (values) for (let p = 0; p < samples; p++) gate[p] *= values[p];
    };
    close(data.nodeGates?.[source]);
    for (const { id, target } of edges) {
      close(data.edgeGates?.[id]);
      close(data.nodeGates?.[target]);
    }
    return scaleRows(data.inputs[source], gate);
  });
  const mean = { transA: true, alpha: 1 / samples };
  const outputs = gdln.graph.nodes.filter(({ role }) => role === 'output').map(({ id }) => data.targets[id]);
  return {
    paths,
    ends: ends.map(({ source, target }) => ({ source, target })),
    sigmaYX: paths.map((_, p) => linalg.gemm(data.targets[ends[p].target], seen[p], mean)),
    sigmaX: paths.flatMap((_, p) =>
      paths.flatMap((__, j) =>
        ends[j].target === ends[p].target ? [{ j, p, value: linalg.gemm(seen[j], seen[p], mean) }] : [],
      ),
    ),
    targetPower: outputs.reduce((sum, y) => sum + inner(y, y) / samples, 0),
  };
}

/**
 * ℰ(p) = Σ^yx(p) − Σ_j W_j Σ^x(j, p), what path p has still to learn, and the loss and gradient that follow:
 * ∂ℒ/∂W_e = −Σ_{p ∋ e} W_afterᵀ ℰ(p) W_beforeᵀ. Costs the square of the number of paths.
 * @throws GGDLN_INPUT for weights that don't fit the graph.
 */
export function gdlnGradientByPaths(
  gdln: Gdln,
  weights: GdlnWeights,
  { paths, sigmaYX, sigmaX, targetPower }: GdlnPathStatistics,
  linalg: LinalgBackend,
): GdlnGradient & { readonly pathErrors: readonly Matrix[] } {
  requireGdlnWeights('@ggdln/architectures gdlnGradientByPaths', gdln, weights);
  const ends = paths.map((path) => endsOf(gdln, path));
  const along = (edges: readonly GdlnEdge[], width: number) =>
    edges.reduce((product, { id }) => linalg.gemm(weights[id], product), identity(width));
  const maps = ends.map(({ source, edges }) => along(edges, gdln.node(source).width));
  const errors = [...sigmaYX];
  let loss = targetPower / 2;
  for (const { j, p, value } of sigmaX) errors[p] = add(errors[p], linalg.gemm(maps[j], value), 1, -1);
  errors.forEach((error, p) => {
    loss -= inner(maps[p], add(error, sigmaYX[p])) / 2;
  });
  const gradients: Record<string, Matrix> = Object.fromEntries(
    gdln.graph.edges.map(({ id, source, target }) => [id, matrix(gdln.node(target).width, gdln.node(source).width)]),
  );
  ends.forEach(({ source, edges }, p) => {
    edges.forEach(({ id, target }, k) => {
      const before = along(edges.slice(0, k), gdln.node(source).width);
      const after = along(edges.slice(k + 1), gdln.node(target).width);
      const part = linalg.gemm(transpose(after), linalg.gemm(errors[p], before, { transB: true }));
      gradients[id] = add(gradients[id], part, 1, -1);
    });
  });
  return { loss, gradients, pathErrors: errors };
}

function endsOf(gdln: Gdln, path: GdlnPath): { source: string; target: string; edges: GdlnEdge[] } {
  const edges = path.map((id) => {
    const edge = gdln.graph.edges.find((candidate) => candidate.id === id);
    if (edge) return edge;
    throw inputError('@ggdln/architectures gdln paths', `a path has the unknown edge ${id}`, 'See gdlnPaths');
  });
  if (edges.length === 0) throw inputError('@ggdln/architectures gdln paths', 'a path has no edges', 'See gdlnPaths');
  return { source: edges[0].source, target: edges[edges.length - 1].target, edges };
}
