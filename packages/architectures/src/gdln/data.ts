import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix, scaleRows } from '@ggdln/linalg';
import type { Gdln } from './graph.ts';

/** Weights by edge, each target width × source width. */
export type GdlnWeights = Readonly<Record<string, Matrix>>;

/** Samples of a gated network. A gate that is absent counts as 1 on every sample. */
export interface GdlnData {
  /** By input node, P × width. */
  readonly inputs: Readonly<Record<string, Matrix>>;
  /** By output node, P × width. */
  readonly targets: Readonly<Record<string, Matrix>>;
  /** By node, (P); any real numbers. */
  readonly nodeGates?: Readonly<Record<string, ArrayLike<number>>>;
  /** By edge, (P). */
  readonly edgeGates?: Readonly<Record<string, ArrayLike<number>>>;
}

/** Loss ½⟨Σ_v ‖y_v − h_v‖²⟩ and its derivative in every weight. */
export interface GdlnGradient {
  readonly loss: number;
  readonly gradients: GdlnWeights;
}

/** Number of samples P. @throws GGDLN_INPUT for what is absent, has another shape, is unknown or isn't finite. */
export function requireGdlnData(where: string, gdln: Gdln, data: GdlnData): number {
  const { nodes, edges } = gdln.graph;
  const rows = Object.values(data.inputs)[0]?.rows ?? 0;
  if (rows === 0) throw inputError(where, 'there are no samples', 'Give inputs with at least one row');
  for (const [kind, role, matrices] of [
    ['inputs', 'input', data.inputs],
    ['targets', 'output', data.targets],
  ] as const) {
    for (const { id, width } of nodes.filter((node) => node.role === role)) {
      if (!Object.hasOwn(matrices, id)) throw inputError(where, `${kind}.${id} is absent`, `Give it, P × ${width}`);
      requireMatrix(where, `${kind}.${id}`, matrices[id], { rows, cols: width });
    }
  }
  requireGates(where, 'nodeGates', data.nodeGates, new Set(nodes.map(({ id }) => id)), rows);
  requireGates(where, 'edgeGates', data.edgeGates, new Set(edges.map(({ id }) => id)), rows);
  return rows;
}

/** @throws GGDLN_INPUT for weights that are absent or don't fit the widths of their nodes. */
export function requireGdlnWeights(where: string, gdln: Gdln, weights: GdlnWeights): void {
  for (const { id, source, target } of gdln.graph.edges) {
    const shape = { rows: gdln.node(target).width, cols: gdln.node(source).width };
    if (!Object.hasOwn(weights, id)) {
      throw inputError(where, `the weights of edge ${id} are absent`, `Give ${shape.rows} × ${shape.cols} numbers`);
    }
    requireMatrix(where, `the weights of edge ${id} (${source} to ${target})`, weights[id], shape);
  }
}

/** Rows times their gates; the matrix itself where there are none. */
export function gated(a: Matrix, gates: ArrayLike<number> | undefined): Matrix {
  return gates ? scaleRows(a, gates) : a;
}

function requireGates(
  where: string,
  kind: string,
  gates: GdlnData['nodeGates'],
  known: ReadonlySet<string>,
  samples: number,
): void {
  for (const [id, values] of Object.entries(gates ?? {})) {
    if (!known.has(id)) throw inputError(where, `${kind} has ${id}`, `Known are ${[...known].join(', ')}`);
    if (values.length !== samples) {
      throw inputError(where, `${kind}.${id} has ${values.length} gates`, `Give ${samples}, one for each sample`);
    }
    const bad = Array.from(values).findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw inputError(where, `${kind}.${id} is ${values[bad]} on sample ${bad}`, 'Gates are finite numbers');
  }
}
