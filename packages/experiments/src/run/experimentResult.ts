import {
  CONTRACT_VERSION,
  canonicalJson,
  createTable,
  type GgdlnError,
  type JsonObject,
  type LinalgBackend,
  type Matrix,
  type Registry,
  type Row,
  type Table,
  type TheoryAccuracy,
  type Warning,
} from '@ggdln/core';
import { agreementNotes } from '../metrics/agreementNotes.ts';
import { compareSources } from '../metrics/compareSources.ts';
import { axesOf, type Coordinates, type PlannedPoint } from '../plan/planPoints.ts';
import type { ResolvedSpec } from '../spec/resolvedSpec.ts';
import { type PointRecord, RECORD_SCHEMA } from '../store/pointRecord.ts';
import type { PointCounts } from './events.ts';

/** A point that has no result: its solve didn't converge, or its numbers stopped being finite. */
export interface PointFailure {
  readonly point: PlannedPoint;
  readonly error: GgdlnError;
}

/** What an experiment gives. Everything but `counts` is the same for an undisturbed and a resumed run. */
export interface ExperimentResult {
  readonly spec: ResolvedSpec;
  /** Axis columns, then `source`, `role`, `metric`, `value`, `stderr`. An axis that doesn't concern a row is null. */
  readonly table: Table;
  /** The same columns for diagnostics of solvers and samplers (R̂, effective sample size, residuals, …). */
  readonly diagnostics: Table;
  /** See `compareSources`. */
  readonly comparison: Table;
  /** See `agreementNotes`. */
  readonly notes: readonly string[];
  readonly points: readonly PointRecord[];
  readonly failures: readonly PointFailure[];
  /** Each warning of datasets, gates, learners and theories once. */
  readonly warnings: readonly Warning[];
  /** Seed, backend, plugins, data and gates: what is needed to repeat the numbers. No times, no host. */
  readonly provenance: JsonObject;
  readonly counts: PointCounts;
}

/** Puts finished points together. */
export function assembleResult(
  spec: ResolvedSpec,
  outcome: {
    readonly points: readonly PointRecord[];
    readonly failures: readonly PointFailure[];
    readonly counts: PointCounts;
  },
  surroundings: { readonly registry: Registry; readonly linalg: LinalgBackend },
): ExperimentResult {
  const { points, failures, counts } = outcome;
  const axes = axesOf(spec);
  const table = tableOfPoints(points, axes);
  const diagnostics = createTable(
    points.flatMap((point) =>
      Object.entries(point.diagnostics).map(([metric, number]) => ({ ...labelOf(point), metric, ...number })),
    ),
    table.columns,
  );
  const comparison = compareSources(table);
  const warnings = distinct(points.flatMap((point) => point.warnings));
  return {
    spec,
    table,
    diagnostics,
    comparison,
    notes: agreementNotes(comparison, (theory) => accuracyOf(theory, spec, surroundings.registry)),
    points,
    failures,
    warnings,
    provenance: provenanceOf(spec, points, warnings, surroundings),
    counts,
  };
}

function accuracyOf(theory: string, { theories }: ResolvedSpec, registry: Registry): TheoryAccuracy | undefined {
  const source = theories.find(({ as }) => as === theory);
  return source && registry.get('theory', source.use).accuracy;
}

/**
 * The tidy table of finished points: axis columns, then `source`, `role`, `metric`, `value`, `stderr`.
 * @param axes Names of the axis columns, in their order.
 */
export function tableOfPoints(points: readonly PointRecord[], axes: readonly string[]): Table {
  return createTable(
    points.flatMap((point) => point.metrics.map((metric) => ({ ...labelOf(point), ...metric }))),
    [...axes, 'source', 'role', 'metric', 'value', 'stderr'],
  );
}

function labelOf({ axes, source, role }: PointRecord): Row {
  return { ...axes, source, role };
}

/** The points that have no result: axis columns, then `source`, `role`, `code` and `message`. */
export function failuresTable({ spec, failures }: Pick<ExperimentResult, 'spec' | 'failures'>): Table {
  const rows = failures.map(({ point: { axes, source, role }, error: { code, message } }) => ({
    ...axes,
    source,
    role,
    code,
    message,
  }));
  return createTable(rows, [...axesOf(spec), 'source', 'role', 'code', 'message']);
}

function provenanceOf(
  spec: ResolvedSpec,
  points: readonly PointRecord[],
  warnings: readonly Warning[],
  { registry, linalg }: { readonly registry: Registry; readonly linalg: LinalgBackend },
): JsonObject {
  return {
    experiment: spec.name,
    seed: spec.seed,
    linalg: { name: linalg.name, description: linalg.description },
    ...(spec.tensor === 'auto' ? {} : { tensor: spec.tensor }),
    plugins: registry.plugins.map((plugin) => plugin.name),
    contract: CONTRACT_VERSION,
    recordSchema: RECORD_SCHEMA,
    datasets: distinct(points.map((point) => point.dataset)),
    gates: distinct(points.map((point) => ({ names: point.gateNames }))),
    points: points.map(({ id, source, axes }) => ({ id, source, axes })),
    warnings: warnings.map(({ code, message }) => ({ code, message })),
  };
}

function distinct<Value extends object>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [canonicalJson(value as unknown as JsonObject), value])).values()];
}

/**
 * All arrays of a result under flat names such as `block-gibbs/width=100/mean`, as they stand in `arrays.npz`.
 * Axes are shortened to their last word where that is unambiguous.
 */
export function collectArrays(result: {
  readonly points: readonly Pick<PointRecord, 'source' | 'axes' | 'arrays'>[];
}): { readonly [name: string]: Matrix } {
  const axes = [...new Set(result.points.flatMap((point) => Object.keys(point.axes)))];
  const arrays: Record<string, Matrix> = {};
  for (const point of result.points) {
    const place = placeName(point.axes, axes);
    for (const [name, values] of Object.entries(point.arrays)) {
      arrays[[point.source, ...(place === '' ? [] : [place]), name].join('/')] = values;
    }
  }
  return arrays;
}

function placeName(place: Coordinates, axes: readonly string[]): string {
  const short = (axis: string) => axis.split('.').at(-1) ?? axis;
  return Object.entries(place)
    .map(([axis, value]) => {
      const unique = axes.filter((other) => short(other) === short(axis)).length === 1;
      return `${unique ? short(axis) : axis}=${value}`;
    })
    .join(',');
}
