import { createRandom, type Matrix, type Row } from '@ggdln/core';
import { sampleTaskChain } from '@ggdln/learning';
import { type ContinualProblem, type ContinualSolution, continualGibbs } from '@ggdln/theory/continual';
import { type Check, near } from '../checks.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { reluNetwork, type SplitTask, ungated } from './common.ts';
import { type AtWidth, guidedRows, meanDeviation, powerOf } from './widths.ts';

/** Prior variance of every weight, and inverse temperature of every task. */
export const SIGMA2 = 1.5;
export const BETA = 8;
/** Stiffness at which widths are compared. */
export const LAMBDA = 1.2;

export type ChainProblem = ContinualProblem & { readonly tasks: readonly SplitTask[] };

export interface ChainSizes {
  /** Widths at which mean outputs are compared with theory. */
  readonly widths: readonly number[];
  readonly chainsOfWidth: number;
}

export const chainTheory = (
  problem: ChainProblem,
  lambda: number,
  { linalg }: ReproductionContext,
): Promise<ContinualSolution> => continualGibbs(problem, { lambda, sigma2: SIGMA2, beta: BETA }, { linalg });

/** Outputs of independent chains on every task’s inputs, T × P_s. */
export async function chainsAt(
  { tasks }: ChainProblem,
  { lambda, width, chains }: { readonly lambda: number; readonly width: number; readonly chains: number },
  { seed, linalg, signal, onProgress }: ReproductionContext,
): Promise<(readonly Matrix[])[]> {
  const { runs } = await sampleTaskChain(
    { architecture: reluNetwork(width, 1, SIGMA2), tasks: ungated(tasks, 1) },
    {
      lambda,
      beta: BETA,
      chains,
      rng: createRandom(seed).stream('stiffness').stream('chains').stream(`${lambda}/${width}`),
      linalg,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    },
  );
  return runs.map(({ train }) => train);
}

/** How far mean outputs are from theory, at several widths. */
export async function chainWidths(
  problem: ChainProblem,
  { widths, chainsOfWidth }: ChainSizes,
  context: ReproductionContext,
): Promise<{ readonly rows: readonly Row[]; readonly checks: readonly Check[] }> {
  const { mean } = await chainTheory(problem, LAMBDA, context);
  const points: AtWidth[] = [];
  for (const width of widths) {
    const runs = await chainsAt(problem, { lambda: LAMBDA, width, chains: chainsOfWidth }, context);
    points.push(meanDeviation(runs, mean, width));
  }
  return {
    rows: guidedRows(points, 1, {}, 'exact-sampling'),
    // Powers of 1/N beyond the first bend the line at narrow widths.
    checks: [near('mean outputs of chains − theory: power of 1/N', powerOf(points), 1, 0.25)],
  };
}
