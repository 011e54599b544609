import {
  boolean,
  defineGating,
  type Gates,
  type Gating,
  type GatingEntry,
  inputError,
  integer,
  type Matrix,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { withAlwaysOn } from './alwaysOn.ts';
import { requireCount, requireSameDimension, requireTrainingInputs } from './inputs.ts';

const where = '@ggdln/gating one-hot-tasks';

/**
 * One gate a task, open at the inputs of that task alone, P × `count` (theory page ggdln, identity 7.5).
 * @param tasks Task of each input, 0 … count − 1.
 * @throws GGDLN_INPUT for a task outside the range (with its row).
 */
export function oneHotTaskGates(tasks: Int32Array, count: number): Gates {
  requireCount(where, 'tasks', count, 1, 'Give a whole number ≥ 1');
  const values = matrix(tasks.length, count);
  tasks.forEach((task, row) => {
    if (task < 0 || task >= count) {
      throw inputError(
        where,
        `row ${row} belongs to task ${task}, but there are gates for tasks 0 to ${count - 1}`,
        `Set the option tasks to at least ${Math.max(task + 1, count)}, and number tasks from 0`,
      );
    }
    values.data[row * count + task] = 1;
  });
  return { values, names: Array.from({ length: count }, (_, task) => `task ${task}`) };
}

export interface OneHotTasksOptions {
  /** Number of tasks; 0 takes those of the training data. Default 0. */
  readonly tasks?: number;
  /** Put a gate equal to 1 before the others. Default false. */
  readonly alwaysOn?: boolean;
}

/** The gating of {@link oneHotTaskGates}; its state is the number of tasks, the input dimension and `alwaysOn`. */
export function oneHotTasks(
  options: OneHotTasksOptions = {},
): Gating<{ readonly tasks: number; readonly inputs: number; readonly alwaysOn: boolean }> {
  const { tasks: given = 0, alwaysOn = false } = options;
  return {
    fit(X, { tasks }) {
      requireTrainingInputs(where, X);
      const count = given === 0 ? requireTasks(X, tasks).reduce((a, b) => Math.max(a, b), 0) + 1 : given;
      if (tasks) oneHotTaskGates(tasks, count);
      return { tasks: count, inputs: X.cols, alwaysOn };
    },
    gates(state, X, tasks) {
      requireSameDimension(where, X, state.inputs);
      const gates = oneHotTaskGates(requireTasks(X, tasks), state.tasks);
      return state.alwaysOn ? withAlwaysOn(gates) : gates;
    },
  };
}

/** One gate a task. */
export const oneHotTasksEntry: GatingEntry = defineGating({
  title: 'One gate a task',
  summary: 'Each task opens its own gate and no other; at infinite width tasks then share nothing.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
  options: {
    tasks: integer({
      title: 'Tasks',
      min: 0,
      default: 0,
      help: 'Number of tasks, each with a gate; 0 takes those of the training data.',
      equation: 'ggdln/7',
    }),
    alwaysOn: boolean({
      title: 'Always-on gate',
      default: false,
      help: 'Put a gate equal to 1 before the others: tasks then share a path at any width.',
      equation: 'ggdln/9',
    }),
  },
  create: oneHotTasks,
});

function requireTasks(X: Matrix, tasks: Int32Array | undefined): Int32Array {
  if (!tasks) {
    throw inputError(where, 'the inputs come without tasks', 'Use a dataset of several tasks, or another gating');
  }
  if (tasks.length !== X.rows) {
    throw inputError(where, `there are ${tasks.length} tasks for ${X.rows} inputs`, 'Give one task a row of X');
  }
  return tasks;
}
