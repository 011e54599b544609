import { createTable, type JsonObject, type RandomStream, type Row, type Table } from '@ggdln/core';
import { type KPathEpoch, type KPathOptions, type KPathRun, type KPathTask, learnKPath } from '@ggdln/learning/k-path';
import { sweepFigure } from '@ggdln/plot';
import { meanRow } from '../draws.ts';
import { footerOf } from '../figures.ts';
import type { ReproductionContext, ReproductionResult } from '../reproduction.ts';

/** A sweep over trained partners and gains. */
export interface KPathSweep {
  readonly partners: readonly number[];
  readonly gains: readonly number[];
  readonly seeds: readonly number[];
  /** The task of a seed. */
  task(seed: number): Promise<KPathTask>;
  options(gain: number): Omit<KPathOptions, 'gate' | 'start'>;
  readonly domains: number;
  /** All that its networks depend on besides seed, partners and gain. */
  readonly of: JsonObject;
}

/** One run of a sweep. */
export interface KPathPoint {
  readonly seed: number;
  readonly partners: number;
  readonly gain: number;
  readonly last: KPathEpoch;
}

/** Trains every network of a sweep, with the gate mode `k_plus_mod_permute`. */
export async function runKPathSweep(
  sweep: KPathSweep,
  rngOf: (seed: number) => RandomStream,
  context: ReproductionContext,
): Promise<KPathPoint[]> {
  const { onProgress } = context;
  const points: KPathPoint[] = [];
  const total = sweep.seeds.length * sweep.gains.length * sweep.partners.length;
  for (const seed of sweep.seeds) {
    const task = await sweep.task(seed);
    for (const gain of sweep.gains) {
      for (const partners of sweep.partners) {
        const options = { ...sweep.options(gain), gate: { mode: `${partners}_plus_mod_permute` }, start: { gain } };
        const rng = rngOf(seed).stream(`${partners}/${gain}`);
        const { scores } = await learn(task, options, rng, { ...sweep.of, seed, partners, gain }, context);
        points.push({ seed, partners, gain, last: scores[scores.length - 1] });
        onProgress?.({ stage: 'k-path networks', done: points.length, total, unit: 'networks' });
      }
    }
  }
  return points;
}

/** Seconds of learning that a killed run may lose. */
const KEEP_SECONDS = 10;

async function learn(
  task: KPathTask,
  options: KPathOptions,
  rng: RandomStream,
  of: JsonObject,
  { linalg, signal, states }: ReproductionContext,
): Promise<KPathRun> {
  const store = await states?.({ ...of, linalg: linalg.name });
  try {
    return await learnKPath(task, options, {
      linalg,
      rng,
      ...(signal ? { signal } : {}),
      ...(store ? { checkpoints: { store, everySeconds: KEEP_SECONDS } } : {}),
    });
  } finally {
    await store?.close();
  }
}

/** Test accuracy of trained and unseen pairs, means over seeds: one row for each gain, K and kind of pair. */
export function accuracyTable(points: readonly KPathPoint[], domains: number): Table {
  const settings = new Map(points.map(({ gain, partners }) => [`${gain} ${partners}`, { gain, partners }]));
  const rows = [...settings.values()].flatMap(({ gain, partners }): Row[] => {
    const runs = points.filter((point) => point.gain === gain && point.partners === partners);
    const row = (metric: string, pick: (epoch: KPathEpoch) => number | null) => {
      const values = runs.flatMap(({ last }) => pick(last) ?? []);
      const cells = { share: partners / domains, partners, gain, group: `gain ${gain}`, metric };
      return meanRow({ ...cells, source: 'network', role: 'gradient-descent' }, values);
    };
    return [
      row('trained pairs', ({ test }) => test.selectedAccuracy),
      row('unseen pairs', ({ test }) => test.unselectedAccuracy),
      row('training loss', ({ train }) => train.selectedLoss),
    ];
  });
  return createTable(rows);
}

/** Accuracy against K/M, trained pairs on the left, unseen ones on the right, a colour for each gain. */
export function accuracyFigure(
  table: Table,
  { name, title, subtitle }: { readonly name: string; readonly title: string; readonly subtitle: string },
  context: ReproductionContext,
): ReproductionResult['figures'][string] {
  return sweepFigure(table, {
    title,
    subtitle,
    x: { column: 'share', label: 'trained pairs K/M', scale: 'linear' },
    frames: ['unseen pairs', 'trained pairs'].map((metric) => ({
      metric,
      title: metric === 'unseen pairs' ? 'Unseen pairs' : 'Trained pairs',
      note: 'test examples',
      label: 'accuracy',
      zero: true,
    })),
    groupBy: 'group',
    residuals: false,
    footer: footerOf(name, context),
    width: 1040,
  });
}
