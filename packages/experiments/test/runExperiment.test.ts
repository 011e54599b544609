import { canonicalJson, createRegistry, GgdlnError, type Json, type Plugin, selectRows } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import {
  collectArrays,
  createMemoryStore,
  type ExperimentEvent,
  type ExperimentResult,
  type ExperimentSpec,
  findMismatches,
  planPoints,
  type ResolvedPart,
  type RunOptions,
  type RunStore,
  requireCompatible,
  runExperiment,
} from '../src/index.ts';
import { noLinalg } from './doubles.ts';
import { failureOf, registry, resolved } from './helpers.ts';

function run(changes: Partial<ExperimentSpec> = {}, options: Partial<RunOptions> = {}): Promise<ExperimentResult> {
  return runExperiment(resolved(changes), { registry, linalg: noLinalg, ...options });
}

/** All that a result says, as text. */
function fingerprint(result: ExperimentResult): string {
  const { table, diagnostics, comparison, notes, provenance } = result;
  const arrays = Object.fromEntries(Object.entries(collectArrays(result)).map(([name, { data }]) => [name, [...data]]));
  return canonicalJson({ table, diagnostics, comparison, notes, provenance, arrays } as unknown as Json);
}

/** Stops the run as soon as the n-th point starts. */
function stopAtPoint(n: number): { signal: AbortSignal; onEvent: (event: ExperimentEvent) => void } {
  const controller = new AbortController();
  const onEvent = ({ type, counts }: ExperimentEvent) => {
    if (type === 'point-started' && counts.done === n) controller.abort();
  };
  return { signal: controller.signal, onEvent };
}

describe('runExperiment', () => {
  it('gives tidy rows, theory beside the sampler', async () => {
    const { table, diagnostics, comparison, counts } = await run();
    expect(table.columns).toEqual(['architecture.width', 'source', 'role', 'metric', 'value', 'stderr']);
    expect(selectRows(table, { source: 'closed-form', metric: 'variance' }).map((row) => row.value)).toEqual([
      0.25, 0.25, 0.25,
    ]);
    expect(selectRows(table, { source: 'closed-form', metric: 'bias' })[0]).toMatchObject({
      value: 0.25,
      stderr: null,
    });
    expect(selectRows(diagnostics, { source: 'sampler', metric: 'virial' })[0]).toMatchObject({ stderr: 0.1 });
    expect(selectRows(diagnostics, { metric: 'undefinedNumber' })[0].value).toBeNull();
    expect(comparison.rows).toHaveLength(3 * 4);
    expect(counts).toEqual({ total: 6, done: 6, reused: 0, computed: 6, failed: 0, stale: 0 });
  });

  it('recovers the truth of the doubles within its error bars, and the 1/N excess of the variance', async () => {
    const spec = { dataset: { use: 'line', testSize: 40 }, learners: [{ use: 'sampler', sweeps: 200 }] };
    const { comparison, notes } = await run(spec);
    for (const row of selectRows(comparison, { metric: 'bias' })) expect(Math.abs(Number(row.z))).toBeLessThan(4.5);
    for (const row of selectRows(comparison, { metric: 'variance' })) {
      const beyond = Number(row.difference) - 1 / Number(row['architecture.width']);
      expect(Math.abs(beyond / Number(row.stderr))).toBeLessThan(4.5);
    }
    expect(notes.find((note) => note.includes('variance'))).toContain('the difference falls from');
  });

  it('gives the same numbers on every run, and others with another seed', async () => {
    const first = fingerprint(await run());
    expect(fingerprint(await run())).toBe(first);
    expect(fingerprint(await run({ seed: 12 }))).not.toBe(first);
  });

  it.each([0, 1, 3, 5])('resumes after an interruption at point %i with identical results', async (n) => {
    const undisturbed = fingerprint(await run());
    const store = createMemoryStore();
    const stopped = await failureOf(() => run({}, { store, ...stopAtPoint(n) }));
    expect(stopped.code).toBe('GGDLN_CANCELLED');
    expect(stopped.message).toContain(`of 6 points are saved in memory. Run the same experiment again`);
    const saved = (await store.ids()).length;
    expect(saved).toBeGreaterThanOrEqual(n);
    expect(saved).toBeLessThan(6);
    const resumed = await run({}, { store });
    expect(resumed.counts).toMatchObject({ reused: saved, computed: 6 - saved });
    expect(fingerprint(resumed)).toBe(undisturbed);
  });

  it("doesn't let other points change a point's numbers", async () => {
    const few = await run({ sweep: { 'architecture.width': [30] } });
    const many = await run({ sweep: { 'architecture.width': [100, 3, 30] } });
    const arrays = collectArrays(many);
    for (const [name, values] of Object.entries(collectArrays(few))) expect(arrays[name]).toEqual(values);
  });

  it('reuses what a changed spec leaves unchanged, says so, and keeps the rest aside', async () => {
    const store = createMemoryStore();
    await run({}, { store });
    const messages: string[] = [];
    const changed = await run(
      { learners: [{ use: 'sampler', batches: 10 }] },
      { store, onEvent: (event) => event.type === 'warning' && messages.push(event.warning.message) },
    );
    expect(changed.counts).toMatchObject({ total: 6, reused: 3, computed: 3, stale: 3 });
    expect(messages).toEqual([expect.stringContaining('3 of 6 points reused, 3 to compute. 3 stored points belong')]);
    expect(await store.ids()).toHaveLength(9);
    expect(fingerprint(changed)).toBe(fingerprint(await run({ learners: [{ use: 'sampler', batches: 10 }] })));
  });

  it('computes a damaged point again, with a warning', async () => {
    const store = createMemoryStore();
    const before = fingerprint(await run({}, { store }));
    const [bad] = await store.ids();
    const damaged: RunStore = {
      ...store,
      get: async (id) => {
        if (id !== bad) return store.get(id);
        throw new GgdlnError({ code: 'GGDLN_STORAGE', where: 'store', problem: `${id} has a wrong checksum` });
      },
    };
    const events: ExperimentEvent[] = [];
    const again = await run({}, { store: damaged, onEvent: (event) => events.push(event) });
    expect(again.counts).toMatchObject({ reused: 5, computed: 1 });
    const warning = events.find((event) => event.type === 'warning');
    expect(warning?.type === 'warning' && warning.warning.message).toContain('wrong checksum. It is computed again.');
    expect(fingerprint(again)).toBe(before);
  });

  it('says what is saved when the store fails', async () => {
    const store = createMemoryStore();
    const full: RunStore = {
      ...store,
      put: async (record) => {
        if ((await store.ids()).length < 2) return store.put(record);
        throw new GgdlnError({
          code: 'GGDLN_STORAGE',
          where: 'store',
          problem: 'the disk is full',
          remedy: 'Make room',
        });
      },
    };
    const { code, message } = await failureOf(() => run({}, { store: full }));
    expect(code).toBe('GGDLN_STORAGE');
    expect(message).toContain('the disk is full. 2 of 6 points are saved in memory');
    expect(message).toContain('Make room');
  });

  it('reports a point that fails and goes on with the others', async () => {
    const events: ExperimentEvent[] = [];
    const result = await run(
      { theories: [{ use: 'closed-form', failBelow: 20 }] },
      { onEvent: (event) => events.push(event) },
    );
    expect(result.failures.map(({ point, error }) => [point.axes, error.code])).toEqual([
      [{ 'architecture.width': 10 }, 'GGDLN_NOT_CONVERGED'],
    ]);
    expect(result.counts).toMatchObject({ computed: 5, failed: 1, done: 6 });
    expect(events.some((event) => event.type === 'point-failed')).toBe(true);
    expect(selectRows(result.table, { source: 'closed-form', metric: 'bias' })).toHaveLength(2);
  });

  it('refuses NaN from a plugin instead of passing it on', async () => {
    const { failures } = await run({ learners: [{ use: 'sampler', nan: 1 }], sweep: {} });
    expect(failures[0].error.code).toBe('GGDLN_NUMERICAL');
    expect(failures[0].error.message).toContain('sampler returned NaN in mean, row 0, column 0');
  });

  it('computes a point once when two parts ask for the same', async () => {
    const twice = [{ use: 'closed-form' }, { use: 'closed-form', as: 'again' }];
    const { table, counts } = await run({ theories: twice, learners: [], sweep: {} });
    expect(counts).toMatchObject({ computed: 1, reused: 1 });
    expect(table.rows.map((row) => row.source)).toEqual(expect.arrayContaining(['closed-form', 'again']));
  });

  it('tells of its progress with counts that add up', async () => {
    const events: ExperimentEvent[] = [];
    await run({}, { onEvent: (event) => events.push(event) });
    expect(events.slice(0, 3).map((event) => event.type)).toEqual(['planned', 'preparing', 'preparing']);
    expect(events.filter((event) => event.type === 'preparing')).toHaveLength(2);
    const finished = events.filter((event) => event.type === 'point-finished');
    expect(finished.map((event) => event.counts.done)).toEqual([1, 2, 3, 4, 5, 6]);
    const progress = events.filter((event) => event.type === 'point-progress');
    expect(progress).toHaveLength(3 * 20);
    expect(progress[19]).toMatchObject({ progress: { stage: 'sampler', done: 20, total: 20 } });
  });
});

describe('bad input', () => {
  it.each([
    [
      'no training examples',
      { dataset: { use: 'line', trainSize: 0 } },
      'dataset line',
      'no training examples (P = 0)',
    ],
    ['NaN in the data', { dataset: { use: 'line', poison: 1 } }, 'dataset line', 'has NaN at row 0, column 1'],
    ['no gates', { gating: { use: 'steps', gates: 0 } }, 'gating steps', 'there are no gates (M = 0)'],
  ])('%s: stops with a message', async (_what, changes, where, problem) => {
    const { code, message } = await failureOf(() => run(changes));
    expect(code).toBe('GGDLN_INPUT');
    expect(message).toContain(where);
    expect(message).toContain(problem);
  });

  it('counts the inputs that have all gates off', async () => {
    const { warnings, provenance } = await run({ gating: { use: 'steps', threshold: 0 } });
    const messages = warnings.filter(({ code }) => code === 'inputs-without-gates').map(({ message }) => message);
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatch(/All gates are off for [1-7] of 8 training inputs \(first: row \d\)/);
    expect(JSON.stringify(provenance.warnings)).toContain('inputs-without-gates');
  });

  it('passes on the warnings of plugins once each, also when points are reused', async () => {
    const store = createMemoryStore();
    const spec = { dataset: { use: 'line', trainSize: 1 }, sweep: { 'architecture.width': [2, 10] } };
    const first = await run(spec, { store });
    expect(first.warnings.map(({ code }) => code).sort()).toEqual(['narrow', 'small']);
    expect((await run(spec, { store })).warnings).toEqual(first.warnings);
  });

  it('refuses parts that do not fit before anything is computed', async () => {
    const store = createMemoryStore();
    const deep = await failureOf(() => run({ sweep: { 'architecture.depth': [1, 3] } }, { store }));
    expect(deep.code).toBe('GGDLN_INCOMPATIBLE');
    expect(deep.message).toContain('closed-form: has no solution at depth 3. use depth 1 or 2.');
    expect((await failureOf(() => run({ dataset: { use: 'line', outputs: 2 } }, { store }))).message).toContain(
      'solves one output, not 2',
    );
    expect(await store.ids()).toEqual([]);
  });

  it('names parts that do not fit for one reason together', async () => {
    const theories = [{ use: 'closed-form' }, { use: 'closed-form', as: 'again', failBelow: 1 }];
    const refused = await failureOf(() => run({ theories, sweep: { 'architecture.depth': [1, 3] } }));
    expect(refused.message).toContain('closed-form, again: has no solution at depth 3.');
    expect(refused.message).toContain('closed-form, again: use depth 1 or 2.');
  });

  it('tells mismatches without running', async () => {
    const points = await planPoints(resolved({ sweep: { temperature: [1, 10] } }));
    const [mismatch, ...others] = findMismatches(points, registry);
    expect(others).toEqual([]);
    expect(mismatch).toMatchObject({ source: 'closed-form', reason: 'is cold only', remedy: 'lower T' });
    expect(mismatch.points.map((point) => point.axes)).toEqual([{ temperature: 10 }]);
  });
});

describe('an architecture that does not take every gating', () => {
  const plain: Plugin = {
    name: 'plain',
    contract: '1.0.0',
    architecture: {
      plain: {
        ...registry.get('architecture', 'net'),
        supports: ({ gating }) => (gating === 'always-on' ? undefined : { reason: `no ${gating}`, remedy: 'open all' }),
      },
    },
  };
  const both = createRegistry([...registry.plugins, plain]);

  it('is named once beside the sources that do not fit, and asked of every layer', async () => {
    const gating = resolved().gating as ResolvedPart;
    const spec = { ...resolved({ architecture: { use: 'net', depth: 2 } }), gating: [gating, gating] };
    const points = await planPoints({ ...spec, architecture: { ...spec.architecture, use: 'plain' } });
    const mismatches = findMismatches(points, both);
    expect(mismatches).toMatchObject([{ source: 'plain', reason: `no ${gating.use}`, remedy: 'open all' }]);
    expect(new Set(mismatches[0].points).size).toBe(points.length);
    expect(() => requireCompatible(points, both)).toThrow(`plain: no ${gating.use}. open all`);
  });
});

describe('collectArrays', () => {
  it('names arrays by source, place and quantity', async () => {
    const names = Object.keys(collectArrays(await run()));
    expect(names).toContain('sampler/width=100/mean');
    expect(names).toContain('sampler/width=100/batches_square');
    expect(names).toContain('closed-form/width=10/U1');
    expect(names).toContain('sampler/width=30/U1_stderr');
    expect(Object.keys(collectArrays(await run({ sweep: {} })))).toContain('sampler/mean');
  });
});
