import {
  createRandom,
  GgdlnError,
  type JsonObject,
  type LearnerResult,
  type LearnerSnapshot,
  type Matrix,
  type Problem,
  type Progress,
  type RunContext,
  type TheoryResult,
  throwIfCancelled,
  type Warning,
} from '@ggdln/core';
import { predictorMetrics } from '../metrics/predictorMetrics.ts';
import type { PlannedPoint } from '../plan/planPoints.ts';
import { type Diagnostic, type PointRecord, RECORD_SCHEMA } from '../store/pointRecord.ts';
import type { PreparedProblem, Surroundings } from './prepareProblem.ts';

const where = '@ggdln/experiments runExperiment';

/** Hears of a point's progress and warnings. */
export interface PointListener {
  readonly onProgress: (progress: Progress, snapshot?: LearnerSnapshot) => void;
  readonly onWarning: (warning: Warning) => void;
}

/** Runs the learner or theory of a point on its problem and keeps what is worth keeping. */
export async function computePoint(
  point: PlannedPoint,
  prepared: PreparedProblem,
  surroundings: Surroundings,
  listener: PointListener,
): Promise<PointRecord> {
  const warnings: Warning[] = [...prepared.warnings];
  const context = contextOf(point, surroundings, {
    ...listener,
    onWarning: (warning) => {
      warnings.push(warning);
      listener.onWarning(warning);
    },
  });
  const { problem } = prepared;
  const { part } = point.settings;
  const result =
    part.kind === 'theory'
      ? fromTheory(await surroundings.registry.get('theory', part.use).create(part.options).solve(problem, context))
      : fromLearner(await runLearner(point, problem, surroundings, context, listener));
  const arrays = { ...result.arrays, target: problem.test.Y };
  refuseNonFinite(point, arrays);
  return {
    schema: RECORD_SCHEMA,
    id: point.id,
    source: point.source,
    role: point.role,
    axes: point.axes,
    settings: point.settings as unknown as JsonObject,
    metrics: predictorMetrics(result.moments, problem.test.Y),
    diagnostics: result.diagnostics,
    warnings,
    dataset: prepared.provenance,
    gateNames: gateNamesOf(problem),
    arrays,
  };
}

/** Names of the gates; where layers differ, with the layer's number (1 is the lowest). */
function gateNamesOf({ gateNames, train: { gates } }: Problem): readonly string[] {
  if (gates.every((layer) => layer === gates[0])) return gateNames[0] ?? [];
  return gateNames.flatMap((names, t) => names.map((name) => `layer ${gateNames.length - t}: ${name}`));
}

function contextOf(point: PlannedPoint, surroundings: Surroundings, listener: PointListener): RunContext {
  const { linalg, files, signal } = surroundings;
  let rng = createRandom(point.settings.seed);
  for (const name of point.settings.stream) rng = rng.stream(name);
  return {
    rng,
    linalg,
    onProgress: (progress) => listener.onProgress(progress),
    onWarning: listener.onWarning,
    ...(files ? { files } : {}),
    ...(signal ? { signal } : {}),
  };
}

async function runLearner(
  point: PlannedPoint,
  problem: Problem,
  { registry, signal }: Surroundings,
  context: RunContext,
  listener: PointListener,
): Promise<LearnerResult> {
  const { use, options } = point.settings.part;
  const work = registry.get('learner', use).create(options).run(problem, context);
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
    const snapshot = next.value;
    listener.onProgress({ stage: point.source, done: snapshot.step, total: snapshot.total }, snapshot);
    if (signal?.aborted) {
      // Lets the learner free what it holds before the error goes up.
      await work.return(undefined as never);
      throwIfCancelled(signal, where);
    }
  }
}

/** The common form of what learners and theories give. */
interface PartResult {
  readonly moments: Parameters<typeof predictorMetrics>[0];
  readonly arrays: { readonly [name: string]: Matrix };
  readonly diagnostics: { readonly [name: string]: Diagnostic };
}

function fromTheory({ predictor, orderParameters, diagnostics }: TheoryResult): PartResult {
  return {
    moments: predictor,
    arrays: { mean: predictor.mean, variance: predictor.variance, ...orderParameters },
    diagnostics: mapValues(diagnostics, (value) => ({ value: finiteOrNull(value), stderr: null })),
  };
}

function fromLearner({ predictor, orderParameters, diagnostics }: LearnerResult): PartResult {
  const { mean, variance, batches } = predictor;
  const arrays: Record<string, Matrix> = {};
  for (const [name, { value, stderr }] of Object.entries({ mean, variance, ...orderParameters })) {
    arrays[name] = value;
    if (stderr) arrays[`${name}_stderr`] = stderr;
  }
  if (batches) {
    arrays.batches_mean = batches.mean;
    arrays.batches_square = batches.square;
  }
  return {
    moments: { mean: mean.value, variance: variance.value, ...(batches ? { batches } : {}) },
    arrays,
    diagnostics: mapValues(diagnostics, ({ value, stderr }) => ({
      value: finiteOrNull(value),
      stderr: finiteOrNull(stderr),
    })),
  };
}

function refuseNonFinite(point: PlannedPoint, arrays: { readonly [name: string]: Matrix }): void {
  for (const [name, { data, cols }] of Object.entries(arrays)) {
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw new GgdlnError({
      code: 'GGDLN_NUMERICAL',
      where,
      problem: `${point.source} returned ${data[bad]} in ${name}, row ${Math.floor(bad / cols)}, column ${bad % cols}`,
      remedy: 'Smaller steps, a larger temperature, or another backend may help; a plugin should report this itself',
    });
  }
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function mapValues<From, To>(object: { readonly [key: string]: From }, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
