import { defineGating, type Gating, type GatingEntry } from '@ggdln/core';
import { drawHalfSpaces, type HalfSpacesOptions, halfSpaceOptions } from './halfSpaces.ts';
import type { HalfSpaces } from './openSides.ts';
import { gatesPerTask } from './perTask.ts';
import { countTasks, tasksOption } from './tasks.ts';

const where = '@ggdln/gating task-permutation';

export interface TaskPermutationOptions extends HalfSpacesOptions {
  /** Number of tasks; 0 takes those of the training data. Default 0. */
  readonly tasks?: number;
}

/** Half-spaces and the order in which each task has them. Plain JSON. */
export type TaskPermutation = {
  readonly halfSpaces: HalfSpaces;
  /** Gate m of a task is half-space order[task][m], tasks × M; task 0 has them as drawn. */
  readonly order: readonly (readonly number[])[];
};

/**
 * Half-spaces whose indices each task permutes (theory page ggdln, section 9): a task keeps the overlaps of its inputs,
 * and between tasks the overlap is about the product of the shares of gates that are open, at b = 0 a quarter. Task 0
 * keeps the order; the always-on gate stays first.
 */
export function taskPermutation(options: TaskPermutationOptions): Gating<TaskPermutation> {
  return {
    fit(X, { rng, tasks }) {
      const halfSpaces = drawHalfSpaces(X, options, rng);
      const stream = rng.stream('order');
      const drawn = Array.from({ length: options.gates }, (_, m) => m);
      const order = Array.from({ length: countTasks(where, X, tasks, options.tasks ?? 0) }, (_, task) =>
        task === 0 ? drawn : Array.from(stream.stream(task).permutation(options.gates)),
      );
      return { halfSpaces, order };
    },
    gates: ({ halfSpaces, order }, X, tasks) =>
      gatesPerTask({ where, gate: 'place', count: order.length }, halfSpaces, { X, tasks }, (task, gates, out) => {
        for (let m = 0; m < out.length; m++) out[m] = gates[order[task][m]];
      }),
  };
}

/** Half-spaces in another order for each task. */
export const taskPermutationEntry: GatingEntry = defineGating({
  title: 'Task permutations',
  summary: 'Random half-spaces whose indices each task permutes: tasks then share gates by chance alone.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
  options: { ...halfSpaceOptions, tasks: tasksOption },
  create: taskPermutation,
});
