import { createGln } from '@ggdln/architectures';
import { createRandom, type Matrix, throwIfCancelled } from '@ggdln/core';
import { type ForgettingEstimate, forgettingOverRuns, learnTasksOnline } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import type { ReproductionContext } from '../reproduction.ts';
import { type SplitTask, ungated } from './common.ts';

/** Sizes of the gated linear networks that learn by local rules. */
export const LOCAL = { width: 20, contextBits: 6, stepSize: 0.04, seeds: 20 } as const;

/**
 * Forgetting of a gated linear network that sees every example once.
 * @param code What the input of its task is set to, of as many further inputs as there are tasks: half-spaces that read it
 * tell the tasks apart. 0 says nothing.
 */
export async function localForgetting(
  tasks: readonly SplitTask[],
  code: number,
  { seed, signal }: ReproductionContext,
): Promise<ForgettingEstimate> {
  const architecture = createGln({
    depth: 1,
    width: LOCAL.width,
    contextBits: LOCAL.contextBits,
    kind: 'bernoulli',
    coding: 'plus-minus',
    offsetDeviation: 0.05,
    epsilon: 0.01,
    standardise: false,
    // Of Gaussian networks alone.
    varianceMin: 0.1,
    targetRange: 1,
  });
  const sequence = {
    architecture,
    tasks: ungated(
      tasks.map((task, t) => coded(task, t, tasks.length, code)),
      1,
    ),
  };
  const runs: (readonly Matrix[])[] = [];
  for (let k = 0; k < LOCAL.seeds; k++) {
    throwIfCancelled(signal, '@ggdln/reproductions continual');
    const rng = createRandom(seed).stream('local rules').stream(k);
    runs.push((await learnTasksOnline(sequence, { rng, stepSize: LOCAL.stepSize })).train);
  }
  return forgettingOverRuns(
    runs,
    tasks.map(({ y }) => y),
  );
}

function coded({ X, y, test }: SplitTask, task: number, tasks: number, code: number): SplitTask {
  const wider = (some: Matrix) => {
    const out = matrix(some.rows, some.cols + tasks);
    for (let i = 0; i < some.rows; i++) {
      out.data.set(some.data.subarray(i * some.cols, (i + 1) * some.cols), i * out.cols);
      out.data[i * out.cols + some.cols + task] = code;
    }
    return out;
  };
  return { X: wider(X), y, test: { X: wider(test.X), y: test.y } };
}
