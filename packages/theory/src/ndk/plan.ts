import { inputError, type LinalgBackend, unknownNameError, type Warning } from '@ggdln/core';
import { chooseLinalg, matrix } from '@ggdln/linalg';
import { requireTimes } from './network.ts';
import { type NdkPoints, type NdkProblem, ndkPoints } from './problem.ts';
import { twoTimeKernel } from './twoTime.ts';
import { listSeparated, NDK_SOLVES, type NdkAsked, type NdkSolve, ndkWork, separateKernels } from './work.ts';

/** What a solve will take. */
export interface NdkPlan {
  readonly objects: readonly { readonly name: string; readonly bytes: number }[];
  /** Bytes of all objects together, on the finest mesh planned. */
  readonly peak: number;
  /** Panels of each mesh, the coarsest first; of `variance`, up to the last time. */
  readonly panels: readonly number[];
  /** Numbers of two-time kernels to be computed, each a recursion over the layers. */
  readonly kernelEvaluations: number;
  /** A guess, from the speed of this machine at this moment. */
  readonly seconds: number;
}

/** How a solve is planned. */
export interface NdkPlanOptions {
  readonly linalg?: LinalgBackend;
  /** Meshes until the result settles, 2 to 5; the default tolerance needs 3 as a rule. Default 3. */
  readonly meshes?: number;
  /** `mean` (default): `ndkMean`; `variance`: `ndkVariance`; `diffusive`: `ndkDiffusivePhase`, whose times are τ. */
  readonly solve?: NdkSolve;
  /** That of the solve, as it decides whether kernels may be interpolated. Default 1e-5. */
  readonly tolerance?: number;
}

const where = '@ggdln/theory planNdk';
const BYTES = 8;
/** Bytes are counted in copies of a panel's system: itself, a copy to eliminate in, its factor, and a product. */
const COPIES = 4;
/** Seconds above which a solve is announced. */
const LONG = 60;

/**
 * Memory, work and time that `ndkMean`, `ndkVariance` or `ndkDiffusivePhase` will take, before it starts: the meshes are
 * laid out, nothing is solved.
 * @throws GGDLN_INPUT for parts that don't fit.
 */
export async function planNdk(
  problem: NdkProblem,
  times: ArrayLike<number>,
  options: NdkPlanOptions = {},
): Promise<NdkPlan> {
  const { meshes = 3, solve = 'mean' } = options;
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireTimes(where, 'times', times);
  if (!Number.isSafeInteger(meshes) || meshes < 2 || meshes > 5)
    throw inputError(where, `meshes is ${meshes}`, 'Give a whole number from 2 to 5');
  if (!NDK_SOLVES.includes(solve)) throw unknownNameError(where, 'solve', solve, NDK_SOLVES);
  const asked = { problem, points: ndkPoints(where, problem, linalg), times, solve };
  return planPoints({ ...asked, separated: separateKernels(asked, options, linalg) }, meshes, linalg);
}

function planPoints(asked: NdkAsked, meshes: number, linalg: LinalgBackend): NdkPlan {
  const { problem, points, times, solve } = asked;
  const [P, all] = [problem.X.rows, points.all.gram.rows];
  const columns = solve === 'variance' ? all - P : 1;
  const work = ndkWork(asked, meshes, linalg);
  const { kernel, product } = speeds(points, problem, linalg);
  const { order, panels } = work.finest;
  const terms = listSeparated(asked.separated).reduce((sum, kernel) => sum + kernel.terms.length, 0);
  const numbers: readonly (readonly [name: string, count: number])[] = [
    ['inputs and their inner products', all * (problem.X.cols + P)],
    ['equations of a panel', COPIES * ((order * P) ** 2 + (columns > 1 ? order * P * columns : 0))],
    ['solution on all panels', panels * order * P * columns],
    ['kernels at one pair of times', (P + all) * P],
    ...(terms > 0 ? [['interpolated kernels', terms] as const] : []),
    ...(columns > 1 ? [['sums over the past', 3 * P * columns] as const] : []),
    ['outputs', (solve === 'variance' ? 4 : 2) * times.length * all],
  ];
  const objects = numbers.map(([name, count]) => ({ name, bytes: BYTES * count }));
  return {
    objects,
    peak: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    panels: work.panels,
    kernelEvaluations: work.kernels,
    seconds: work.kernels * kernel + work.products * product,
  };
}

/** Seconds for a number of a kernel and for an operation of a product, timed on a few milliseconds of each. */
function speeds({ train }: NdkPoints, { network }: NdkProblem, linalg: LinalgBackend) {
  const fill = twoTimeKernel(network, train);
  const P = train.gram.rows;
  const out = new Float64Array(P * P);
  const entries = train.symmetric && network.activation.homogeneous ? (P * (P + 1)) / 2 : P * P;
  let lag = 0;
  const kernel = secondsOf(() => fill('dynamical', 1, 1 / (2 + lag++), out)) / entries;
  const side = 128;
  const square = matrix(side, side, new Float64Array(side * side).fill(0.5));
  return { kernel, product: secondsOf(() => linalg.gemm(square, square)) / (2 * side ** 3) };
}

/** Seconds of one run, as the fastest of some milliseconds of runs: others on the machine only slow them. */
function secondsOf(run: () => unknown): number {
  run();
  let least = Number.POSITIVE_INFINITY;
  const start = performance.now();
  do {
    const before = performance.now();
    for (let k = 0; k < 4; k++) run();
    least = Math.min(least, (performance.now() - before) / 4000);
  } while (performance.now() - start < 5);
  return least;
}

/** Limits that a solve is held to before it starts. */
export interface NdkLimits {
  /** Bytes; refused with the plan where it needs more. */
  readonly memoryLimit?: number;
  /** Told of a solve that will take more than a minute. */
  readonly onWarning?: (warning: Warning) => void;
}

/** @throws GGDLN_INPUT with the plan and what would fit, when a solve doesn't fit into the limit. */
export function heedLimits(
  where: string,
  asked: NdkAsked,
  { memoryLimit, onWarning }: NdkLimits,
  linalg: LinalgBackend,
): void {
  if (memoryLimit === undefined && !onWarning) return;
  if (memoryLimit !== undefined && !(memoryLimit > 0))
    throw inputError(where, `memoryLimit is ${memoryLimit}`, 'Give a number of bytes > 0');
  const { points } = asked;
  const plan = planPoints(asked, 3, linalg);
  const P = asked.problem.X.rows;
  if (memoryLimit !== undefined && plan.peak > memoryLimit) {
    const [first, second] = [...plan.objects].sort((a, b) => b.bytes - a.bytes);
    const fits = Math.floor(P * Math.sqrt(memoryLimit / plan.peak));
    throw inputError(
      where,
      `${P} examples and ${points.all.gram.rows - P} test inputs need ${megabytes(plan.peak)} of memory, ` +
        `${megabytes(memoryLimit)} may be used: ${first.name} ${megabytes(first.bytes)}; ${second.name} ${megabytes(second.bytes)}; …`,
      `${fits > 0 ? `About ${fits} examples fit` : 'Not even one example fits'}; use fewer, or raise memoryLimit`,
    );
  }
  if (plan.seconds <= LONG) return;
  const work = `${(plan.kernelEvaluations / 1e9).toPrecision(2)}·10⁹ numbers of kernels, ${megabytes(plan.peak)}`;
  onWarning?.({
    code: 'ndk-long-solve',
    message: `The integral equation of ${P} examples will take about ${Math.round(plan.seconds / 60) || 1} min (${work}). Fewer examples, or times that end earlier, take less.`,
  });
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toPrecision(3)} MB`;
