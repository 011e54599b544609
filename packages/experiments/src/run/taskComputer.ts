import { type ComputeTask, GgdlnError, type LinalgBackend } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import { requireCompatible } from './compatibility.ts';
import { pointTaskOf } from './executor.ts';
import type { PreparedProblem, Surroundings } from './prepareProblem.ts';
import { runTask } from './runTask.ts';

/**
 * Computes tasks with what is there.
 * @param prepare Makes the problem of a point; what points share should be made once.
 */
export function taskComputer(
  surroundings: Surroundings,
  prepare: (point: PlannedPoint) => Promise<PreparedProblem>,
): ComputeTask {
  return async (sent, listener, signal) => {
    const task = pointTaskOf(sent);
    requireBackend(task.point, surroundings.linalg);
    const prepared = await prepare(task.point);
    requireCompatible([task.point], surroundings.registry, prepared.problem.train.Y.cols);
    return runTask(task, prepared, { ...surroundings, signal }, listener);
  };
}

/** The backend is part of what a point's numbers, and so its id, depend on. */
function requireBackend({ settings }: PlannedPoint, linalg: LinalgBackend): void {
  if (linalg.name === settings.linalg) return;
  throw new GgdlnError({
    code: 'GGDLN_BACKEND',
    where: '@ggdln/experiments taskComputer',
    problem: `a worker computes with the backend "${linalg.name}", the experiment with "${settings.linalg}"`,
    remedy: 'Let the set-up module of the workers make the backend of the experiment',
  });
}
