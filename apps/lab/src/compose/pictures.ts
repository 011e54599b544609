import type { Json, JsonObject, Matrix } from '@ggdln/core';

/** Squares of one shade of a small picture, as the path of an SVG whose units are pixels. */
export interface Shade {
  readonly level: number;
  readonly path: string;
}

/**
 * A small picture as one path a shade: values are cut to [low, high] and rounded to `levels` shades, from 0 to
 * levels − 1. Neighbours in a row become one rectangle. Values that aren't finite are left out.
 */
export function shadesOf(
  values: ArrayLike<number>,
  width: number,
  [low, high]: readonly [number, number],
  levels: number,
): Shade[] {
  const paths = new Map<number, string>();
  for (let start = 0; start < values.length; ) {
    const level = levelOf(values[start], low, high, levels);
    const rowEnd = (Math.floor(start / width) + 1) * width;
    let end = start + 1;
    while (end < rowEnd && end < values.length && levelOf(values[end], low, high, levels) === level) end++;
    if (level !== undefined) {
      const d = `M${start % width} ${Math.floor(start / width)}h${end - start}v1h-${end - start}z`;
      paths.set(level, (paths.get(level) ?? '') + d);
    }
    start = end;
  }
  return [...paths].map(([level, path]) => ({ level, path })).sort((a, b) => a.level - b.level);
}

function levelOf(value: number, low: number, high: number, levels: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(Math.min(1, Math.max(0, share)) * (levels - 1));
}

/** A row of a matrix. */
export function rowOf({ data, cols }: Matrix, row: number): Float64Array {
  return data.subarray(row * cols, (row + 1) * cols);
}

/** The smallest and the largest value. */
export function extentOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return [low, high];
}

/**
 * The vectors in the inputs' space that a gating's state holds, one a gate (normals, centroids): its first list of
 * lists of N0 numbers, whatever it is called.
 */
export function gateVectors(state: JsonObject | undefined, inputs: number): readonly (readonly number[])[] | undefined {
  const isVectors = (value: Json): value is readonly (readonly number[])[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((row: Json) => Array.isArray(row) && row.length === inputs && row.every((x) => typeof x === 'number'));
  return Object.values(state ?? {}).find(isVectors);
}

/** How many inputs each gate is open at, in percent, and how many inputs have every gate shut. */
export function openShares(gates: Matrix): { readonly shares: readonly number[]; readonly dead: number } {
  const counts = new Array<number>(gates.cols).fill(0);
  let dead = 0;
  for (let row = 0; row < gates.rows; row++) {
    let open = 0;
    rowOf(gates, row).forEach((value, gate) => {
      if (value === 0) return;
      counts[gate]++;
      open++;
    });
    if (open === 0) dead++;
  }
  return { shares: counts.map((count) => (100 * count) / Math.max(1, gates.rows)), dead };
}
