import { type IntegerOption, inputError, integer, type Matrix } from '@ggdln/core';
import { requireCount } from './inputs.ts';

/** The option `tasks` of every gating that tells tasks apart. */
export const tasksOption: IntegerOption = integer({
  title: 'Tasks',
  min: 0,
  default: 0,
  help: 'Number of tasks with gates of their own; 0 takes those of the training data.',
  equation: 'ggdln/9',
});

/** The task of each input. @throws GGDLN_INPUT where there are none, or not one a row. */
export function requireTasks(where: string, X: Matrix, tasks: Int32Array | undefined): Int32Array {
  if (!tasks) {
    throw inputError(where, 'the inputs come without tasks', 'Use a dataset of several tasks, or another gating');
  }
  if (tasks.length !== X.rows) {
    throw inputError(where, `there are ${tasks.length} tasks for ${X.rows} inputs`, 'Give one task a row of X');
  }
  return tasks;
}

/** @throws GGDLN_INPUT for a task that has no gates, with its row and the tasks that have. */
export function requireKnownTask(where: string, task: number, row: number, count: number): void {
  if (task >= 0 && task < count) return;
  throw inputError(
    where,
    `row ${row} belongs to task ${task}, but there are gates for tasks 0 to ${count - 1}`,
    `Set the option tasks to at least ${Math.max(task + 1, count)}, and number tasks from 0`,
  );
}

/**
 * How many tasks get gates at fit.
 * @param given The option `tasks`; at 0 the training inputs say it.
 * @throws GGDLN_INPUT for missing tasks where they are needed, and for a training input of an unknown task.
 */
export function countTasks(where: string, X: Matrix, tasks: Int32Array | undefined, given: number): number {
  requireCount(where, 'tasks', given, 0, 'Give a whole number ≥ 1, or 0 to take the tasks of the training inputs');
  const known = given === 0 || tasks ? requireTasks(where, X, tasks) : Int32Array.of();
  const count = given === 0 ? known.reduce((largest, task) => Math.max(largest, task), 0) + 1 : given;
  known.forEach((task, row) => {
    requireKnownTask(where, task, row, count);
  });
  return count;
}
