import { createPacer, type LinalgBackend, type OnProgress, throwIfCancelled } from '@ggdln/core';
import { add, columnVector, type Matrix, matrix, trace, transpose } from '@ggdln/linalg';
import type { Innovations } from './innovations.ts';
import type { ContinualTask } from './network.ts';
import { taskFactor } from './taskFactor.ts';

/** How a sequence is solved; only the jitter changes the numbers. */
export interface ContinualOptions {
  /** Linear algebra; the fastest portable backend when absent. */
  readonly linalg?: LinalgBackend;
  /** Added to the diagonal of each task's kernel, relative to its mean diagonal. Default 0. */
  readonly jitter?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** What the tasks taught, in the form that predictions need. */
export interface TaughtSequence {
  readonly where: string;
  readonly tasks: readonly ContinualTask[];
  readonly innovations: Innovations;
  /** Cholesky factor of A_s = C_s(s, s) + 1/β, of each task. */
  readonly factors: readonly Matrix[];
  /** r_s, P_s × 1, of each task. */
  readonly weights: readonly Matrix[];
  readonly linalg: LinalgBackend;
  readonly options: ContinualOptions;
}

/** Solves the tasks one after the other: A_s r_s = Y_s − Σ_{s′<s} C_{s′}(s, s′) r_{s′}. */
export async function teach(
  where: string,
  tasks: readonly ContinualTask[],
  innovations: Innovations,
  noise: number,
  options: ContinualOptions & { readonly linalg: LinalgBackend },
): Promise<TaughtSequence> {
  const { linalg, signal, onProgress, jitter = 0 } = options;
  const pace = createPacer();
  const factors: Matrix[] = [];
  const weights: Matrix[] = [];
  for (let s = 0; s < tasks.length; s++) {
    throwIfCancelled(signal, where);
    await pace();
    const { X, y } = tasks[s];
    let rest = columnVector(y);
    for (let other = 0; other < s; other++) {
      rest = add(rest, linalg.gemm(innovations.block(other, s, other, X, tasks[other].X), weights[other]), 1, -1);
    }
    factors.push(factorise(where, s, innovations.block(s, s, s, X, X), noise, jitter, linalg));
    weights.push(linalg.choleskySolve(factors[s], rest));
    onProgress?.({ stage: 'tasks', done: s + 1, total: tasks.length, unit: 'tasks' });
  }
  return { where, tasks, innovations, factors, weights, linalg, options };
}

function factorise(where: string, s: number, A: Matrix, noise: number, jitter: number, linalg: LinalgBackend): Matrix {
  const added = noise + (jitter * trace(A)) / A.rows;
  for (let i = 0; i < A.rows; i++) A.data[i * A.rows + i] += added;
  const remedy =
    'Are inputs repeated, or more than N0 of them under a linear network? Give a jitter (1e-12) or a finite beta';
  return taskFactor(where, { K: A, s, given: added > 0 }, remedy, linalg);
}

/** ⟨f_t(x)⟩ = Σ_{s≤t} C_s(t, s; x, X_s) r_s after every task, T × Q. */
export async function meanAfterTasks(taught: TaughtSequence, points: Matrix): Promise<Matrix> {
  const { where, tasks, innovations, weights, linalg, options } = taught;
  const pace = createPacer();
  const out = matrix(tasks.length, points.rows);
  for (let t = 0; t < tasks.length; t++) {
    const row = out.data.subarray(t * points.rows, (t + 1) * points.rows);
    for (let s = 0; s <= t; s++) {
      throwIfCancelled(options.signal, where);
      await pace();
      const part = linalg.gemm(innovations.block(s, t, s, points, tasks[s].X), weights[s]);
      for (let i = 0; i < row.length; i++) row[i] += part.data[i];
    }
  }
  return out;
}

/** How f_t(x) follows what the tasks see: w_s and −w_u A_u⁻¹ of section 2, each Q × P. */
interface Sensitivities {
  readonly toWeights: readonly Matrix[];
  readonly toOutputs: readonly Matrix[];
}

/**
 * Var f_t(x) over the whole chain after every task, T × Q: the variances of the tasks' innovations, each given the task's
 * data, propagated through the later tasks.
 */
export async function varianceAfterTasks(taught: TaughtSequence, points: Matrix): Promise<Matrix> {
  const { where, tasks, innovations, options } = taught;
  const pace = createPacer();
  const step = async () => {
    throwIfCancelled(options.signal, where);
    await pace();
  };
  const among = await laterOnEarlier(taught, step);
  const sensitivities: Sensitivities[] = [];
  for (let t = 0; t < tasks.length; t++) {
    await step();
    sensitivities.push(sensitivitiesAfter(taught, points, t, among));
  }
  const out = matrix(tasks.length, points.rows);
  for (let s = 0; s < tasks.length; s++) {
    if (innovations.fluctuates(s)) await addFluctuations(taught, points, { s, sensitivities, step }, out);
  }
  for (let i = 0; i < out.data.length; i++) out.data[i] = Math.max(0, out.data[i]);
  return out;
}

/** C_s(u, s; X_u, X_s) for s < u, at [u][s]. */
async function laterOnEarlier({ tasks, innovations }: TaughtSequence, step: () => Promise<void>): Promise<Matrix[][]> {
  const blocks: Matrix[][] = [];
  for (let u = 0; u < tasks.length; u++) {
    await step();
    blocks.push(Array.from({ length: u }, (_, s) => innovations.block(s, u, s, tasks[u].X, tasks[s].X)));
  }
  return blocks;
}

function sensitivitiesAfter(
  { tasks, innovations, factors, linalg }: TaughtSequence,
  points: Matrix,
  t: number,
  among: readonly (readonly Matrix[])[],
): Sensitivities {
  const toWeights: Matrix[] = [];
  const toOutputs: Matrix[] = [];
  for (let s = t; s >= 0; s--) {
    let w = innovations.block(s, t, s, points, tasks[s].X);
    for (let u = s + 1; u <= t; u++) w = add(w, linalg.gemm(toOutputs[u], among[u][s]));
    toWeights[s] = w;
    const solved = transpose(linalg.choleskySolve(factors[s], transpose(w)));
    for (let k = 0; k < solved.data.length; k++) solved.data[k] = -solved.data[k];
    toOutputs[s] = solved;
  }
  return { toWeights, toOutputs };
}

/** Adds what the innovation of task s contributes to the variance after each later task. */
async function addFluctuations(
  { tasks, innovations, factors, linalg }: TaughtSequence,
  points: Matrix,
  { s, sensitivities, step }: { s: number; sensitivities: readonly Sensitivities[]; step: () => Promise<void> },
  out: Matrix,
): Promise<void> {
  for (let t = s; t < tasks.length; t++) {
    await step();
    const { toWeights, toOutputs } = sensitivities[t];
    const row = out.data.subarray(t * points.rows, (t + 1) * points.rows);
    const own = innovations.diagonal(s, t, points);
    for (let i = 0; i < row.length; i++) row[i] += own[i];
    for (let u = s + 1; u <= t; u++)
      addRowProducts(row, toOutputs[u], innovations.block(s, t, u, points, tasks[u].X), 2);
    const whitened = transpose(linalg.triangularSolve(factors[s], transpose(toWeights[s])));
    addRowProducts(row, whitened, whitened, -1);
  }
  for (let u = s + 1; u < tasks.length; u++) {
    for (let other = s + 1; other <= u; other++) {
      await step();
      const block = innovations.block(s, u, other, tasks[u].X, tasks[other].X);
      for (let t = u; t < tasks.length; t++) {
        const { toOutputs } = sensitivities[t];
        const row = out.data.subarray(t * points.rows, (t + 1) * points.rows);
        addRowProducts(row, linalg.gemm(toOutputs[u], block), toOutputs[other], u === other ? 1 : 2);
      }
    }
  }
}

/** row[i] += factor Σ_k a[i, k] b[i, k]. */
function addRowProducts(row: Float64Array, a: Matrix, b: Matrix, factor: number): void {
  for (let i = 0, at = 0; i < a.rows; i++) {
    let sum = 0;
    for (let k = 0; k < a.cols; k++, at++) sum += a.data[at] * b.data[at];
    row[i] += factor * sum;
  }
}
