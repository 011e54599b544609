import type { EnsembleRun } from '@ggdln/learning';
import type { Estimate } from '../rows.ts';

/** Targets of the points of an ensemble, training points first. */
export interface PairTargets {
  /** First point that counts, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly y: ArrayLike<number>;
}

/**
 * Mean squared error of the mean output over pairs at every time, without what the scatter of the mean adds to it, with
 * standard errors by jackknife over pairs (whose two networks belong together).
 * @param runs One pair each, at least two.
 */
export function pairErrors(runs: readonly EnsembleRun[], { from, to, y }: PairTargets): Estimate[] {
  const [{ times, points }] = runs;
  const n = runs.length;
  return Array.from(times, (_, time): Estimate => {
    const outputs = runs.map(({ outputs: { data, cols } }) =>
      Float64Array.from({ length: to - from }, (__, j) => {
        const at = time * points + from + j;
        return (data[at] + data[cols + at]) / 2;
      }),
    );
    const sum = outputs[0].map((___, j) => outputs.reduce((total, f) => total + f[j], 0));
    const square = outputs[0].map((___, j) => outputs.reduce((total, f) => total + f[j] * f[j], 0));
    /** From n pairs, or from all but one. */
    const errorOf = (count: number, without?: Float64Array) => {
      let error = 0;
      for (let j = 0; j < sum.length; j++) {
        const total = sum[j] - (without ? without[j] : 0);
        const squares = square[j] - (without ? without[j] ** 2 : 0);
        const mean = total / count;
        const scatter = count > 1 ? (squares / count - mean * mean) / (count - 1) : 0;
        error += (mean - y[j]) ** 2 - scatter;
      }
      return error / sum.length;
    };
    const value = errorOf(n);
    // One pair alone has no scatter to take off, so that two pairs have no jackknife.
    if (n < 3) return { value, stderr: null };
    const left = outputs.map((f) => errorOf(n - 1, f));
    const centre = left.reduce((total, error) => total + error, 0) / n;
    const spread = left.reduce((total, error) => total + (error - centre) ** 2, 0);
    return { value, stderr: Math.sqrt((spread * (n - 1)) / n) };
  });
}
