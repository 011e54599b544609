import type { JsonObject, SourceRole } from '@ggdln/core';
import type { Coordinates, PlannedPoint } from '../plan/planPoints.ts';
import { type ResolvedSpec, toSpec } from '../spec/resolvedSpec.ts';

/** Version of a run's folder. */
export const RUN_FORMAT = 1;

/** What a run is to compute: written before it begins, so that its folder can be understood without its plugins. */
export interface RunManifest {
  readonly format: typeof RUN_FORMAT;
  readonly name: string;
  readonly title: string;
  /** The resolved experiment. */
  readonly spec: JsonObject;
  /** Name of the linear-algebra backend. */
  readonly linalg: string;
  readonly axes: readonly string[];
  /** All points, in the order of the table. */
  readonly points: readonly ManifestPoint[];
}

/** One point of a run, without its settings. */
export interface ManifestPoint {
  readonly id: string;
  readonly source: string;
  readonly role: SourceRole;
  readonly axes: Coordinates;
}

/** The manifest of a run; the same spec gives the same. */
export function manifestOf(
  spec: ResolvedSpec,
  axes: readonly string[],
  points: readonly PlannedPoint[],
  linalg: string,
): RunManifest {
  return {
    format: RUN_FORMAT,
    name: spec.name,
    title: spec.title,
    spec: toSpec(spec) as unknown as JsonObject,
    linalg,
    axes,
    points: points.map(({ id, source, role, axes: place }) => ({ id, source, role, axes: place })),
  };
}
