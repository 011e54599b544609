import {
  type Dataset,
  type IntegerOption,
  inputError,
  integer,
  type JsonObject,
  type NumberOption,
  number,
  type OptionValues,
  type RandomStream,
  resolveOptions,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { gaussianMatrix, meanSquares, project, requireRoom, sizeOptions } from './gaussianInputs.ts';
import { normaliseRows } from './images.ts';
import { stackTasks } from './taskBase.ts';

/** Options of the dataset `related-teachers`. */
export const relatedTeachersOptions: {
  readonly tasks: IntegerOption;
  readonly inputSimilarity: NumberOption;
  readonly ruleSimilarity: NumberOption;
  readonly noise: NumberOption;
  readonly inputs: IntegerOption;
  readonly trainSize: IntegerOption;
  readonly testSize: IntegerOption;
} = {
  tasks: integer({ title: 'Tasks', min: 1, max: 1000, default: 3, help: 'Number of tasks; examples take turns.' }),
  inputSimilarity: number({
    title: 'Input similarity',
    symbol: 'ρx',
    min: 0,
    max: 1,
    default: 0.5,
    help: 'Share of the inputs that all tasks have in common; two tasks overlap by its square.',
  }),
  ruleSimilarity: number({
    title: 'Rule similarity',
    symbol: 'ρy',
    min: 0,
    max: 1,
    default: 0.5,
    help: 'Share of the teacher that all tasks have in common; two teachers overlap by its square.',
  }),
  noise: number({ title: 'Label noise', min: 0, default: 0, help: 'Standard deviation of noise on training targets.' }),
  ...sizeOptions({ inputs: 30, trainSize: 60, testSize: 150 }),
};

export type RelatedTeachersOptions = OptionValues<typeof relatedTeachersOptions>;

/**
 * Tasks with inputs and linear teachers that resemble each other as much as one likes: x_t = unit(ρx b + √(1 − ρx²) ξ_t)
 * with shared b, y_t = w_t·x/√N0 with w_t = ρy w + √(1 − ρy²) v_t; all of b, ξ, w and v standard normal and
 * |x|² = N0. Examples of all tasks take turns, and number k of every task shares its b. (Shan, Li & Sompolinsky,
 * arXiv:2407.10315.) `oneHotContexts` has independent inputs.
 * @param options Any of `relatedTeachersOptions`; the rest take their defaults.
 * @throws GGDLN_INPUT for an option out of range, or fewer examples than tasks.
 */
export function relatedTeachers(options: Partial<RelatedTeachersOptions>, rng: RandomStream): Dataset {
  const settings = resolveOptions(relatedTeachersOptions, options as JsonObject, 'dataset related-teachers');
  requireRoom('dataset related-teachers', settings);
  const { tasks, inputs, inputSimilarity, ruleSimilarity, noise } = settings;
  const teachers = mix(ruleSimilarity, gaussianMatrix(1, inputs, rng.stream('rule')), (task) =>
    gaussianMatrix(1, inputs, rng.stream(`rule/${task}`)),
  );
  const make = (part: 'train' | 'test', total: number, noiseSize: number) => {
    if (total < tasks) {
      const problem = `${total} ${part} examples leave ${tasks - total} of ${tasks} tasks without any`;
      throw inputError('dataset related-teachers', problem, `Ask for at least ${tasks}`);
    }
    const count = Math.ceil(total / tasks);
    const own = mix(inputSimilarity, gaussianMatrix(count, inputs, rng.stream(`inputs/${part}`)), (task) =>
      gaussianMatrix(count, inputs, rng.stream(`inputs/${part}/${task}`)),
    );
    return stackTasks(part, total, tasks, (task) => {
      const X = normaliseRows(own(task));
      const teacher = teachers(task);
      const y = rng.stream(`noise/${part}/${task}`).fillGaussian(new Float64Array(count), noiseSize);
      return { X, y: y.map((error, i) => project(teacher, 0, X, i) + error) };
    });
  };
  const train = make('train', settings.trainSize, noise);
  const test = make('test', settings.testSize, 0);
  return {
    train,
    test,
    provenance: { dataset: 'related-teachers', ...settings, meanSquareTarget: meanSquares(train, test) },
  };
}

/** ρ shared + √(1 − ρ²) own, for every task. */
function mix(similarity: number, shared: ReturnType<typeof matrix>, own: (task: number) => ReturnType<typeof matrix>) {
  const rest = Math.sqrt(1 - similarity * similarity);
  return (task: number) => {
    const { rows, cols, data } = own(task);
    return matrix(
      rows,
      cols,
      data.map((value, i) => similarity * shared.data[i] + rest * value),
    );
  };
}
