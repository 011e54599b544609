import {
  type ChoiceOption,
  choice,
  type Examples,
  type FileSource,
  type IntegerOption,
  inputError,
  integer,
  type JsonObject,
  type Matrix,
  type NumberOption,
  type NumbersOption,
  number,
  numbers,
  type OptionValues,
  type RandomStream,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { fashionMnistSource } from './fashionMnist.ts';
import { gaussianMatrix, requireRoom, sizeOptions } from './gaussianInputs.ts';
import { normaliseRows } from './images.ts';
import { type ImageSource, type LoadContext, loadImages } from './imageTask.ts';
import { mnistSource } from './mnist.ts';
import { mnistSmallSource } from './mnistSmall.ts';

/** Options that all families of tasks share: what every task is made from, and sizes. */
export type TaskBaseOptions = {
  readonly base: ChoiceOption<'clusters' | 'mnist' | 'mnist-small' | 'fashion-mnist'>;
  readonly tasks: IntegerOption;
  readonly classes: NumbersOption;
  readonly pixels: IntegerOption;
  readonly clusters: IntegerOption;
  readonly spread: NumberOption;
  readonly inputs: IntegerOption;
  readonly trainSize: IntegerOption;
  readonly testSize: IntegerOption;
};
export type TaskBaseSettings = OptionValues<TaskBaseOptions>;

/** Declares `TaskBaseOptions`. @param classesHelp What a task's labels say of images. */
export function taskBaseOptions(classes: readonly number[], classesHelp: string): TaskBaseOptions {
  return {
    base: choice({
      title: 'Made from',
      values: ['clusters', 'mnist', 'mnist-small', 'fashion-mnist'],
      default: 'clusters',
      help: 'Gaussian clusters of labels ±1, handwritten digits (all or 2000), or clothes.',
    }),
    tasks: integer({ title: 'Tasks', min: 1, max: 1000, default: 3, help: 'Number of tasks; examples take turns.' }),
    classes: numbers({ title: 'Classes', integer: true, min: 0, max: 9, default: classes, help: classesHelp }),
    pixels: integer({ title: 'Pixels a side', min: 1, max: 28, default: 7, help: 'Of images: divides 28.' }),
    clusters: integer({ title: 'Clusters', min: 2, max: 10_000, default: 4, help: 'Half of them have the label +1.' }),
    spread: number({
      title: 'Spread',
      min: 0,
      max: 1000,
      default: 0.5,
      help: 'Standard deviation of a cluster; its centre has 1 in every input.',
    }),
    ...sizeOptions({ inputs: 30, trainSize: 60, testSize: 150 }),
  };
}

/** Inputs of |x|² = N0 with targets ±1 that tasks are made from. */
export interface Labelled {
  readonly X: Matrix;
  readonly y: Float64Array;
}
export interface TaskBase {
  readonly train: Labelled;
  readonly test: Labelled;
  /** Pixels a side where the inputs are images. */
  readonly side?: number;
  readonly provenance: JsonObject;
}

/** What reading images needs. */
export interface TaskContext extends LoadContext {
  readonly files?: FileSource | undefined;
}

/**
 * Draws as many examples as one task needs: one in `tasks` of both sizes, rounded up.
 * @param wanted Classes of images (odd ones get +1 unless there are two), or the clusters' centres (clusters × N0).
 * @throws GGDLN_INPUT for more than fits into memory; what `loadMnist` throws.
 */
export async function drawBase(
  settings: TaskBaseSettings,
  rng: RandomStream,
  context: TaskContext,
  wanted: { readonly classes?: readonly number[]; readonly centres?: Matrix } = {},
): Promise<TaskBase> {
  const sizes = perTask(settings);
  if (settings.base !== 'clusters')
    return drawImages(settings.base, settings, sizes, wanted.classes ?? settings.classes, rng, context);
  requireRoom('dataset of several tasks', settings);
  const centres = wanted.centres ?? gaussianMatrix(settings.clusters, settings.inputs, rng.stream('centres'));
  const draw = (part: 'train' | 'test', count: number): Labelled => {
    const X = gaussianMatrix(count, settings.inputs, rng.stream(`inputs/${part}`));
    for (let i = 0; i < X.data.length; i++) {
      const cluster = Math.floor(i / X.cols) % centres.rows;
      X.data[i] = centres.data[cluster * X.cols + (i % X.cols)] + settings.spread * X.data[i];
    }
    const y = Float64Array.from({ length: count }, (_, i) => ((i % centres.rows) % 2 === 0 ? 1 : -1));
    return { X: normaliseRows(X), y };
  };
  return { train: draw('train', sizes.train), test: draw('test', sizes.test), provenance: { base: 'clusters' } };
}

/** @throws GGDLN_INPUT when a task would have no example. */
function perTask({ tasks, trainSize, testSize }: TaskBaseSettings): { readonly train: number; readonly test: number } {
  for (const [part, count] of Object.entries({ training: trainSize, test: testSize })) {
    if (count >= tasks) continue;
    throw inputError(
      'dataset of several tasks',
      `${count} ${part} examples leave ${tasks - count} of ${tasks} tasks without any`,
      `Ask for at least ${tasks}`,
    );
  }
  return { train: Math.ceil(trainSize / tasks), test: Math.ceil(testSize / tasks) };
}

const imageSources: Readonly<Record<Exclude<TaskBaseSettings['base'], 'clusters'>, ImageSource>> = {
  mnist: mnistSource,
  'mnist-small': mnistSmallSource,
  'fashion-mnist': fashionMnistSource,
};

async function drawImages(
  base: keyof typeof imageSources,
  { pixels }: TaskBaseSettings,
  sizes: { readonly train: number; readonly test: number },
  classes: readonly number[],
  rng: RandomStream,
  { files, ...watch }: TaskContext,
): Promise<TaskBase> {
  const source = imageSources[base];
  if (!files) throw inputError(`dataset of several tasks`, `nothing was given to read ${base} from`, 'Give files');
  const { train, test, provenance } = await loadImages(
    source,
    {
      task: classes.length === 2 ? 'pair' : 'odd-even',
      classes,
      coding: 'plus-minus',
      trainSize: sizes.train,
      testSize: sizes.test,
      testFrom: 'test',
      balance: true,
      pixels,
      centre: false,
      normalise: true,
    },
    files,
    rng,
    watch,
  );
  const labelled = ({ X, Y }: typeof train): Labelled => ({ X, y: Y.data });
  return { train: labelled(train), test: labelled(test), side: pixels, provenance: { base, ...provenance } };
}

/** One task's view of an example. */
export type TaskView = (task: number, part: 'train' | 'test') => Labelled;

/** The examples of several tasks in turn: example μ belongs to task μ mod T and is number ⌊μ/T⌋ of it. */
export function stackTasks(part: 'train' | 'test', count: number, tasks: number, view: TaskView): Required<Examples> {
  const views = Array.from({ length: tasks }, (_, task) => view(task, part));
  const { cols } = views[0].X;
  const X = matrix(count, cols);
  const Y = matrix(count, 1);
  const task = Int32Array.from({ length: count }, (_, i) => i % tasks);
  for (let i = 0; i < count; i++) {
    const from = views[task[i]];
    const row = Math.floor(i / tasks);
    X.data.set(from.X.data.subarray(row * cols, (row + 1) * cols), i * cols);
    Y.data[i] = from.y[row];
  }
  return { X, Y, tasks: task };
}
