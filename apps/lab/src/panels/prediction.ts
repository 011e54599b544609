import type { Matrix, PointView, RunView, Selection } from '@ggdln/core';
import { type Sides, sidesOf } from './run.ts';

/** One output of every side on the test inputs, at the place that is shown. */
export interface Predictions {
  readonly sides: Sides;
  readonly output: number;
  readonly outputs: number;
  readonly count: number;
  readonly theory: Float64Array | undefined;
  /** Standard deviation of the output under theory. */
  readonly theoryDeviation: Float64Array | undefined;
  readonly sampled: Float64Array | undefined;
  /** Standard errors of the sampled means. */
  readonly stderr: Float64Array | undefined;
  readonly infinite: Float64Array | undefined;
  readonly target: Float64Array | undefined;
}

/** @returns `undefined` while no side has a mean. */
export function predictionsOf(view: RunView, selection: Selection, output = 0): Predictions | undefined {
  const sides = sidesOf(view, selection, (point) => point.arrays.mean !== undefined);
  const any = sides.theory ?? sides.sampled ?? sides.infinite;
  const mean = any?.arrays.mean;
  if (!mean) return undefined;
  const shown = Math.min(output, mean.cols - 1);
  const column = (point: PointView | undefined, name: string) => {
    const matrix = point?.arrays[name];
    return matrix && matrix.rows === mean.rows ? columnOf(matrix, shown) : undefined;
  };
  return {
    ...{ sides, output: shown, outputs: mean.cols, count: mean.rows },
    theory: column(sides.theory, 'mean'),
    theoryDeviation: column(sides.theory, 'variance')?.map((value) => Math.sqrt(Math.max(0, value))),
    sampled: column(sides.sampled, 'mean'),
    stderr: column(sides.sampled, 'mean_stderr'),
    infinite: column(sides.infinite, 'mean'),
    target: column(any, 'target'),
  };
}

function columnOf({ rows, cols, data }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => data[i * cols + column]);
}

/** How far sampled means are from theory over the test inputs. */
export interface PredictionSummary {
  /** Root mean square of sampled minus theory. */
  readonly rms: number;
  /** Of how many inputs the difference is beyond two standard errors, of those that have one. */
  readonly outside: number;
  readonly withError: number;
}

/** How far sampled means are from those of theory; `undefined` where one of them is missing. */
export function summaryOf({ theory, sampled, stderr }: Predictions): PredictionSummary | undefined {
  if (!theory || !sampled || theory.length === 0) return undefined;
  let sum = 0;
  let outside = 0;
  let withError = 0;
  for (let i = 0; i < theory.length; i++) {
    const difference = sampled[i] - theory[i];
    sum += difference ** 2;
    const error = stderr?.[i] ?? 0;
    if (!(error > 0)) continue;
    withError++;
    if (Math.abs(difference) > 2 * error) outside++;
  }
  return { rms: Math.sqrt(sum / theory.length), outside, withError };
}
