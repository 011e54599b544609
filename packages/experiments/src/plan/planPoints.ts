import { canonicalJson, GgdlnError, type JsonObject, type SourceRole } from '@ggdln/core';
import { baseValue, concerns, isOwnAxis, toCell } from '../spec/axes.ts';
import type { AxisValue, SweepSpec } from '../spec/experimentSpec.ts';
import {
  isPerLayer,
  type ResolvedPart,
  type ResolvedSource,
  type ResolvedSpec,
  sweepsOf,
} from '../spec/resolvedSpec.ts';
import { digest } from './digest.ts';

/** Of one learner or theory in one sweep. */
const MAX_PLACES = 100_000;

/** Values of a point on its axes. */
export type Coordinates = { readonly [axis: string]: AxisValue };

type OptionValue = ResolvedPart['options'][string];

/** Everything that a point's numbers depend on. */
export interface PointSettings {
  readonly seed: number;
  readonly temperature: number;
  readonly dataset: ResolvedPart;
  /** One for all layers, or one a layer, top first. */
  readonly gating: ResolvedPart | readonly ResolvedPart[];
  readonly architecture: ResolvedPart;
  readonly part: ResolvedPart & { readonly kind: 'learner' | 'theory' };
  /** Names of the part's random stream below the root of the seed. */
  readonly stream: readonly string[];
  /** Another backend gives other last bits. */
  readonly linalg: string;
  /** The tensor backend of a learner, where the experiment names one; likewise. */
  readonly tensor?: string;
}

/** One computation of an experiment: a learner or a theory at one place of the sweep. */
export interface PlannedPoint {
  /** 24 hexadecimal digits of the hash of `settings`. */
  readonly id: string;
  /** Name of the learner or theory in this experiment. */
  readonly source: string;
  readonly role: SourceRole;
  /** All axes that concern it; axes that are options of other parts are left out. */
  readonly axes: Coordinates;
  readonly settings: PointSettings;
}

/**
 * The computations of an experiment, theories first, each source in ascending order of its axes.
 * A theory is also evaluated wherever a learner is, so that every sampled number has one to be compared with.
 * @param linalg Name of the backend that will compute; part of what a point's numbers depend on.
 * @throws GGDLN_CONFIG when the axes of a learner or theory cross to more than 100 000 places.
 */
export async function planPoints(spec: ResolvedSpec, linalg: string = spec.linalg): Promise<PlannedPoint[]> {
  const learners = spec.learners.map((source) => ({ source, coordinates: grid(spec, source) }));
  const sampled = learners.flatMap(({ coordinates }) => coordinates);
  const places = [
    ...spec.theories.map((source) => ({ source, coordinates: theoryPlaces(spec, source, sampled) })),
    ...learners,
  ];
  const points = places.flatMap(({ source, coordinates }) =>
    ascending(coordinates).map((axes) => ({ source, axes, settings: settingsAt(spec, source, axes, linalg) })),
  );
  return Promise.all(
    points.map(async ({ source, axes, settings }) => ({
      id: (await digest(canonicalJson(settings as unknown as JsonObject))).slice(0, 24),
      source: source.as,
      role: source.role,
      axes,
      settings,
    })),
  );
}

/** All axes of an experiment: those of the sweep, its groups, then those that only some part's `at` has. */
export function axesOf(spec: ResolvedSpec): string[] {
  return [...new Set(sweepsOf(spec).flatMap((sweep) => Object.keys(sweep)))];
}

/** @throws GGDLN_CONFIG before places are made that no memory holds. */
function requirePlannable(places: number, source: ResolvedSource): void {
  if (places <= MAX_PLACES) return;
  throw new GgdlnError({
    code: 'GGDLN_CONFIG',
    where: '@ggdln/experiments planPoints',
    problem: `the axes that concern ${source.as} cross to ${places} places, ${MAX_PLACES} are the most`,
    remedy: 'Give fewer values, axes that move together, or a random axis',
  });
}

/** A source's places: its values on every axis and every group that concerns it, crossed. */
function grid(spec: ResolvedSpec, source: ResolvedSource): Coordinates[] {
  let places: Coordinates[] = [{}];
  const grouped = new Set(spec.together.flatMap((group) => Object.keys(group)));
  const cross = (rows: readonly Coordinates[]) => {
    requirePlannable(places.length * rows.length, source);
    places = places.flatMap((place) => rows.map((row) => ({ ...place, ...row })));
  };
  for (const axis of axesOf(spec).filter((name) => !grouped.has(name) && concerns(source, name))) {
    const values = source.at[axis] ?? spec.sweep[axis] ?? [baseValue(spec, axis)];
    cross(values.map((value) => ({ [axis]: value })));
  }
  for (const group of spec.together) cross(rowsOf(group, source));
  return places;
}

/** The rows of a group without the axes that are other sources' own; one empty row where none is left. */
function rowsOf(group: SweepSpec, source: ResolvedSource): Coordinates[] {
  const axes = Object.keys(group).filter((axis) => concerns(source, axis));
  const count = group[Object.keys(group)[0]].length;
  return distinct(
    Array.from({ length: count }, (_, i) => Object.fromEntries(axes.map((axis) => [axis, group[axis][i]]))),
  );
}

/** The theory's own places, and those of learners, each with every setting that the theory has of its own options. */
function theoryPlaces(spec: ResolvedSpec, theory: ResolvedSource, sampled: readonly Coordinates[]): Coordinates[] {
  const places = grid(spec, theory);
  const there = new Set(places.map((place) => canonicalJson(sharedOnly(place))));
  const further = distinct(sampled.map(sharedOnly)).filter((place) => !there.has(canonicalJson(place)));
  const own = distinct(places.map(ownOnly));
  requirePlannable(places.length + further.length * own.length, theory);
  return [...places, ...further.flatMap((place) => own.map((option) => ({ ...place, ...option })))];
}

function sharedOnly(place: Coordinates): Coordinates {
  return Object.fromEntries(Object.entries(place).filter(([axis]) => !isOwnAxis(axis)));
}

function ownOnly(place: Coordinates): Coordinates {
  return Object.fromEntries(Object.entries(place).filter(([axis]) => isOwnAxis(axis)));
}

function distinct(places: readonly Coordinates[]): Coordinates[] {
  return [...new Map(places.map((place) => [canonicalJson(place), place])).values()];
}

/** Sorted by the first axis, then the second, …: numbers by size, other values in the order of first appearance. */
function ascending(places: readonly Coordinates[]): Coordinates[] {
  const axes = Object.keys(places[0] ?? {});
  const appeared = new Map(axes.map((axis) => [axis, [...new Set(places.map((place) => place[axis]))]]));
  const rank = (axis: string, value: AxisValue) =>
    typeof value === 'number' ? value : (appeared.get(axis) ?? []).indexOf(value);
  return [...places].sort((a, b) => {
    const axis = axes.find((name) => a[name] !== b[name]);
    return axis === undefined ? 0 : rank(axis, a[axis]) - rank(axis, b[axis]);
  });
}

function settingsAt(spec: ResolvedSpec, source: ResolvedSource, axes: Coordinates, linalg: string): PointSettings {
  const part = (prefix: string, { use, options }: ResolvedPart): ResolvedPart => {
    const changed: Record<string, OptionValue> = { ...options };
    for (const [name, value] of Object.entries(options)) {
      const cell = axes[`${prefix}.${name}`];
      if (cell !== undefined) changed[name] = likeOption(value, cell);
    }
    return { use, options: changed };
  };
  const list = source.kind === 'learner' ? 'learners' : 'theories';
  return {
    seed: Number(axes.seed ?? spec.seed),
    temperature: Number(axes.temperature ?? spec.temperature),
    dataset: part('dataset', spec.dataset),
    gating: isPerLayer(spec.gating)
      ? spec.gating.map((gating, layer) => part(`gating.${layer}`, gating))
      : part('gating', spec.gating),
    architecture: part('architecture', spec.architecture),
    part: { kind: source.kind, ...part(`${list}.${source.as}`, source) },
    stream: streamOf(source, axes),
    linalg,
    ...(source.kind === 'learner' && spec.tensor !== 'auto' ? { tensor: spec.tensor } : {}),
  };
}

/** An axis' value as the option's: text such as `10,20` becomes a list where the option is one. */
function likeOption(value: OptionValue, cell: AxisValue): OptionValue {
  if (typeof value !== 'object') return cell;
  return toCell(value) === cell ? value : String(cell).split(',').map(Number);
}

/**
 * The random stream of a point. It is named by the part and its place, never by the order of the work, so that
 * resumed and undisturbed runs draw the same numbers; more sweeps continue the same chain. The seed is the root.
 */
function streamOf(source: ResolvedSource, axes: Coordinates): string[] {
  if (source.kind === 'theory') return ['theory', source.use];
  const place = Object.entries(axes)
    .filter(([axis]) => axis !== 'seed')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([axis, value]) => `${axis}=${value}`);
  return ['learner', source.as, place.join(',')];
}
