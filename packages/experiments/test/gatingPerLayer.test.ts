import type { Problem } from '@ggdln/core';
import { createRegistry } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import {
  type ExperimentSpec,
  overrideSpec,
  parseSpec,
  planPoints,
  resolveSpec,
  runExperiment,
  specJsonSchema,
  toSpec,
} from '../src/index.ts';
import { doubles, noLinalg } from './doubles.ts';
import { baseSpec, failureOf, registry, resolved } from './helpers.ts';

const perLayer: Partial<ExperimentSpec> = {
  architecture: { use: 'net', depth: 2 },
  gating: [{ use: 'steps', gates: 3 }, { use: 'steps' }],
};

const text = `ggdln: 1
name: layers
temperature: 0.01
dataset: { use: line }
gating:
  - { use: steps, gates: 3 }
  - use: steps
    gates: 4
architecture: { use: net, depth: 2 }
theories: [{ use: closed-form }]
`;

/** Runs a spec with a theory that keeps the problems it is given. */
async function problemsOf(spec: ExperimentSpec): Promise<Problem[]> {
  const seen: Problem[] = [];
  const [line, rest] = [doubles.theory?.['closed-form'], { ...doubles.theory }];
  if (!line) throw new Error('the double is gone');
  const spy = {
    ...line,
    create: (options: Parameters<typeof line.create>[0]) => {
      const solver = line.create(options);
      return {
        solve: (problem: Problem, context: Parameters<typeof solver.solve>[1]) => {
          seen.push(problem);
          return solver.solve(problem, context);
        },
      };
    },
  };
  const watched = createRegistry([{ ...doubles, theory: { ...rest, 'closed-form': spy } }]);
  await runExperiment(resolveSpec(spec, watched), { registry: watched, linalg: noLinalg });
  return seen;
}

const { learners: _learners, sweep: _sweep, ...theoryOnly } = baseSpec;

describe('a gating for each layer', () => {
  it('resolves every entry with its defaults, and back to a spec', () => {
    const spec = resolved(perLayer);
    expect(spec.gating).toMatchObject([{ options: { gates: 3 } }, { options: { gates: 2 } }]);
    expect(resolveSpec(toSpec(spec), registry)).toEqual(spec);
    expect(resolveSpec(JSON.parse(JSON.stringify(toSpec(spec))), registry)).toEqual(spec);
  });

  it.each([
    ['an unknown option', 'gates: 4', 'gate: 4', /^\[layers\.yaml:8:5\] unknown option of gating steps "gate"/],
    ['an unknown plugin', '- use: steps', '- use: stps', /^\[layers\.yaml:7:5\] unknown gating "stps"/],
    ['a bad value', 'gates: 3', 'gates: -3', /^\[layers\.yaml:6:19\] gating steps\.gates: -3 is not allowed/],
    ['an entry that is no mapping', '{ use: steps, gates: 3 }', '3', /gating\.0 is 3, not a mapping/],
    [
      'another number of layers',
      'depth: 2',
      'depth: 1',
      /^\[layers\.yaml:5:1\] there are 2 gatings for 1 hidden layers of net\. Give one a layer/,
    ],
  ])('%s: names the line', async (_what, from, to, message) => {
    const edited = text.replace(from, to);
    expect((await failureOf(() => resolveSpec(parseSpec(edited, 'layers.yaml'), registry))).message).toMatch(message);
  });

  it('refuses an empty list', async () => {
    const { message } = await failureOf(() => resolved({ gating: [] }));
    expect(message).toContain('the list of gatings is empty. Give one a layer, readout first');
  });

  it('gives each layer its own gates, top first, and one gating the same to all', async () => {
    const [own] = await problemsOf({ ...theoryOnly, ...perLayer });
    expect(own.train.gates.map((gates) => gates.cols)).toEqual([3, 2]);
    expect(own.test.gates.map((gates) => gates.cols)).toEqual([3, 2]);
    expect(own.gateNames).toEqual([
      ['step 1', 'step 2', 'step 3'],
      ['step 1', 'step 2'],
    ]);
    const [shared] = await problemsOf({ ...theoryOnly, ...perLayer, gating: { use: 'steps' } });
    expect(shared.train.gates[0]).toBe(shared.train.gates[1]);
  });

  it('names gates by their layer in the results', async () => {
    const result = await runExperiment(resolved({ ...perLayer, learners: [], sweep: {} }), {
      registry,
      linalg: noLinalg,
    });
    expect(result.provenance.gates).toEqual([
      { names: ['layer 2: step 1', 'layer 2: step 2', 'layer 2: step 3', 'layer 1: step 1', 'layer 1: step 2'] },
    ]);
  });

  it('sweeps options of one layer', async () => {
    const spec = resolved({ ...perLayer, learners: [], sweep: { 'gating.1.gates': [1, 5] } });
    const points = await planPoints(spec);
    expect(points.map(({ axes, settings }) => [axes['gating.1.gates'], settings.gating])).toMatchObject([
      [1, [{ options: { gates: 3 } }, { options: { gates: 1 } }]],
      [5, [{ options: { gates: 3 } }, { options: { gates: 5 } }]],
    ]);
    const problems = await problemsOf({ ...theoryOnly, ...perLayer, sweep: { 'gating.1.gates': [1, 5] } });
    expect(problems.map(({ train }) => train.gates.map((gates) => gates.cols))).toEqual([
      [3, 1],
      [3, 5],
    ]);
    expect(problems[0].train.gates[0], 'the other layer is gated once').toBe(problems[1].train.gates[0]);
    const unknown = failureOf(() => resolved({ ...perLayer, sweep: { 'gating.gates': [1] } }));
    expect((await unknown).message).toContain('unknown axis of the sweep "gating.gates"');
  });

  it('depends on the order of layers, and one gating for all keeps its id', async () => {
    const idOf = async (gating: ExperimentSpec['gating']) => {
      const [{ id }] = await planPoints(resolved({ ...perLayer, learners: [], sweep: {}, gating }));
      return id;
    };
    const three = { use: 'steps', gates: 3 };
    const ids = await Promise.all([idOf([three, { use: 'steps' }]), idOf([{ use: 'steps' }, three]), idOf(three)]);
    expect(new Set(ids).size).toBe(3);
  });

  it('is checked at every depth of a sweep', async () => {
    const spec = resolved({ ...perLayer, learners: [], sweep: { 'architecture.depth': [1, 2] } });
    const { code, message } = await failureOf(() => runExperiment(spec, { registry, linalg: noLinalg }));
    expect(code).toBe('GGDLN_INPUT');
    expect(message).toContain('there are 2 gatings for 1 hidden layers');
  });

  it('is overridden layer by layer', async () => {
    const spec = overrideSpec({ ...baseSpec, ...perLayer }, { 'gating.0.gates': '7', 'gating.1': { use: 'steps' } });
    expect(resolveSpec(spec, registry).gating).toMatchObject([{ options: { gates: 7 } }, { options: { gates: 2 } }]);
    const wrong = failureOf(() => overrideSpec({ ...baseSpec, ...perLayer }, { 'gating.gates': 7 }));
    expect((await wrong).message).toContain('unknown layer of the gating, top first "gates"');
  });

  it('is in the schema for editors', () => {
    const { gating } = JSON.parse(JSON.stringify(specJsonSchema(registry))).properties;
    const list = gating.oneOf.at(-1);
    expect(list).toMatchObject({ type: 'array', minItems: 1 });
    expect(list.items.oneOf[0].properties.use).toEqual({ const: 'steps' });
  });
});
