import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { createMlMatrixBackend } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import file from '../../../../fixtures/gdln.json' with { type: 'json' };
import { gdlnConformance } from '../../src/gdln/conformance.ts';

const linalg = createMlMatrixBackend();

interface Stored {
  readonly params: JsonObject;
  readonly inputs: JsonObject;
}

const stored = (compute: string): Stored =>
  (file.cases as unknown as (Stored & { compute: string })[]).filter((each) => each.compute === compute)[0];

/** A stored case with something else at a place, e.g. `inputs.x.x1`. */
function changed(compute: string, path: string, value: Json | undefined): () => Promise<JsonObject> {
  const { params, inputs } = structuredClone(stored(compute));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((at: Record<string, Json>, key) => at[key] as Record<string, Json>, { params, inputs });
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return () => gdlnConformance[compute]({ params, inputs }, { rng: createRandom(1), linalg });
}

/** Fourteen nodes in a row, two edges from each to the next: 2¹⁵ paths. */
const ladder = ['x', ...Array.from({ length: 14 }, (_, i) => `h${i}`), 'y'];
const rungs = ladder
  .slice(1)
  .flatMap((target, i) => [0, 1].map((k) => ({ id: `${target}${k}`, source: ladder[i], target })));

describe('a stored graph is refused', () => {
  const edges = stored('gdln.graph').inputs.edges as JsonObject[];
  const nodes = stored('gdln.graph').inputs.nodes as JsonObject[];

  it.each<[string, string, Json | undefined, RegExp]>([
    [
      'with a cycle',
      'inputs.edges',
      [...edges, { id: 'back', source: 'c', target: 'a' }],
      /there is a cycle: (a → c → a|c → a → c)\. Edges must not lead back; take one of these out/,
    ],
    [
      'with an output that nothing reaches',
      'inputs.nodes',
      [...nodes, { id: 'q', dim: 1, role: 'output' }],
      /no input reaches the output q\. Add a path of edges to it/,
    ],
    [
      'with weights of another shape',
      'inputs.weights.e0',
      [[1, 2]],
      /edge e0 \(x1 to a\) is 1 × 2\. It should be 4 × 3/,
    ],
    ['with gates of another length', 'inputs.nodeGates.a', [1, 0], /nodeGates\.a has 2 gates\. Give 14, one for each/],
    ['with a gate that is none', 'inputs.edgeGates.e0.3', null, /edgeGates\.e0 is null on sample 3\. Gates are finite/],
    ['with a number that is none', 'inputs.x.x1.2.1', null, /inputs\.x\.x1\[2\]\[1\] is null\. Give a number/],
    ['with a node that is none', 'inputs.nodes.2', null, /inputs\.nodes\[2\] is null\. Give an object/],
    ['with a width in quotes', 'inputs.nodes.0.dim', '3', /node x1 has width "3"\. Widths are whole numbers/],
    ['without a rate', 'params.lr', undefined, /params\.lr is absent\. Give a number/],
    [
      'at a rate beyond the stability limit',
      'params.lr',
      5,
      /the loss grew from .* in \d+ steps of rate 5\. .* rates above 2\/λ_max = 0\.0566 run away\. Lower the rate, e\.g\. to 0\.0283/,
    ],
  ])('%s', async (_, path, value, message) => {
    await expect(changed('gdln.graph', path, value)()).rejects.toThrow(message);
  });

  it('with more paths than can be listed', async () => {
    const { params, inputs } = stored('gdln.graph');
    const explosion = {
      ...inputs,
      nodes: ladder.map((id) => ({ id, dim: 1, role: id === 'x' ? 'input' : id === 'y' ? 'output' : 'hidden' })),
      edges: rungs,
      weights: Object.fromEntries(rungs.map(({ id }) => [id, [[0.5]]])),
      nodeGates: {},
      edgeGates: {},
      x: { x: [[1]] },
      y: { y: [[1]] },
      paths: [],
    };
    const work = gdlnConformance['gdln.graph']({ params, inputs: explosion }, { rng: createRandom(1), linalg });
    await expect(work).rejects.toThrow(/the graph has more than 1000 paths\. Raise the limit, or use gdlnGradient/);
  });
});

describe('a stored classification is refused', () => {
  it.each<[string, string, Json | undefined, RegExp]>([
    [
      'with a class that there is not',
      'inputs.baseLabels.3',
      9,
      /labels\[0\] has the class 9 on example 3\. Classes are 0 … 3/,
    ],
    ['with a gate that is none', 'inputs.gate.0.1', null, /inputs\.gate\[0\]\[1\] is null\. Give a number/],
    ['without biases', 'inputs.weights.bd', undefined, /weights\.bd is absent\. Give a list/],
    [
      'at a rate beyond the stability limit',
      'params.lr',
      1e6,
      /after 1 steps of rate 1000000; the stability limit 2\(1 \+ 0\.9\)\/λ_max was [\d.]+ at the start.*Lower the rate/,
    ],
    ['at a rate that overflows', 'params.lr', 1e250, /the weights grow without end after 1 steps of rate 1e\+250/],
    ['with steps that go back', 'inputs.steps', [5, 1], /step 1 comes after 5\. Steps must ascend/],
  ])('%s', async (_, path, value, message) => {
    await expect(changed('gdln.kpath', path, value)()).rejects.toThrow(message);
  });
});
