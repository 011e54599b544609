import type { Matrix, Row } from '@ggdln/core';
import type { Found } from '../checks.ts';
import { entry, lineRow, pointRow } from '../rows.ts';

/** How far single pairs of networks of one width are from theory. */
export interface AtWidth {
  readonly width: number;
  /** Root mean square over pairs. */
  readonly value: number;
  readonly stderr: number;
}

/** What the line through {@link againstWidth}'s points is. */
export const WIDTH_GUIDE = 'guide, falls as 1/√N';

/** Root mean square over pairs of a deviation of each, with its error bar from their scatter. */
export function overPairs(width: number, deviations: readonly number[]): AtWidth {
  const n = deviations.length;
  const square = deviations.reduce((sum, d) => sum + d * d, 0) / n;
  const scatter = Math.sqrt(deviations.reduce((sum, d) => sum + (d * d - square) ** 2, 0) / (n - 1));
  const value = Math.sqrt(square);
  return { width, value, stderr: scatter / Math.sqrt(n) / (2 * value) };
}

/** What theory has in a column. */
interface Target {
  readonly at: number;
  readonly value: number;
}

/**
 * For each pair the root mean square, over some columns, of (mean of its two networks − theory).
 * @param outputs 2·pairs × (times × points), as `EnsembleRun` has them.
 */
export function pairDeviations(outputs: Matrix, theory: readonly Target[]): number[] {
  return Array.from({ length: outputs.rows / 2 }, (_, p) => {
    const squares = theory.map(
      ({ at, value }) => ((entry(outputs, 2 * p, at) + entry(outputs, 2 * p + 1, at)) / 2 - value) ** 2,
    );
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  });
}

/** Points over width with a guide that falls as 1/√N through them, and the power of 1/N that fits them. */
export function againstWidth(
  found: readonly AtWidth[],
  metric: string,
  cells: Row = {},
): { readonly rows: readonly Row[]; readonly power: Found } {
  const logs = found.map(({ width, value, stderr }) => ({
    x: Math.log(width),
    y: Math.log(value),
    error: stderr / value,
  }));
  const mean = (of: (log: (typeof logs)[number]) => number) =>
    logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = mean(({ x }) => (x - mx) ** 2);
  const slope = mean(({ x, y }) => (x - mx) * (y - my)) / spread;
  const noise = mean(({ x, error }) => ((x - mx) * error) ** 2);
  const level = Math.exp(my + 0.5 * mx);
  return {
    rows: found.flatMap(({ width, value, stderr }) => [
      pointRow({ width, ...cells }, metric, value, stderr),
      lineRow({ width, ...cells }, metric, level / Math.sqrt(width), 'guide'),
    ]),
    power: { value: -slope, stderr: Math.sqrt(noise / logs.length) / spread },
  };
}
