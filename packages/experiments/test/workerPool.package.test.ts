import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canonicalJson,
  type Executor,
  type Json,
  type JsonObject,
  type LinalgBackend,
  type Registry,
} from '@ggdln/core';
import {
  collectArrays,
  type ExperimentEvent,
  type ExperimentResult,
  type ExperimentSpec,
  resolveSpec,
  runExperiment,
} from '@ggdln/experiments';
import { type WorkerPool, workerPool } from '@ggdln/experiments/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const module = new URL('./packageDoubles.mjs', import.meta.url);
let doubles: {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  readonly experiment: (use: string, points: number, options?: JsonObject) => ExperimentSpec;
};
let folder: string;
beforeAll(async () => {
  doubles = await import(module.href);
  folder = await mkdtemp(join(tmpdir(), 'ggdln-pool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pools: WorkerPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});
function poolOf(workers: number, data: JsonObject = {}): WorkerPool {
  const pool = workerPool({ module, data, workers });
  pools.push(pool);
  return pool;
}

/** Runs a sweep of a double in as many workers; in this process for 0. */
async function run(
  workers: number,
  options: JsonObject = {},
  more: { use?: string; points?: number; signal?: AbortSignal; onEvent?: (event: ExperimentEvent) => void } = {},
): Promise<{ result: ExperimentResult; events: ExperimentEvent[] }> {
  const { registry, linalg, experiment } = doubles;
  const { use = 'chained', points = 4, onEvent, ...rest } = more;
  const events: ExperimentEvent[] = [];
  const result = await runExperiment(resolveSpec(experiment(use, points, options), registry), {
    registry,
    linalg,
    ...(workers > 0 ? { executor: poolOf(workers) } : {}),
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
    ...rest,
  });
  return { result, events };
}

function fingerprint(result: ExperimentResult): string {
  const { table, diagnostics, comparison, notes, provenance } = result;
  const arrays = Object.fromEntries(Object.entries(collectArrays(result)).map(([name, { data }]) => [name, [...data]]));
  return canonicalJson({ table, diagnostics, comparison, notes, provenance, arrays } as unknown as Json);
}

const warningsOf = (events: readonly ExperimentEvent[]) =>
  events.flatMap((event) =>
    event.type === 'warning' && event.warning.code === 'worker-died' ? [event.warning.message] : [],
  );

describe('workerPool', () => {
  it.each(['chained', 'double'])('gives the bits of this process with 1, 2 and 3 workers: %s', async (use) => {
    const here = fingerprint((await run(0, {}, { use })).result);
    for (const workers of [1, 2, 3]) {
      const { result, events } = await run(workers, {}, { use });
      expect(fingerprint(result)).toBe(here);
      expect(result.counts).toMatchObject({ total: 4, computed: 4, failed: 0 });
      expect(events.filter(({ type }) => type === 'point-started')).toHaveLength(4);
      expect(events.some(({ type }) => type === 'point-progress')).toBe(true);
    }
  });

  it.each([
    ['exit', 'ended with exit code 7'],
    ['kill', 'was ended by SIGKILL'],
  ])('reports a worker that dies (%s) and computes its task once more', async (mishap, how) => {
    const here = fingerprint((await run(0)).result);
    const { result, events } = await run(2, { mishap, once: join(folder, `${mishap}-once`) });
    expect(warningsOf(events)).toEqual([
      expect.stringMatching(
        new RegExp(`^A worker process ${how} while it computed chained, chain [12] at .*width = 2`),
      ),
    ]);
    // The options are other ones, so ids are; the numbers must not be.
    expect(result.failures).toEqual([]);
    expect(result.table.rows).toEqual(JSON.parse(here).table.rows);
  });

  it('fails the point when the next worker dies too, and finishes the others', async () => {
    const { result } = await run(2, { mishap: 'exit' });
    expect(result.counts).toMatchObject({ computed: 3, failed: 1 });
    const [{ point, error }] = result.failures;
    expect(point.axes).toEqual({ 'architecture.width': 2 });
    expect(error.code).toBe('GGDLN_WORKER');
    expect(error.message).toMatch(/ended with exit code 7, like the one before\. .*use fewer workers/);
  });

  it('passes failures of a point on as they are, and stops at a defect', async () => {
    const { result } = await run(2, { mishap: 'diverge' });
    expect(result.failures.map(({ error }) => [error.code, error.message])).toEqual([
      ['GGDLN_NOT_CONVERGED', '[double] no convergence.'],
    ]);
    await expect(run(2, { mishap: 'defect' })).rejects.toThrow('x is not a function');
  });

  it('tells how long each task took in its worker, before the result', async () => {
    const { registry, linalg, experiment } = doubles;
    const pool = poolOf(2);
    const told: string[] = [];
    const executor: Executor = {
      ...pool,
      run: async (task, listener, signal, here) => {
        const onComputed = (seconds: number) => {
          expect(seconds).toBeGreaterThan(0);
          told.push(`${task.id} computed`);
        };
        const result = await pool.run(task, { ...listener, onComputed }, signal, here);
        told.push(`${task.id} given`);
        return result;
      },
    };
    const { counts } = await runExperiment(resolveSpec(experiment('chained', 2), registry), {
      registry,
      linalg,
      executor,
    });
    expect(counts.computed).toBe(2);
    const given = told.filter((line) => line.endsWith('given'));
    expect(given).toHaveLength(4);
    for (const line of given) expect(told.indexOf(line.replace('given', 'computed'))).toBeLessThan(told.indexOf(line));
    expect(told).toHaveLength(8);
  });

  it('starts workers that collect rubbish with one thread', async () => {
    const { result } = await run(1, { mishap: 'flags' });
    expect(result.failures.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('--single-threaded-gc'),
    ]);
  });

  it('cancels at once, also where the work never looks at the signal', async () => {
    const controller = new AbortController();
    const started = performance.now();
    const onEvent = ({ type, counts }: ExperimentEvent) => {
      // Both chains at the next width hang.
      if (type === 'point-finished' && counts.done === 1) setTimeout(() => controller.abort(), 200);
    };
    const stopped = run(2, { mishap: 'hang' }, { signal: controller.signal, onEvent });
    await expect(stopped).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    await expect(stopped).rejects.toThrow('1 of 4 points are saved in memory');
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('refuses no workers, a set-up that fails, and workers with another backend', async () => {
    expect(() => workerPool({ module, data: {}, workers: 0 })).toThrow('workers is 0. Give a whole number ≥ 1');
    const { registry, linalg, experiment } = doubles;
    const spec = resolveSpec(experiment('double', 2), registry);
    const runWith = (data: JsonObject) => runExperiment(spec, { registry, linalg, executor: poolOf(2, data) });
    await expect(runWith({ fail: true })).rejects.toThrow('no such plugin');
    await expect(runWith({ backend: 'other' })).rejects.toThrow(
      'a worker computes with the backend "other", the experiment with "none"',
    );
  });
});
