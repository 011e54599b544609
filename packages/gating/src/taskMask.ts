import {
  choice,
  defineGating,
  type Gating,
  type GatingEntry,
  inputError,
  number,
  type RandomStream,
} from '@ggdln/core';
import { drawHalfSpaces, type HalfSpacesOptions, halfSpaceOptions } from './halfSpaces.ts';
import type { HalfSpaces } from './openSides.ts';
import { gatesPerTask } from './perTask.ts';
import { countTasks, tasksOption } from './tasks.ts';

const where = '@ggdln/gating task-mask';

export interface TaskMaskOptions extends HalfSpacesOptions {
  /** q: the share of the gates that a task may open, rounded to whole gates. Default 0.5. Of no effect if disjoint. */
  readonly density?: number;
  /** `random`: each task draws its own; `disjoint`: each gate belongs to one task. Default `random`. */
  readonly subsets?: 'random' | 'disjoint';
  /** Number of tasks; 0 takes those of the training data. Default 0. */
  readonly tasks?: number;
}

/** Half-spaces and which of them each task may open. Plain JSON. */
export type TaskMask = {
  readonly halfSpaces: HalfSpaces;
  /** 1 where a task may open a gate, tasks × M. */
  readonly masks: readonly (readonly number[])[];
};

/**
 * Half-spaces of which each task uses a subset, the same for all its inputs (theory page ggdln, section 9). With random
 * subsets of density q, the overlap of gates is q times that of half-spaces within a task and about q² times between
 * tasks; disjoint subsets don't overlap. The always-on gate is in every subset.
 */
export function taskMask(options: TaskMaskOptions): Gating<TaskMask> {
  const { density = 0.5, subsets = 'random', tasks: given = 0 } = options;
  return {
    fit(X, { rng, tasks }) {
      const halfSpaces = drawHalfSpaces(X, options, rng);
      const count = countTasks(where, X, tasks, given);
      const stream = rng.stream('masks');
      const masks = subsets === 'disjoint' ? disjoint(count, options.gates, stream) : [];
      for (let task = masks.length; task < count; task++) {
        masks.push(subset(density, options.gates, stream.stream(task)));
      }
      return { halfSpaces, masks };
    },
    gates: ({ halfSpaces, masks }, X, tasks) =>
      gatesPerTask({ where, gate: 'half-space', count: masks.length }, halfSpaces, { X, tasks }, (task, gates, out) => {
        for (let m = 0; m < out.length; m++) out[m] = masks[task][m] * gates[m];
      }),
  };
}

/** Half-spaces of which each task uses a part. */
export const taskMaskEntry: GatingEntry = defineGating({
  title: 'Task subsets',
  summary: 'Random half-spaces of which each task uses a fixed part, and keeps the others closed.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
  options: {
    ...halfSpaceOptions,
    density: number({
      title: 'Density',
      symbol: 'q',
      min: 0,
      exclusiveMin: true,
      max: 1,
      default: 0.5,
      help: 'Share of the gates that a task uses, for random subsets.',
      equation: 'ggdln/9',
    }),
    subsets: choice({
      title: 'Subsets',
      values: ['random', 'disjoint'],
      default: 'random',
      help: 'Random: each task draws its own. Disjoint: each gate belongs to one task.',
      equation: 'ggdln/9',
    }),
    tasks: tasksOption,
  },
  create: taskMask,
});

function subset(density: number, gates: number, rng: RandomStream): number[] {
  const size = Math.round(density * gates);
  if (!(density > 0 && density <= 1) || size < 1) {
    throw inputError(
      where,
      `density = ${density} leaves ${size} of ${gates} gates to a task`,
      'Give a density from 1/gates to 1',
    );
  }
  const mask = new Array<number>(gates).fill(0);
  for (const gate of rng.permutation(gates).subarray(0, size)) mask[gate] = 1;
  return mask;
}

/** Deals the gates out in a random order: subsets differ in size by at most one. */
function disjoint(tasks: number, gates: number, rng: RandomStream): number[][] {
  if (gates < tasks) {
    throw inputError(where, `${gates} gates for disjoint subsets of ${tasks} tasks`, 'Give at least one gate a task');
  }
  const masks = Array.from({ length: tasks }, () => new Array<number>(gates).fill(0));
  rng.permutation(gates).forEach((gate, turn) => {
    masks[turn % tasks][gate] = 1;
  });
  return masks;
}
