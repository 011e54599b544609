import { createGaussianGln, drawGlnHalfSpaces, type GaussianGlnOptions } from '@ggdln/architectures';
import { createRandom } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { gaussianLearner, gaussianLoss, type OnlineState } from '../../src/index.ts';

const halfSpaces = drawGlnHalfSpaces(
  { sideInputs: 2, layerSizes: [4, 3, 1], contextBits: 2, offsetDeviation: 0.3 },
  createRandom(1),
);
const input = {
  side: Float64Array.of(0.3, -0.8),
  means: Float64Array.of(0.4, -1.2, 0.9),
  variances: Float64Array.of(0.8, 0.3, 2),
};

const make = (options: Partial<GaussianGlnOptions> = {}) =>
  createGaussianGln({ inputs: 3, halfSpaces, varianceMin: 0.01, ...options });

/** A state with positive weights. */
function randomState(network: ReturnType<typeof make>): OnlineState {
  const rng = createRandom('weights');
  const draw = ([a, b, c]: readonly number[]) => Float64Array.from({ length: a * b * c }, () => 0.1 + rng.uniform());
  return {
    weights: Object.fromEntries(Object.entries(network.shapes).map(([name, shape]) => [name, draw(shape)])),
    steps: 0,
  };
}

/** Every active weight: [layer, neuron, place in the weights of the layer]. */
function activeWeights(network: ReturnType<typeof make>, contexts: readonly Int32Array[]) {
  return network.layers.flatMap(({ neurons, contexts: count, fanIn }, i) =>
    Array.from({ length: neurons }, (_, neuron) =>
      Array.from({ length: fanIn }, (_, j) => [i, neuron, (neuron * count + contexts[i][neuron]) * fanIn + j] as const),
    ).flat(),
  );
}

describe('a step', () => {
  it('is the gradient of every neuron’s own loss in its active weights, and convex in them', () => {
    const network = make();
    const learner = gaussianLearner(network);
    const state = randomState(network);
    const run = learner.open(state);
    const { contexts, variances } = run.step(input, 1.7, 1e-4);
    for (const layer of variances) for (const variance of layer) expect(variance).toBeGreaterThan(0.02);
    for (const [i, neuron, at] of activeWeights(network, contexts)) {
      const { name } = network.layers[i];
      const lossAt = (shift: number) => {
        const moved = state.weights[name].slice();
        moved[at] += shift;
        const found = learner.open({ weights: { ...state.weights, [name]: moved }, steps: 0 }).predict(input);
        return gaussianLoss(found.means[i][neuron], found.variances[i][neuron], 1.7);
      };
      const slope = (lossAt(1e-5) - lossAt(-1e-5)) / 2e-5;
      const step = (state.weights[name][at] - run.state().weights[name][at]) / 1e-4;
      expect(Math.abs(step - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
      expect(lossAt(0.05) + lossAt(-0.05) - 2 * lossAt(0)).toBeGreaterThan(0);
    }
  });

  it('goes from the projected weights, and is not differentiated through the projection', () => {
    const flat = { sideInputs: 1, normals: [[[]]], offsets: [[[]]] };
    const network = createGaussianGln({ inputs: 2, halfSpaces: flat, biasMeans: [], varianceMin: 0.5, weightMin: 0 });
    const run = gaussianLearner(network).open({ weights: { W1: Float64Array.of(6, 4) }, steps: 0 });
    const two = { side: Float64Array.of(0), means: Float64Array.of(1, -2), variances: Float64Array.of(1, 1) };
    // w · τ = 10 is moved to 2 along τ = (1, 1): w = (2, 0), so the mean is 1 and the variance ½.
    expect(run.predict(two)).toMatchObject({ mean: 1, variance: 0.5 });
    expect(run.state().weights.W1).toEqual(Float64Array.of(6, 4));
    run.step(two, 0, 0.1);
    // ½[(0−1)² − 0 − ½] = ¼ and ½[(0+2)² − 9 − ½] = −2.75.
    expect(Array.from(run.state().weights.W1)).toEqual([2 - 0.025, expect.closeTo(0.275, 14)]);
  });

  it('stores weights within their bounds only', () => {
    const network = make({ weightMin: 0.02, weightMax: 0.4 });
    const run = gaussianLearner(network).open(randomState(network));
    const rng = createRandom(2);
    let [least, most] = [1, 0];
    for (let t = 0; t < 100; t++) {
      const { contexts } = run.step(input, 3 * rng.gaussian(), 0.5);
      const { weights } = run.state();
      for (const [i, , at] of activeWeights(network, contexts)) {
        least = Math.min(least, weights[network.layers[i].name][at]);
        most = Math.max(most, weights[network.layers[i].name][at]);
      }
    }
    expect([least, most]).toEqual([0.02, 0.4]);
  });

  it('has the same weights in other units and from another origin', () => {
    const [a, c] = [3, -7];
    const plain = make({ varianceMin: 0.25 });
    const moved = make({
      varianceMin: a * a * 0.25,
      varianceMax: a * a * 1e5,
      biasMeans: [-1, 0, 1].map((m) => a * m + c),
      biasVariances: [a * a, a * a, a * a],
    });
    const [one, other] = [plain, moved].map((network) => gaussianLearner(network).open(randomState(plain)));
    const rng = createRandom(3);
    for (let t = 0; t < 50; t++) {
      const means = input.means.map((m) => m + rng.gaussian());
      const y = rng.gaussian();
      const found = one.step({ ...input, means }, y, 0.02);
      const scaled = other.step(
        { ...input, means: means.map((m) => a * m + c), variances: input.variances.map((v) => a * a * v) },
        a * y + c,
        0.02,
      );
      expect(scaled.mean).toBeCloseTo(a * found.mean + c, 10);
      expect(scaled.variance).toBeCloseTo(a * a * found.variance, 10);
    }
    for (const [name, weights] of Object.entries(one.state().weights)) {
      for (const [k, weight] of weights.entries()) expect(other.state().weights[name][k]).toBeCloseTo(weight, 10);
    }
  });
});

describe('the optimum of one context', () => {
  it('predicts the mean squared distance from every input that has weight', () => {
    const flat = { sideInputs: 1, normals: [[[]]], offsets: [[[]]] };
    const network = createGaussianGln({ inputs: 2, halfSpaces: flat, biasMeans: [0], varianceMin: 1e-3 });
    const rng = createRandom(4);
    // The first input knows the target, the second misleads.
    const examples = Array.from({ length: 100 }, () => {
      const y = rng.gaussian();
      const means = Float64Array.of(y + 0.5 * rng.gaussian(), -y + 0.5 * rng.gaussian());
      return { y, input: { side: Float64Array.of(0), means, variances: Float64Array.of(1, 1) } };
    });
    const run = gaussianLearner(network).open(gaussianLearner(network).init());
    for (const [epochs, rate] of [
      [150, 0.05],
      [100, 0.005],
      [50, 0.0005],
    ]) {
      for (let epoch = 0; epoch < epochs; epoch++) {
        for (const { y, input: seen } of examples) run.step(seen, y, rate);
      }
    }
    const w = run.state().weights.W1;
    const gaps = new Float64Array(3);
    for (const { y, input: seen } of examples) {
      const { mean, variance } = run.predict(seen);
      const mu = [0, ...seen.means];
      for (const [j, m] of mu.entries()) gaps[j] += ((y - m) ** 2 - (m - mean) ** 2 - variance) / examples.length;
    }
    for (const [j, weight] of w.entries()) {
      if (weight > 0.01) expect(Math.abs(gaps[j])).toBeLessThan(5e-3);
      else expect(gaps[j]).toBeGreaterThan(0.1);
    }
    expect(w[1]).toBeGreaterThan(1);
    expect(w[2]).toBeLessThan(0.01);
  });
});

it('refuses targets and states that it can’t learn from, with what is right', () => {
  const network = make();
  const learner = gaussianLearner(network);
  const run = learner.open(learner.init());
  expect(() => run.step(input, Number.NaN, 0.1)).toThrow('the target is NaN. Give a number within ±1e+30');
  expect(() => run.step(input, 1e40, 0.1)).toThrow('the target is 1e+40');
  expect(() => run.step(input, 1, Number.POSITIVE_INFINITY)).toThrow('the step size is Infinity');
  expect(() => learner.open({ weights: { W1: new Float64Array(3) }, steps: 0 })).toThrow(
    'the weights W1 are 3 numbers. They should be 4 × 4 × 6',
  );
  expect(run.steps).toBe(0);
});
