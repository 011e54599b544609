import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { chooseLinalg, createMlMatrixBackend } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import file from '../../../../fixtures/gdln.json' with { type: 'json' };
import { gdlnConformance } from '../../src/gdln/conformance.ts';

interface Case {
  readonly name: string;
  readonly compute: string;
  readonly params: JsonObject;
  readonly inputs: JsonObject;
  readonly expected: JsonObject;
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

const cases = (file.cases as unknown as Case[]).filter(({ compute }) => Object.hasOwn(gdlnConformance, compute));

/** Where two values differ by more than is allowed. */
function differences(computed: Json, expected: Json, tolerance: Case['tolerance'], at = ''): string[] {
  if (typeof expected === 'number' && typeof computed === 'number') {
    const allowed = tolerance.atol + tolerance.rtol * Math.abs(expected);
    return Math.abs(computed - expected) <= allowed ? [] : [`${at}: ${computed}, expected ${expected}`];
  }
  if (typeof expected !== 'object' || expected === null || typeof computed !== 'object' || computed === null) {
    return computed === expected ? [] : [`${at}: ${computed}, expected ${expected}`];
  }
  const keys = Object.keys(expected).sort();
  if (Object.keys(computed).sort().join() !== keys.join()) return [`${at}: ${Object.keys(computed)}, expected ${keys}`];
  const [here, there] = [computed as JsonObject, expected as JsonObject];
  return keys.flatMap((key) => differences(here[key], there[key], tolerance, `${at}.${key}`));
}

const chosen = (await chooseLinalg()).backend;
const portable = createMlMatrixBackend();

describe.each(chosen.name === portable.name ? [portable] : [portable, chosen])(
  'reference numbers on $name',
  (linalg) => {
    it.each(cases)('$name', async ({ compute, params, inputs, expected, tolerance }) => {
      const computed = await gdlnConformance[compute]({ params, inputs }, { rng: createRandom(1), linalg });
      expect(differences({ ...computed }, expected, tolerance)).toEqual([]);
    });
  },
);

it('takes gates that are missing as open', async () => {
  const [graph] = cases.filter(({ compute }) => compute === 'gdln.graph');
  const { nodeGates: _, edgeGates: __, ...ungated } = graph.inputs;
  const samples = Object.values(graph.inputs.x as Record<string, number[][]>)[0].length;
  const open = (kind: 'nodes' | 'edges') =>
    Object.fromEntries(
      (graph.inputs[kind] as { id: string }[]).map(({ id }) => [id, new Array<number>(samples).fill(1)]),
    );
  const compute = (inputs: JsonObject) =>
    gdlnConformance['gdln.graph']({ params: graph.params, inputs }, { rng: createRandom(1), linalg: portable });
  const given = await compute({ ...ungated, nodeGates: open('nodes'), edgeGates: open('edges') });
  expect(await compute(ungated)).toEqual(given);
  expect(given.loss).not.toBe(graph.expected.loss);
});

it('covers four graphs, the gates and a classification', () => {
  expect(cases).toHaveLength(6);
});
