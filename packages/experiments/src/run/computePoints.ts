import { type Executor, isGgdlnError, type TaskListener, throwIfCancelled, type Warning } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import { requireCompatible } from './compatibility.ts';
import { type PointTask, toTask } from './executor.ts';
import type { ExperimentRun } from './experimentRun.ts';
import { inProcess } from './inProcess.ts';
import { createPreparer, type PreparedProblem, type PrepareProblem, type Surroundings } from './prepareProblem.ts';
import { recordOf } from './recordOf.ts';
import { joinTasks, learnerOf } from './runTask.ts';
import { taskComputer } from './taskComputer.ts';

const where = '@ggdln/experiments runExperiment';

/** A point whose tasks are under way. */
interface Work {
  readonly point: PlannedPoint;
  readonly tasks: readonly PointTask[];
  readonly results: unknown[];
  /** Of each task, in the order of tasks: what is stored must not depend on which was first. */
  readonly warnings: readonly Warning[][];
  started: number;
  left: number;
  failed: boolean;
}

/** What the loops that take tasks share. */
interface Desk {
  readonly run: ExperimentRun;
  readonly executor: Executor;
  readonly prepare: PrepareProblem;
  readonly surroundings: Surroundings;
  readonly queue: { readonly work: Work; readonly index: number }[];
  /** Stops every loop when one of them has met an error that isn't a point's own. */
  readonly stop: AbortController;
}

/**
 * Computes the points that are not there yet, as many tasks at a time as the executor has slots. Points are stored as
 * they are finished; a point that fails doesn't stop the others.
 */
export async function computePoints(run: ExperimentRun): Promise<void> {
  const pending = distinctPoints(run.points.filter((point) => !run.records.has(point.id)));
  if (pending.length > 0) await computeAll(run, pending);
  reportTwins(run, pending);
}

async function computeAll(run: ExperimentRun, pending: readonly PlannedPoint[]): Promise<void> {
  const { options } = run;
  throwIfCancelled(options.signal, where);
  const stop = new AbortController();
  const onAbort = () => stop.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const surroundings = { ...options, signal: stop.signal };
  const prepare = createPreparer(surroundings, (what, progress) =>
    run.emit({ type: 'preparing', what, ...(progress ? { progress } : {}) }),
  );
  const executor = options.executor ?? inProcess;
  const desk: Desk = { run, executor, prepare, surroundings, queue: [], stop };
  try {
    const first = await prepare(pending[0].settings);
    requireCompatible(pending, options.registry, first.problem.train.Y.cols);
    const works = pending.map((point) => workOf(point, desk));
    desk.queue.push(...works.flatMap((work) => work.tasks.map((_, index) => ({ work, index }))));
    // All loops have ended before an error goes up: nothing is stored behind the caller's back.
    const loops = Math.min(executor.slots, desk.queue.length);
    await Promise.allSettled(Array.from({ length: loops }, () => takeTasks(desk)));
    if (works.every(({ left, failed }) => left === 0 || failed) && !stop.signal.aborted) return;
    throwIfCancelled(options.signal, where);
    throw stop.signal.reason;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function workOf(point: PlannedPoint, { executor, surroundings }: Desk): Work {
  const count = executor.slots > 1 ? learnerOf(point, surroundings)?.chains?.count : undefined;
  const tasks: PointTask[] =
    count === undefined ? [{ point }] : Array.from({ length: count }, (_, chain) => ({ point, chain }));
  return {
    point,
    tasks,
    results: [],
    warnings: tasks.map(() => []),
    started: 0,
    left: tasks.length,
    failed: false,
  };
}

async function takeTasks(desk: Desk): Promise<void> {
  const { queue, stop } = desk;
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (stop.signal.aborted) return;
    if (next.work.failed) continue;
    try {
      await computeTask(desk, next.work, next.index);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  }
}

async function computeTask(desk: Desk, work: Work, index: number): Promise<void> {
  const { run, executor, surroundings, stop } = desk;
  const { point } = work;
  // Where the executor computes elsewhere, the problem is only needed, and made, at the end.
  const here = taskComputer(surroundings, () => prepareWork(desk, work));
  try {
    if (work.started === 0) start(run, work);
    const task = toTask(work.tasks[index]);
    work.results[index] = await executor.run(task, listenerOf(run, work, index), stop.signal, here);
    work.left -= 1;
    if (work.left === 0 && !work.failed) await finish(desk, work);
  } catch (error) {
    if (!isGgdlnError(error) || !OWN_FAILURES.includes(error.code)) throw error;
    if (work.failed) return;
    work.failed = true;
    run.fail(point, error);
  }
}

/** What is the fault of a point, not of the experiment: the others go on. */
const OWN_FAILURES: readonly string[] = ['GGDLN_NOT_CONVERGED', 'GGDLN_NUMERICAL', 'GGDLN_WORKER'];

function start(run: ExperimentRun, work: Work): void {
  work.started = performance.now();
  run.emit({ type: 'point-started', point: work.point });
}

async function prepareWork({ run, prepare }: Desk, { point }: Work): Promise<PreparedProblem> {
  const prepared = await prepare(point.settings);
  // Of the data and gates, which other points share: no point's own.
  for (const warning of prepared.warnings) run.warn(warning);
  return prepared;
}

function listenerOf(run: ExperimentRun, { point, warnings }: Work, index: number): TaskListener {
  return {
    onProgress: (progress, snapshot) =>
      run.emit({ type: 'point-progress', point, progress, ...(snapshot ? { snapshot } : {}) }),
    onWarning: (warning) => {
      warnings[index].push(warning);
      run.warn(warning, point);
    },
    onRedo: (message) => run.emit({ type: 'warning', warning: { code: 'worker-died', message }, point }),
  };
}

async function finish(desk: Desk, work: Work): Promise<void> {
  const { run, surroundings } = desk;
  const { point, tasks, results } = work;
  const prepared = await prepareWork(desk, work);
  const last = work.warnings.length - 1;
  const result = joinTasks(tasks, results, prepared, surroundings, listenerOf(run, work, last));
  // Of all that a point takes, this is the largest.
  results.length = 0;
  const record = recordOf(point, prepared, result, [...prepared.warnings, ...work.warnings.flat()]);
  await run.options.store.put(record);
  run.keep(record);
  run.emit({ type: 'point-finished', point, record, seconds: (performance.now() - work.started) / 1000 });
}

function distinctPoints(points: readonly PlannedPoint[]): PlannedPoint[] {
  const first = new Map<string, PlannedPoint>();
  for (const point of points) if (!first.has(point.id)) first.set(point.id, point);
  return [...first.values()];
}

/** Points that have the same numbers as one that was just computed under another name. */
function reportTwins(run: ExperimentRun, computed: readonly PlannedPoint[]): void {
  for (const { id } of computed) {
    for (const twin of run.points.filter((point) => point.id === id).slice(1)) {
      const record = run.records.get(id);
      const failure = run.failures.find(({ point }) => point.id === id);
      if (record) run.reuse(twin, record);
      else if (failure) run.fail(twin, failure.error);
    }
  }
}
