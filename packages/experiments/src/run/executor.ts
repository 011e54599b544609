import type { Json, JsonObject, Task } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import type { NeighbourJson } from './sweepLines.ts';

/** What a task of an experiment is: a whole point, or one chain of its learner. */
export interface PointTask {
  readonly point: PlannedPoint;
  /** Which of the learner's chains (see `Learner.chains`); absent for all of the point. */
  readonly chain?: number;
  /** Solutions that a theory may start from. */
  readonly neighbours?: readonly NeighbourJson[];
}

/** As executors are given it. */
export function toTask(task: PointTask): Task {
  const { point, chain } = task;
  return {
    id: chain === undefined ? point.id : `${point.id}.${chain}`,
    name: nameOf(task),
    work: task as unknown as JsonObject,
  };
}

/** What {@link toTask} was given, also in another process. */
export function pointTaskOf({ work }: Task): PointTask {
  return work as Json as unknown as PointTask;
}

function nameOf({ point, chain }: PointTask): string {
  const place = Object.entries(point.axes).map(([axis, value]) => `${axis} = ${value}`);
  const words = [point.source, ...(chain === undefined ? [] : [`chain ${chain + 1}`])].join(', ');
  return place.length === 0 ? words : `${words} at ${place.join(', ')}`;
}
