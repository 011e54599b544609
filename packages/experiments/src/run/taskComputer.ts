import { type ComputeTask, GgdlnError, type LinalgBackend, type ProductCache } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import { requireCompatible } from './compatibility.ts';
import { pointTaskOf } from './executor.ts';
import type { PreparedProblem, Surroundings } from './prepareProblem.ts';
import { runTask } from './runTask.ts';

/**
 * Computes tasks with what is there.
 * @param prepare Makes the problem of a point; what points share should be made once.
 * @param shelf Where theories leave what they keep between points; the same for all tasks of a process.
 */
export function taskComputer(
  surroundings: Surroundings,
  prepare: (point: PlannedPoint) => Promise<PreparedProblem>,
  shelf: Shelf,
): ComputeTask {
  return async (sent, listener, signal) => {
    const task = pointTaskOf(sent);
    requireBackend(task.point, surroundings.linalg);
    const prepared = await prepare(task.point);
    requireCompatible([task.point], surroundings.registry, prepared.problem.train.Y.cols);
    return runTask(task, prepared, { ...surroundings, signal }, listener, shelf.of(task.point));
  };
}

/** What theories keep from point to point. It is large, so only one of them keeps something at a time. */
export interface Shelf {
  of(point: PlannedPoint): ProductCache;
}

export function createShelf(): Shelf {
  const kept: ProductCache = new Map();
  let owner = '';
  return {
    of({ settings: { part } }) {
      const now = `${part.kind} ${part.use}`;
      if (now !== owner) kept.clear();
      owner = now;
      return kept;
    },
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
