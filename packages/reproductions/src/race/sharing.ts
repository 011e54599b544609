import { createPacer, createTable, type Row, throwIfCancelled } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { type RacePath, routingClosedForm, type ScalarRace, scalarRace, sharedRouteSpeedUp } from '@ggdln/theory/race';
import { falls, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { RACE } from './common.ts';

const NAME = 'race/sharing';
const TITLE = 'The shared route wins the race, the more so the smaller the start';
const [DOMAINS, STRENGTH] = [7, 3];
const STARTS = [0.01, 0.05, 0.2, 0.5, 1];

/** Theory page gdln, section 5: share of the target that the shared route carries at the end. */
const SHARES: Readonly<Record<number, readonly number[]>> = {
  1: [1, 0.9997, 0.987, 0.8815, 0.5905],
  4: [1, 0.9999, 0.9963, 0.9474, 0.6467],
  7: [1, 0.9999, 0.9968, 0.9525, 0.6552],
};

/** The same section, in steps at 2ηκ = 1 from b₀ = 0.01: time to s/2, and private over shared in fact and by formula. */
const ESCAPES = [
  { M: 7, K: 4, ratio: 8.285, formula: 8.281 },
  { M: 7, K: 7, ratio: 14.499, formula: 14.492 },
  { M: 20, K: 5, ratio: 16.219, formula: 16.201 },
] as const;
const [START, SHARED_TIME, PRIVATE_TIME] = [0.01, 3.9996, 33.137];

interface Setting {
  readonly partners: readonly number[];
  readonly starts: readonly number[];
  /** Until when races are followed. */
  readonly time: number;
}

/** A shared route beside a private one for each pair, and how much sooner it escapes. */
export const sharing: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${RACE}, section 5, bias towards sharing`,
  summary: 'Share of the target that the shared route carries beside private ones, and how much sooner it escapes.',
  settings: {
    quick: { partners: [1, 4, 7], starts: STARTS, time: 1500 },
    paper: { partners: [1, 4, 7], starts: STARTS, time: 3000 },
    test: { partners: [1], starts: [0.2, 1], time: 300 },
  },
  run: async ({ partners, starts, time }, context) => {
    const { signal, onProgress } = context;
    const pace = createPacer(0);
    const rows: Row[] = [];
    for (const K of partners) {
      for (const b0 of starts) {
        throwIfCancelled(signal, NAME);
        const [, { paths }] = scalarRace(bothRoutes(K, b0), [0, time], { relative: 1e-7 });
        const [shared, own] = paths;
        const cells = { b0, K, group: `K = ${K}`, source: 'scalar race', role: 'theory', stderr: null };
        rows.push({ ...cells, metric: 'share', value: shared / STRENGTH });
        rows.push({ ...cells, metric: 'both', value: (shared + own) / STRENGTH });
        onProgress?.({ stage: 'races', done: rows.length / 2, total: partners.length * starts.length, unit: 'races' });
        await pace();
      }
    }
    const table = createTable(rows);
    const found = (K: number, metric: string) =>
      rows.filter((row) => row.K === K && row.metric === metric).map(({ value }) => Number(value));
    const alone = timeToHalf(1, 1);
    return {
      tables: { table },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `M = ${DOMAINS} domains · a private route for each of ${DOMAINS} K pairs beside the shared one · s = ${STRENGTH}`,
          x: { column: 'b0', label: 'strength b₀ of all layers at the start', scale: 'log' },
          frames: [{ metric: 'share', title: 'Shared route', note: 'at the end', label: 'share of the target' }],
          groupBy: 'group',
          residuals: false,
          footer: footerOf(NAME, context),
        }),
      },
      checks: [
        ...partners.flatMap((K) => [
          ...starts.map((b0, i) =>
            near(
              `K = ${K}, b₀ = ${b0}: share of the shared route`,
              { value: found(K, 'share')[i] },
              shareOf(K, b0),
              1e-4,
            ),
          ),
          near(`K = ${K}: both routes together`, { value: Math.min(...found(K, 'both')) }, 1, 1e-4),
          falls(`K = ${K}: share against the start`, found(K, 'share')),
        ]),
        near('time to s/2 of a private route', { value: alone }, PRIVATE_TIME, 6e-4),
        near('time to s/2 of the shared route, M = 7, K = 4', { value: timeToHalf(7, 4) }, SHARED_TIME, 6e-5),
        ...ESCAPES.flatMap(({ M, K, ratio, formula }) => [
          near(`private over shared time, M = ${M}, K = ${K}`, { value: alone / timeToHalf(M, K) }, ratio, 6e-4),
          near(`its formula, M = ${M}, K = ${K}`, { value: sharedRouteSpeedUp(M, K) }, formula, 6e-4),
        ]),
      ],
      notes: [
        'Both routes learn the same targets; whatever grows first explains them, and nothing is left for the other.',
        'Without a shared route, K√(M − 1)/arctan √(M − 1) times as many steps are needed.',
      ],
    };
  },
});

const shareOf = (K: number, b0: number): number => SHARES[K][STARTS.indexOf(b0)];

/** Encoders, one shared layer and decoders, and three layers of its own for each pair: M partners in a ring. */
function bothRoutes(K: number, b0: number): ScalarRace {
  const M = DOMAINS;
  const pairs = Array.from({ length: M * K }, (_, i) => [i % M, (i + Math.floor(i / M)) % M]);
  const ways = pairs.flatMap(([a, b]) => [
    [`encoder ${a}`, 'shared', `decoder ${b}`],
    ['lower', 'middle', 'upper'].map((layer) => `${layer} ${a} ${b}`),
  ]);
  // Two ways of one pair see the same inputs; ways of different pairs are never open together.
  const D = matrix(ways.length, ways.length);
  ways.forEach((_, p) => {
    for (const j of [p, p % 2 === 0 ? p + 1 : p - 1]) D.data[j * ways.length + p] = 1 / M ** 2;
  });
  const paths = ways.map(
    (edges, p): RacePath => ({ edges, output: `${pairs[Math.floor(p / 2)][1]}`, s: STRENGTH / M ** 2 }),
  );
  return { paths, D, initial: Object.fromEntries(ways.flat().map((edge) => [edge, b0])) };
}

/** In steps at 2ηκ = 1, which are times over M². */
function timeToHalf(M: number, K: number): number {
  const closed = routingClosedForm({ domains: M, trainedPerDomain: K, s: STRENGTH }, START);
  let [low, high] = [START, closed.end * (1 - 1e-12)];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (middle * closed.outerStrength(middle) ** 2 < STRENGTH / 2) low = middle;
    else high = middle;
  }
  return closed.timeOf(low) / M ** 2;
}
