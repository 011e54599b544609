import { inputError, type JsonObject, type LinalgBackend, type Matrix } from '@ggdln/core';
import { matrixFromRows, toRows } from '@ggdln/linalg';
import { type GdlnWeights, requireGdlnWeights } from './data.ts';
import type { GdlnState } from './descend.ts';
import type { Gdln } from './graph.ts';
import type { GdlnPath } from './paths.ts';

/** Singular values of every edge's weights, descending: what grows mode by mode while a network learns. */
export function gdlnSingularValues(weights: GdlnWeights, linalg: LinalgBackend): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(weights).map(([id, W]) => [id, linalg.svd(W).s]));
}

/**
 * Strength of every path in every mode, paths × modes: the diagonal of UᵀW_pV with W_p the product along the path, U the
 * basis of its output and V that of its input (singular vectors in columns).
 * @throws GGDLN_INPUT for weights that don't fit the graph, or a basis that is absent.
 */
export function gdlnPathStrengths(
  gdln: Gdln,
  paths: readonly GdlnPath[],
  weights: GdlnWeights,
  bases: Readonly<Record<string, Matrix>>,
  linalg: LinalgBackend,
): Float64Array[] {
  requireGdlnWeights('@ggdln/architectures gdlnPathStrengths', gdln, weights);
  const edges = new Map(gdln.graph.edges.map((edge) => [edge.id, edge]));
  const basisOf = (node: string | undefined): Matrix => {
    const basis = node === undefined ? undefined : bases[node];
    if (basis) return basis;
    throw inputError('@ggdln/architectures gdlnPathStrengths', `the basis of ${node} is absent`, 'See raceModes');
  };
  return paths.map((path) => {
    const seen = basisOf(edges.get(path[0])?.source);
    const shown = basisOf(edges.get(path[path.length - 1])?.target);
    const along = path.reduce((product, id) => linalg.gemm(weights[id], product), seen);
    const spread = linalg.gemm(shown, along, { transA: true });
    return Float64Array.from(
      { length: Math.min(spread.rows, spread.cols) },
      (_, k) => spread.data[k * spread.cols + k],
    );
  });
}

/** A state as plain JSON. Numbers survive it exactly: a run that goes on from it gives the same bits. */
export function gdlnStateToJson({ step, loss, weights }: GdlnState): JsonObject {
  return {
    step,
    loss,
    weights: Object.fromEntries(Object.entries(weights).map(([id, W]) => [id, toRows(W)])),
  };
}

/** The state that `gdlnStateToJson` gave. @throws GGDLN_INPUT for anything else. */
export function gdlnStateFromJson({ step, loss, weights }: JsonObject): GdlnState {
  const where = '@ggdln/architectures gdlnStateFromJson';
  if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0 || typeof loss !== 'number') {
    throw inputError(where, `the state has step ${step} and loss ${loss}`, 'Give what gdlnStateToJson returned');
  }
  if (weights === null || typeof weights !== 'object' || Array.isArray(weights)) {
    throw inputError(where, 'there are no weights', 'Give what gdlnStateToJson returned');
  }
  const entries = Object.entries(weights).map(([id, rows]) => {
    if (!Array.isArray(rows)) throw inputError(where, `the weights of ${id} are no rows`, 'Give rows of numbers');
    return [id, matrixFromRows(rows as number[][])] as const;
  });
  return { step, loss, weights: Object.fromEntries(entries) };
}
