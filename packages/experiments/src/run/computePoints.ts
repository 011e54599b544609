import { type Executor, type GgdlnError, type TaskListener, throwIfCancelled } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import { failureRecord, type PointRecord } from '../store/pointRecord.ts';
import { requireCompatible } from './compatibility.ts';
import { estimateBytes } from './costEstimate.ts';
import { type PointTask, toTask } from './executor.ts';
import type { ExperimentRun } from './experimentRun.ts';
import { inProcess } from './inProcess.ts';
import { ownFailure } from './ownFailure.ts';
import { pilotsFirst } from './pilots.ts';
import { createPreparer, type PreparedProblem, type PrepareProblem, type Surroundings } from './prepareProblem.ts';
import { recordOf } from './recordOf.ts';
import { joinTasks, learnerOf } from './runTask.ts';
import { neighboursOf, type SweepLines, sweepLines } from './sweepLines.ts';
import { createShelf, type Shelf, taskComputer } from './taskComputer.ts';
import { type Work, WorkQueue } from './workQueue.ts';

const where = '@ggdln/experiments runExperiment';

/** What the loops that take tasks share. */
interface Desk {
  readonly run: ExperimentRun;
  readonly executor: Executor;
  readonly prepare: PrepareProblem;
  readonly surroundings: Surroundings;
  readonly queue: WorkQueue;
  readonly lines: SweepLines;
  readonly shelf: Shelf;
  /** Stops every loop when one of them has met an error that isn't a point's own. */
  readonly stop: AbortController;
}

/**
 * Computes the points that are not there yet, as many tasks at a time as the executor has slots. Points are stored as
 * they are finished; a point that fails doesn't stop the others.
 */
export async function computePoints(run: ExperimentRun): Promise<void> {
  const failed = new Set(run.failures.map(({ point }) => point.id));
  const pending = distinctPoints(run.points.filter(({ id }) => !run.records.has(id) && !failed.has(id)));
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
  try {
    requireCompatible(pending, options.registry, await countOutputs({ run, prepare }, pending[0]));
    const lines = sweepLines(run.points, options.registry);
    const order = options.pilots ? pilotsFirst(pending) : pending;
    const works = order.map((point) => workOf(point, { executor, surroundings }));
    const queue = new WorkQueue(works, lines);
    const desk: Desk = { run, executor, prepare, surroundings, queue, lines, shelf: createShelf(), stop };
    // All loops have ended before an error goes up: nothing is stored behind the caller's back.
    const loops = Math.min(executor.slots, queue.length);
    await Promise.allSettled(Array.from({ length: loops }, () => takeTasks(desk)));
    if (works.every(({ left, failed }) => left === 0 || failed) && !stop.signal.aborted) return;
    throwIfCancelled(options.signal, where);
    throw stop.signal.reason;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** C of the data. @returns 1 where a first point has data of its own that can't be made, which it will say itself. */
async function countOutputs({ run, prepare }: Pick<Desk, 'run' | 'prepare'>, first: PlannedPoint): Promise<number> {
  try {
    return (await prepare(first.settings)).problem.train.Y.cols;
  } catch (error) {
    if (ownFailure(error, first, run.options.keepGoing)) return 1;
    throw error;
  }
}

function workOf(point: PlannedPoint, { executor, surroundings }: Pick<Desk, 'executor' | 'surroundings'>): Work {
  const count = executor.slots > 1 ? learnerOf(point, surroundings)?.chains?.count : undefined;
  const tasks: PointTask[] =
    count === undefined ? [{ point }] : Array.from({ length: count }, (_, chain) => ({ point, chain }));
  return {
    point,
    tasks,
    results: [],
    warnings: tasks.map(() => []),
    started: 0,
    seconds: 0,
    left: tasks.length,
    failed: false,
  };
}

async function takeTasks(desk: Desk): Promise<void> {
  const { queue, stop, executor } = desk;
  // Where others compute, a point is finished and stored while they have the next task.
  let ending: Promise<void> = Promise.resolve();
  try {
    while (!stop.signal.aborted) {
      // What waits for this point's end comes into the queue then.
      if (queue.length === 0) await ending;
      const next = queue.take();
      if (!next) break;
      if (next.work.failed) continue;
      const end = await computeTask(desk, next.work, next.index);
      await ending;
      if (!end) continue;
      // Not at once: the next task is sent first.
      ending = Promise.resolve().then(end);
      ending.catch((error) => stop.abort(error));
      if (executor.slots === 1) await ending;
    }
    await ending;
  } catch (error) {
    stop.abort(error);
    await ending;
    throw error;
  }
}

/** @returns What makes and stores the point, or its failure, if this was the last of its tasks. */
async function computeTask(desk: Desk, work: Work, index: number): Promise<(() => Promise<void>) | undefined> {
  const { run, executor, surroundings, stop } = desk;
  const { point } = work;
  // Where the executor computes elsewhere, the problem is only needed, and made, at the end.
  const here = taskComputer(surroundings, () => prepareWork(desk, work), desk.shelf);
  try {
    if (work.started === 0) start(run, work);
    const started = performance.now();
    const before = desk.lines.get(point.id) ?? [];
    const neighbours = neighboursOf(before, run.records, surroundings.registry);
    const task = toTask({ ...work.tasks[index], ...(neighbours.length > 0 ? { neighbours } : {}) });
    let seconds: number | undefined;
    const listener: TaskListener = {
      ...listenerOf(run, work, index),
      onComputed: (measured) => {
        seconds = measured;
      },
    };
    work.results[index] = await executor.run(task, listener, stop.signal, here);
    work.seconds += seconds ?? (performance.now() - started) / 1000;
    work.left -= 1;
    return work.left === 0 && !work.failed ? () => finish(desk, work) : undefined;
  } catch (error) {
    const own = ownFailure(error, point, run.options.keepGoing);
    if (!own) throw error;
    if (work.failed) return undefined;
    work.failed = true;
    return () => storeFailure(desk, work, own);
  }
}

async function storeFailure({ run, queue }: Desk, work: Work, error: GgdlnError): Promise<void> {
  await run.options.store.putFailure?.(failureRecord(work.point, error));
  run.fail(work.point, error);
  queue.release(work);
}

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

/** Makes and stores the record of a point whose tasks are done, or the failure to make it. */
async function finish(desk: Desk, work: Work): Promise<void> {
  const { run } = desk;
  const { point } = work;
  let made: Awaited<ReturnType<typeof makeRecord>>;
  try {
    made = await makeRecord(desk, work);
  } catch (error) {
    const own = ownFailure(error, point, run.options.keepGoing);
    if (!own) throw error;
    work.failed = true;
    return storeFailure(desk, work, own);
  }
  const { record, bytes } = made;
  const seconds = (performance.now() - work.started) / 1000;
  await run.options.store.put(record);
  run.keep(record);
  desk.queue.release(work);
  run.emit({ type: 'point-finished', point, record, seconds, work: { seconds: work.seconds, bytes } });
}

async function makeRecord(desk: Desk, work: Work): Promise<{ readonly record: PointRecord; readonly bytes: number }> {
  const { run, surroundings } = desk;
  const { point, tasks, results } = work;
  const prepared = await prepareWork(desk, work);
  const last = work.warnings.length - 1;
  const result = joinTasks(tasks, results, prepared, surroundings, listenerOf(run, work, last));
  // Of all that a point takes, this is the largest.
  results.length = 0;
  const record = recordOf(point, prepared, result, [...prepared.warnings, ...work.warnings.flat()]);
  return { record, bytes: estimateBytes(prepared.problem) };
}

function distinctPoints(points: readonly PlannedPoint[]): PlannedPoint[] {
  const first = new Map<string, PlannedPoint>();
  for (const point of points) if (!first.has(point.id)) first.set(point.id, point);
  return [...first.values()];
}

/** Points that have the same numbers as one that was just computed under another name. */
function reportTwins(run: ExperimentRun, computed: readonly PlannedPoint[]): void {
  const pending = new Map(computed.map((point) => [point.id, point]));
  const failures = new Map(run.failures.map(({ point, error }) => [point.id, error]));
  for (const twin of run.points) {
    const first = pending.get(twin.id);
    if (!first || first === twin) continue;
    const record = run.records.get(twin.id);
    const error = failures.get(twin.id);
    if (record) run.reuse(twin, record);
    else if (error) run.fail(twin, error);
  }
}
