import { boolean, defineGating, type Gates, type Gating, type GatingEntry } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { withAlwaysOn } from './alwaysOn.ts';
import { requireCount, requireSameDimension, requireTrainingInputs } from './inputs.ts';
import { countTasks, requireKnownTask, requireTasks, tasksOption } from './tasks.ts';

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
    requireKnownTask(where, task, row, count);
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
      return { tasks: countTasks(where, X, tasks, given), inputs: X.cols, alwaysOn };
    },
    gates(state, X, tasks) {
      requireSameDimension(where, X, state.inputs);
      const gates = oneHotTaskGates(requireTasks(where, X, tasks), state.tasks);
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
    tasks: tasksOption,
    alwaysOn: boolean({
      title: 'Always-on gate',
      default: false,
      help: 'Put a gate equal to 1 before the others: tasks then share a path at any width.',
      equation: 'ggdln/9',
    }),
  },
  create: oneHotTasks,
});
