import { createRandom, type RandomStream } from '@ggdln/core';
import { type KPathTask, relabellings } from '@ggdln/learning/k-path';
import { matrix } from '@ggdln/linalg';
import { near, pageBand, rises } from '../checks.ts';
import { seedsFrom, theRow } from '../draws.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { RACE } from './common.ts';
import { accuracyFigure, accuracyTable, runKPathSweep } from './kPathCommon.ts';

const NAME = 'race/k-path-small';
const TITLE = 'Pairs never seen are learned where many others are, from a small start';
const [DOMAINS, CLASSES, FEATURES] = [10, 5, 20];
const PARTNERS = [2, 4, 6, 8];

/** Theory page gdln, section 6: rate, test accuracy of unseen and of trained pairs, 3 seeds. */
const TARGETS = [
  {
    gain: 0.1,
    rate: 0.3,
    unseen: [0.39, 0.87, 0.978, 0.978],
    trained: [0.987, 0.98, 0.979, 0.978],
  },
  {
    gain: 1,
    rate: 0.05,
    unseen: [0.226, 0.447, 0.928, 0.985],
    trained: [0.993, 0.993, 0.994, 0.994],
  },
  {
    gain: 3,
    rate: 0.002,
    unseen: [0.198, 0.254, 0.547, 0.795],
    trained: [0.936, 0.944, 0.953, 0.959],
  },
];

/** Scatters of three seeds are rough: all of them together have this root mean square. */
const SCATTER = 0.032;

/** Test accuracies move with the draw of classes, for both kinds of pairs alike. */
const DRAW = 0.025;

/** The version of the k-path experiment with numbers, on Gaussian classes. */
export const kPathSmall: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${RACE}, section 6, small version`,
  summary: 'Ten input and output domains of five Gaussian classes: accuracy of trained and unseen pairs against K.',
  settings: {
    quick: { seeds: 1, partners: PARTNERS, epochs: 20_000 },
    paper: { seeds: 3, partners: PARTNERS, epochs: 60_000 },
    test: { seeds: 1, partners: [2, 4], epochs: 3 },
  },
  run: async ({ seeds, partners, epochs }, context) => {
    const rngOf = (seed: number) => createRandom(seed).stream('k-path');
    const sweep = {
      domains: DOMAINS,
      of: { name: NAME, epochs },
      partners,
      gains: TARGETS.map(({ gain }) => gain),
      seeds: seedsFrom(context.seed, seeds),
      task: async (seed: number) => gaussianClasses(createRandom(seed).stream('classes')),
      options: (gain: number) => ({
        network: { width: 32 },
        optimizer: {
          use: 'sgd' as const,
          rate: TARGETS.find((target) => target.gain === gain)?.rate ?? 0.05,
          momentum: 0.9,
        },
        batch: 200,
        epochs,
        scoreEvery: 50,
        stopBelow: 0.02,
      }),
    };
    const points = await runKPathSweep(sweep, rngOf, context);
    const table = accuracyTable(points, DOMAINS);
    const at = (gain: number, k: number, metric: string) => Number(theRow(table, { gain, partners: k, metric }).value);
    const checks = TARGETS.flatMap(({ gain, unseen, trained }) => [
      ...PARTNERS.flatMap((k, i) =>
        partners.includes(k)
          ? [
              near(
                `gain ${gain}, K = ${k}: unseen pairs`,
                { value: at(gain, k, 'unseen pairs') },
                unseen[i],
                DRAW + pageBand(SCATTER, seeds, 3),
              ),
              near(`gain ${gain}, K = ${k}: trained pairs`, { value: at(gain, k, 'trained pairs') }, trained[i], DRAW),
            ]
          : [],
      ),
      rises(
        `gain ${gain}: accuracy of unseen pairs against K, up to 6`,
        partners.filter((k) => k <= 6).map((k) => at(gain, k, 'unseen pairs')),
      ),
    ]);
    return {
      tables: { table },
      arrays: {},
      figures: {
        figure: accuracyFigure(
          table,
          {
            name: NAME,
            title: TITLE,
            subtitle: `M = ${DOMAINS} domains of ${CLASSES} Gaussian classes in ${FEATURES} dimensions · H = 32 · chance: 0.2`,
          },
          context,
        ),
      },
      checks,
      notes: ['Training stops where the loss of the trained pairs is below 0.02.'],
    };
  },
});

/** Class means N(0, 1), noise 0.7; features in an order of its own in each input domain. */
function gaussianClasses(rng: RandomStream): KPathTask {
  const means = rng.stream('means').fillGaussian(new Float64Array(CLASSES * FEATURES));
  const draw = (count: number, name: string) => {
    const stream = rng.stream(name);
    const labels = Int32Array.from({ length: count }, () => stream.integer(CLASSES));
    const X = matrix(count, FEATURES, stream.fillGaussian(new Float64Array(count * FEATURES), 0.7));
    X.data.forEach((value, i) => {
      X.data[i] = value + means[labels[Math.floor(i / FEATURES)] * FEATURES + (i % FEATURES)];
    });
    return { X, labels };
  };
  return {
    train: draw(200, 'train'),
    test: draw(500, 'test'),
    classes: CLASSES,
    inputs: Array.from({ length: DOMAINS }, (_, a) => rng.stream(`features/${a}`).permutation(FEATURES)),
    labels: relabellings(DOMAINS, CLASSES, 'random', rng),
  };
}
