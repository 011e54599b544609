import { canonicalJson, type JsonObject, type Matrix, type Neighbour, type Registry } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import type { PointRecord } from '../store/pointRecord.ts';

/** At most so many widths are solved one after the other; other lines can be under way at the same time. */
const LINE = 8;
/** Solutions that a solve is given at most. */
const NEIGHBOURS = 4;

/** The points before a point in its line, the nearest last, by the point's id. */
export type SweepLines = ReadonlyMap<string, readonly PlannedPoint[]>;

/**
 * Lays points of theories that start from solutions at other widths into lines, from wide to narrow, of points that differ
 * in nothing but widths. Lines depend on what is planned only: who computes, and what is there already, changes no number.
 */
export function sweepLines(points: readonly PlannedPoint[], registry: Registry): SweepLines {
  const groups = new Map<string, Map<string, Placed>>();
  for (const point of points) {
    const { part, architecture: network } = point.settings;
    if (part.kind !== 'theory') continue;
    if (!registry.get('theory', part.use).create(part.options).startsFromNeighbours) continue;
    const {
      family,
      widths,
      sigma,
      activation = '',
    } = registry.get('architecture', network.use).create(network.options);
    const architecture = { use: network.use, family, sigma, activation, depth: widths.length };
    const key = canonicalJson({ ...point.settings, architecture } as unknown as JsonObject);
    const width = widths.reduce((sum, each) => sum + Math.log(each), 0);
    const group = groups.get(key) ?? new Map<string, Placed>();
    groups.set(key, group.set(point.id, { point, width }));
  }
  return new Map([...groups.values()].flatMap((group) => linesOf([...group.values()])));
}

interface Placed {
  readonly point: PlannedPoint;
  /** Sum of the logarithms of the widths. */
  readonly width: number;
}

function linesOf(group: readonly Placed[]): (readonly [string, readonly PlannedPoint[]])[] {
  const order = [...group].sort((a, b) => b.width - a.width || (a.point.id < b.point.id ? -1 : 1));
  const length = Math.ceil(order.length / Math.ceil(order.length / LINE));
  return order.map(({ point }, k) => [point.id, order.slice(k - (k % length), k).map((before) => before.point)]);
}

/** A {@link Neighbour} as plain JSON, which tasks carry across processes. */
export interface NeighbourJson {
  readonly widths: readonly number[];
  readonly orderParameters: {
    readonly [name: string]: { readonly rows: number; readonly cols: number; readonly data: readonly number[] };
  };
}

/** What is there of the points before a point: the nearest solutions, the nearest last. */
export function neighboursOf(
  before: readonly PlannedPoint[],
  records: ReadonlyMap<string, PointRecord>,
  registry: Registry,
): NeighbourJson[] {
  const solved = before.flatMap((point) => {
    const record = records.get(point.id);
    return record ? [{ point, record }] : [];
  });
  return solved.slice(-NEIGHBOURS).map(({ point, record }) => {
    const { use, options } = point.settings.architecture;
    const { mean: _mean, variance: _variance, target: _target, ...orderParameters } = record.arrays;
    const plain = ({ rows, cols, data }: Matrix) => ({ rows, cols, data: Array.from(data) });
    return {
      widths: registry.get('architecture', use).create(options).widths,
      orderParameters: Object.fromEntries(Object.entries(orderParameters).map(([name, u]) => [name, plain(u)])),
    };
  });
}

/** What {@link neighboursOf} gave, as theories have it. */
export function readNeighbours(stored: readonly NeighbourJson[]): Neighbour[] {
  return stored.map(({ widths, orderParameters }) => ({
    widths,
    orderParameters: Object.fromEntries(
      Object.entries(orderParameters).map(([name, { rows, cols, data }]) => [
        name,
        { rows, cols, data: Float64Array.from(data) },
      ]),
    ),
  }));
}
