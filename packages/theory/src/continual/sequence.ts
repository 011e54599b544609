import { inputError } from '@ggdln/core';
import { chooseLinalg, type Matrix, matrix } from '@ggdln/linalg';
import { chainInnovations, type Innovations, limitInnovations, requireChain, type WeightChain } from './innovations.ts';
import { type ContinualNetwork, type ContinualTask, requireNetwork, requirePositive, requireTasks } from './network.ts';
import { type ContinualOptions, meanAfterTasks, teach, varianceAfterTasks } from './propagate.ts';

/** A sequence of tasks for one network with one head. */
export interface ContinualProblem {
  readonly network: ContinualNetwork;
  /** In the order in which they are learnt. */
  readonly tasks: readonly ContinualTask[];
  /** Sets of inputs on which the outputs are asked for, each Q_k × N0; with none, those of the tasks. */
  readonly points?: readonly Matrix[];
}

/** Outputs after every task: entry k is for `points[k]`, T × Q_k. */
export interface ContinualSolution {
  readonly mean: readonly Matrix[];
  /** Over the whole chain of weights, without observation noise. */
  readonly variance: readonly Matrix[];
}

/**
 * Learning task after task by the Gibbs chain of weights at finite stiffness λ: mean and variance of the output after
 * every task at infinite width. Exact; needs O(T²) kernels for the mean, O(T³) for the variance.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, section 2.
 * @param chain λ and σ², and β (absent: tasks are interpolated).
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NUMERICAL for a task whose kernel is singular; GGDLN_CANCELLED.
 */
export async function continualGibbs(
  problem: ContinualProblem,
  chain: WeightChain & { readonly beta?: number },
  options: ContinualOptions = {},
): Promise<ContinualSolution> {
  const where = '@ggdln/theory continualGibbs';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireChain(where, chain);
  if (chain.lambda * chain.sigma2 > 1e8)
    throw inputError(where, `λσ² is ${chain.lambda * chain.sigma2}`, 'Above 1e8 rounding wins: use continualLimit');
  if (chain.beta !== undefined) requirePositive(where, { beta: chain.beta });
  const innovations = chainInnovations(problem.network, chain, problem.tasks.length, linalg);
  return solveWith(where, problem, innovations, chain.beta === undefined ? 0 : 1 / chain.beta, { ...options, linalg });
}

/**
 * The limit λ → ∞ of interpolated tasks. Mode `gibbs`: task 1 is regression with the NNGP kernel and keeps the
 * fluctuations of the prior, later tasks use the tangent kernel. Mode `gradient`: gradient descent from an output of 0,
 * the tangent kernel for every task and no variance. Needs T ≪ λσ² to describe a finite λ.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, section 3.
 * @throws As `continualGibbs`.
 */
export async function continualLimit(
  problem: ContinualProblem,
  { sigma2, mode }: { readonly sigma2: number; readonly mode: 'gibbs' | 'gradient' },
  options: ContinualOptions = {},
): Promise<ContinualSolution> {
  const where = '@ggdln/theory continualLimit';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requirePositive(where, { sigma2 });
  if (mode !== 'gibbs' && mode !== 'gradient')
    throw inputError(where, `mode is ${String(mode)}`, 'Give gibbs or gradient');
  return solveWith(where, problem, limitInnovations(problem.network, sigma2, mode, linalg), 0, { ...options, linalg });
}

/**
 * `continualLimit` of mode `gradient` for any tangent kernel, e.g. that of a gated linear network whose gates know the task.
 * @param kernel K(X, Z) of two of the given sets of inputs (tasks' or points'), rows × rows; called with those matrices.
 * @throws As `continualGibbs`.
 */
export async function continualKernel(
  problem: Omit<ContinualProblem, 'network'>,
  kernel: (X: Matrix, Z: Matrix) => Matrix,
  options: ContinualOptions = {},
): Promise<ContinualSolution> {
  const where = '@ggdln/theory continualKernel';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const innovations: Innovations = {
    block: (_s, _t, _other, X, Z) => kernel(X, Z),
    // Nothing fluctuates, so that no one asks.
    diagonal: (_s, _t, X) => new Float64Array(X.rows),
    fluctuates: () => false,
  };
  return solveWith(where, problem, innovations, 0, { ...options, linalg });
}

async function solveWith(
  where: string,
  { network, tasks, points = tasks.map(({ X }) => X) }: Omit<ContinualProblem, 'network'> & Partial<ContinualProblem>,
  innovations: Innovations,
  noise: number,
  options: Parameters<typeof teach>[4],
): Promise<ContinualSolution> {
  if (network) requireNetwork(where, network);
  requireTasks(where, tasks, points);
  const { jitter = 0 } = options;
  if (!(jitter >= 0 && jitter < 1)) throw inputError(where, `jitter is ${jitter}`, 'Give 0 ≤ jitter < 1, e.g. 1e-12');
  const taught = await teach(where, tasks, innovations, noise, options);
  const mean: Matrix[] = [];
  const variance: Matrix[] = [];
  for (const some of points) {
    mean.push(await meanAfterTasks(taught, some));
    variance.push(await varianceAfterTasks(taught, some));
  }
  return { mean, variance };
}

/**
 * Forgetting F (T × T): entry (t, s) is the mean squared error of f_t on task s; above the diagonal it is transfer to
 * tasks not yet seen. With the variance, the expected error of a network of the chain.
 * @param solution On the tasks' inputs, or on held-out ones, in the order of the tasks.
 * @param targets Of the same inputs.
 * @throws GGDLN_INPUT for targets that don't fit.
 */
export function forgettingMatrix(
  solution: Pick<ContinualSolution, 'mean'> & { readonly variance?: readonly Matrix[] },
  targets: readonly Float64Array[],
): Matrix {
  const where = '@ggdln/theory forgettingMatrix';
  const { mean, variance } = solution;
  if (mean.length === 0 || targets.length !== mean.length)
    throw inputError(where, `${targets.length} sets of targets for ${mean.length} of outputs`, 'Give one a task');
  const out = matrix(mean[0].rows, mean.length);
  mean.forEach((f, s) => {
    if (targets[s].length !== f.cols)
      throw inputError(where, `targets[${s}] has ${targets[s].length} numbers`, `Task ${s + 1} has ${f.cols} outputs`);
    for (let t = 0; t < f.rows; t++) {
      let sum = 0;
      for (let i = 0; i < f.cols; i++) {
        sum += (f.data[t * f.cols + i] - targets[s][i]) ** 2 + (variance?.[s].data[t * f.cols + i] ?? 0);
      }
      out.data[t * out.cols + s] = sum / f.cols;
    }
  });
  return out;
}
