import {
  type Dataset,
  type Examples,
  type IntegerOption,
  inputError,
  integer,
  type JsonObject,
  type Matrix,
  type NumberOption,
  number,
  type OptionValues,
  type RandomStream,
  resolveOptions,
} from '@ggdln/core';
import { columnVector } from '@ggdln/linalg';
import { gaussianMatrix, meanSquares, project, requireRoom, sizeOptions } from './gaussianInputs.ts';

/** Options of the dataset `one-hot-contexts`. */
export const oneHotContextsOptions: {
  readonly contexts: IntegerOption;
  readonly difference: NumberOption;
  readonly inputs: IntegerOption;
  readonly trainSize: IntegerOption;
  readonly testSize: IntegerOption;
} = {
  contexts: integer({
    title: 'Contexts',
    min: 1,
    max: 10_000,
    default: 4,
    help: 'Number of tasks, each with a linear teacher of its own.',
  }),
  difference: number({
    title: 'Difference',
    min: 0,
    max: 1000,
    default: 0.3,
    help: "Size of a context's own part of its teacher, relative to the shared part.",
  }),
  ...sizeOptions({ inputs: 20, trainSize: 40, testSize: 200 }),
};

export type OneHotContextsOptions = OptionValues<typeof oneHotContextsOptions>;

/**
 * Several related linear tasks, one a context: y = w_c·x/√N0 with w_c = (w + d·v_c)/√(1 + d²), where w is shared,
 * v_c belongs to context c and d is `difference`; all entries of x, w and v_c are standard normal. Example μ belongs
 * to context μ mod C, which `tasks` says, so that a gating can open one gate a context. Theory page ggdln, section 11,
 * item 1: useful transfer between gates at finite width, none at infinite width.
 * @param options Any of `oneHotContextsOptions`; the rest take their defaults.
 * @throws GGDLN_INPUT for an option out of range, or fewer examples than contexts.
 */
export function oneHotContexts(options: Partial<OneHotContextsOptions>, rng: RandomStream): Dataset {
  const settings = resolveOptions(oneHotContextsOptions, options as JsonObject, 'dataset one-hot-contexts');
  requireRoom('dataset one-hot-contexts', settings);
  const { contexts, inputs, trainSize, testSize } = settings;
  const teachers = drawTeachers(settings, rng.stream('teachers'));
  const make = (part: string, count: number): Examples => {
    requireEveryContext(part, count, contexts);
    const X = gaussianMatrix(count, inputs, rng.stream(`inputs/${part}`));
    const tasks = Int32Array.from({ length: count }, (_, i) => i % contexts);
    return { X, Y: columnVector(Float64Array.from(tasks, (task, i) => project(teachers, task, X, i))), tasks };
  };
  const train = make('train', trainSize);
  const test = make('test', testSize);
  return {
    train,
    test,
    provenance: { dataset: 'one-hot-contexts', ...settings, meanSquareTarget: meanSquares(train, test) },
  };
}

function drawTeachers({ contexts, inputs, difference }: OneHotContextsOptions, rng: RandomStream): Matrix {
  const shared = gaussianMatrix(1, inputs, rng.stream('shared'));
  const teachers = gaussianMatrix(contexts, inputs, rng.stream('own'));
  const norm = Math.hypot(1, difference);
  for (let i = 0; i < teachers.data.length; i++) {
    teachers.data[i] = (shared.data[i % inputs] + difference * teachers.data[i]) / norm;
  }
  return teachers;
}

function requireEveryContext(part: string, count: number, contexts: number): void {
  if (count >= contexts) return;
  throw inputError(
    'dataset one-hot-contexts',
    `${count} ${part} examples leave ${contexts - count} of ${contexts} contexts without any`,
    `Ask for at least ${contexts}`,
  );
}
