import { createRandom, type Matrix } from '@ggdln/core';
import { columnMeans, normaliseRows, permutedTasks, rotatedTasks, splitTasks, subtractFromRows } from '@ggdln/datasets';
import { forgettingOverRuns } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import {
  continualLimit,
  forgettingMatrix,
  orderParameterMatrices,
  pairForgetting,
  taskPair,
} from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import type { ReproductionContext } from '../reproduction.ts';
import { descended, estimate, reluNetwork, type SplitTask, tasksOf, ungated } from './common.ts';

export const SIGMA2 = 2;
export const PIXELS = 7;
export const KINDS = ['permuted pixels', 'rotated by 30°', 'split classes'] as const;
export type Kind = (typeof KINDS)[number];

export interface DigitSizes {
  readonly tasks: number;
  /** Of each task. */
  readonly examples: number;
  /** Hidden widths, the widest last. */
  readonly widths: readonly number[];
  readonly networks: number;
}

/** Forgetting of networks of one width. */
interface Trained {
  readonly width: number;
  readonly value: Matrix;
  readonly stderr: Matrix;
  /** |f − theory|/|theory| of one network's outputs on all tasks after every task. */
  readonly deviation: { readonly value: number; readonly stderr: number };
}

/** What is known of one sequence of tasks. */
export interface DigitSequence {
  readonly kind: Kind;
  readonly theory: Matrix;
  readonly trained: readonly Trained[];
  /** Entry (i, j): of task i learnt before task j. */
  readonly similar: Awaited<ReturnType<typeof orderParameterMatrices>>;
  /** Entry (i, j): forgetting of task i by task j where these two are all. */
  readonly pairs: Matrix;
}

/** Theory, order parameters and trained networks for one kind of sequence. @throws GGDLN_DATA without digits. */
export async function digitSequence(
  kind: Kind,
  sizes: DigitSizes,
  context: ReproductionContext,
): Promise<DigitSequence> {
  const { linalg } = context;
  const tasks = tasksOf(await readTasks(kind, sizes, context), sizes.tasks).map(centred);
  const network = { activation: reluActivation, depth: 1 };
  const limit = { sigma2: SIGMA2, mode: 'gradient' } as const;
  const { mean } = await continualLimit({ network, tasks }, limit, { linalg });
  const theory = forgettingMatrix(
    { mean },
    tasks.map(({ y }) => y),
  );
  const pairOf = (i: number, j: number) =>
    taskPair(network, { kernel: 'ntk', sigma2: SIGMA2 }, [tasks[i], tasks[j]], { linalg });
  const pairs = matrix(sizes.tasks, sizes.tasks);
  for (const [i, j] of otherPairs(sizes.tasks)) {
    pairs.data[i * pairs.cols + j] = (await pairForgetting(await pairOf(i, j), { linalg })).forgetting;
  }
  const trained: Trained[] = [];
  for (const width of sizes.widths) trained.push(await train(kind, tasks, mean, { width, ...sizes }, context));
  return { kind, theory, trained, similar: await orderParameterMatrices(pairOf, sizes.tasks, { linalg }), pairs };
}

/** All ordered pairs of different tasks. */
export function otherPairs(tasks: number): [number, number][] {
  const places = Array.from({ length: tasks }, (_, i) => i);
  return places.flatMap((i) => places.filter((j) => j !== i).map((j): [number, number] => [i, j]));
}

/** Pairs (t, s) of a time t and a task s that was learnt before. */
export const learntBefore = (tasks: number): [number, number][] => otherPairs(tasks).filter(([t, s]) => s < t);

function readTasks(kind: Kind, { tasks, examples }: DigitSizes, { seed, files, signal }: ReproductionContext) {
  const settings = {
    base: 'mnist-small',
    pixels: PIXELS,
    tasks,
    trainSize: tasks * examples,
    testSize: tasks,
  } as const;
  const rng = createRandom(seed).stream('digits').stream(kind);
  const reading = { files, ...(signal ? { signal } : {}) };
  if (kind === 'permuted pixels') return permutedTasks({ ...settings, fraction: 1 }, rng, reading);
  if (kind === 'split classes') return splitTasks(settings, rng, reading);
  return rotatedTasks({ ...settings, angle: 30 }, rng, reading);
}

/** Inputs less the mean training input of their task, again of |x|² = N0: that mean makes kernels ill-conditioned. */
function centred({ X, y, test }: SplitTask): SplitTask {
  const means = columnMeans(X);
  const without = (some: Matrix) => normaliseRows(subtractFromRows(some, means));
  return { X: without(X), y, test: { ...test, X: without(test.X) } };
}

async function train(
  kind: Kind,
  tasks: readonly SplitTask[],
  mean: readonly Matrix[],
  { width, networks }: { readonly width: number; readonly networks: number },
  context: ReproductionContext,
): Promise<Trained> {
  const name = { name: `digits, ${kind}, ${width}`, seeds: networks };
  const runs = (await descended(reluNetwork(width, 1, SIGMA2), ungated(tasks, 1), name, context)).map(
    (outputs) => outputs.train,
  );
  const found = forgettingOverRuns(
    runs,
    tasks.map(({ y }) => y),
  );
  return { width, ...found, deviation: estimate(runs.map((outputs) => relativeDistance(outputs, mean))) };
}

/** |found − expected|/|expected| of outputs on all tasks after every task. */
function relativeDistance(found: readonly Matrix[], expected: readonly Matrix[]): number {
  let [gap, size] = [0, 0];
  expected.forEach(({ data }, s) => {
    for (let k = 0; k < data.length; k++) {
      gap += (found[s].data[k] - data[k]) ** 2;
      size += data[k] ** 2;
    }
  });
  return Math.sqrt(gap / size);
}
