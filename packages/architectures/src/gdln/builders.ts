import { inputError, type Matrix } from '@ggdln/core';
import { matrix, matrixFromRows, requireMatrix, transpose } from '@ggdln/linalg';
import type { GdlnData } from './data.ts';
import type { GdlnEdge, GdlnGraph, GdlnNode } from './graph.ts';

const where = '@ggdln/architectures gdln builders';

/**
 * Layers one after the other: nodes `x`, `h1`, …, `y`, edges `W1`, `W2`, ….
 * @param widths Inputs, hidden layers from the bottom, outputs.
 * @throws GGDLN_INPUT for fewer than two widths.
 */
export function chainGraph(widths: readonly number[]): GdlnGraph {
  if (widths.length < 2) {
    throw inputError(where, `a chain has the widths [${widths.join(', ')}]`, 'Give inputs and outputs at least');
  }
  const last = widths.length - 1;
  const nodes = widths.map((width, l): GdlnNode => {
    if (l === 0) return { id: 'x', width, role: 'input' };
    return l === last ? { id: 'y', width, role: 'output' } : { id: `h${l}`, width, role: 'hidden' };
  });
  const edges = nodes.slice(1).map(({ id }, l): GdlnEdge => ({ id: `W${l + 1}`, source: nodes[l].id, target: id }));
  return { nodes, edges };
}

/**
 * Pathways side by side from `x` to `y`: hidden nodes `h1`, `h2`, …, edges `in1`, `out1`, `in2`, …. Gates on the hidden
 * nodes open pathways.
 * @param hidden Width of each pathway.
 */
export function diamondGraph({
  inputs,
  hidden,
  outputs,
}: {
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
}): GdlnGraph {
  return {
    nodes: [
      { id: 'x', width: inputs, role: 'input' },
      ...hidden.map((width, k): GdlnNode => ({ id: `h${k + 1}`, width, role: 'hidden' })),
      { id: 'y', width: outputs, role: 'output' },
    ],
    edges: hidden.flatMap((_, k): GdlnEdge[] => [
      { id: `in${k + 1}`, source: 'x', target: `h${k + 1}` },
      { id: `out${k + 1}`, source: `h${k + 1}`, target: 'y' },
    ]),
  };
}

/** Sizes of a routing network. */
export interface RoutingGraphOptions {
  /** M input and M output domains. */
  readonly domains: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** Adds a route of its own (encoder, hidden layer, decoder) for each of these pairs [input, output domain]. */
  readonly privatePairs?: readonly (readonly [number, number])[];
}

/**
 * A routing network: inputs `x0`, `x1`, …, encoders `encoder0`, …, one shared layer `shared` between the hidden nodes
 * `h1` and `h2`, decoders `decoder0`, …, outputs `y0`, `y1`, …. Private routes have the nodes `p0-1/1`, `p0-1/2`.
 */
export function routingGraph(options: RoutingGraphOptions): GdlnGraph {
  const { domains, inputs, hidden, outputs, privatePairs = [] } = options;
  const each = Array.from({ length: domains }, (_, a) => a);
  const own = privatePairs.map(([a, b]) => ({ a, b, name: `p${a}-${b}` }));
  return {
    nodes: [
      ...each.map((a): GdlnNode => ({ id: `x${a}`, width: inputs, role: 'input' })),
      { id: 'h1', width: hidden, role: 'hidden' },
      { id: 'h2', width: hidden, role: 'hidden' },
      ...own.flatMap(({ name }) =>
        [1, 2].map((l): GdlnNode => ({ id: `${name}/${l}`, width: hidden, role: 'hidden' })),
      ),
      ...each.map((b): GdlnNode => ({ id: `y${b}`, width: outputs, role: 'output' })),
    ],
    edges: [
      ...each.map((a): GdlnEdge => ({ id: `encoder${a}`, source: `x${a}`, target: 'h1' })),
      { id: 'shared', source: 'h1', target: 'h2' },
      ...each.map((b): GdlnEdge => ({ id: `decoder${b}`, source: 'h2', target: `y${b}` })),
      ...own.flatMap(({ a, b, name }): GdlnEdge[] => [
        { id: `${name}/encoder`, source: `x${a}`, target: `${name}/1` },
        { id: `${name}/hidden`, source: `${name}/1`, target: `${name}/2` },
        { id: `${name}/decoder`, source: `${name}/2`, target: `y${b}` },
      ]),
    ],
  };
}

/**
 * What a routing network is shown: in every pair with a 1 in `gate`, every item once, with only that input domain and
 * that output domain open. Samples are pairs in the order of the gate's entries, items within; closed outputs have
 * targets of 0, so that they cost nothing.
 * @param target T, outputs × items: the map that all pairs share; items are one-hot inputs.
 * @param gate Γ, M × M, input domains in rows; `1 − Γ` gives the samples of untrained pairs.
 * @throws GGDLN_INPUT for a gate that isn't square, has other entries than 0 and 1, or no 1.
 */
export function routingSamples(target: Matrix, gate: Matrix): GdlnData {
  requireMatrix(where, 'gate (M × M)', gate, { cols: gate.rows });
  const bad = gate.data.find((value) => value !== 0 && value !== 1);
  if (bad !== undefined) throw inputError(where, `the gate has an entry ${bad}`, 'A pair is trained (1) or not (0)');
  const pairs = [...gate.data.keys()].filter((pair) => gate.data[pair] === 1);
  if (pairs.length === 0) throw inputError(where, 'the gate has no trained pair', 'Set at least one entry to 1');
  const items = target.cols;
  const samples = pairs.length * items;
  const oneHot = matrix(samples, items);
  for (let p = 0; p < samples; p++) oneHot.data[p * items + (p % items)] = 1;
  const wanted = transpose(target);
  const open = (side: (pair: number) => number, domain: number) =>
    Array.from({ length: samples }, (_, p) => Number(side(pairs[Math.floor(p / items)]) === domain));
  const inputOf = (pair: number) => Math.floor(pair / gate.cols);
  const outputOf = (pair: number) => pair % gate.cols;
  const each = Array.from({ length: gate.rows }, (_, domain) => domain);
  const targetsOf = (b: number) => {
    const out = matrix(samples, target.rows);
    open(outputOf, b).forEach((shown, p) => {
      const item = p % items;
      if (shown) out.data.set(wanted.data.subarray(item * target.rows, (item + 1) * target.rows), p * target.rows);
    });
    return out;
  };
  return {
    inputs: Object.fromEntries(each.map((a) => [`x${a}`, oneHot])),
    targets: Object.fromEntries(each.map((b) => [`y${b}`, targetsOf(b)])),
    nodeGates: Object.fromEntries(
      each.flatMap((d) => [
        [`x${d}`, open(inputOf, d)],
        [`y${d}`, open(outputOf, d)],
      ]),
    ),
  };
}

/**
 * y = x1 x2 on x ∈ {±1}², with pathways of one unit each: one per example (the gates that a ReLU network finds), or one
 * for each half-plane x1 > 0 and x1 < 0 (faster, and out of reach for ReLU units).
 */
export function xorNetwork(gating: 'examples' | 'half-planes' = 'examples'): {
  readonly graph: GdlnGraph;
  readonly data: GdlnData;
} {
  const X = [
    [1, 1],
    [-1, -1],
    [1, -1],
    [-1, 1],
  ];
  const gates =
    gating === 'examples'
      ? X.map((_, k) => X.map((__, p) => Number(p === k)))
      : [1, -1].map((side) => X.map(([first]) => Number(first === side)));
  return {
    graph: diamondGraph({ inputs: 2, hidden: gates.map(() => 1), outputs: 1 }),
    data: {
      inputs: { x: matrixFromRows(X) },
      targets: { y: matrixFromRows(X.map(([first, second]) => [first * second])) },
      nodeGates: Object.fromEntries(gates.map((values, k) => [`h${k + 1}`, values])),
    },
  };
}
