/** A rectangle in px, y downwards. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A disc that no label may touch: a mark, or a piece of a line or bar. `owner` is the index of its label. */
export interface Obstacle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly owner: number;
}

/** A place to try: the label's left upper corner and how little it is liked. */
export interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly cost: number;
}

export interface LabelRequest {
  readonly width: number;
  readonly height: number;
  readonly candidates: readonly Candidate[];
}

/** Within this many px of another series a label becomes ambiguous. */
const NEAR = 26;

/**
 * Puts labels beside what they name: for each in turn the cheapest candidate that lies in the frame and touches no
 * obstacle and no earlier label, where nearness to other series costs. Deterministic.
 * @returns A rectangle for each request, or `null` where every candidate collides (the legend names the series then).
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  obstacles: readonly Obstacle[],
  frame: Rect,
): (Rect | null)[] {
  const placed: Rect[] = [];
  return requests.map(({ width, height, candidates }, owner) => {
    let best: Rect | null = null;
    let lowest = Number.POSITIVE_INFINITY;
    for (const { x, y, cost } of candidates) {
      const rect = { x, y, width, height };
      if (cost >= lowest || !contains(frame, rect) || placed.some((other) => overlaps(rect, widened(other)))) continue;
      const total = cost + crowding(rect, obstacles, owner);
      if (total >= lowest) continue;
      best = rect;
      lowest = total;
    }
    if (best) placed.push(best);
    return best;
  });
}

/** With the air that keeps two labels on one line apart. */
const widened = ({ x, y, width, height }: Rect): Rect => ({ x: x - 6, y, width: width + 12, height });

/** Infinite where an obstacle is touched, else between 0 and 2 for nearness to other series. */
function crowding(rect: Rect, obstacles: readonly Obstacle[], owner: number): number {
  let nearest = NEAR;
  for (const obstacle of obstacles) {
    const gap = distance(rect, obstacle) - obstacle.radius;
    if (gap <= 0) return Number.POSITIVE_INFINITY;
    if (obstacle.owner !== owner) nearest = Math.min(nearest, gap);
  }
  return 2 * ((NEAR - nearest) / NEAR) ** 2;
}

/** Distance in px from a point to a rectangle; 0 inside. */
export function distance(rect: Rect, point: { readonly x: number; readonly y: number }): number {
  const dx = Math.max(rect.x - point.x, 0, point.x - rect.x - rect.width);
  const dy = Math.max(rect.y - point.y, 0, point.y - rect.y - rect.height);
  return Math.hypot(dx, dy);
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
