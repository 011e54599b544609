import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry, defineTheory, type Plugin } from '@ggdln/core';
import { decodeCsv } from '@ggdln/io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ExperimentEvent,
  type ExperimentSpec,
  type RunOptions,
  resolveSpec,
  runExperiment,
} from '../src/index.ts';
import { openFolderStore, writeResults } from '../src/node/index.ts';
import { doubles, noLinalg } from './doubles.ts';
import { baseSpec, failureOf } from './helpers.ts';

/** A theory that has a defect wherever the width is 30, while `mended` is off. */
const state = { mended: false };
const fragile: Plugin = {
  ...doubles,
  name: 'fragile',
  theory: {
    fragile: defineTheory({
      title: 'Fragile',
      summary: 'Breaks at N = 30.',
      role: 'theory',
      options: {},
      supports: () => undefined,
      create: () => ({
        solve: async ({ test, architecture }) => {
          if (architecture.widths[0] === 30 && !state.mended) throw new TypeError('x is not a function');
          const ones = { rows: test.Y.rows, cols: test.Y.cols, data: new Float64Array(test.Y.data.length).fill(1) };
          return { predictor: { mean: ones, variance: ones }, orderParameters: {}, diagnostics: {} };
        },
      }),
    }),
  },
};
const registry = createRegistry([fragile]);

let dir: string;
beforeEach(async () => {
  state.mended = false;
  dir = await mkdtemp(join(tmpdir(), 'ggdln-failures-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function runIn(folder: string, options: Partial<RunOptions> = {}, changes: Partial<ExperimentSpec> = {}) {
  const spec = resolveSpec({ ...baseSpec, theories: [{ use: 'fragile' }], ...changes }, registry);
  const started: string[] = [];
  const onEvent = (event: ExperimentEvent) => {
    if (event.type === 'point-started') started.push(`${event.point.source} ${event.point.axes['architecture.width']}`);
  };
  const store = await openFolderStore(folder);
  try {
    const result = await runExperiment(spec, {
      registry,
      linalg: noLinalg,
      store,
      keepGoing: true,
      onEvent,
      ...options,
    });
    await writeResults(folder, result);
    return { result, started };
  } finally {
    await store.close();
  }
}

describe('failures of a run that goes on', () => {
  it('are kept with their error, and the other points are computed', async () => {
    const { result } = await runIn(dir);
    expect(result.counts).toMatchObject({ computed: 5, failed: 1 });
    const { rows } = decodeCsv(await readFile(join(dir, 'failures.csv'), 'utf8'));
    expect(rows).toEqual([
      {
        'architecture.width': 30,
        source: 'fragile',
        role: 'theory',
        code: 'GGDLN_DEFECT',
        message: expect.stringContaining('[fragile] TypeError: x is not a function. This is a defect'),
      },
    ]);
    expect((await readdir(join(dir, 'points'))).filter((name) => name.endsWith('.failed.json'))).toHaveLength(1);
  });

  it('are not tried again unasked, and the results are the same bytes', async () => {
    const first = await runIn(dir);
    const before = await readFile(join(dir, 'failures.csv'));
    state.mended = true;
    const second = await runIn(dir, { retryFailed: false });
    expect(second.started).toEqual([]);
    expect(second.result.counts).toMatchObject({ computed: 0, reused: 5, failed: 1 });
    expect(second.result.table).toEqual(first.result.table);
    expect(Buffer.compare(await readFile(join(dir, 'failures.csv')), before)).toBe(0);
  });

  it('are tried again on request, and gone when they are mended', async () => {
    await runIn(dir);
    expect((await runIn(dir)).started).toEqual(['fragile 30']);
    state.mended = true;
    expect((await runIn(dir)).result.counts).toMatchObject({ computed: 1, reused: 5, failed: 0 });
    expect((await readdir(join(dir, 'points'))).filter((name) => name.includes('failed'))).toEqual([]);
    expect(decodeCsv(await readFile(join(dir, 'failures.csv'), 'utf8')).rows).toEqual([]);
  });

  it('are tried again where the record of the failure is damaged', async () => {
    await runIn(dir);
    const [name] = (await readdir(join(dir, 'points'))).filter((file) => file.includes('failed'));
    await writeFile(join(dir, 'points', name), '{"sha256": "0", "content": {}}');
    expect((await runIn(dir, { retryFailed: false })).started).toEqual(['fragile 30']);
  });

  it('end a run that is not to go on', async () => {
    await expect(runIn(dir, { keepGoing: false })).rejects.toThrow('x is not a function');
  });

  it('can be those of the first data that are made', async () => {
    const sweep = { 'dataset.trainSize': [0, 8] };
    const { result } = await runIn(dir, {}, { sweep });
    expect(result.failures.map(({ error }) => error.code)).toEqual(['GGDLN_INPUT', 'GGDLN_INPUT']);
    expect(result.counts.computed).toBe(2);
    expect((await failureOf(() => runIn(join(dir, 'x'), { keepGoing: false }, { sweep }))).code).toBe('GGDLN_INPUT');
  });

  it('are no failures of storing: those end the run', async () => {
    const store = await openFolderStore(dir);
    const put = async () => {
      throw Object.assign(new Error('full'), { code: 'GGDLN_STORAGE', problem: 'full' });
    };
    const spec = resolveSpec(baseSpec, createRegistry([doubles]));
    const options = { registry: createRegistry([doubles]), linalg: noLinalg, keepGoing: true };
    const { code, message } = await failureOf(() => runExperiment(spec, { ...options, store: { ...store, put } }));
    await store.close();
    expect(code).toBe('GGDLN_STORAGE');
    expect(message).toContain('0 of 6 points are saved');
  });
});
