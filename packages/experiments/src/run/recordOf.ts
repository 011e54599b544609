import {
  GgdlnError,
  type JsonObject,
  type LearnerResult,
  type Matrix,
  type Problem,
  type TheoryResult,
  type Warning,
} from '@ggdln/core';
import { type Metric, predictorMetrics } from '../metrics/predictorMetrics.ts';
import type { PlannedPoint } from '../plan/planPoints.ts';
import { type Diagnostic, type PointRecord, RECORD_SCHEMA } from '../store/pointRecord.ts';
import type { PreparedProblem } from './prepareProblem.ts';

const where = '@ggdln/experiments runExperiment';

/**
 * What is worth keeping of a finished point.
 * @param result What its theory or learner gave. @param warnings Of this computation.
 * @throws GGDLN_NUMERICAL for a result that isn't finite, with the place.
 */
export function recordOf(
  point: PlannedPoint,
  { problem, provenance }: PreparedProblem,
  result: TheoryResult | LearnerResult,
  warnings: readonly Warning[],
): PointRecord {
  const common =
    point.settings.part.kind === 'theory' ? fromTheory(result as TheoryResult) : fromLearner(result as LearnerResult);
  const arrays = { ...common.arrays, target: problem.test.Y };
  refuseNonFinite(point, arrays);
  return {
    schema: RECORD_SCHEMA,
    id: point.id,
    source: point.source,
    role: point.role,
    axes: point.axes,
    settings: point.settings as unknown as JsonObject,
    metrics: [...predictorMetrics(common.moments, problem.test.Y), ...ownMetrics(point, result)],
    diagnostics: common.diagnostics,
    warnings,
    dataset: provenance,
    gateNames: gateNamesOf(problem),
    arrays,
  };
}

/** What a learner says of its predictor itself. */
function ownMetrics(point: PlannedPoint, result: TheoryResult | LearnerResult): Metric[] {
  const own = 'metrics' in result ? Object.entries(result.metrics ?? {}) : [];
  return own.map(([metric, { value, stderr = null }]) => {
    if (!Number.isFinite(value)) throw notFinite(point, `${value} as ${metric}`);
    return { metric, value, stderr };
  });
}

/** Names of the gates; where layers differ, with the layer's number (1 is the lowest). */
function gateNamesOf({ gateNames, train: { gates } }: Problem): readonly string[] {
  if (gates.every((layer) => layer === gates[0])) return gateNames[0] ?? [];
  return gateNames.flatMap((names, t) => names.map((name) => `layer ${gateNames.length - t}: ${name}`));
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
    throw notFinite(point, `${data[bad]} in ${name}, row ${Math.floor(bad / cols)}, column ${bad % cols}`);
  }
}

function notFinite({ source }: PlannedPoint, what: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem: `${source} returned ${what}`,
    remedy: 'Smaller steps, a larger temperature, or another backend may help; a plugin should report this itself',
  });
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function mapValues<From, To>(object: { readonly [key: string]: From }, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
