import { type ErrorCode, GgdlnError, type JsonObject, type Matrix, type SourceRole, type Warning } from '@ggdln/core';
import type { Metric } from '../metrics/predictorMetrics.ts';
import type { Coordinates, PlannedPoint } from '../plan/planPoints.ts';

/** Version of what is stored of a point. Records of another version are computed again. */
export const RECORD_SCHEMA = 1;

/** A diagnostic number of a solver or sampler; `null` where it isn't defined. */
export interface Diagnostic {
  readonly value: number | null;
  readonly stderr: number | null;
}

/** A finished point: all that results are made of, as plain data that JSON and arrays carry. */
export interface PointRecord {
  readonly schema: typeof RECORD_SCHEMA;
  readonly id: string;
  readonly source: string;
  readonly role: SourceRole;
  readonly axes: Coordinates;
  /** What the numbers depend on; `id` is its hash. */
  readonly settings: JsonObject;
  readonly metrics: readonly Metric[];
  readonly diagnostics: { readonly [name: string]: Diagnostic };
  readonly warnings: readonly Warning[];
  /** What the dataset says of itself. */
  readonly dataset: JsonObject;
  readonly gateNames: readonly string[];
  /** `mean`, `variance`, `target`, order parameters, …; standard errors end in `_stderr`. */
  readonly arrays: { readonly [name: string]: Matrix };
}

/** A stored record under the names and places that the present plan gives it (they are not part of its id). */
export function relabel(record: PointRecord, point: Pick<PlannedPoint, 'source' | 'role' | 'axes'>): PointRecord {
  return { ...record, source: point.source, role: point.role, axes: point.axes };
}

/** A point that has no result, and why: kept so that it isn't tried again unasked. */
export interface FailureRecord {
  readonly schema: typeof RECORD_SCHEMA;
  readonly id: string;
  readonly source: string;
  readonly role: SourceRole;
  readonly axes: Coordinates;
  readonly settings: JsonObject;
  /** The parts of its `GgdlnError`. */
  readonly error: {
    readonly code: ErrorCode;
    readonly where: string;
    readonly problem: string;
    readonly remedy: string | null;
  };
}

/** A failure as it is kept. */
export function failureRecord(point: PlannedPoint, { code, where, problem, remedy }: GgdlnError): FailureRecord {
  const { id, source, role, axes } = point;
  const settings = point.settings as unknown as JsonObject;
  return {
    schema: RECORD_SCHEMA,
    id,
    source,
    role,
    axes,
    settings,
    error: { code, where, problem, remedy: remedy ?? null },
  };
}

/** The error of a failure that was kept. */
export function errorOf({ error: { remedy, ...parts } }: Pick<FailureRecord, 'error'>): GgdlnError {
  return new GgdlnError({ ...parts, ...(remedy === null ? {} : { remedy }) });
}
