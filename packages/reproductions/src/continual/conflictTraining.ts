import type { Matrix } from '@ggdln/core';
import { type ForgettingEstimate, forgettingOverRuns } from '@ggdln/learning';
import { forgettingMatrix } from '@ggdln/theory/continual';
import type { ReproductionContext } from '../reproduction.ts';
import { entry } from '../rows.ts';
import { descended, estimate } from './common.ts';
import type { ConflictCase } from './conflicts.ts';
import { type AtWidth, deviationOf, meanDeviation, meanScore } from './widths.ts';

/** A case as trained at all widths. */
export interface TrainedCase extends ConflictCase {
  /** Forgetting matrix of theory. */
  readonly theory: Matrix;
  /** That of the widest networks. */
  readonly found: ForgettingEstimate;
  /** |f − theory|/|theory| of single networks. */
  readonly deviations: readonly AtWidth[];
  /** Of their mean, less its noise, over |theory|. */
  readonly biases: readonly AtWidth[];
  /** Mean over later tasks of the error on task 1: theory, and networks. */
  readonly later: { readonly expected: number; readonly found: readonly AtWidth[] };
  /** Of the mean over the widest networks, from theory, in standard errors. */
  readonly score: number;
  readonly networks: number;
}

/** Networks of all widths on one case. */
export async function trainedAt(
  one: ConflictCase,
  { widths, seeds }: { readonly widths: readonly number[]; readonly seeds: number },
  context: ReproductionContext,
): Promise<TrainedCase> {
  const targets = one.tasks.map(({ y }) => y);
  const theory = forgettingMatrix({ mean: one.mean }, targets);
  const count = targets.length;
  const laterOf = (of: (t: number) => number) =>
    Array.from({ length: count - 1 }, (_, k) => of(k + 1)).reduce((sum, error) => sum + error, 0) / (count - 1);
  const deviations: AtWidth[] = [];
  const later: AtWidth[] = [];
  const biases: AtWidth[] = [];
  const size = rootMeanSquareOf(one.mean);
  let runs: (readonly Matrix[])[] = [];
  for (const width of widths.map((N) => N * one.wider)) {
    const networks = await descended(one.networkOf(width), one.tasks, { name: one.group, seeds }, context);
    runs = networks.map(({ train }) => train);
    deviations.push(deviationOf(runs, one.mean, width));
    const { value, stderr } = meanDeviation(runs, one.mean, width);
    biases.push({ width, value: value / size, stderr: stderr / size });
    const errorOf = (run: readonly Matrix[], t: number) =>
      targets[0].reduce((sum, y, i) => sum + (entry(run[0], t, i) - y) ** 2, 0) / targets[0].length;
    later.push({ width, ...estimate(runs.map((run) => laterOf((t) => errorOf(run, t)))) });
  }
  return {
    ...one,
    theory,
    found: forgettingOverRuns(runs, targets),
    deviations,
    biases,
    later: { expected: laterOf((t) => entry(theory, t, 0)), found: later },
    score: meanScore(runs, one.mean),
    networks: seeds,
  };
}

const rootMeanSquareOf = (parts: readonly Matrix[]): number => {
  const all = parts.flatMap(({ data }) => [...data]);
  return Math.sqrt(all.reduce((sum, f) => sum + f * f, 0) / all.length);
};
