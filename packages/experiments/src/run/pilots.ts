import type { PlannedPoint } from '../plan/planPoints.ts';

/** The first and the last point of every source, then the others in their order. */
export function pilotsFirst(points: readonly PlannedPoint[]): PlannedPoint[] {
  const pilots = new Set([...bySource(points).values()].flatMap((own) => [own[0], own[own.length - 1]]));
  return [...pilots, ...points.filter((point) => !pilots.has(point))];
}

/** Points by their learner or theory. */
export function bySource(points: readonly PlannedPoint[]): ReadonlyMap<string, PlannedPoint[]> {
  const groups = new Map<string, PlannedPoint[]>();
  for (const point of points) {
    const group = groups.get(point.source);
    if (group) group.push(point);
    else groups.set(point.source, [point]);
  }
  return groups;
}
