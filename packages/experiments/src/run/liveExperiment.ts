import { isGgdlnError, type LearnerSnapshot, type Progress, type Warning } from '@ggdln/core';
import { type PlannedPoint, planPoints } from '../plan/planPoints.ts';
import type { ResolvedSpec } from '../spec/resolvedSpec.ts';
import type { PointRecord } from '../store/pointRecord.ts';
import { requireCompatible } from './compatibility.ts';
import { createPreparer, type PreparedProblem, type PrepareProblem, type Surroundings } from './prepareProblem.ts';
import { recordOf } from './recordOf.ts';
import { contextOf, learnerOf } from './runTask.ts';

/** A point in the middle of its run. */
export interface LiveSnapshot extends Pick<LearnerSnapshot, 'step' | 'total' | 'scalars'> {
  /** What would be recorded if the point ended here; `undefined` while there is no estimate. */
  partial(): Promise<PointRecord | undefined>;
}

/** Who hears of a point while it runs. */
export interface LiveListener {
  readonly onProgress?: (progress: Progress) => void;
  readonly onWarning?: (warning: Warning) => void;
  /** See `RunContext.wantsSnapshot`. */
  readonly wantsSnapshot?: () => boolean;
}

/** An experiment whose points are started, held and stepped by whoever watches them. */
export interface LiveExperiment {
  /** In the order of `planPoints`: theories first. */
  readonly points: readonly PlannedPoint[];
  /** Data and gates of a point; made once for all points that share them. */
  prepare(point: PlannedPoint): Promise<PreparedProblem>;
  /**
   * Runs a point from its start: the numbers are those of `runExperiment`, whenever and in whatever order points are
   * advanced. A theory yields nothing. Ending the iteration ends the work.
   */
  start(point: PlannedPoint, listener?: LiveListener): AsyncGenerator<LiveSnapshot, PointRecord, void>;
}

/**
 * Opens an experiment to watch it: nothing is computed until a point is prepared or started.
 * @throws GGDLN_INCOMPATIBLE if a part can't do what the spec asks of it.
 */
export async function openLiveExperiment(spec: ResolvedSpec, surroundings: Surroundings): Promise<LiveExperiment> {
  const points = await planPoints(spec, surroundings.linalg.name);
  requireCompatible(points, surroundings.registry);
  const prepare = createPreparer(surroundings);
  return {
    points,
    prepare: ({ settings }) => prepare(settings),
    start: (point, listener = {}) => run(point, prepare, surroundings, listener),
  };
}

async function* run(
  point: PlannedPoint,
  prepare: PrepareProblem,
  surroundings: Surroundings,
  { onProgress = () => {}, onWarning, wantsSnapshot }: LiveListener,
): AsyncGenerator<LiveSnapshot, PointRecord, void> {
  const prepared = await prepare(point.settings);
  const { registry } = surroundings;
  requireCompatible([point], registry, prepared.problem.train.Y.cols);
  const warnings: Warning[] = [...prepared.warnings];
  const hear = (warning: Warning) => {
    warnings.push(warning);
    onWarning?.(warning);
  };
  const context = {
    ...contextOf(point, surroundings, { onProgress, onWarning: hear }),
    ...(wantsSnapshot ? { wantsSnapshot } : {}),
  };
  const learner = learnerOf(point, surroundings);
  if (!learner) {
    const { use, options } = point.settings.part;
    const result = await registry.get('theory', use).create(options).solve(prepared.problem, context);
    return recordOf(point, prepared, result, warnings);
  }
  const work = learner.run(prepared.problem, context);
  try {
    for (;;) {
      const next = await work.next();
      if (next.done) return recordOf(point, prepared, { ...next.value, parameters: [] }, warnings);
      const { step, total, scalars, partial } = next.value;
      yield { step, total, scalars, partial: () => recordSoFar(point, prepared, partial) };
    }
  } finally {
    await work.return({} as never);
  }
}

/** What isn't finite yet (a descent on its way up) has no record. */
async function recordSoFar(
  point: PlannedPoint,
  prepared: PreparedProblem,
  partial: LearnerSnapshot['partial'],
): Promise<PointRecord | undefined> {
  const result = await partial?.();
  if (!result) return undefined;
  try {
    return recordOf(point, prepared, { ...result, parameters: [] }, []);
  } catch (error) {
    if (isGgdlnError(error) && error.code === 'GGDLN_NUMERICAL') return undefined;
    throw error;
  }
}
