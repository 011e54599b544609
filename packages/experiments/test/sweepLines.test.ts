import { createRegistry, defineTheory, type Executor, integer, NotConvergedError, type Plugin } from '@ggdln/core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createMemoryStore,
  type ExperimentSpec,
  planPoints,
  type RunOptions,
  resolveSpec,
  runExperiment,
} from '../src/index.ts';
import { sweepLines } from '../src/run/sweepLines.ts';
import { doubles, noLinalg } from './doubles.ts';
import { baseSpec, resolved } from './helpers.ts';

/** What each solve was given, in the order of solves. */
const solves: { width: number; neighbours: (readonly [width: number, U1: number])[]; kept: number }[] = [];

/** A theory whose order parameter is the width, and which notes where it could have started. */
const beside = defineTheory({
  title: 'Beside',
  summary: 'Starts from solutions at other widths.',
  role: 'theory',
  options: { failAt: integer({ title: 'Fail at', min: 0, default: 0, help: 'Does not converge at this width.' }) },
  supports: () => undefined,
  create: ({ failAt }) => ({
    startsFromNeighbours: true,
    solve: async ({ test: { Y }, architecture }, { neighbours = [], kept }) => {
      const [width] = architecture.widths;
      const count = kept?.get('solves')?.value;
      kept?.set('solves', { from: [], value: Number(count ?? 0) + 1 });
      solves.push({
        width,
        neighbours: neighbours.map(({ widths, orderParameters }) => [widths[0], orderParameters.U1.data[0]]),
        kept: Number(kept?.get('solves')?.value),
      });
      if (width === failAt) throw new NotConvergedError({ where: 'beside', problem: `not at ${width}` }, {});
      const one = { rows: Y.rows, cols: Y.cols, data: Y.data.map(() => 1) };
      return {
        predictor: { mean: one, variance: one },
        orderParameters: { U1: { rows: 1, cols: 1, data: Float64Array.of(width) } },
        diagnostics: { known: neighbours.length },
      };
    },
  }),
});

const plugin: Plugin = { name: 'beside', contract: '1.0.0', theory: { beside } };
const registry = createRegistry([doubles, plugin]);
const spec = (changes: Partial<ExperimentSpec> = {}) =>
  resolveSpec({ ...baseSpec, learners: [], theories: [{ use: 'beside' }], ...changes }, registry);
const run = (changes: Partial<ExperimentSpec> = {}, options: Partial<RunOptions> = {}) =>
  runExperiment(spec(changes), { registry, linalg: noLinalg, ...options });
const widths = (values: readonly number[]) => ({ sweep: { 'architecture.width': [...values] } });
/** Widths that each width was given, by width. */
const starts = () => new Map(solves.map(({ width, neighbours }) => [width, neighbours.map(([each]) => each)]));

const threeAtOnce: Executor = {
  description: 'three at once',
  slots: 3,
  run: async (task, listener, signal, here) => here(JSON.parse(JSON.stringify(task)), listener, signal),
};

beforeEach(() => {
  solves.length = 0;
});

describe('theories that start from other widths', () => {
  it('are solved from wide to narrow, each with at most four solutions before it, the nearest last', async () => {
    const { counts } = await run(widths([5, 100, 30, 20, 10, 60]));
    expect(counts).toMatchObject({ total: 6, computed: 6 });
    expect([...starts()]).toEqual([
      [100, []],
      [60, [100]],
      [30, [100, 60]],
      [20, [100, 60, 30]],
      [10, [100, 60, 30, 20]],
      [5, [60, 30, 20, 10]],
    ]);
    for (const { neighbours } of solves) for (const [width, U1] of neighbours) expect(U1).toBe(width);
  });

  it('keep what they want between points, until another part computes', async () => {
    const both = [{ use: 'beside' }, { use: 'closed-form' }, { use: 'beside', as: 'again', failAt: 7 }];
    await run({ ...widths([10, 30]), theories: both });
    expect(solves.map(({ kept }) => kept)).toEqual([1, 2, 1, 2]);
  });

  it('go on in lines of at most eight and about the same length, that many can compute at the same time', async () => {
    const many = Array.from({ length: 20 }, (_, k) => 100 - k);
    await run(widths(many), { executor: threeAtOnce });
    expect(starts().size).toBe(20);
    expect([...starts()].filter(([, before]) => before.length === 0).map(([width]) => width)).toEqual([86, 93, 100]);
    expect(starts().get(87)).toEqual([91, 90, 89, 88]);
    expect(starts().get(81)).toEqual([85, 84, 83, 82]);
  });

  it('get the same starts whoever computes, and after an interruption', async () => {
    const all = widths([5, 100, 30, 20, 10, 60]);
    await run(all);
    const undisturbed = starts();
    solves.length = 0;
    await run(all, { executor: threeAtOnce, pilots: true });
    expect(new Map([...starts()].sort())).toEqual(new Map([...undisturbed].sort()));

    const controller = new AbortController();
    const store = createMemoryStore();
    const stopped = run(all, {
      store,
      signal: controller.signal,
      onEvent: ({ type, counts }) => {
        if (type === 'point-started' && counts.done === 3) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    solves.length = 0;
    expect((await run(all, { store })).counts).toMatchObject({ reused: 3, computed: 3 });
    for (const [width, before] of starts()) expect(before).toEqual(undisturbed.get(width));
  });

  it('go on past a width that fails, without it', async () => {
    const failing = { ...widths([10, 20, 30, 40]), theories: [{ use: 'beside', failAt: 30 }] };
    const { failures, counts } = await run(failing);
    expect(failures.map(({ error }) => error.problem)).toEqual(['not at 30']);
    expect(counts).toMatchObject({ computed: 3, failed: 1 });
    expect(starts().get(10)).toEqual([40, 20]);
  });

  it('start only from points that differ in nothing but widths', async () => {
    const sweep = { 'architecture.width': [10, 30], 'architecture.depth': [1, 2], temperature: [0.1, 0.2] };
    await run({ sweep });
    expect(solves).toHaveLength(8);
    expect(solves.filter(({ neighbours }) => neighbours.length === 0)).toHaveLength(4);
    const points = await planPoints(spec({ sweep }));
    const lines = sweepLines(points, registry);
    for (const point of points) {
      for (const before of lines.get(point.id) ?? []) {
        expect(before.settings.temperature).toBe(point.settings.temperature);
        expect(before.settings.architecture.options.depth).toBe(point.settings.architecture.options.depth);
      }
    }
  });

  it('are told apart from those that don’t, and from learners', async () => {
    const points = await planPoints(resolved());
    expect(sweepLines(points, registry).size).toBe(0);
  });
});
