import {
  createRandom,
  GgdlnError,
  type Learner,
  type LearnerResult,
  type ProductCache,
  type Registry,
  type RunContext,
  type TaskListener,
  type TheoryResult,
  throwIfCancelled,
} from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import type { PointTask } from './executor.ts';
import type { PreparedProblem, Surroundings } from './prepareProblem.ts';
import { startTensor } from './startTensor.ts';
import { readNeighbours } from './sweepLines.ts';

const where = '@ggdln/experiments runExperiment';

/** The learner of a point; `undefined` for a theory. */
export function learnerOf(
  { settings: { part } }: PlannedPoint,
  { registry }: Pick<Surroundings, 'registry'>,
): Learner | undefined {
  return part.kind === 'learner' ? registry.get('learner', part.use).create(part.options) : undefined;
}

/** Into how many tasks some points fall: the most that can be computed at the same time. */
export function countTasks(points: readonly PlannedPoint[], registry: Registry): number {
  return points.reduce((sum, point) => sum + (learnerOf(point, { registry })?.chains?.count ?? 1), 0);
}

/**
 * Computes a task with what is there. What it gives is plain data; see `Executor.run`.
 * @param kept What the theory keeps from task to task.
 */
export async function runTask(
  { point, chain, neighbours }: PointTask,
  { problem }: PreparedProblem,
  surroundings: Surroundings,
  listener: TaskListener,
  kept: ProductCache,
): Promise<unknown> {
  const context = contextOf(point, surroundings, listener);
  const learner = learnerOf(point, surroundings);
  if (!learner) {
    const { use, options } = point.settings.part;
    const further = { kept, ...(neighbours?.length ? { neighbours: readNeighbours(neighbours) } : {}) };
    return surroundings.registry
      .get('theory', use)
      .create(options)
      .solve(problem, { ...context, ...further });
  }
  if (chain === undefined) return runLearner(learner, point, problem, context, listener);
  if (!learner.chains) throw noChains(point, chain);
  return learner.chains.run(chain, problem, context);
}

/** The result of a point from what its tasks gave: one for all of it, or one for each chain. */
export function joinTasks(
  tasks: readonly PointTask[],
  results: readonly unknown[],
  { problem }: PreparedProblem,
  surroundings: Surroundings,
  listener: TaskListener,
): TheoryResult | LearnerResult {
  const [{ point, chain }] = tasks;
  if (chain === undefined) return results[0] as TheoryResult | LearnerResult;
  const chains = learnerOf(point, surroundings)?.chains;
  if (!chains) throw noChains(point, chain);
  return chains.join(results, problem, contextOf(point, surroundings, listener));
}

/** What a point's part works with: its own random stream, and what surrounds it. */
export function contextOf(point: PlannedPoint, surroundings: Surroundings, listener: TaskListener): RunContext {
  const { linalg, files, registry, signal, memoryLimit } = surroundings;
  const { tensor } = point.settings;
  let rng = createRandom(point.settings.seed);
  for (const name of point.settings.stream) rng = rng.stream(name);
  return {
    rng,
    linalg,
    onProgress: (progress) => listener.onProgress(progress),
    onWarning: listener.onWarning,
    ...(tensor === undefined ? {} : { tensor: () => startTensor(tensor, registry) }),
    ...(files ? { files } : {}),
    ...(memoryLimit ? { memoryLimit } : {}),
    ...(signal ? { signal } : {}),
  };
}

async function runLearner(
  learner: Learner,
  point: PlannedPoint,
  problem: PreparedProblem['problem'],
  context: RunContext,
  listener: TaskListener,
): Promise<LearnerResult> {
  const work = learner.run(problem, context);
  for (;;) {
    const next = await work.next();
    // Nobody reads the weights of a point, and they are the largest part of what would cross processes.
    if (next.done) return { ...next.value, parameters: [] };
    // Its partial result is a function, which crosses no process.
    const { step, total, scalars } = next.value;
    const snapshot = { step, total, scalars };
    listener.onProgress({ stage: point.source, done: snapshot.step, total: snapshot.total }, snapshot);
    if (context.signal?.aborted) {
      // Lets the learner free what it holds before the error goes up.
      await work.return(undefined as never);
      throwIfCancelled(context.signal, where);
    }
  }
}

function noChains(point: PlannedPoint, chain: number): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where,
    problem: `chain ${chain} of ${point.source} was asked for, but ${point.settings.part.use} has no separate chains`,
    remedy: 'Run the point as a whole',
  });
}
