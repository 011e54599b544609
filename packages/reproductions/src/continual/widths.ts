import { createTable, type Row, type SourceRole } from '@ggdln/core';
import type { Matrix } from '@ggdln/linalg';
import { type Figure, sweepFigure } from '@ggdln/plot';
import { continualLimit } from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import type { ReproductionContext } from '../reproduction.ts';
import { lineRow, pointRow } from '../rows.ts';
import { descended, estimate, reluNetwork, type SplitTask, ungated } from './common.ts';

/** A number at one width, with its standard error. */
export interface AtWidth {
  readonly width: number;
  readonly value: number;
  readonly stderr: number;
}

interface Estimate {
  readonly value: number;
  readonly stderr: number;
}

/** What a line of a figure of widths is: nothing that theory says. */
export const guideOf = (power: '1/N' | '1/√N'): string => `guide, falls as ${power}`;

/** Points of a deviation, and a guide that falls as N^(−power) through them, weighted by their errors. */
export function guidedRows(points: readonly AtWidth[], power: number, cells: Row, role: SourceRole): Row[] {
  const scaled = points.map(({ width, value, stderr }) => ({
    x: 0,
    value: value * width ** power,
    stderr: stderr * width ** power,
  }));
  const weight = (stderr: number) => 1 / Math.max(stderr, 1e-12) ** 2;
  const total = scaled.reduce((sum, { stderr }) => sum + weight(stderr), 0);
  const level = scaled.reduce((sum, { value, stderr }) => sum + weight(stderr) * value, 0) / total;
  return points.flatMap(({ width, value, stderr }) => [
    pointRow({ ...cells, width }, 'deviation', value, stderr, role),
    lineRow({ ...cells, width }, 'deviation', level / width ** power, 'guide'),
  ]);
}

/** How far networks are from theory against width, both logarithmic, with a guide. @param rows Those of `guidedRows`. */
export function deviationFigure(
  rows: readonly Row[],
  texts: { readonly title: string; readonly subtitle: string; readonly footer: string; readonly groupBy?: string },
): Figure {
  const frame = { title: 'Deviation', note: 'of a network', label: '|f − theory| / |theory|' };
  return sweepFigure(createTable(rows), {
    ...texts,
    x: { column: 'width', label: 'hidden width N', scale: 'log' },
    frames: [{ metric: 'deviation', ...frame, scale: 'log' }],
    residuals: false,
    guide: guideOf('1/√N'),
  });
}

/** The power p of N^(−p) that a deviation falls with, by weighted least squares of the logarithms. */
export function powerOf(points: readonly AtWidth[]): Estimate {
  const logs = points.map(({ width, value, stderr }) => ({
    x: -Math.log(width),
    value: Math.log(value),
    stderr: stderr / value,
  }));
  return fitLine(logs).slope;
}

/** N → ∞ of numbers that differ from it by c·N^(−power). */
export function extrapolated(points: readonly AtWidth[], power = 1): Estimate {
  return fitLine(points.map(({ width, ...found }) => ({ x: width ** -power, ...found }))).start;
}

/**
 * N → ∞ of numbers that are a polynomial in N^(−power), of one degree less than there are widths: exact through all of
 * them.
 */
export function limitThrough(points: readonly AtWidth[], power = 1): Estimate {
  let [value, variance] = [0, 0];
  for (const point of points) {
    // Lagrange's weight at N^(−power) = 0.
    const weight = points.reduce(
      (w, { width }) => (width === point.width ? w : w / (1 - (width / point.width) ** power)),
      1,
    );
    value += weight * point.value;
    variance += (weight * point.stderr) ** 2;
  }
  return { value, stderr: Math.sqrt(variance) };
}

/** value = start + slope·x by weighted least squares; errors are those of the points carried on. */
function fitLine(points: readonly ({ readonly x: number } & Estimate)[]): {
  readonly start: Estimate;
  readonly slope: Estimate;
} {
  const sum = (of: (point: { readonly x: number } & Estimate) => number) =>
    points.reduce((total, point) => total + of(point) / Math.max(point.stderr, 1e-12) ** 2, 0);
  const [w, x, xx] = [sum(() => 1), sum((p) => p.x), sum((p) => p.x * p.x)];
  const [y, xy] = [sum((p) => p.value), sum((p) => p.x * p.value)];
  const determinant = w * xx - x * x;
  return {
    start: { value: (xx * y - x * xy) / determinant, stderr: Math.sqrt(xx / determinant) },
    slope: { value: (w * xy - x * y) / determinant, stderr: Math.sqrt(w / determinant) },
  };
}

/** Blocks of runs for the error of a mean's deviation. */
const BLOCKS = 20;

/** What networks of a width say: for each, the outputs on every task's inputs, T × P_s. */
type Outputs = readonly (readonly Matrix[])[];

/** |f − theory|/|theory| of single networks, over all outputs: mean over networks. */
export function deviationOf(runs: Outputs, theory: readonly Matrix[], width: number): AtWidth {
  const size = norm(theory.map(({ data }) => data));
  const off = runs.map((run) => norm(run.map(({ data }, s) => data.map((f, k) => f - theory[s].data[k]))) / size);
  return { width, ...estimate(off) };
}

/** ReLU networks: hidden layers, prior variance, the widths that are compared, and networks of each. */
interface ReluSizes {
  readonly depth: number;
  readonly sigma2: number;
  readonly widths: readonly number[];
  readonly seeds: number;
}

/** `deviationOf` ReLU networks of some widths that gradient descent takes through tasks, beside their infinite width. */
export async function reluDeviations(
  tasks: readonly SplitTask[],
  { depth, sigma2, widths, seeds }: ReluSizes,
  name: string,
  context: ReproductionContext,
): Promise<AtWidth[]> {
  const network = { activation: reluActivation, depth };
  const { linalg } = context;
  const { mean } = await continualLimit({ network, tasks }, { sigma2, mode: 'gradient' }, { linalg, jitter: 1e-10 });
  const points: AtWidth[] = [];
  for (const N of widths) {
    const part = { name: `${name}/${N}`, seeds };
    const runs = await descended(reluNetwork(N, depth, sigma2), ungated(tasks, depth), part, context);
    const outputs = runs.map(({ train }) => train);
    points.push(deviationOf(outputs, mean, N));
  }
  return points;
}

/**
 * |mean over networks − theory| over the standard errors of the mean, both summed in squares over all outputs: 1 where
 * theory is the mean, more by what finite width shifts it.
 */
export function meanScore(runs: Outputs, theory: readonly Matrix[]): number {
  let [off, noise] = [0, 0];
  theory.forEach(({ data }, s) => {
    data.forEach((expected, k) => {
      const { value, stderr } = estimate(runs.map((run) => run[s].data[k]));
      off += (value - expected) ** 2;
      noise += stderr * stderr;
    });
  });
  return Math.sqrt(off / noise);
}

/**
 * Root mean square over outputs of (mean over runs − theory), less the square of its sampling noise; where the noise hides
 * it, what could just be seen. Its error is from leaving out blocks of runs.
 */
export function meanDeviation(runs: Outputs, theory: readonly Matrix[], width: number): AtWidth {
  const square = (some: Outputs) => {
    let [sum, count] = [0, 0];
    theory.forEach(({ data }, s) => {
      data.forEach((expected, k) => {
        const { value, stderr } = estimate(some.map((run) => run[s].data[k]));
        sum += (value - expected) ** 2 - stderr * stderr;
        count++;
      });
    });
    return sum / count;
  };
  const blocks = Math.min(BLOCKS, runs.length);
  const without = Array.from({ length: blocks }, (_, b) => square(runs.filter((_, k) => k % blocks !== b)));
  const noise = (blocks - 1) * estimate(without).stderr;
  const value = Math.sqrt(Math.max(square(runs), noise));
  return { width, value, stderr: noise / (2 * value) };
}

function norm(parts: readonly Float64Array[]): number {
  return Math.sqrt(parts.reduce((sum, part) => sum + part.reduce((s, f) => s + f * f, 0), 0));
}
