import { solveGgdln } from '@ggdln/theory';
import { nativeLinalg } from '../backends.ts';
import type { BenchContext, Contest, Job } from '../job.ts';
import { timeRuns } from '../timing.ts';
import { evaluationFlops, N0, saddleProblem, TOLERANCE } from './saddle.ts';

const [P, M, WIDTH] = [10_000, 50, 500];

export const largeSolve: Job = {
  name: 'large-solve',
  title: `a whole saddle point at P = 10⁴, kernel and predictor included, N = ${WIDTH}, to a residual of 1e-8; size P,M,N0. No peer: beside its floor; GB is the peak memory of the process.`,
  bar: () => ({ most: 1.5, ofFloor: true }),
  long: true,
  sizes: [{ size: `${P},${M},${N0}`, prepare }],
};

async function prepare(context: BenchContext): Promise<Contest> {
  const linalg = await nativeLinalg(context.threads);
  const problem = saddleProblem(P, M, WIDTH);
  let evaluations = 0;
  const solve = async () => {
    const solution = await solveGgdln(problem, { linalg, tolerance: TOLERANCE });
    evaluations = solution.evaluations;
  };
  return {
    unit: 'ms',
    backend: linalg.name,
    ours: { name: 'ggdln', check: {}, time: (runs) => timeRuns(runs, solve) },
    peers: [],
    once: true,
    // Known once it has run.
    get flops() {
      return { count: evaluations * evaluationFlops(P, M) + P * P * N0, precision: 'float64' as const };
    },
    tolerance: 0,
    extra: () => [{ unit: 'GB', ours: process.resourceUsage().maxRSS / 2 ** 20, floor: null }],
  };
}
