import { createRandom, type Matrix, type Row } from '@ggdln/core';
import { sampleTaskChain } from '@ggdln/learning';
import { type ContinualProblem, type ContinualSolution, continualGibbs } from '@ggdln/theory/continual';
import { type Check, near } from '../checks.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { estimate, reluNetwork, type SplitTask, ungated } from './common.ts';
import { type AtWidth, guidedRows, powerOf } from './widths.ts';

/** Prior variance of every weight, and inverse temperature of every task. */
export const SIGMA2 = 1.5;
export const BETA = 8;
/** Stiffness at which widths are compared. */
export const LAMBDA = 1.2;
/** Blocks of chains for the error of a deviation. */
const BLOCKS = 20;

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
    points.push({ width, ...meanDeviation(runs, mean) });
  }
  return {
    rows: guidedRows(points, 1, {}, 'exact-sampling'),
    // Powers of 1/N beyond the first bend the line at narrow widths.
    checks: [near('mean outputs of chains − theory: power of 1/N', powerOf(points), 1, 0.25)],
  };
}

/**
 * Root mean square over outputs of (mean over chains − theory), less the square of its sampling noise; where the noise hides
 * it, what could just be seen. Its error is from leaving out blocks of chains.
 */
function meanDeviation(
  runs: readonly (readonly Matrix[])[],
  theory: readonly Matrix[],
): { readonly value: number; readonly stderr: number } {
  const square = (some: readonly (readonly Matrix[])[]) => {
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
  return { value, stderr: noise / (2 * value) };
}
