import { createGgdln, createGln, type Gln, type GlnOptions } from '@ggdln/architectures';
import { createRandom, type LearnerResult, type Matrix, type Problem, type Warning } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { testLearner } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import {
  learningPlugin,
  type OnlineOptions,
  online,
  onlineState,
  onlineStateFromJson,
  onlineStateToJson,
} from '../../src/index.ts';
import { sineStream, xorStream } from './streams.ts';

const entry = learningPlugin.learner!.online;
const linalg = createMlMatrixBackend();
const defaults: GlnOptions = {
  depth: 1,
  width: 8,
  kind: 'bernoulli',
  coding: 'plus-minus',
  contextBits: 2,
  offsetDeviation: 0.3,
  epsilon: 0.01,
  varianceMin: 0.01,
  targetRange: 2,
  standardise: false,
};

type Part = Pick<Problem['train'], 'X' | 'Y'>;

function problemOf(architecture: Problem['architecture'], train: Part, test: Part): Problem {
  const gates = ({ X }: Part) => architecture.widths.map(() => matrix(X.rows, 1, new Float64Array(X.rows).fill(1)));
  const gateNames = architecture.widths.map(() => ['always on']);
  return {
    train: { ...train, gates: gates(train) },
    test: { ...test, gates: gates(test) },
    gateNames,
    architecture,
    temperature: 0,
  };
}

const rows = (all: readonly (readonly number[])[]): Matrix =>
  matrix(all.length, all[0].length, Float64Array.from(all.flat()));

/** Corners of a square with noise, the exclusive or as ±1. */
function xor(count: number, seed: number): Part {
  const stream = xorStream(count, seed);
  return { X: rows(stream.map(({ input }) => [...input.side])), Y: rows(stream.map(({ target }) => [2 * target - 1])) };
}

/** The same in three classes: signs differ, both plus, both minus. */
function corners(count: number, seed: number): Part {
  const { X, Y } = xor(count, seed);
  const label = (row: number) => (Y.data[row] < 0 ? 0 : X.data[2 * row] > 0 ? 1 : 2);
  return { X, Y: rows(Array.from({ length: count }, (_, row) => [0, 1, 2].map((c) => (c === label(row) ? 1 : 0)))) };
}

function sine(count: number, seed: number): Part {
  const stream = sineStream(count, seed);
  return { X: rows(stream.map(({ input }) => [...input.side])), Y: rows(stream.map(({ target }) => [target])) };
}

async function learn(
  problem: Problem,
  options: OnlineOptions = {},
  onWarning?: (warning: Warning) => void,
): Promise<LearnerResult> {
  const run = online(options).run(problem, { rng: createRandom(4), linalg, ...(onWarning ? { onWarning } : {}) });
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
  }
}

testLearner('online', entry, {
  problem: problemOf(createGln({ ...defaults, width: 3 }), xor(40, 1), xor(10, 2)),
  options: { window: 20 },
});
testLearner('online with three classes', entry, {
  problem: problemOf(createGln({ ...defaults, width: 2, coding: 'zero-one' }), corners(30, 1), corners(10, 2)),
});
testLearner('online on numbers', entry, {
  problem: problemOf(createGln({ ...defaults, kind: 'gaussian', width: 3 }), sine(40, 1), sine(10, 2)),
});

describe('online', () => {
  it('learns the exclusive or in one pass, and says so before and after each update', async () => {
    const problem = problemOf(createGln(defaults), xor(600, 1), xor(300, 2));
    const { metrics, predictor, diagnostics } = await learn(problem, { stepSize: 0.1, window: 300 });
    expect(metrics?.accuracy.value).toBeGreaterThan(0.98);
    expect(metrics?.['online accuracy'].value).toBeGreaterThan(0.97);
    expect(metrics?.['log loss'].value).toBeLessThan(0.15);
    const signs = predictor.mean.value.data.filter((f, i) => f * problem.test.Y.data[i] > 0).length / 300;
    expect(metrics?.accuracy.value).toBeCloseTo(signs, 12);
    expect(diagnostics.steps.value).toBe(600);
    const flat = await learn(problemOf(createGln({ ...defaults, contextBits: 0 }), xor(600, 1), xor(300, 2)), {
      stepSize: 0.1,
    });
    expect(flat.metrics?.accuracy.value).toBeLessThan(0.7);
  });

  it('tells three classes apart by one network each', async () => {
    const gln = createGln({ ...defaults, coding: 'zero-one' });
    const { metrics, parameters } = await learn(problemOf(gln, corners(900, 1), corners(200, 2)), { stepSize: 0.1 });
    expect(metrics?.accuracy.value).toBeGreaterThan(0.95);
    expect(Object.keys(parameters[0])).toContain('2/V1');
  });

  it('follows a sine, and knows how well', async () => {
    const gln = createGln({
      ...defaults,
      kind: 'gaussian',
      widths: [8, 16],
      depth: 2,
      contextBits: 4,
      offsetDeviation: 0.8,
    });
    const { predictor, metrics, diagnostics } = await learn(problemOf(gln, sine(3000, 1), sine(300, 2)), {
      stepSize: 0.02,
    });
    const errors = predictor.mean.value.data.map((f, i) => (f - sine(300, 2).Y.data[i]) ** 2);
    const mse = errors.reduce((sum, e) => sum + e, 0) / 300;
    expect(mse).toBeLessThan(0.06);
    expect(diagnostics.predictedVariance.value / mse).toBeGreaterThan(0.5);
    expect(diagnostics.predictedVariance.value / mse).toBeLessThan(3);
    expect(metrics).not.toHaveProperty('accuracy');
    expect(metrics?.['log loss'].value).toBeLessThan(0.2);
  });

  it('ends with parameters that predict what it says', async () => {
    const problem = problemOf(createGln(defaults), xor(100, 1), xor(20, 2));
    const { predictor, parameters } = await learn(problem);
    const { architecture, test } = problem;
    expect(architecture.predict(parameters[0], test, linalg).data).toEqual(predictor.mean.value.data);
  });

  it('goes on from a stored state to the same bits as without a break', async () => {
    const gln = createGln(defaults);
    const [train, test] = [xor(120, 1), xor(20, 2)];
    const part = (from: number, to: number): Part => ({
      X: matrix(to - from, 2, train.X.data.slice(2 * from, 2 * to)),
      Y: matrix(to - from, 1, train.Y.data.slice(from, to)),
    });
    const whole = await learn(problemOf(gln, train, test));
    const first = await learn(problemOf(gln, part(0, 50), test));
    const from = onlineStateFromJson(JSON.parse(JSON.stringify(onlineStateToJson(onlineState(first)))));
    const rest = await learn(problemOf(gln, part(50, 120), test), { from });
    expect(onlineState(rest)).toEqual(onlineState(whole));
    expect(rest.predictor).toEqual(whole.predictor);
    expect(onlineState(first).weights.W1).not.toEqual(onlineState(rest).weights.W1);
  });

  it('warns of half-spaces that hardly cut, and once of steps that are too long', async () => {
    const codes = async (options: Partial<GlnOptions>, stepSize: number) => {
      const heard: Warning[] = [];
      await learn(
        problemOf(createGln({ ...defaults, coding: 'zero-one', ...options }), corners(60, 1), corners(5, 2)),
        { stepSize },
        (w) => heard.push(w),
      );
      return heard.map(({ code, message }) => `${code}: ${message}`);
    };
    expect(await codes({}, 0.1)).toEqual([]);
    expect(await codes({ offsetDeviation: 100 }, 0.01)).toEqual([
      expect.stringMatching(/contexts-degenerate: Neurons see .* of 2\.0 bits.*offsetDeviation/),
    ]);
    expect(await codes({}, 20)).toEqual([expect.stringMatching(/step-size-unstable/)]);
  });

  const train = xor(4, 1);
  const run = (gln: Gln | Problem['architecture'], options: OnlineOptions = {}, data = train) =>
    learn(problemOf(gln, data, data), options);
  it.each([
    ['a step', () => run(createGln(defaults), { stepSize: -1 }), /stepSize is -1.*or 0 to have it chosen/s],
    ['a window', () => run(createGln(defaults), { window: 0 }), /window is 0/],
    ['a schedule', () => run(createGln(defaults), { schedule: 'never' as never }), /schedule is "never".*decaying/s],
    [
      'another network',
      () => run(createGgdln({ depth: 1, width: 2, sigma: 1 })),
      /local rules is for gated linear networks \(gln\), not ggdln/,
    ],
    [
      'the other coding',
      () => run(createGln({ ...defaults, coding: 'zero-one' })),
      /a target is -1, and with the coding zero-one targets are 0 and 1.*coding to plus-minus/s,
    ],
    ['numbers for classes', () => run(createGln(defaults), {}, sine(4, 1)), /a target is .*kind to gaussian/s],
    ['no examples', () => run(createGln(defaults), {}, { X: matrix(0, 2), Y: matrix(0, 1) }), /no training examples/],
    [
      'a state of another network',
      () => run(createGln(defaults), { from: { weights: {}, steps: 3 } }),
      /parameter W1 is not a Float64Array.*8 × 4 × 3 = 96/s,
    ],
  ])('says what is wrong with %s', async (_name, start, message) => {
    await expect(async () => start()).rejects.toThrow(message);
  });
});

describe('supports', () => {
  const traits = { family: 'gln', depth: 1, outputs: 1, temperature: 0.1 };
  it.each(Object.entries(learningPlugin.learner!).filter(([name]) => name !== 'online'))(
    '%s refuses networks that learn locally, and names the learner that takes them',
    (_name, learner) => {
      expect(learner.supports(traits)?.reason).toMatch(/neither one loss nor a posterior/);
      expect(learner.supports(traits)?.remedy).toBe('Use the learner online');
    },
  );
  it.each(['hmc', 'langevin'])('%s refuses surrogate gradients, gradient descent does not', (name) => {
    const straight = { ...traits, family: 'galu-trained', activation: 'straight-through' };
    expect(learningPlugin.learner![name].supports(straight)?.reason).toMatch(
      /galu-trained \(straight-through\) is a surrogate/,
    );
    expect(learningPlugin.learner![name].supports({ ...straight, activation: 'sigmoid' })).toBeUndefined();
    expect(learningPlugin.learner!['gradient-descent'].supports(straight)).toBeUndefined();
  });
  it('online refuses others', () => {
    expect(entry.supports({ ...traits, family: 'mlp' })?.reason).toMatch(/\(gln\), not mlp/);
    expect(entry.supports(traits)).toBeUndefined();
  });
});
