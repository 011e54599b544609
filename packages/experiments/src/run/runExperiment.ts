import {
  type FileSource,
  GgdlnError,
  isGgdlnError,
  type LinalgBackend,
  type Registry,
  throwIfCancelled,
  type Warning,
} from '@ggdln/core';
import { type PlannedPoint, planPoints } from '../plan/planPoints.ts';
import type { ResolvedSpec } from '../spec/resolvedSpec.ts';
import { type PointRecord, relabel } from '../store/pointRecord.ts';
import { createMemoryStore, type RunStore } from '../store/runStore.ts';
import { requireCompatible } from './compatibility.ts';
import { computePoint } from './computePoint.ts';
import type { ExperimentEvent, OnExperimentEvent, PointCounts } from './events.ts';
import { assembleResult, type ExperimentResult, type PointFailure } from './experimentResult.ts';
import { createPreparer, type PreparedProblem } from './prepareProblem.ts';

const where = '@ggdln/experiments runExperiment';

/** What an experiment runs with. */
export interface RunOptions {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  /** Where finished points are kept and looked up. Default: in memory, for this run only. */
  readonly store?: RunStore;
  /** Where datasets get their files from. */
  readonly files?: FileSource;
  readonly signal?: AbortSignal;
  readonly onEvent?: OnExperimentEvent;
}

/**
 * Runs an experiment: finished points are taken from the store, the others are computed one after the other and
 * stored. The numbers don't depend on which points were resumed. A point whose solve doesn't converge is reported
 * in `failures` and doesn't stop the others.
 * @throws GGDLN_INCOMPATIBLE before anything is computed, if a part can't do what the spec asks of it;
 * GGDLN_CANCELLED, saying what is saved; GGDLN_STORAGE, likewise; whatever the dataset or a plugin throws.
 */
export async function runExperiment(spec: ResolvedSpec, options: RunOptions): Promise<ExperimentResult> {
  const points = await planPoints(spec, options.linalg.name);
  const run = createRun(points, options);
  try {
    await reuseStored(run);
    await computeRest(run);
  } catch (error) {
    throw explainStop(error, run);
  }
  const finished = points.flatMap((point) => {
    const record = run.records.get(point.id);
    return record ? [relabel(record, point)] : [];
  });
  return assembleResult(spec, { points: finished, failures: run.failures, counts: run.counts() }, options);
}

interface Run {
  readonly points: readonly PlannedPoint[];
  readonly options: RunOptions;
  readonly store: RunStore;
  readonly records: Map<string, PointRecord>;
  readonly failures: PointFailure[];
  readonly tally: { reused: number; computed: number; stale: number };
  readonly counts: () => PointCounts;
  readonly emit: (event: EventWithoutCounts) => void;
  readonly warn: (warning: Warning, point?: PlannedPoint) => void;
}
type EventWithoutCounts = ExperimentEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'counts'>
    : never
  : never;

function createRun(points: readonly PlannedPoint[], options: RunOptions): Run {
  const tally = { reused: 0, computed: 0, stale: 0 };
  const failures: PointFailure[] = [];
  const counts = (): PointCounts => {
    const failed = failures.length;
    return { ...tally, total: points.length, failed, done: tally.reused + tally.computed + failed };
  };
  const emit = (event: EventWithoutCounts) => options.onEvent?.({ ...event, counts: counts() } as ExperimentEvent);
  const told = new Set<string>();
  const warn = (warning: Warning, point?: PlannedPoint) => {
    const key = `${warning.code}\n${warning.message}`;
    if (told.has(key)) return;
    told.add(key);
    emit({ type: 'warning', warning, ...(point ? { point } : {}) });
  };
  const store = options.store ?? createMemoryStore();
  return { points, options, store, records: new Map(), failures, tally, counts, emit, warn };
}

async function reuseStored(run: Run): Promise<void> {
  const stored = new Set(await run.store.ids());
  const planned = new Set(run.points.map((point) => point.id));
  run.tally.stale = [...stored].filter((id) => !planned.has(id)).length;
  run.emit({ type: 'planned', points: run.points });
  for (const point of run.points) {
    throwIfCancelled(run.options.signal, where);
    const record = stored.has(point.id) ? await readStored(run, point) : undefined;
    if (!record) continue;
    run.records.set(point.id, record);
    run.tally.reused += 1;
    run.emit({ type: 'point-reused', point, record });
    for (const warning of record.warnings) run.warn(warning, point);
  }
  if (run.tally.stale > 0) run.warn(specChanged(run.counts(), run.store.description));
}

function specChanged({ total, reused, stale }: PointCounts, folder: string): Warning {
  return {
    code: 'spec-changed',
    message:
      `The spec (or the linear-algebra backend) changed since the points in ${folder} were computed: ` +
      `${reused} of ${total} points reused, ${total - reused} to compute. ` +
      `${stale} stored ${stale === 1 ? 'point belongs to another version and stays' : 'points belong to another version and stay'} unused.`,
  };
}

async function readStored(run: Run, point: PlannedPoint): Promise<PointRecord | undefined> {
  try {
    return await run.store.get(point.id);
  } catch (error) {
    if (!isGgdlnError(error) || error.code !== 'GGDLN_STORAGE') throw error;
    run.warn({ code: 'damaged-point', message: `${error.message} It is computed again.` }, point);
    return undefined;
  }
}

async function computeRest(run: Run): Promise<void> {
  const { registry } = run.options;
  const prepare = createPreparer(run.options, (what, progress) =>
    run.emit({ type: 'preparing', what, ...(progress ? { progress } : {}) }),
  );
  const pending = run.points.filter((point) => !run.records.has(point.id));
  let checked = false;
  for (const point of pending) {
    throwIfCancelled(run.options.signal, where);
    const twin = run.records.get(point.id);
    if (twin) {
      run.tally.reused += 1;
      run.emit({ type: 'point-reused', point, record: twin });
      continue;
    }
    const prepared = await prepare(point.settings);
    requireCompatible(checked ? [point] : pending, registry, prepared.problem.train.Y.cols);
    checked = true;
    await computeOne(run, point, prepared);
  }
}

async function computeOne(run: Run, point: PlannedPoint, prepared: PreparedProblem): Promise<void> {
  const started = performance.now();
  run.emit({ type: 'point-started', point });
  const record = await attempt(run, point, prepared);
  if (!record) return;
  await run.store.put(record);
  run.records.set(point.id, record);
  run.tally.computed += 1;
  run.emit({ type: 'point-finished', point, record, seconds: (performance.now() - started) / 1000 });
}

async function attempt(run: Run, point: PlannedPoint, prepared: PreparedProblem): Promise<PointRecord | undefined> {
  try {
    for (const warning of prepared.warnings) run.warn(warning, point);
    return await computePoint(point, prepared, run.options, {
      onProgress: (progress, snapshot) =>
        run.emit({ type: 'point-progress', point, progress, ...(snapshot ? { snapshot } : {}) }),
      onWarning: (warning) => run.warn(warning, point),
    });
  } catch (error) {
    if (!isGgdlnError(error) || (error.code !== 'GGDLN_NOT_CONVERGED' && error.code !== 'GGDLN_NUMERICAL')) throw error;
    run.failures.push({ point, error });
    run.emit({ type: 'point-failed', point, error });
    return undefined;
  }
}

/** Says what is saved when a run stops early for a reason that isn't the spec's fault. */
function explainStop(error: unknown, run: Run): unknown {
  const { computed, reused, total } = run.counts();
  const saved = `${computed + reused} of ${total} points are saved in ${run.store.description}`;
  if (run.options.signal?.aborted) {
    return new GgdlnError({
      code: 'GGDLN_CANCELLED',
      where,
      problem: `stopped: ${saved}`,
      remedy: 'Run the same experiment again to go on from there',
      cause: error,
    });
  }
  if (!isGgdlnError(error) || error.code !== 'GGDLN_STORAGE') return error;
  return new GgdlnError({
    code: 'GGDLN_STORAGE',
    where,
    problem: error.problem,
    remedy: `${saved}; run again to go on from there. ${error.remedy ?? ''}`.trim(),
    cause: error,
  });
}
