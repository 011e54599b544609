import {
  choice,
  defineGating,
  type Gates,
  type Gating,
  type GatingEntry,
  inputError,
  integer,
  type Matrix,
  number,
} from '@ggdln/core';
import { matrix, toRows } from '@ggdln/linalg';
import { drawHalfSpaces, type HalfSpacesOptions, halfSpaceOptions } from './halfSpaces.ts';
import { requireCount } from './inputs.ts';
import type { HalfSpaces } from './openSides.ts';
import { openSides } from './openSides.ts';
import { drawTaskCodes, type TaskCodes } from './taskCodes.ts';
import { countTasks, requireKnownTask, requireTasks, tasksOption } from './tasks.ts';

const where = '@ggdln/gating task-code';

export interface TaskCodeOptions extends HalfSpacesOptions {
  /** λ. Default 1; at 0 the gates are those of half-spaces from the same stream. */
  readonly strength?: number;
  /** Default `orthogonal`. */
  readonly codes?: TaskCodes;
  /** N_z; 0 takes the dimension of the inputs. Default 0. */
  readonly codeSize?: number;
  /** Number of tasks; 0 takes those of the training data. Default 0. */
  readonly tasks?: number;
}

/** Half-spaces of inputs together with codes of tasks. Plain JSON. */
export type TaskCodeState = {
  readonly halfSpaces: HalfSpaces;
  /** V′: what each gate sees of a code, M × N_z. */
  readonly topDown: readonly (readonly number[])[];
  /** z of each task, tasks × N_z. */
  readonly codes: readonly (readonly number[])[];
  /** λ. */
  readonly strength: number;
};

/**
 * g_m(x, z) = Θ(V_m·(x − mean)/√N0 + λ V′_m·z/√N_z − b), P × M, with z the code of the input's task (theory page ggdln,
 * section 9). The code is seen by the gates alone.
 * @param tasks Task of each input. @throws GGDLN_INPUT for missing tasks, a task without a code, or bad inputs.
 */
export function taskCodeGates(state: TaskCodeState, X: Matrix, tasks?: Int32Array): Gates {
  const { halfSpaces, topDown, codes, strength } = state;
  const known = requireTasks(where, X, tasks);
  known.forEach((task, row) => {
    requireKnownTask(where, task, row, codes.length);
  });
  const drives = codes.map((code) => topDown.map((v) => (strength * dot(v, code)) / Math.sqrt(code.length)));
  return openSides({ where, gate: 'half-space' }, halfSpaces, X, (row) => drives[known[row]]);
}

/** The gating of {@link taskCodeGates}: V and V′ standard normal, codes as {@link drawTaskCodes} draws them. */
export function taskCode(options: TaskCodeOptions): Gating<TaskCodeState> {
  const { strength = 1, codes = 'orthogonal', codeSize = 0, tasks: given = 0 } = options;
  return {
    fit(X, { rng, tasks }) {
      if (!Number.isFinite(strength)) throw inputError(where, `strength = ${strength}`, 'Give a finite number');
      requireCount(where, 'codeSize', codeSize, 0, 'Give a whole number ≥ 1, or 0 for the dimension of the inputs');
      const halfSpaces = drawHalfSpaces(X, options, rng);
      const count = countTasks(where, X, tasks, given);
      const size = codeSize === 0 ? X.cols : codeSize;
      const topDown = rng.stream('top-down').fillGaussian(new Float64Array(options.gates * size));
      return {
        halfSpaces,
        topDown: toRows(matrix(options.gates, size, topDown)),
        codes: drawTaskCodes(codes, count, size, rng.stream('codes')),
        strength,
      };
    },
    gates: taskCodeGates,
  };
}

/** Half-spaces that a code of the task shifts from above. */
export const taskCodeEntry: GatingEntry = defineGating({
  title: 'Top-down task code',
  summary: 'Random half-spaces of the input and a code of its task: tasks share fewer gates the stronger the code.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
  options: {
    ...halfSpaceOptions,
    strength: number({
      title: 'Top-down strength',
      symbol: 'λ',
      min: 0,
      default: 1,
      help: 'How much a gate heeds the task: 0 for the input alone, infinity for the task alone.',
      equation: 'ggdln/9',
    }),
    codes: choice({
      title: 'Codes',
      symbol: 'z',
      values: ['orthogonal', 'random', 'opposite'],
      default: 'orthogonal',
      help: 'How the codes of tasks lie to each other; opposite: in pairs of changed sign.',
      equation: 'ggdln/9',
    }),
    codeSize: integer({
      title: 'Code size',
      symbol: 'N_z',
      min: 0,
      default: 0,
      help: 'Components of a code; 0 takes the dimension of the inputs.',
      equation: 'ggdln/9',
    }),
    tasks: tasksOption,
  },
  create: taskCode,
});

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let j = 0; j < b.length; j++) sum += a[j] * b[j];
  return sum;
}
