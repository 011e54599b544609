import {
  createPacer,
  inputError,
  type LinalgBackend,
  type Matrix,
  type OnProgress,
  type RandomStream,
  throwIfCancelled,
} from '@ggdln/core';
import { columnVector, inner, matrix, requireMatrix } from '@ggdln/linalg';
import { createHeadChain, dot, type HeadDensity, squared } from './headChain.ts';
import { firstHeadReader, type SolvedHeads, testReader } from './headReaders.ts';
import type { SecondHeadProblem } from './headTasks.ts';

/** How the second head is sampled. */
export interface SecondHeadOptions {
  /** Settled trajectories; as many again come before. Default 200. */
  readonly samples?: number;
  readonly rng: RandomStream;
  readonly linalg: LinalgBackend;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Posterior means of one draw of the first task's weights. */
export interface SecondHeadSample {
  /** |a2|²/N. */
  readonly u: number;
  /** cos²(a1, a2). */
  readonly cosSquared: number;
  /** Mean squared error on held-out inputs of task 2, with the variance of the hidden weights; NaN without any. */
  readonly testError: number;
  /** Mean change of the first head's outputs on the inputs of task 1, which it had fitted exactly; P1. */
  readonly firstHeadChange: Float64Array;
  /** Mean squared error of the first head on task 1, with the variance of the hidden weights. */
  readonly forgetting: number;
  readonly acceptance: number;
}

const where = '@ggdln/learning sampleSecondHead';

/**
 * The second head of a linear network that has learnt a first task: hidden weights after task 1 drawn exactly, those after
 * task 2 integrated out exactly, and the N numbers of the head sampled by Hamiltonian Monte Carlo in the eigenbasis of
 * GᵀG. What the first head then says of its own task comes along. For theory see `solveMultiHead` and
 * `multiHeadPredictor`. Source: theory page continual, sections 6 and 8.4.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NUMERICAL for a task of N0 inputs or more; GGDLN_CANCELLED.
 */
export async function sampleSecondHead(
  problem: SecondHeadProblem,
  options: SecondHeadOptions,
): Promise<SecondHeadSample> {
  requireProblem(problem);
  const { tasks, width, test } = problem;
  const { samples = 200, rng, linalg, signal, onProgress } = options;
  if (!Number.isSafeInteger(samples) || samples < 1)
    throw inputError(where, `samples is ${samples}`, 'Give a whole number ≥ 1');
  throwIfCancelled(signal, where);
  const { density, solved } = solveHeads(problem, rng.stream('first task'), linalg);
  const read = test ? testReader(problem, test, solved, linalg) : () => Number.NaN;
  const readFirst = firstHeadReader(problem, solved, linalg);
  const firstHeadChange = new Float64Array(tasks[0].y.length);
  const sum = { u: 0, cosSquared: 0, testError: 0, forgetting: 0, acceptance: 0 };
  const chain = createHeadChain(density, rng.stream('second head'));
  const pace = createPacer();
  for (let k = -samples; k < samples; k++) {
    throwIfCancelled(signal, where);
    await pace();
    const acceptance = chain.move(k >= 0);
    onProgress?.({ stage: 'second head', done: samples + k + 1, total: 2 * samples, unit: 'trajectories' });
    if (k < 0) continue;
    sum.acceptance += acceptance / samples;
    const u = squared(chain.b) / width;
    sum.u += u / samples;
    sum.cosSquared += dot(chain.b, solved.old) ** 2 / (width * u) / samples;
    sum.testError += read(chain.b, u) / samples;
    const { change, forgetting } = readFirst(chain.b);
    sum.forgetting += forgetting / samples;
    for (let i = 0; i < change.length; i++) firstHeadChange[i] += change[i] / samples;
  }
  return { ...sum, firstHeadChange };
}

function requireProblem({ tasks, width, sigma2, lambda }: SecondHeadProblem): void {
  for (const [name, value] of Object.entries({ width, sigma2, lambda })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw inputError(where, `${name} is ${value}`, 'Give a finite number > 0');
  }
  tasks.forEach(({ X, y }, t) => {
    requireMatrix(where, `tasks[${t}].X (P × N0)`, X, { cols: tasks[0].X.cols });
    requireMatrix(where, `tasks[${t}].y (P)`, columnVector(y), { rows: X.rows });
  });
}

/** Draws the first task's weights; what the density of the second head and its readers need of them. */
function solveHeads(
  problem: SecondHeadProblem,
  rng: RandomStream,
  linalg: LinalgBackend,
): { readonly density: HeadDensity; readonly solved: SolvedHeads } {
  const {
    tasks: [, two],
    width,
    sigma2,
    lambda,
  } = problem;
  const { W, direction, u1 } = afterFirstTask(problem, rng, linalg);
  const N0 = two.X.cols;
  const factor = linalg.cholesky(linalg.gemm(two.X, two.X, { transB: true, alpha: 1 / N0 }));
  const hidden = (X: Matrix) => linalg.gemm(X, W, { transB: true, alpha: 1 / Math.sqrt(width * N0) });
  const F = hidden(two.X);
  const G = linalg.triangularSolve(factor, F);
  const y = linalg.triangularSolve(factor, columnVector(two.y));
  const { values, vectors } = linalg.symmetricEigen(linalg.syrk(G, { trans: true }));
  const inBasis = (v: Matrix) => linalg.gemm(vectors, v, { transA: true }).data;
  const precision = lambda + 1 / sigma2;
  const kept = lambda / precision;
  const spectrum = values.map((value) => Math.max(0, value));
  const along = inBasis(linalg.gemm(G, y, { transA: true }));
  const density = { width, P: two.X.rows, sigma2, precision, kept, spectrum, along, targets: inner(y, y) };
  const old = inBasis(columnVector(direction));
  return { density, solved: { factor, F, hidden, vectors, kept, precision, old, u1 } };
}

/** Hidden weights W (N × N0) after task 1 and the direction of its head, at the concentrated |a1|². */
function afterFirstTask({ tasks: [one], width, sigma2 }: SecondHeadProblem, rng: RandomStream, linalg: LinalgBackend) {
  const N0 = one.X.cols;
  const K = linalg.gemm(one.X, one.X, { transB: true, alpha: 1 / N0 });
  const L = linalg.cholesky(K);
  const q = inner(columnVector(one.y), linalg.choleskySolve(L, columnVector(one.y))) / width;
  const linear = sigma2 * (one.X.rows / width - 1);
  // The maximum of the evidence over |a1|: u/σ² + α − 1 = q/(σ²u), with q = y1ᵀK11⁻¹y1/N free of σ².
  const u = (-linear + Math.sqrt(linear * linear + 4 * q)) / 2;
  const direction = rng.fillGaussian(new Float64Array(width));
  const norm = Math.sqrt(squared(direction));
  for (let i = 0; i < width; i++) direction[i] /= norm;
  const W = matrix(width, N0, rng.fillGaussian(new Float64Array(width * N0), Math.sqrt(sigma2)));
  const now = linalg.gemm(one.X, linalg.gemm(W, columnVector(direction), { transA: true }));
  const missing = matrix(
    one.X.rows,
    1,
    now.data.map((value, mu) => one.y[mu] * Math.sqrt(N0 / u) - value),
  );
  const shift = linalg.gemm(one.X, linalg.choleskySolve(L, missing), { transA: true, alpha: 1 / N0 }).data;
  for (let i = 0; i < width; i++) for (let j = 0; j < N0; j++) W.data[i * N0 + j] += direction[i] * shift[j];
  return { W, direction, u1: u };
}
