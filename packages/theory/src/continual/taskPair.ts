import { inputError, type LinalgBackend } from '@ggdln/core';
import { chooseLinalg, columnVector, inner, type Matrix, requireMatrix, trace, transpose } from '@ggdln/linalg';
import { branchKernel, inputGram } from './branchKernel.ts';
import { type ContinualNetwork, type ContinualTask, requireNetwork, requirePositive, requireTasks } from './network.ts';
import { taskFactor } from './taskFactor.ts';

/** Kernel blocks of two tasks, K_ij = K(X_i, X_j), with their targets. */
export interface TaskPair {
  /** P1 × P1, positive definite. */
  readonly K11: Matrix;
  /** P1 × P2. */
  readonly K12: Matrix;
  /** P2 × P2, positive definite. */
  readonly K22: Matrix;
  readonly y1: Float64Array;
  readonly y2: Float64Array;
}

/**
 * The kernel blocks of two tasks for an infinitely wide network.
 * @param kernel `ntk`, which forgetting at λ → ∞ follows, or `nngp`.
 * @param sigma2 Prior variance of every weight.
 * @throws GGDLN_INPUT for parts that don't fit.
 */
export async function taskPair(
  network: ContinualNetwork,
  { kernel, sigma2 }: { readonly kernel: 'ntk' | 'nngp'; readonly sigma2: number },
  tasks: readonly [ContinualTask, ContinualTask],
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<TaskPair> {
  const where = '@ggdln/theory taskPair';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireNetwork(where, network);
  requireTasks(where, tasks);
  requirePositive(where, { sigma2 });
  const law = { variances: [sigma2, sigma2], covariance: sigma2 } as const;
  const block = (i: number, j: number) => {
    const both = branchKernel(network, law, inputGram(tasks[i].X, tasks[j].X, linalg));
    return kernel === 'ntk' ? both.slope : both.outputs;
  };
  return { K11: block(0, 0), K12: block(0, 1), K22: block(1, 1), y1: tasks[0].y, y2: tasks[1].y };
}

/** What the order parameters are made of; every product with an inverse goes through a Cholesky factor. */
export interface SolvedPair extends TaskPair {
  readonly K21: Matrix;
  /** K11⁻¹K12, P1 × P2. */
  readonly from1: Matrix;
  /** K22⁻¹K21, P2 × P1. */
  readonly from2: Matrix;
  /** K11⁻¹y1 and K22⁻¹y2. */
  readonly p1: Matrix;
  readonly p2: Matrix;
  readonly linalg: LinalgBackend;
}

/** @throws GGDLN_INPUT for blocks that don't fit; GGDLN_NUMERICAL for a task whose kernel is singular. */
export function solvePair(where: string, pair: TaskPair, linalg: LinalgBackend): SolvedPair {
  const { K11, K12, K22, y1, y2 } = pair;
  requireMatrix(where, 'K11 (P1 × P1)', K11, { cols: K11.rows });
  requireMatrix(where, 'K22 (P2 × P2)', K22, { cols: K22.rows });
  requireMatrix(where, 'K12 (P1 × P2)', K12, { rows: K11.rows, cols: K22.rows });
  requireMatrix(where, 'y1 (P1)', columnVector(y1), { rows: K11.rows });
  requireMatrix(where, 'y2 (P2)', columnVector(y2), { rows: K22.rows });
  if (K11.rows === 0 || K22.rows === 0) throw inputError(where, 'a task has no inputs', 'Give at least one each');
  const K21 = transpose(K12);
  const remedy = 'Are inputs repeated, or more than N0 of them under a linear network? Leave some out';
  const [L1, L2] = [K11, K22].map((K, s) => taskFactor(where, { K, s, given: false }, remedy, linalg));
  return {
    ...pair,
    K21,
    from1: linalg.choleskySolve(L1, K12),
    from2: linalg.choleskySolve(L2, K21),
    p1: linalg.choleskySolve(L1, columnVector(y1)),
    p2: linalg.choleskySolve(L2, columnVector(y2)),
    linalg,
  };
}

/** M = K11⁻¹K12 K22⁻¹K21, P1 × P1, as its trace and that of its square. */
export function overlapTraces({ from1, from2, linalg }: SolvedPair): {
  readonly first: number;
  readonly second: number;
} {
  const M = linalg.gemm(from1, from2);
  return { first: trace(M), second: inner(M, transpose(M)) };
}
