import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, inner, matrix, selectMatrixRows } from '@ggdln/linalg';
import { type GdlnData, type GdlnGradient, type GdlnWeights, requireGdlnData, requireGdlnWeights } from './data.ts';
import type { Gdln } from './graph.ts';

/** The samples that have the same gates everywhere. */
export interface GdlnContext {
  /** Their share of the samples. */
  readonly probability: number;
  readonly nodeGates: Readonly<Record<string, number>>;
  readonly edgeGates: Readonly<Record<string, number>>;
  /** ⟨x xᵀ⟩ in the context, x all inputs on top of one another in the order of the nodes. */
  readonly sigmaX: Matrix;
  /** ⟨y_v xᵀ⟩ in the context, by output. */
  readonly sigmaYX: Readonly<Record<string, Matrix>>;
}

/** All that full-batch learning needs of the data. */
export interface GdlnStatistics {
  readonly contexts: readonly GdlnContext[];
  /** ⟨Σ_v ‖y_v‖²⟩ over all samples. */
  readonly targetPower: number;
}

/**
 * Groups the samples by gate pattern. With few patterns, gradients from these statistics cost nothing in P.
 * @throws GGDLN_INPUT for data that don't fit the graph.
 */
export function gdlnStatistics(gdln: Gdln, data: GdlnData, linalg: LinalgBackend): GdlnStatistics {
  const samples = requireGdlnData('@ggdln/architectures gdlnStatistics', gdln, data);
  const x = sideBySide(
    gdln.graph.nodes.filter(({ role }) => role === 'input').map(({ id }) => data.inputs[id]),
    samples,
  );
  const gates = [...Object.values(data.nodeGates ?? {}), ...Object.values(data.edgeGates ?? {})];
  const groups = new Map<string, number[]>();
  for (let p = 0; p < samples; p++) {
    // −0 and 0 are the same gate.
    const pattern = gates.map((values) => values[p] + 0).join(' ');
    groups.set(pattern, [...(groups.get(pattern) ?? []), p]);
  }
  const contexts = [...groups.values()].map((members): GdlnContext => {
    const inputs = selectMatrixRows(x, members);
    const mean = { transA: true, alpha: 1 / members.length };
    const at = (values: GdlnData['nodeGates']) =>
      Object.fromEntries(Object.entries(values ?? {}).map(([id, list]) => [id, list[members[0]]]));
    return {
      probability: members.length / samples,
      nodeGates: at(data.nodeGates),
      edgeGates: at(data.edgeGates),
      sigmaX: linalg.gemm(inputs, inputs, mean),
      sigmaYX: Object.fromEntries(
        outputsOf(gdln).map((id) => [id, linalg.gemm(selectMatrixRows(data.targets[id], members), inputs, mean)]),
      ),
    };
  });
  const powers = outputsOf(gdln).map((id) => inner(data.targets[id], data.targets[id]) / samples);
  return { contexts, targetPower: powers.reduce((sum, power) => sum + power, 0) };
}

/**
 * Loss and gradient from the statistics of each gate pattern. The loss is a difference of means: it has the precision of
 * ⟨‖y‖²⟩, which the loss over samples has not to begin with.
 * @throws GGDLN_INPUT for weights that don't fit the graph.
 */
export function gdlnGradientByContexts(
  gdln: Gdln,
  weights: GdlnWeights,
  { contexts, targetPower }: GdlnStatistics,
  linalg: LinalgBackend,
): GdlnGradient {
  requireGdlnWeights('@ggdln/architectures gdlnGradientByContexts', gdln, weights);
  const gradients: Record<string, Matrix> = {};
  let loss = targetPower / 2;
  for (const context of contexts) {
    const part = contextGradient(gdln, weights, context, linalg);
    loss += context.probability * part.loss;
    for (const [id, gradient] of Object.entries(part.gradients)) {
      gradients[id] = gradients[id] ? add(gradients[id], gradient) : gradient;
    }
  }
  return { loss, gradients };
}

/** Its share of the gradients, and its mean loss without ½⟨‖y‖²⟩. */
function contextGradient(gdln: Gdln, weights: GdlnWeights, context: GdlnContext, linalg: LinalgBackend): GdlnGradient {
  const maps = mapsOf(gdln, weights, context, linalg);
  const back: Record<string, Matrix> = {};
  const gradients: Record<string, Matrix> = {};
  let loss = 0;
  for (const { id, width, role } of gdln.order.toReversed()) {
    let sum = back[id] ?? matrix(width, context.sigmaX.rows);
    if (role === 'output') {
      const explained = linalg.gemm(maps[id], context.sigmaX);
      loss += inner(maps[id], explained) / 2 - inner(maps[id], context.sigmaYX[id]);
      sum = add(sum, add(explained, context.sigmaYX[id], 1, -1));
    }
    for (const edge of gdln.incoming(id)) {
      const alpha = gateOf(context, id, edge.id);
      gradients[edge.id] = linalg.gemm(sum, maps[edge.source], { transB: true, alpha: alpha * context.probability });
      const below = linalg.gemm(weights[edge.id], sum, { transA: true, alpha });
      back[edge.source] = back[edge.source] ? add(back[edge.source], below) : below;
    }
  }
  return { loss, gradients };
}

/** What every node is of the stacked inputs, width × their number. */
function mapsOf(gdln: Gdln, weights: GdlnWeights, context: GdlnContext, linalg: LinalgBackend): Record<string, Matrix> {
  const maps: Record<string, Matrix> = {};
  let offset = 0;
  for (const { id, width, role } of gdln.graph.nodes) {
    if (role !== 'input') continue;
    maps[id] = matrix(width, context.sigmaX.rows);
    for (let i = 0; i < width; i++) maps[id].data[i * context.sigmaX.rows + offset + i] = context.nodeGates[id] ?? 1;
    offset += width;
  }
  for (const { id, width, role } of gdln.order) {
    if (role === 'input') continue;
    maps[id] = gdln
      .incoming(id)
      .reduce(
        (sum, { id: edge, source }) =>
          add(sum, linalg.gemm(weights[edge], maps[source], { alpha: gateOf(context, id, edge) })),
        matrix(width, context.sigmaX.rows),
      );
  }
  return maps;
}

function gateOf({ nodeGates, edgeGates }: GdlnContext, node: string, edge: string): number {
  return (nodeGates[node] ?? 1) * (edgeGates[edge] ?? 1);
}

function outputsOf(gdln: Gdln): string[] {
  return gdln.graph.nodes.filter(({ role }) => role === 'output').map(({ id }) => id);
}

function sideBySide(blocks: readonly Matrix[], rows: number): Matrix {
  const cols = blocks.reduce((sum, block) => sum + block.cols, 0);
  const out = matrix(rows, cols);
  let offset = 0;
  for (const block of blocks) {
    for (let i = 0; i < rows; i++) {
      out.data.set(block.data.subarray(i * block.cols, (i + 1) * block.cols), i * cols + offset);
    }
    offset += block.cols;
  }
  return out;
}
