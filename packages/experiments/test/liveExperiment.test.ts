import { describe, expect, it } from 'vitest';
import { createMemoryStore, openLiveExperiment, type PointRecord, planPoints, runExperiment } from '../src/index.ts';
import { noLinalg } from './doubles.ts';
import { failureOf, registry, resolved } from './helpers.ts';

const surroundings = { registry, linalg: noLinalg };

async function recordsOf(spec: ReturnType<typeof resolved>): Promise<PointRecord[]> {
  const store = createMemoryStore();
  await runExperiment(spec, { ...surroundings, store });
  const points = await planPoints(spec, noLinalg.name);
  return Promise.all(points.map(async ({ id }) => (await store.get(id))!));
}

describe('openLiveExperiment', () => {
  it('gives the records of runExperiment, though its points advance in turns', async () => {
    const spec = resolved();
    const live = await openLiveExperiment(spec, surroundings);
    const runs = live.points.map((point) => ({
      work: live.start(point),
      record: undefined as PointRecord | undefined,
    }));
    while (runs.some(({ record }) => record === undefined)) {
      for (const run of runs.filter(({ record }) => record === undefined)) {
        const next = await run.work.next();
        if (next.done) run.record = next.value;
      }
    }
    expect(runs.map(({ record }) => record)).toEqual(await recordsOf(spec));
  });

  it('ends a point that is no longer watched', async () => {
    const live = await openLiveExperiment(resolved(), surroundings);
    const work = live.start(live.points.find(({ role }) => role !== 'theory')!);
    expect((await work.next()).done).toBe(false);
    expect(await work.return({} as PointRecord)).toMatchObject({ done: true });
    expect((await work.next()).done).toBe(true);
  });

  it('refuses what does not fit before anything is computed', async () => {
    const spec = resolved({ temperature: 6 });
    const error = await failureOf(() => openLiveExperiment(spec, surroundings));
    expect(error.code).toBe('GGDLN_INCOMPATIBLE');
  });
});
