import { defineLearner, type Learner, type LearnerResult, type LearnerSnapshot } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type Check, checkLearner, failedChecks, sampleProblem } from '../src/index.ts';
import { learner, network, supports } from './soundParts.ts';

const checksOf = (run: Learner['run']): Check[] => {
  const texts = { title: 'Prior', summary: 'For tests.', options: {} };
  const entry = defineLearner({ ...texts, role: 'langevin', supports, create: () => ({ run }) });
  return checkLearner(entry, { problem: sampleProblem(network) });
};
const failuresOf = async (run: Learner['run']) => (await failedChecks(checksOf(run))).map(({ name }) => name);
const ofResult = (change: (result: LearnerResult) => Partial<LearnerResult>) =>
  failuresOf(async function* (...args) {
    const result = yield* learner.run(...args);
    return { ...result, ...change(result) };
  });
const ofPredictor = (change: (predictor: LearnerResult['predictor']) => Partial<LearnerResult['predictor']>) =>
  ofResult(({ predictor }) => ({ predictor: { ...predictor, ...change(predictor) } }));

describe('checkLearner', () => {
  it('passes a sound learner', async () => {
    expect(await failedChecks(checksOf(learner.run))).toEqual([]);
  });

  it('finds a predictor of the wrong shape, a negative variance, and impossible batch moments', async () => {
    const name = 'gives finite mean and variance with standard errors of the same shape';
    const negative = matrix(5, 1, new Float64Array(5).fill(-1));
    expect(await ofPredictor(() => ({ mean: { value: matrix(4, 1) } }))).toEqual([name]);
    expect(await ofPredictor(() => ({ variance: { value: negative } }))).toEqual([name]);
    expect(await ofPredictor(({ mean }) => ({ mean: { ...mean, stderr: negative } }))).toEqual([name]);
    expect(await ofPredictor(({ batches }) => ({ batches: { ...batches!, square: matrix(1, 5) } }))).toEqual([name]);
  });

  it('finds diagnostics that are not finite', async () => {
    expect(await ofResult(() => ({ diagnostics: { rhat: { value: Number.NaN } } }))).toEqual([
      'gives finite order parameters and diagnostics',
    ]);
  });

  it('finds parameters that are not those of the network', async () => {
    expect(await ofResult(() => ({ parameters: [{ a: new Float64Array(6) }] }))).toEqual([
      'ends with parameters of the shapes that the network asks for',
    ]);
  });

  it('finds snapshots that go back', async () => {
    const back: Learner['run'] = async function* (...args) {
      const inner = learner.run(...args);
      for (;;) {
        const next = await inner.next();
        if (next.done) return next.value;
        yield { ...next.value, step: Math.abs(next.value.step - 3) };
      }
    };
    expect(await failuresOf(back)).toEqual(['shows ascending snapshots of finite numbers']);
  });

  it('finds randomness of its own', async () => {
    const noise = () => matrix(5, 1, new Float64Array(5).map(Math.random));
    expect(await ofPredictor(() => ({ mean: { value: noise() } }))).toEqual([
      'gives the same bits for the same stream',
    ]);
  });

  it('finds deafness to cancelling', async () => {
    expect(await failuresOf((given, { signal: _, ...context }) => learner.run(given, context))).toEqual([
      'stops when cancelled before the start',
      'stops when cancelled while it works',
    ]);
  });

  it('finds work that goes on when nobody listens', async () => {
    const stubborn: Learner['run'] = (...args) => {
      const inner = learner.run(...args);
      const value: LearnerSnapshot = { step: 6, total: 6, scalars: {} };
      const changed = { next: () => inner.next(), return: async () => ({ done: false as const, value }) };
      return Object.assign(Object.create(inner) as typeof inner, changed);
    };
    expect(await failuresOf(stubborn)).toEqual(['ends when nobody listens any more']);
  });

  it('finds a changed problem', async () => {
    const greedy: Learner['run'] = (given, context) => {
      given.train.Y.data[0] += 1e-6;
      return learner.run(given, context);
    };
    expect(await failuresOf(greedy)).toContain('leaves the problem as it is');
  });
});
