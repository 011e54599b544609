import { createRandom, type Learner, type LearnerResult, type Problem } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { blockGibbs, gradientDescent, hmc, langevin } from '../src/index.ts';
import { linalg, randomProblem } from './problems.ts';

const problem = { ...randomProblem({ widths: [4], gates: [3] }), temperature: 0.2 };

const learners: Readonly<Record<string, Learner>> = {
  'block-gibbs': blockGibbs({ sweeps: 200, chains: 2, batches: 20 }),
  hmc: hmc({ trajectories: 200, chains: 2, batches: 20 }),
  langevin: langevin({ steps: 400, chains: 2, stepSize: 0.01, thin: 2 }),
  'gradient-descent': gradientDescent({ steps: 150, starts: 2, tolerance: 0 }),
};

interface Watched {
  readonly steps: readonly number[];
  readonly partials: readonly (LearnerResult | undefined)[];
  readonly result: LearnerResult;
}

async function watch(learner: Learner, wantsSnapshot?: () => boolean): Promise<Watched> {
  const given: Problem = problem;
  const work = learner.run(given, {
    rng: createRandom(5),
    linalg,
    ...(wantsSnapshot ? { wantsSnapshot } : {}),
  });
  const steps: number[] = [];
  const partials: (LearnerResult | undefined)[] = [];
  for (;;) {
    const next = await work.next();
    if (next.done) return { steps, partials, result: next.value };
    steps.push(next.value.step);
    partials.push(await next.value.partial?.());
  }
}

describe.each(Object.entries(learners))('the partial result of %s', (_, learner) => {
  it('is the result at the last step, and has error bars that shrink before it', async () => {
    const { partials, result } = await watch(learner);
    const last = partials.at(-1);
    expect(last?.predictor).toEqual(result.predictor);
    expect(last?.orderParameters).toEqual(result.orderParameters);
    const known = partials.filter((one) => one !== undefined);
    expect(known.length).toBeGreaterThan(partials.length / 2);
    for (const { predictor } of known) expect(predictor.mean.value.data.every(Number.isFinite)).toBe(true);
  });

  it('changes no number, however often it is asked for', async () => {
    const [seldom, always] = await Promise.all([watch(learner), watch(learner, () => true)]);
    expect(always.steps.length).toBeGreaterThan(seldom.steps.length);
    expect(always.steps).toEqual(Array.from({ length: always.steps.length }, (_, i) => always.steps[0] + i));
    expect(always.result).toEqual(seldom.result);
  });
});
