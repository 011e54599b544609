import { GgdlnError, isGgdlnError, throwIfCancelled, type Warning } from '@ggdln/core';
import { axesOf, type PlannedPoint, planPoints } from '../plan/planPoints.ts';
import type { ResolvedSpec } from '../spec/resolvedSpec.ts';
import { errorOf, type PointRecord, relabel } from '../store/pointRecord.ts';
import { manifestOf } from '../store/runManifest.ts';
import { computePoints } from './computePoints.ts';
import type { PointCounts } from './events.ts';
import { assembleResult, type ExperimentResult } from './experimentResult.ts';
import { createExperimentRun, type ExperimentRun, type RunOptions } from './experimentRun.ts';

const where = '@ggdln/experiments runExperiment';

/**
 * Runs an experiment: finished points are taken from the store, the others are computed by the executor and stored.
 * The numbers depend neither on which points were resumed nor on how many are computed at a time. A point whose solve
 * doesn't converge is reported in `failures` and doesn't stop the others; with `keepGoing`, no point does.
 * @throws GGDLN_INCOMPATIBLE before anything is computed, if a part can't do what the spec asks of it;
 * GGDLN_CANCELLED, saying what is saved; GGDLN_STORAGE, likewise; whatever the dataset or a plugin throws.
 */
export async function runExperiment(spec: ResolvedSpec, options: RunOptions): Promise<ExperimentResult> {
  const points = await planPoints(spec, options.linalg.name);
  const run = createExperimentRun(points, options);
  try {
    await run.options.store.begin?.(manifestOf(spec, axesOf(spec), points, options.linalg.name));
    await reuseStored(run);
    await computePoints(run);
  } catch (error) {
    throw explainStop(error, run);
  }
  const finished = points.flatMap((point) => {
    const record = run.records.get(point.id);
    return record ? [relabel(record, point)] : [];
  });
  const order = new Map(points.map((point, i) => [point, i]));
  const failures = [...run.failures].sort((a, b) => (order.get(a.point) ?? 0) - (order.get(b.point) ?? 0));
  return assembleResult(spec, { points: finished, failures, counts: run.counts() }, options);
}

async function reuseStored(run: ExperimentRun): Promise<void> {
  const stored = new Set(await run.options.store.ids());
  const planned = new Set(run.points.map((point) => point.id));
  const stale = [...stored].filter((id) => !planned.has(id)).length;
  run.setStale(stale);
  run.emit({ type: 'planned', points: run.points });
  for (const point of run.points) {
    throwIfCancelled(run.options.signal, where);
    const record = stored.has(point.id) ? await readStored(run, point) : undefined;
    if (!record) continue;
    run.reuse(point, record);
  }
  if (run.options.retryFailed === false) await reportFailed(run);
  if (stale > 0) run.warn(specChanged(run.counts(), run.options.store.description));
}

/** Points that failed before and are not to be tried again. */
async function reportFailed(run: ExperimentRun): Promise<void> {
  const failures = new Map((await run.options.store.failures?.())?.map((failure) => [failure.id, failure]));
  for (const point of run.points) {
    const failure = failures.get(point.id);
    if (failure && !run.records.has(point.id)) run.fail(point, errorOf(failure), true);
  }
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

async function readStored(run: ExperimentRun, point: PlannedPoint): Promise<PointRecord | undefined> {
  try {
    return await run.options.store.get(point.id);
  } catch (error) {
    if (!isGgdlnError(error) || error.code !== 'GGDLN_STORAGE') throw error;
    run.warn({ code: 'damaged-point', message: `${error.message} It is computed again.` }, point);
    return undefined;
  }
}

/** Says what is saved when a run stops early for a reason that isn't the spec's fault. */
function explainStop(error: unknown, run: ExperimentRun): unknown {
  const { computed, reused, total } = run.counts();
  const saved = `${computed + reused} of ${total} points are saved in ${run.options.store.description}`;
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
