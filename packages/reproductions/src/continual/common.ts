import { createMlp } from '@ggdln/architectures';
import { type Architecture, createRandom, type Dataset, type Matrix } from '@ggdln/core';
import { conflictingTasks, permutedTasks, relatedTeachers, splitTasks } from '@ggdln/datasets';
import { descendTasks, type TaskExamples, type TaskOutputs } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import type { ReproductionContext } from '../reproduction.ts';

export const CONTINUAL = 'Shan, Li & Sompolinsky, arXiv:2407.10315; theory page continual';

/** In legends: what else would be called exact sampling, of what Hamiltonian Monte Carlo samples. */
export const BY_HMC = { 'exact-sampling': 'HMC ± 1 s.e.' } as const;

/** A task with its held-out examples. */
export interface SplitTask {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly test: { readonly X: Matrix; readonly y: Float64Array };
}

/** Sizes of a sequence; `examples` are of one task, for training and test alike. */
export interface SequenceSizes {
  readonly tasks: number;
  readonly examples: number;
  readonly inputs: number;
}

/** The four families of section 5. */
export const FAMILIES = ['student-teacher', 'permuted', 'split classes', 'flipped labels'] as const;
export type FamilyName = (typeof FAMILIES)[number];

/** A sequence of one of the families, at a middling similarity. */
export async function familyTasks(
  name: FamilyName,
  { tasks, examples, inputs }: SequenceSizes,
  seed: number,
): Promise<SplitTask[]> {
  const sizes = { tasks, inputs, trainSize: tasks * examples, testSize: tasks * examples };
  const rng = createRandom(seed).stream(name);
  if (name === 'student-teacher')
    return tasksOf(relatedTeachers({ ...sizes, inputSimilarity: 0.7, ruleSimilarity: 0.7 }, rng), tasks);
  if (name === 'permuted') return tasksOf(await permutedTasks({ ...sizes, fraction: 0.8 }, rng), tasks);
  if (name === 'split classes') return tasksOf(await splitTasks({ ...sizes, similarity: 0.6 }, rng), tasks);
  return tasksOf(await conflictingTasks({ ...sizes, flipped: 0.4, inputNoise: 0.3 }, rng), tasks);
}

/** The examples of every task apart. */
export function tasksOf({ train, test }: Dataset, count: number): SplitTask[] {
  const part = ({ X, Y, tasks }: Dataset['train'], t: number) => {
    const rows = Array.from({ length: X.rows }, (_, i) => i).filter((i) => tasks?.[i] === t);
    const own = matrix(rows.length, X.cols);
    rows.forEach((row, i) => {
      own.data.set(X.data.subarray(row * X.cols, (row + 1) * X.cols), i * X.cols);
    });
    return { X: own, y: Float64Array.from(rows, (row) => Y.data[row]) };
  };
  return Array.from({ length: count }, (_, t) => ({ ...part(train, t), test: part(test, t) }));
}

const ones = (rows: number): Matrix => matrix(rows, 1, new Float64Array(rows).fill(1));

/** Tasks for a network without gates. */
export function ungated(tasks: readonly SplitTask[], depth: number): TaskExamples[] {
  const inputs = (X: Matrix) => ({ X, gates: Array.from({ length: depth }, () => ones(X.rows)) });
  return tasks.map(({ X, y, test }) => ({ inputs: inputs(X), y, test: inputs(test.X) }));
}

export const reluNetwork = (width: number, depth: number, sigma2: number): Architecture =>
  createMlp({ activation: 'relu', depth, width, sigma: Math.sqrt(sigma2) });

/** Networks of some seeds, each trained on the sequence by gradient descent. */
export async function descended(
  architecture: Architecture,
  tasks: readonly TaskExamples[],
  { name, seeds, tolerance = 1e-3 }: { readonly name: string; readonly seeds: number; readonly tolerance?: number },
  { seed, linalg, signal, onProgress }: ReproductionContext,
): Promise<TaskOutputs[]> {
  const runs: TaskOutputs[] = [];
  for (let k = 0; k < seeds; k++) {
    const rng = createRandom(seed).stream('descent').stream(name).stream(k);
    const watch = { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
    runs.push(await descendTasks({ architecture, tasks }, { rng, linalg, tolerance, ...watch }));
  }
  return runs;
}

/** Mean with its standard error. */
export function estimate(values: readonly number[]): { readonly value: number; readonly stderr: number } {
  const value = values.reduce((sum, entry) => sum + entry, 0) / values.length;
  const square = values.reduce((sum, entry) => sum + (entry - value) ** 2, 0);
  return { value, stderr: Math.sqrt(square / (values.length * Math.max(1, values.length - 1))) };
}
