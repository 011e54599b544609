import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { matrix, requireMatrix } from '@ggdln/linalg';
import type { GdlnWeights } from './data.ts';
import { createGdln, type Gdln, type GdlnEdge, type GdlnNode } from './graph.ts';

const where = '@ggdln/architectures reluAsGdln';

/** A ReLU network as a gated one: a node for each hidden unit, gated by whether it is active. */
export interface ReluAsGdln {
  /** Nodes `x`, `h1/0`, `h1/1`, …, `h2/0`, …, `y`; edges `h1/0>h2/3`. */
  readonly gdln: Gdln;
  readonly weights: GdlnWeights;
  /** 1 where a unit's pre-activation is above 0, by node: what the gates are while no activation pattern changes. */
  readonly nodeGates: Readonly<Record<string, number[]>>;
}

/**
 * The gated network that does what a fully connected ReLU network (without biases; add a constant input for them) does,
 * for as long as no unit changes its mind about an example: output, loss and gradient coincide. Theory page gdln,
 * section 7.
 * @param layers Weights from the bottom: H1 × N0, H2 × H1, …, C × H.
 * @param X Inputs, P × N0.
 * @throws GGDLN_INPUT for layers that don't fit one another or the inputs.
 */
export function reluAsGdln(layers: readonly Matrix[], X: Matrix, linalg: LinalgBackend): ReluAsGdln {
  if (layers.length < 2) throw inputError(where, `there are ${layers.length} layers`, 'Give 2 or more');
  layers.forEach((W, l) => {
    requireMatrix(where, `layer ${l + 1}`, W, { cols: l === 0 ? X.cols : layers[l - 1].rows });
  });
  const last = layers.length - 1;
  const names = layers.map((W, l) => (l === last ? ['y'] : Array.from({ length: W.rows }, (_, i) => `h${l + 1}/${i}`)));
  const below = (l: number) => (l === 0 ? ['x'] : names[l - 1]);
  const weights: Record<string, Matrix> = {};
  const edges: GdlnEdge[] = layers.flatMap((W, l) =>
    names[l].flatMap((target, i) =>
      below(l).map((source, j): GdlnEdge => {
        const id = `${source}>${target}`;
        weights[id] = block(W, l === last ? undefined : i, l === 0 ? undefined : j);
        return { id, source, target };
      }),
    ),
  );
  const hidden = names.slice(0, last).flat();
  const nodes: GdlnNode[] = [
    { id: 'x', width: X.cols, role: 'input' },
    ...hidden.map((id): GdlnNode => ({ id, width: 1, role: 'hidden' })),
    { id: 'y', width: layers[last].rows, role: 'output' },
  ];
  return { gdln: createGdln({ nodes, edges }), weights, nodeGates: activePatterns(layers, X, linalg) };
}

function activePatterns(layers: readonly Matrix[], X: Matrix, linalg: LinalgBackend): Record<string, number[]> {
  const gates: Record<string, number[]> = {};
  let activity = X;
  layers.slice(0, -1).forEach((W, l) => {
    const drive = linalg.gemm(activity, W, { transB: true });
    for (let i = 0; i < W.rows; i++) {
      gates[`h${l + 1}/${i}`] = Array.from({ length: X.rows }, (_, p) => Number(drive.data[p * W.rows + i] > 0));
    }
    activity = matrix(
      drive.rows,
      drive.cols,
      drive.data.map((value) => Math.max(0, value)),
    );
  });
  return gates;
}

/** The given row and column of W; all of them where undefined. */
function block({ rows, cols, data }: Matrix, row: number | undefined, col: number | undefined): Matrix {
  const across = (i: number) =>
    col === undefined ? Array.from(data.subarray(i * cols, (i + 1) * cols)) : [data[i * cols + col]];
  const picked = row === undefined ? Array.from({ length: rows }, (_, i) => i) : [row];
  return matrix(picked.length, col === undefined ? cols : 1, Float64Array.from(picked.flatMap(across)));
}
