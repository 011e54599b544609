import { inputError, type LinalgBackend } from '@ggdln/core';
import { add, chooseLinalg, columnVector, inner, type Matrix, requireMatrix, trace, transpose } from '@ggdln/linalg';
import { squareNorms } from '../../kernels/recursion.ts';
import { type ContinualTask, requirePositive, requireTasks } from '../network.ts';
import { type SolvedPair, solvePair } from '../taskPair.ts';
import { firstHeadAfter } from './firstHead.ts';
import { type MultiHeadSaddle, solveMultiHead } from './saddle.ts';
import type { MultiHeadSetting } from './spectrum.ts';

/** Two tasks with a head each, on one linear hidden layer. */
export interface MultiHeadProblem {
  /** Their numbers of inputs must be below N0. */
  readonly tasks: readonly [ContinualTask, ContinualTask];
  /** Hidden units N. */
  readonly width: number;
  readonly sigma2: number;
  readonly lambda: number;
}

/** What the data of two tasks amount to (theory page continual, section 6). */
export interface MultiHeadOrderParameters {
  readonly setting: MultiHeadSetting;
  /** u1 = |a1|²/N of the first head. */
  readonly u1: number;
  /** S, the share of |w|² that task 1's rule says of task 2. */
  readonly signal: number;
  readonly gammaDirection: number;
  /** Tr K11⁻¹K12K22⁻¹K21/P2. */
  readonly gammaFeature: number;
}

/** Outputs after task 2, averaged over first-task weights and the posterior. */
export interface MultiHeadPrediction extends MultiHeadOrderParameters {
  readonly saddle: MultiHeadSaddle;
  /** Of the second head on the test inputs. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Mean change of the first head's outputs on the inputs of task 1. Its fluctuation is of the same size. */
  readonly firstHeadChange: Float64Array;
  /** Expected squared error of the first head on task 1, which it had fitted exactly: mean change and fluctuation. */
  readonly forgetting: number;
}

interface Solved extends MultiHeadOrderParameters {
  readonly pair: SolvedPair;
  /** m = K21 K11⁻¹y1, P2 × 1. */
  readonly shown: Matrix;
}

/**
 * Order parameters of two tasks for a network with a head a task and a linear hidden layer.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, section 6.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NUMERICAL for a task of N0 inputs or more.
 */
export async function multiHeadOrderParameters(
  problem: MultiHeadProblem,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<MultiHeadOrderParameters> {
  const { setting, u1, signal, gammaDirection, gammaFeature } = await solveData(
    '@ggdln/theory multiHeadOrderParameters',
    problem,
    options,
  );
  return { setting, u1, signal, gammaDirection, gammaFeature };
}

async function solveData(
  where: string,
  problem: MultiHeadProblem,
  options: { readonly linalg?: LinalgBackend },
): Promise<Solved> {
  const { tasks, width, sigma2, lambda } = problem;
  requireTasks(where, tasks);
  requirePositive(where, { width, sigma2, lambda });
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const [one, two] = tasks;
  const scale = 1 / one.X.cols;
  for (const [t, { X }] of tasks.entries()) {
    if (X.rows > X.cols)
      throw inputError(where, `task ${t + 1} has ${X.rows} inputs of ${X.cols} numbers`, 'The theory needs P ≤ N0');
  }
  const gram = (a: ContinualTask, b: ContinualTask) => linalg.gemm(a.X, b.X, { transB: true, alpha: scale });
  const blocks = { K11: gram(one, one), K12: gram(one, two), K22: gram(two, two), y1: one.y, y2: two.y };
  const pair = solvePair(where, blocks, linalg);
  const shown = linalg.gemm(pair.K21, pair.p1);
  const L2 = linalg.cholesky(pair.K22);
  const mKm = squaredNorm(linalg.triangularSolve(L2, shown));
  const yKy = inner(columnVector(two.y), pair.p2);
  const alpha1 = one.X.rows / width;
  const q1 = inner(columnVector(one.y), pair.p1) / width;
  const u1 = firstHead(sigma2 * (alpha1 - 1), q1);
  if (!(u1 > 0)) {
    const problem = `task 1 has targets 0 and ${one.X.rows} examples for ${width} units: its head vanishes`;
    throw inputError(where, problem, 'Give targets other than 0, or more units than examples');
  }
  const alpha = two.X.rows / width;
  const signal = mKm / (width * u1);
  const gammaDirection = mKm === 0 || yKy === 0 ? 0 : inner(shown, pair.p2) / Math.sqrt(mKm * yKy);
  const gammaFeature = trace(linalg.gemm(pair.from1, pair.from2)) / two.X.rows;
  const w2 = signal + sigma2 * alpha * (1 - gammaFeature);
  const rho = w2 === 0 ? 0 : gammaDirection * Math.sqrt(signal / w2);
  const setting = { alpha, sigma2, lambda, w2, rho: Math.max(-1, Math.min(1, rho)), Q: yKy / width };
  return { setting, u1, signal, gammaDirection, gammaFeature, pair, shown };
}

/** The positive root of u² + bu − q1 = 0, b = σ²(α1 − 1), q1 = y1ᵀK11⁻¹y1/N. */
function firstHead(b: number, q1: number): number {
  const root = Math.sqrt(b * b + 4 * q1);
  return b > 0 ? (2 * q1) / (b + root) : (root - b) / 2;
}

function squaredNorm(a: Matrix): number {
  return inner(a, a);
}

/**
 * Mean and variance of the second head on test inputs, and what the first head forgets, after two tasks.
 * Source: as `multiHeadOrderParameters`.
 * @param test Inputs, Q × N0.
 * @throws As `multiHeadOrderParameters`; NotConvergedError where the saddle has no solution.
 */
export async function multiHeadPredictor(
  problem: MultiHeadProblem,
  test: Matrix,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<MultiHeadPrediction> {
  const where = '@ggdln/theory multiHeadPredictor';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const [one, two] = problem.tasks;
  requireMatrix(where, 'test (Q × N0)', test, { cols: one.X.cols });
  const solved = await solveData(where, problem, { linalg });
  const { setting, u1, signal, gammaDirection, gammaFeature, pair, shown } = solved;
  const saddle = solveMultiHead(setting);
  const { u, cosine } = saddle;
  const precision = problem.lambda + 1 / problem.sigma2;
  const kept = problem.lambda / precision;
  const reuse = cosine * Math.sqrt(u / u1);
  const scale = 1 / one.X.cols;
  const Kx1 = linalg.gemm(test, one.X, { transB: true, alpha: scale });
  const Kx2 = linalg.gemm(test, two.X, { transB: true, alpha: scale });
  const rest = add(Kx1, linalg.gemm(Kx2, pair.from2), 1, -1);
  const mean = add(linalg.gemm(Kx2, pair.p2), linalg.gemm(rest, pair.p1), 1, kept * reuse);
  const own = squareNorms(test);
  const explained = (rows: Matrix, K: Matrix) => {
    const half = linalg.triangularSolve(linalg.cholesky(K), transpose(rows));
    const out = new Float64Array(rows.rows);
    for (let k = 0; k < half.data.length; k++) out[k % half.cols] += half.data[k] ** 2;
    return out;
  };
  const [by2, by1] = [explained(Kx2, pair.K22), explained(rest, pair.K11)];
  const variance = own.map((k, i) => {
    const left2 = Math.max(0, k - by2[i]);
    const left21 = Math.max(0, left2 - by1[i]);
    const c2 = saddle.cosSquared;
    return kept * kept * problem.sigma2 * u * ((1 - c2) * left2 + c2 * left21) + (u * left2) / precision;
  });
  const { sigma2, lambda, width } = problem;
  const first = firstHeadAfter({ pair, shown, u1, gammaFeature, saddle, sigma2, lambda, width }, linalg);
  return {
    setting,
    u1,
    signal,
    gammaDirection,
    gammaFeature,
    saddle,
    mean: mean.data,
    variance,
    firstHeadChange: first.change,
    forgetting: first.forgetting,
  };
}
