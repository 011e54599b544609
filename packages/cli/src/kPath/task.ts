import {
  createRandom,
  inputError,
  type JsonObject,
  type Matrix,
  type OptionsSchema,
  resolveOptions,
} from '@ggdln/core';
import { decodeNpz, type NpyArray } from '@ggdln/io';
import {
  classesOf,
  type KPathExamples,
  type KPathTask,
  permutedPixels,
  relabellings,
  turnedPixels,
} from '@ggdln/learning/k-path';
import type { Session } from '../command.ts';
import { readBytes } from '../readBytes.ts';
import type { KPathValues } from './options.ts';

const where = 'ggdln k-path';

/** Where the examples come from: a dataset of pictures, or features that were computed before. */
export type KPathSource =
  | { readonly use: string; readonly options: JsonObject }
  | { readonly features: string; readonly sha256: string };

/** What the command asks of a dataset unless it is told otherwise. */
const DATASET_DEFAULTS: JsonObject = {
  task: 'classes',
  coding: 'one-hot',
  trainSize: 1000,
  testSize: 500,
  pixels: 14,
  grey: false,
  centre: true,
  classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
};

/** The options of a dataset with the defaults of this command. */
export function datasetSchema(use: string, registry: Session['registry']): OptionsSchema {
  const { options } = registry.get('dataset', use);
  if (!Object.hasOwn(options, 'pixels')) {
    throw inputError(
      where,
      `the dataset ${use} has no pictures`,
      'Name mnist, fashion-mnist, cifar-10 or mnist-small, or give inputs as --features FILE.npz',
    );
  }
  const defaultOf = (name: string): unknown => (name === 'pixels' && use === 'cifar-10' ? 8 : DATASET_DEFAULTS[name]);
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const wanted = defaultOf(name);
      return [name, wanted === undefined ? option : ({ ...option, default: wanted } as typeof option)];
    }),
  );
}

/** Loads the examples and makes the domains. @throws GGDLN_DATA, GGDLN_INPUT naming what doesn't fit. */
export async function kPathTask(
  source: KPathSource,
  { domains, inputs, labels }: KPathValues,
  seed: number,
  session: Session,
): Promise<KPathTask> {
  const rng = createRandom(seed);
  const relabelled = (classes: number) => relabellings(domains, classes, labels, rng.stream('labels'));
  if ('features' in source) return fromFeatures(source.features, domains, relabelled, session.cwd);
  const entry = session.registry.get('dataset', source.use);
  const values = resolveOptions(entry.options, source.options, `dataset ${source.use}`);
  const { backend } = await session.linalg();
  const { train, test } = await entry.create(values, {
    rng: rng.stream('dataset'),
    linalg: backend,
    files: session.files,
    signal: session.signal,
  });
  if (train.Y.cols < 2) {
    throw inputError(where, 'the targets have one column, which names no class', 'Leave --dataset.coding one-hot');
  }
  const side = Number(values.pixels);
  const shape = { side, channels: train.X.cols / side ** 2 };
  const maps =
    inputs === 'turned' ? turnedPixels(domains, shape) : permutedPixels(domains, shape, rng.stream('inputs'));
  const examples = ({ X, Y }: { readonly X: Matrix; readonly Y: Matrix }) => ({ X, labels: classesOf(Y) });
  const classes = train.Y.cols;
  return { train: examples(train), test: examples(test), classes, inputs: maps, labels: relabelled(classes) };
}

function fromFeatures(
  path: string,
  domains: number,
  relabelled: (classes: number) => number[][],
  cwd: string,
): KPathTask {
  const arrays = decodeNpz(readBytes(path, cwd, where), { name: path });
  const half = (part: 'train' | 'test'): KPathExamples => {
    const [X, labels] = ['X', 'labels'].map((name) => needArray(arrays, `${part}_${name}`, path));
    const [count, rows, cols] = X.shape;
    if (X.shape.length !== 3 || count !== domains) {
      throw inputError(
        where,
        `${path}: ${part}_X is ${X.shape.join(' × ')}`,
        `Give M × P × features with M = ${domains}`,
      );
    }
    const data = numbersOf(X);
    return {
      X: Array.from({ length: count }, (_, a) => ({
        rows,
        cols,
        data: data.slice(a * rows * cols, (a + 1) * rows * cols),
      })),
      labels: numbersOf(labels),
    };
  };
  const [train, test] = [half('train'), half('test')];
  const classes = 1 + Array.from(train.labels).reduce((largest, label) => Math.max(largest, label), 0);
  return { train, test, classes, labels: relabelled(classes) };
}

function needArray(arrays: Record<string, NpyArray>, name: string, path: string): NpyArray {
  const array = arrays[name];
  if (array) return array;
  const there = Object.keys(arrays).join(', ');
  throw inputError(
    where,
    `${path} has no array ${name} (it has ${there})`,
    'Give train_X, train_labels, test_X, test_labels',
  );
}

const numbersOf = ({ data }: NpyArray): Float64Array => Float64Array.from(data as ArrayLike<number | bigint>, Number);
