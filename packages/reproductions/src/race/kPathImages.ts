import { createRandom } from '@ggdln/core';
import type { PartSpec } from '@ggdln/experiments';
import { classesOf, type KPathTask, permutedPixels, relabellings, turnedPixels } from '@ggdln/learning/k-path';
import { between, type Check, rises } from '../checks.ts';
import { loadDataset } from '../data.ts';
import { seedsFrom, theRow } from '../draws.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { RACE } from './common.ts';
import { accuracyFigure, accuracyTable, runKPathSweep } from './kPathCommon.ts';

interface ImageSetting {
  readonly domains: number;
  readonly partners: readonly number[];
  readonly gains: readonly number[];
  readonly seeds: number;
  readonly pixels: number;
  readonly train: number;
  readonly test: number;
  readonly width: number;
  readonly batch: number;
  readonly epochs: number;
  readonly relabel: 'random' | 'lexicographic';
}

/** Rates that are stable at a gain; small gains leave their plateau sooner at larger ones. */
const rateOf = (gain: number): number => (gain > 2 ? 3e-3 : gain > 0.5 ? 0.03 : 0.1);

const QUICK_CLASSES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const MNIST: Readonly<Record<'quick' | 'paper' | 'test', ImageSetting>> = {
  quick: {
    domains: 10,
    partners: [2, 4, 6],
    gains: [0.1, 1, 3],
    seeds: 1,
    pixels: 14,
    train: 1000,
    test: 500,
    width: 32,
    batch: 50,
    epochs: 30,
    relabel: 'random',
  },
  paper: {
    domains: 100,
    partners: [10, 30, 50, 70, 90],
    gains: [0.01, 0.1, 1, 3],
    seeds: 2,
    pixels: 14,
    train: 10_000,
    test: 1000,
    width: 128,
    batch: 100,
    epochs: 30,
    relabel: 'random',
  },
  test: {
    domains: 3,
    partners: [1, 2],
    gains: [1],
    seeds: 1,
    pixels: 7,
    train: 20,
    test: 20,
    width: 8,
    batch: 10,
    epochs: 1,
    relabel: 'random',
  },
};

/** Shuffled pixels and shuffled labels of real digits. */
export const kPathMnist: Reproduction = imageReproduction({
  name: 'race/k-path-mnist',
  title: 'Digits: pairs never seen are read where many others were, from a small start',
  summary: 'Accuracy of trained and unseen pairs of pixel orders and label orders on MNIST, against K/M and gain.',
  settings: MNIST,
  task: 'Shuffled pixels, shuffled labels',
  dataset: ({ pixels, train, test }) => ({
    use: 'mnist',
    task: 'classes',
    digits: QUICK_CLASSES,
    coding: 'one-hot',
    centre: true,
    pixels,
    trainSize: train,
    testSize: test,
  }),
  inputs: ({ domains, pixels }, seed) => permutedPixels(domains, { side: pixels }, createRandom(seed).stream('pixels')),
});

/** Turned pictures and shuffled labels of CIFAR-10. */
export const kPathCifar: Reproduction = imageReproduction({
  name: 'race/k-path-cifar',
  title: 'Photographs: the same trend, on turned pictures',
  summary: 'Accuracy of trained and unseen pairs of angles and label orders on CIFAR-10, against K/M and gain.',
  settings: {
    quick: { ...MNIST.quick, pixels: 8, gains: [0.1, 3] },
    paper: { ...MNIST.paper, domains: 40, partners: [5, 15, 25, 35], pixels: 16, gains: [0.1, 1, 3] },
    test: { ...MNIST.test, pixels: 4 },
  },
  task: 'Turned pictures, shuffled labels, linear network on pixels',
  dataset: ({ pixels, train, test }) => ({
    use: 'cifar-10',
    task: 'classes',
    classes: QUICK_CLASSES,
    coding: 'one-hot',
    grey: false,
    centre: true,
    pixels,
    trainSize: train,
    testSize: test,
  }),
  inputs: ({ domains, pixels }) => turnedPixels(domains, { side: pixels, channels: 3 }),
});

interface ImageParts {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly task: string;
  readonly settings: Readonly<Record<'quick' | 'paper' | 'test', ImageSetting>>;
  dataset(setting: ImageSetting): PartSpec;
  inputs(setting: ImageSetting, seed: number): NonNullable<KPathTask['inputs']>;
}

function imageReproduction(parts: ImageParts): Reproduction {
  const { name, title, summary, settings, task } = parts;
  return defineReproduction({
    name,
    title,
    summary,
    source: `${RACE}, section 6`,
    settings,
    run: async (setting, context) => {
      const { domains, partners, gains, width, batch, epochs, pixels, train } = setting;
      const sweep = {
        domains,
        partners,
        gains,
        of: {
          name,
          setting: { domains, pixels, train, test: setting.test, relabel: setting.relabel },
          width,
          batch,
          epochs,
        },
        seeds: seedsFrom(context.seed, setting.seeds),
        task: (seed: number) => imageTask(parts, setting, seed, context),
        options: (gain: number) => ({
          network: { width },
          optimizer: { use: 'sgd' as const, rate: rateOf(gain), momentum: 0.9 },
          batch,
          epochs,
          scoreEvery: epochs,
        }),
      };
      const points = await runKPathSweep(sweep, (seed) => createRandom(seed).stream('k-path'), context);
      const table = accuracyTable(points, domains);
      return {
        tables: { table },
        arrays: Object.fromEntries(
          points.map(({ seed, partners: K, gain, last }) => [
            `accuracies/seed${seed}/K${K}/gain${gain}`,
            last.test.accuracies,
          ]),
        ),
        figures: {
          figure: accuracyFigure(
            table,
            {
              name,
              title,
              subtitle: `${task} · M = ${domains} · ${train} images of ${pixels} × ${pixels} · H = ${width} · ${epochs} epochs · chance: 0.1`,
            },
            context,
          ),
        },
        checks: context.scale === 'test' ? [] : trendChecks(table, setting),
        notes: [
          'Labels are shuffled at random: the first permutations in lexicographic order never rename the classes 0 to 4.',
          'On images the trend is the target: published accuracies belong to other sizes, features and epochs.',
        ],
      };
    },
  });
}

async function imageTask(
  { dataset, inputs }: ImageParts,
  setting: ImageSetting,
  seed: number,
  context: ReproductionContext,
): Promise<KPathTask> {
  const { train, test } = await loadDataset(dataset(setting), seed, context);
  const classes = train.Y.cols;
  return {
    train: { X: train.X, labels: classesOf(train.Y) },
    test: { X: test.X, labels: classesOf(test.Y) },
    classes,
    inputs: inputs(setting, seed),
    labels: relabellings(setting.domains, classes, setting.relabel, createRandom(seed).stream('labels')),
  };
}

function trendChecks(table: Parameters<typeof theRow>[0], { partners, gains }: ImageSetting): Check[] {
  const at = (gain: number, k: number, metric: string) => Number(theRow(table, { gain, partners: k, metric }).value);
  const [small, large] = [Math.min(...gains), Math.max(...gains)];
  const [few, many] = [partners[0], partners[partners.length - 1]];
  const middle = partners[Math.floor(partners.length / 2)];
  return [
    ...gains.map((gain) =>
      rises(
        `gain ${gain}: accuracy of unseen pairs against K, up to ${middle}`,
        partners.filter((k) => k <= middle).map((k) => at(gain, k, 'unseen pairs')),
      ),
    ),
    ...gains.map((gain) =>
      between(
        `gain ${gain}: accuracy of unseen pairs, K = ${many} minus K = ${few}`,
        { value: at(gain, many, 'unseen pairs') - at(gain, few, 'unseen pairs') },
        0.02,
        1,
      ),
    ),
    between(
      `K = ${middle}: accuracy of unseen pairs, gain ${small} minus gain ${large}`,
      { value: at(small, middle, 'unseen pairs') - at(large, middle, 'unseen pairs') },
      0.05,
      1,
    ),
    between(
      `gain ${small}, K = ${many}: accuracy of unseen over that of trained pairs`,
      { value: at(small, many, 'unseen pairs') / at(small, many, 'trained pairs') },
      0.9,
      1.1,
    ),
  ];
}
