import {
  type Dataset,
  inputError,
  type JsonObject,
  type NumberOption,
  number,
  type OptionsSchema,
  type OptionValues,
  type RandomStream,
  resolveOptions,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { gaussianMatrix } from './gaussianInputs.ts';
import { normaliseRows } from './images.ts';
import { rotateImages, rotatePlanes } from './rotations.ts';
import {
  drawBase,
  type Labelled,
  stackTasks,
  type TaskBaseOptions,
  type TaskBaseSettings,
  type TaskContext,
  type TaskView,
  taskBaseOptions,
} from './taskBase.ts';

const TWO_GROUPS = 'Of images: which classes take part; the first of two becomes +1, of more the odd ones.';

/** Options of the dataset `permuted-tasks`. */
export const permutedTasksOptions: TaskBaseOptions & { readonly fraction: NumberOption } = {
  fraction: number({
    title: 'Permuted',
    symbol: 'p',
    min: 0,
    max: 1,
    default: 0.5,
    help: 'Share of the inputs that every task but the first permutes: dissimilarity of inputs.',
  }),
  ...taskBaseOptions([3, 8], TWO_GROUPS),
};
/** Options of the dataset `rotated-tasks`. */
export const rotatedTasksOptions: TaskBaseOptions & { readonly angle: NumberOption } = {
  angle: number({
    title: 'Angle',
    unit: '°',
    min: -180,
    max: 180,
    default: 30,
    help: 'From one task to the next; images turn about their centre, clusters in random planes.',
  }),
  ...taskBaseOptions([3, 8], TWO_GROUPS),
};
/** Options of the dataset `split-tasks`. */
export const splitTasksOptions: TaskBaseOptions & { readonly similarity: NumberOption } = {
  similarity: number({
    title: 'Similarity',
    symbol: 'ρ',
    min: 0,
    max: 1,
    default: 0.5,
    help: 'Clusters: share ρ of every centre is common to all tasks, √(1 − ρ²) its own.',
  }),
  ...taskBaseOptions([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'Of images: two a task in turn; the first of both becomes +1.'),
};
/** Options of the dataset `conflicting-tasks`. */
export const conflictingTasksOptions: TaskBaseOptions & {
  readonly flipped: NumberOption;
  readonly inputNoise: NumberOption;
} = {
  flipped: number({
    title: 'Flipped labels',
    symbol: 'f',
    min: 0,
    max: 1,
    default: 0.5,
    help: 'Share of labels that every task but the first turns over; at 1 the rules are opposed.',
  }),
  inputNoise: number({
    title: 'Input noise',
    min: 0,
    max: 10,
    default: 0.1,
    help: 'Every task sees the same inputs, with noise of this standard deviation of its own.',
  }),
  ...taskBaseOptions([3, 8], TWO_GROUPS),
};

export type PermutedTasksOptions = OptionValues<typeof permutedTasksOptions>;
export type RotatedTasksOptions = OptionValues<typeof rotatedTasksOptions>;
export type SplitTasksOptions = OptionValues<typeof splitTasksOptions>;
export type ConflictingTasksOptions = OptionValues<typeof conflictingTasksOptions>;

/**
 * One problem under different orders of its inputs: the first task is the base, every other permutes a random share
 * `fraction` of the inputs (pixels), its own; labels stay. Examples of all tasks take turns, and `tasks` says whose
 * each is; all inputs have |x|² = N0.
 * @throws GGDLN_INPUT for an option out of range or a task without examples; what `loadMnist` throws for images.
 */
export async function permutedTasks(
  options: Partial<PermutedTasksOptions>,
  rng: RandomStream,
  context: TaskContext = {},
): Promise<Dataset> {
  const settings = read(permutedTasksOptions, options, 'permuted-tasks');
  const base = await drawBase(settings, rng.stream('base'), context);
  const size = base.train.X.cols;
  const orders = Array.from({ length: settings.tasks }, (_, task) =>
    task === 0
      ? Int32Array.from({ length: size }, (_unused, i) => i)
      : partialOrder(size, settings.fraction, rng.stream(`task ${task}`)),
  );
  const view: TaskView = (task, part) => {
    const { X, y } = base[part];
    const order = orders[task];
    return {
      X: matrix(
        X.rows,
        size,
        X.data.map((_, i) => X.data[i - (i % size) + order[i % size]]),
      ),
      y,
    };
  };
  return assemble('permuted-tasks', settings, base.provenance, view);
}

/**
 * One problem turned by `angle` from task to task. Images turn about their centre (bilinear between pixels, black
 * outside, scaled back to |x|² = N0); clusters turn by the same angle in N0/2 random orthogonal planes, so that two
 * tasks' inputs overlap by the cosine.
 * @throws As `permutedTasks`.
 */
export async function rotatedTasks(
  options: Partial<RotatedTasksOptions>,
  rng: RandomStream,
  context: TaskContext = {},
): Promise<Dataset> {
  const settings = read(rotatedTasksOptions, options, 'rotated-tasks');
  const base = await drawBase(settings, rng.stream('base'), context);
  const planes = rng.stream('planes').permutation(base.train.X.cols);
  const view: TaskView = (task, part) => {
    const { X, y } = base[part];
    const angle = (task * settings.angle * Math.PI) / 180;
    if (task === 0) return { X, y };
    return {
      X: base.side === undefined ? rotatePlanes(X, planes, angle) : normaliseRows(rotateImages(X, base.side, angle)),
      y,
    };
  };
  return assemble('rotated-tasks', settings, base.provenance, view);
}

/**
 * Tasks on different classes. Images: task t tells the classes 2t and 2t + 1 of the list apart. Clusters: each task has
 * centres of its own, ρ c + √(1 − ρ²) c_t with a shared c; ρ = `similarity`.
 * @throws As `permutedTasks`; GGDLN_INPUT for fewer than two classes a task.
 */
export async function splitTasks(
  options: Partial<SplitTasksOptions>,
  rng: RandomStream,
  context: TaskContext = {},
): Promise<Dataset> {
  const settings = read(splitTasksOptions, options, 'split-tasks');
  const { tasks, classes, similarity, clusters, inputs } = settings;
  if (settings.base !== 'clusters' && classes.length < 2 * tasks) {
    throw inputError(
      'dataset split-tasks',
      `${tasks} tasks need ${2 * tasks} classes, ${classes.length} are listed`,
      `Ask for at most ${Math.floor(classes.length / 2)} tasks, or list more classes`,
    );
  }
  const shared = gaussianMatrix(clusters, inputs, rng.stream('shared centres'));
  const own = Math.sqrt(1 - similarity * similarity);
  const bases: Awaited<ReturnType<typeof drawBase>>[] = [];
  for (let task = 0; task < tasks; task++) {
    const stream = rng.stream(`task ${task}`);
    const centres = gaussianMatrix(clusters, inputs, stream.stream('centres'));
    for (let i = 0; i < centres.data.length; i++) {
      centres.data[i] = similarity * shared.data[i] + own * centres.data[i];
    }
    bases.push(await drawBase(settings, stream, context, { classes: classes.slice(2 * task, 2 * task + 2), centres }));
  }
  const provenance = { tasks: bases.map((base) => base.provenance) };
  return assemble('split-tasks', settings, provenance, (task, part) => bases[task][part]);
}

/**
 * Tasks that contradict each other: all see (nearly) the same inputs, and every task but the first turns over a random
 * share `flipped` of the labels, its own. Without gates that know the task, no network can fit them all. Labels are turned
 * over example by example, in training and test alike: those of test examples can't be known, only those learned kept.
 * @throws As `permutedTasks`.
 */
export async function conflictingTasks(
  options: Partial<ConflictingTasksOptions>,
  rng: RandomStream,
  context: TaskContext = {},
): Promise<Dataset> {
  const settings = read(conflictingTasksOptions, options, 'conflicting-tasks');
  const base = await drawBase(settings, rng.stream('base'), context);
  const view: TaskView = (task, part): Labelled => {
    const { X, y } = base[part];
    const stream = rng.stream(`task ${task}/${part}`);
    const noise = stream.stream('noise').fillGaussian(new Float64Array(X.data.length), settings.inputNoise);
    const noisy =
      settings.inputNoise === 0
        ? X
        : normaliseRows(
            matrix(
              X.rows,
              X.cols,
              X.data.map((x, i) => x + noise[i]),
            ),
          );
    if (task === 0) return { X: noisy, y };
    const flips = stream.stream('flips');
    return { X: noisy, y: y.map((label) => (flips.uniform() < settings.flipped ? -label : label)) };
  };
  return assemble('conflicting-tasks', settings, base.provenance, view);
}

function read<Schema extends OptionsSchema>(schema: Schema, options: object, name: string): OptionValues<Schema> {
  return resolveOptions(schema, options as JsonObject, `dataset ${name}`);
}

function assemble(dataset: string, settings: TaskBaseSettings, made: JsonObject, view: TaskView): Dataset {
  const { tasks, trainSize, testSize } = settings;
  return {
    train: stackTasks('train', trainSize, tasks, view),
    test: stackTasks('test', testSize, tasks, view),
    provenance: { dataset, options: { ...settings }, madeFrom: made },
  };
}

/** An order that permutes a random share of the places among each other. */
function partialOrder(size: number, fraction: number, rng: RandomStream): Int32Array {
  const places = rng
    .stream('places')
    .permutation(size)
    .slice(0, Math.round(fraction * size));
  const shuffled = rng.stream('order').permutation(places.length);
  const order = Int32Array.from({ length: size }, (_, i) => i);
  places.forEach((place, i) => {
    order[place] = places[shuffled[i]];
  });
  return order;
}
