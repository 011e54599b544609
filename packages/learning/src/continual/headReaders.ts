import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, columnVector } from '@ggdln/linalg';
import { dot, squared } from './headChain.ts';
import type { HeadTask, SecondHeadProblem } from './headTasks.ts';

/** What readers need of the solved tasks. */
export interface SolvedHeads {
  /** Cholesky factor of K22. */
  readonly factor: Matrix;
  /** X2W1ᵀ/√(N N0), P2 × N. */
  readonly F: Matrix;
  /** XW1ᵀ/√(N N0) of any inputs. */
  readonly hidden: (X: Matrix) => Matrix;
  /** Eigenvectors of GᵀG, in whose basis heads b are. */
  readonly vectors: Matrix;
  /** λ̃ and λ̂. */
  readonly kept: number;
  readonly precision: number;
  /** First head: its direction in the eigenbasis, and |a1|²/N. */
  readonly old: Float64Array;
  readonly u1: number;
}

/** Mean squared error on held-out inputs, the hidden weights averaged. */
export function testReader(
  { tasks: [, two] }: SecondHeadProblem,
  test: HeadTask,
  made: SolvedHeads,
  linalg: LinalgBackend,
): (b: Float64Array, u: number) => number {
  const N0 = two.X.cols;
  const Kx = linalg.gemm(two.X, test.X, { transB: true, alpha: 1 / N0 });
  const solved = linalg.choleskySolve(made.factor, Kx);
  const known = linalg.gemm(solved, columnVector(two.y), { transA: true }).data;
  const explained = linalg.gemm(solved, made.F, { transA: true });
  const rest = linalg.gemm(add(made.hidden(test.X), explained, 1, -1), made.vectors);
  let left = 0;
  for (let q = 0; q < test.X.rows; q++) {
    for (let j = 0; j < N0; j++) left += test.X.data[q * N0 + j] ** 2 / N0;
    for (let mu = 0; mu < Kx.rows; mu++) left -= Kx.data[mu * Kx.cols + q] * solved.data[mu * Kx.cols + q];
  }
  return (b, u) => {
    const f = linalg.gemm(rest, columnVector(b)).data;
    let sum = (u * left) / made.precision;
    for (let q = 0; q < f.length; q++) sum += (known[q] + made.kept * f[q] - test.y[q]) ** 2;
    return sum / f.length;
  };
}

/** What the first head says of its own task after the second. */
interface FirstHead {
  /** Mean change on the inputs of task 1, the hidden weights averaged. */
  readonly change: Float64Array;
  /** Mean over these of the squared change, with the variance of the hidden weights. */
  readonly forgetting: number;
}

/**
 * Reads the first head under a second one b. Hidden weights after task 2 are Gaussian around λ̃W1, moved along a2 so that
 * task 2 is fitted: Δf1 = (λ̃ − 1)f1 + (a1·a2/|a2|²) K12 K22⁻¹(y2 − λ̃F a2) in the mean, with the variance
 * u1(K11 − c²K12 K22⁻¹K21)/λ̂.
 */
export function firstHeadReader(
  { tasks: [one, two] }: SecondHeadProblem,
  { factor, F, vectors, kept, precision, old, u1 }: SolvedHeads,
  linalg: LinalgBackend,
): (b: Float64Array) => FirstHead {
  const { rows: P, cols: N0 } = one.X;
  const K21 = linalg.gemm(two.X, one.X, { transB: true, alpha: 1 / N0 });
  const solved = linalg.choleskySolve(factor, K21);
  const target = linalg.gemm(solved, columnVector(two.y), { transA: true }).data;
  const seen = linalg.gemm(linalg.gemm(solved, F, { transA: true }), vectors);
  let [own, shared] = [0, 0];
  for (const x of one.X.data) own += (x * x) / N0 / P;
  for (let k = 0; k < K21.data.length; k++) shared += (K21.data[k] * solved.data[k]) / P;
  return (b) => {
    const [along, size] = [dot(b, old), squared(b)];
    const share = (Math.sqrt(b.length * u1) * along) / size;
    const f = linalg.gemm(seen, columnVector(b)).data;
    const change = one.y.map((y, i) => (kept - 1) * y + share * (target[i] - kept * f[i]));
    const spread = (u1 * (own - ((along * along) / size) * shared)) / precision;
    return { change, forgetting: squared(change) / P + Math.max(0, spread) };
  };
}
