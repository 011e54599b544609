import { createDln, createGgdln } from '@ggdln/architectures';
import { type Architecture, createRandom, type Matrix } from '@ggdln/core';
import type { TaskExamples } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import { continualKernel, continualLimit } from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import type { ReproductionContext } from '../reproduction.ts';
import { reluNetwork, type SplitTask, ungated } from './common.ts';

export const RELU = 'ReLU';
export const ALL = 'GGDLN, all gates for all';
export const HALF = 'GGDLN, half for each task';
export const OWN = 'GGDLN, own for each task';
export const DLN = 'DLN';

/** How much wider ReLU networks are than the others: their gates move, and they come to theory more slowly. */
export const RELU_WIDER = 2;

/** A kind of network on the tasks, with the gates that it has on them. */
export interface ConflictCase {
  readonly group: string;
  readonly tasks: readonly TaskExamples[];
  readonly networkOf: (width: number) => Architecture;
  /** Factor on widths. */
  readonly wider: number;
  /** The power of 1/N in which means over networks come to theory: a half where learning shuts gates. */
  readonly power: 0.5 | 1;
  /** Outputs on every task’s inputs at infinite width, T × P_s. */
  readonly mean: readonly Matrix[];
}

/** ReLU, gated linear networks whose gates know the task more or less, and linear networks. */
export async function conflictCases(
  tasks: readonly SplitTask[],
  gates: number,
  context: ReproductionContext,
): Promise<ConflictCase[]> {
  const { linalg, seed } = context;
  const relu = { network: { activation: reluActivation, depth: 1 }, tasks };
  const limit = await continualLimit(relu, { sigma2: 1, mode: 'gradient' }, { linalg });
  const plain = {
    group: RELU,
    tasks: ungated(tasks, 1),
    networkOf: (N: number) => reluNetwork(N, 1, 1),
    wider: RELU_WIDER,
    power: 0.5 as const,
    mean: limit.mean,
  };
  const gatings = [
    { group: ALL, open: () => true },
    { group: HALF, open: (pair: number, t: number) => halfOpen(pair, t, seed) },
    { group: OWN, open: (pair: number, t: number) => pair % tasks.length === t },
  ];
  const cases: ConflictCase[] = [plain];
  for (const { group, open } of gatings) {
    const gated = gatedTasks(tasks, gates, open, seed);
    const networkOf = (width: number) => createGgdln({ depth: 1, width, sigma: 1 });
    cases.push({ group, tasks: gated, networkOf, wider: 1, power: 1, mean: await gatedTheory(gated, context) });
  }
  const kernel = (X: Matrix, Z: Matrix) => linalg.gemm(X, Z, { transB: true, alpha: 1 / X.cols });
  const { mean } = await continualKernel({ tasks }, kernel, { linalg, jitter: 1e-10 });
  const networkOf = (width: number) => createDln({ depth: 1, width, sigma: 1 });
  return [...cases, { group: DLN, tasks: ungated(tasks, 1), networkOf, wider: 1, power: 1, mean }];
}

/** Whether a pair of gates is one of the random half that a task may open; one always is. */
function halfOpen(pair: number, task: number, seed: number): boolean {
  return pair === task || createRandom(seed).stream('open gates').stream(`${task}/${pair}`).uniform() < 0.5;
}

/**
 * Pairs of gates for the two sides of random planes, so that no input is without an open one, shut for the tasks that may
 * not open them.
 */
function gatedTasks(
  tasks: readonly SplitTask[],
  count: number,
  open: (pair: number, task: number) => boolean,
  seed: number,
): TaskExamples[] {
  const { cols } = tasks[0].X;
  const planes = createRandom(seed)
    .stream('half-spaces')
    .fillGaussian(new Float64Array(count * cols));
  const inputs = (X: Matrix, task: number) => {
    const gates = matrix(X.rows, count);
    for (let i = 0; i < X.rows; i++) {
      for (let m = 0; m < count; m++) {
        let along = 0;
        for (let j = 0; j < cols; j++) along += X.data[i * cols + j] * planes[(m >> 1) * cols + j];
        gates.data[i * count + m] = open(m >> 1, task) && along > 0 === (m % 2 === 0) ? 1 : 0;
      }
    }
    return { X, gates: [gates] };
  };
  return tasks.map(({ X, y, test }, t) => ({ inputs: inputs(X, t), y, test: inputs(test.X, t) }));
}

/** Outputs at infinite width: the tangent kernel of a gated linear network is (x·x′/N0)(g·g′/M), up to a factor. */
async function gatedTheory(
  tasks: readonly TaskExamples[],
  { linalg }: ReproductionContext,
): Promise<readonly Matrix[]> {
  const gatesOf = new Map(tasks.map(({ inputs }) => [inputs.X, inputs.gates[0]] as const));
  const kernel = (X: Matrix, Z: Matrix) => {
    const [g, h] = [gatesOf.get(X) ?? X, gatesOf.get(Z) ?? Z];
    const overlap = linalg.gemm(g, h, { transB: true, alpha: 1 / g.cols });
    const inner = linalg.gemm(X, Z, { transB: true, alpha: 1 / X.cols });
    for (let k = 0; k < inner.data.length; k++) inner.data[k] *= overlap.data[k];
    return inner;
  };
  const plain = tasks.map(({ inputs, y }) => ({ X: inputs.X, y }));
  return (await continualKernel({ tasks: plain }, kernel, { linalg, jitter: 1e-10 })).mean;
}
