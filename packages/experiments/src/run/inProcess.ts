import type { Executor } from './executor.ts';
import type { PrepareProblem, Surroundings } from './prepareProblem.ts';
import { runTask } from './runTask.ts';

/** One task after the other, here: what browsers and tests use, and what runs where nothing else is asked for. */
export function inProcess(surroundings: Surroundings, prepare: PrepareProblem): Executor {
  return {
    description: 'this process',
    slots: 1,
    run: async (task, listener, signal) =>
      runTask(task, await prepare(task.point.settings), { ...surroundings, signal }, listener),
  };
}
