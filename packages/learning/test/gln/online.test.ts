import { createGaussianGln, drawGlnHalfSpaces } from '@ggdln/architectures';
import { createRandom, type Json, type JsonObject, type Progress, type Warning } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import {
  bernoulliLearner,
  decayingStepSize,
  gaussianLearner,
  learnOnline,
  oneVsAllLearner,
  onlineStateFromJson,
  onlineStateToJson,
} from '../../src/index.ts';
import { makeNetwork, sineStream, xorStream } from './streams.ts';

const members = [1, 2, 3].map((seed) => bernoulliLearner(makeNetwork([4, 1], 2, { seed })));
const threeClasses = (count: number) =>
  xorStream(count, 4).map(({ input }) => ({ input, target: input.side[0] > 0 ? 0 : input.side[1] > 0 ? 1 : 2 }));
const gaussian = gaussianLearner(
  createGaussianGln({
    inputs: 1,
    halfSpaces: drawGlnHalfSpaces({ sideInputs: 1, layerSizes: [4, 1], contextBits: 2 }, createRandom(1)),
    varianceMin: 0.01,
  }),
);
const stepSize = decayingStepSize({ max: 0.1, b: 0.05, a: 0.3 });

describe('learnOnline', () => {
  it.each([
    ['bernoulli', () => learnInParts(members[0], xorStream(60, 1))],
    ['gaussian', () => learnInParts(gaussian, sineStream(60, 1))],
    ['one-vs-all', () => learnInParts(oneVsAllLearner(members), threeClasses(60))],
  ])('gives the same bits in one go and in parts with JSON between: %s', async (_, learn) => {
    const { whole, parts } = await learn();
    expect(parts).toEqual(whole);
    expect(whole.steps).toBe(60);
  });

  it('leaves the state that it is given as it is', async () => {
    const state = members[0].init();
    const before = structuredClone(state);
    const after = await learnOnline(members[0], state, xorStream(20, 1), { stepSize: 0.1 });
    expect(state).toEqual(before);
    expect(after.weights.W1).not.toEqual(before.weights.W1);
  });

  it('takes streams that arrive later, and tells predictions in order', async () => {
    const stream = xorStream(10, 1);
    async function* late() {
      for (const example of stream) yield await Promise.resolve(example);
    }
    const [order, progress]: [number[], Progress[]] = [[], []];
    const after = await learnOnline(members[0], members[0].init(), late(), {
      stepSize,
      onPrediction: (_, index) => order.push(index),
      onProgress: (report) => progress.push(report),
    });
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(progress.at(-1)).toMatchObject({ done: 10, unit: 'examples' });
    expect(after).toEqual(await learnOnline(members[0], members[0].init(), stream, { stepSize }));
  });

  it('stops when cancelled', async () => {
    const stop = new AbortController();
    const learning = learnOnline(members[0], members[0].init(), xorStream(10, 1), {
      stepSize,
      signal: stop.signal,
      onPrediction: (_, index) => index === 4 && stop.abort(),
    });
    await expect(learning).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });
});

describe('a run', () => {
  it('gives states that its later steps don’t change', () => {
    const [first, second] = xorStream(2, 1);
    const run = members[0].open(members[0].init());
    run.step(first.input, first.target, 0.5);
    const kept = run.state();
    const copy = structuredClone(kept);
    run.step(second.input, second.target, 0.5);
    expect(kept).toEqual(copy);
    expect(run.state().weights.W2).not.toEqual(copy.weights.W2);
    expect(run.steps).toBe(2);
  });

  it('changes nothing by predicting', () => {
    const [{ input }] = xorStream(1, 1);
    const state = members[0].init();
    const before = structuredClone(state);
    const run = members[0].open(state);
    const prediction = run.predict(input);
    expect(run.predict(input)).toEqual(prediction);
    expect(run.state()).toEqual(before);
  });
});

describe('one-vs-all', () => {
  const learner = oneVsAllLearner(members);

  it('is one network a class, each on its own class against the rest', () => {
    const stream = threeClasses(40);
    const run = learner.open(learner.init());
    const single = members.map((member) => member.open(member.init()));
    for (const { input, target } of stream) {
      const found = run.step(input, target, 0.2);
      const alone = single.map((one, label) => one.step(input, label === target ? 1 : 0, 0.2));
      expect(Array.from(found.logits)).toEqual(alone.map(({ logit }) => logit));
      expect(Array.from(found.probabilities)).toEqual(alone.map(({ probability }) => probability));
      expect(found.logits[found.label]).toBe(Math.max(...found.logits));
    }
    const { weights } = run.state();
    for (const [label, one] of single.entries()) expect(weights[`${label}/W2`]).toEqual(one.state().weights.W2);
  });

  it('learns three classes in one pass', async () => {
    const stream = threeClasses(600);
    let right = 0;
    await learnOnline(learner, learner.init(), stream, {
      stepSize: 0.1,
      onPrediction: ({ label }, index) => {
        if (index >= 300 && label === stream[index].target) right += 1;
      },
    });
    expect(right / 300).toBeGreaterThan(0.95);
  });

  it('chooses by logits where clipped probabilities tie', () => {
    const sure = [3, 9, 6].map((bias) => ({ W1: Float64Array.of(bias, 0, 0) }));
    const flat = oneVsAllLearner(sure.map(() => bernoulliLearner(makeNetwork([1], 0, { epsilon: 0.2 }))));
    const weights = Object.fromEntries(sure.map(({ W1 }, label) => [`${label}/W1`, W1]));
    const prediction = flat.open({ weights, steps: 0 }).predict(xorStream(1, 1)[0].input);
    expect(Array.from(prediction.probabilities)).toEqual([0.8, 0.8, 0.8]);
    expect(prediction.label).toBe(1);
  });

  it('says what is wrong, once', () => {
    const [{ input }] = threeClasses(1);
    expect(() => oneVsAllLearner(members.slice(0, 1))).toThrow('there are 1 networks. Give one a class');
    expect(() => learner.open(learner.init()).step(input, 3, 0.1)).toThrow(
      'the target is 3. Give the index of a class',
    );
    expect(() => learner.open(members[0].init())).toThrow('the weights W1 are no Float64Array');
    const warnings: Warning[] = [];
    learner.open(learner.init(), { onWarning: (warning) => warnings.push(warning) }).step(input, 0, 100);
    expect(warnings.map(({ code }) => code)).toEqual(['step-size-unstable']);
  });
});

describe('states as JSON', () => {
  it('are refused when they are none', () => {
    const json = onlineStateToJson(members[0].init());
    expect(() => onlineStateFromJson({ ...json, weights: [1] })).toThrow('there are no weights');
    expect(() => onlineStateFromJson({ ...json, weights: { W1: [1, null] } })).toThrow('the weights W1 are no list');
    expect(() => onlineStateFromJson({ weights: json.weights })).toThrow('the state has steps = undefined');
  });
});

describe('decayingStepSize', () => {
  it('is min(max, a/(1 + bt))', () => {
    const eta = decayingStepSize({ max: 0.1 });
    expect([0, 90, 190].map(eta)).toEqual([0.1, 0.1, 0.05]);
  });

  it('refuses numbers that give none', () => {
    expect(() => decayingStepSize({ max: 0 })).toThrow('max = 0. Give a finite number > 0');
    expect(() => decayingStepSize({ max: 1, b: Number.NaN })).toThrow('b = NaN');
  });
});

/** The state after a stream learned in one go, and in three parts that go through JSON text. */
async function learnInParts<Input, Prediction>(
  learner: Parameters<typeof learnOnline<Input, number, Prediction>>[0],
  stream: readonly { readonly input: Input; readonly target: number }[],
) {
  const whole = await learnOnline(learner, learner.init(), stream, { stepSize });
  let parts = learner.init();
  for (const [from, to] of [
    [0, 7],
    [7, 40],
    [40, 60],
  ]) {
    parts = await learnOnline(learner, parts, stream.slice(from, to), { stepSize });
    parts = onlineStateFromJson(JSON.parse(JSON.stringify(onlineStateToJson(parts))) as JsonObject & Json);
  }
  return { whole, parts };
}
