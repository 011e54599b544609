import {
  type ChoiceOption,
  choice,
  type Dataset,
  type Examples,
  type IntegerOption,
  integer,
  type JsonObject,
  type NumberOption,
  number,
  type OptionValues,
  type RandomStream,
  resolveOptions,
} from '@ggdln/core';
import { columnVector } from '@ggdln/linalg';
import { gaussianMatrix, meanSquares, project, requireRoom, sizeOptions } from './gaussianInputs.ts';

/** Options of the dataset `noisy-teacher`. */
export const noisyTeacherOptions: {
  readonly teacher: ChoiceOption<'linear' | 'relu'>;
  readonly teacherUnits: IntegerOption;
  readonly noise: NumberOption;
  readonly inputs: IntegerOption;
  readonly trainSize: IntegerOption;
  readonly testSize: IntegerOption;
} = {
  teacher: choice({
    title: 'Teacher',
    values: ['linear', 'relu'],
    default: 'linear',
    help: 'Linear: w·x/√N0. ReLU: one hidden layer. Weights are standard normal.',
  }),
  teacherUnits: integer({
    title: 'Teacher units',
    symbol: 'K',
    min: 1,
    max: 100_000,
    default: 20,
    help: 'Hidden units of the ReLU teacher.',
  }),
  noise: number({
    title: 'Label noise',
    min: 0,
    default: 0.1,
    help: 'Standard deviation of the noise on training targets; the teacher has about 1.',
  }),
  ...sizeOptions({ inputs: 50, trainSize: 100, testSize: 200 }),
};

export type NoisyTeacherOptions = OptionValues<typeof noisyTeacherOptions>;

/**
 * Gaussian inputs with the answers of a random teacher: x has independent standard normal entries, and
 * y = w·x/√N0 (linear) or y = √(2/K) Σ_k a_k max(0, w_k·x/√N0) (ReLU), all weights standard normal. Either has
 * E[y²] = |x|²/N0 over teachers. Training targets carry Gaussian noise, test targets none. Sets of fewer examples are
 * part of larger ones.
 * @param options Any of `noisyTeacherOptions`; the rest take their defaults.
 * @throws GGDLN_INPUT for an option out of range.
 */
export function noisyTeacher(options: Partial<NoisyTeacherOptions>, rng: RandomStream): Dataset {
  const settings = resolveOptions(noisyTeacherOptions, options as JsonObject, 'dataset noisy-teacher');
  requireRoom('dataset noisy-teacher', settings);
  const { noise, inputs, trainSize, testSize } = settings;
  const answer = drawTeacher(settings, rng.stream('teacher'));
  const noises = rng.stream('noise').fillGaussian(new Float64Array(trainSize), noise);
  const make = (part: string, count: number, shift: (example: number) => number): Examples => {
    const X = gaussianMatrix(count, inputs, rng.stream(`inputs/${part}`));
    return { X, Y: columnVector(Float64Array.from({ length: count }, (_, i) => answer(X, i) + shift(i))) };
  };
  const train = make('train', trainSize, (example) => noises[example]);
  const test = make('test', testSize, () => 0);
  return {
    train,
    test,
    provenance: { dataset: 'noisy-teacher', ...settings, meanSquareTarget: meanSquares(train, test) },
  };
}

type Answer = (X: Examples['X'], example: number) => number;

function drawTeacher({ teacher, teacherUnits, inputs }: NoisyTeacherOptions, rng: RandomStream): Answer {
  if (teacher === 'linear') {
    const w = gaussianMatrix(1, inputs, rng);
    return (X, example) => project(w, 0, X, example);
  }
  const w = gaussianMatrix(teacherUnits, inputs, rng.stream('hidden'));
  const a = rng.stream('readout').fillGaussian(new Float64Array(teacherUnits), Math.sqrt(2 / teacherUnits));
  return (X, example) => a.reduce((sum, weight, k) => sum + weight * Math.max(0, project(w, k, X, example)), 0);
}
