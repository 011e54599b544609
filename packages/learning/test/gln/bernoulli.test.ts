import { sigmoid } from '@ggdln/architectures';
import { createRandom, type Warning } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { bernoulliLearner, bernoulliLoss, type OnlineState } from '../../src/index.ts';
import { makeNetwork, xorStream } from './streams.ts';

/** A state with normal weights. */
function randomState(network: ReturnType<typeof makeNetwork>, scale = 0.5): OnlineState {
  const rng = createRandom('weights');
  const draw = (sizes: readonly number[]) =>
    rng.fillGaussian(new Float64Array(sizes.reduce((product, n) => product * n, 1)), scale);
  return {
    weights: Object.fromEntries(Object.entries(network.shapes).map(([name, sizes]) => [name, draw(sizes)])),
    steps: 0,
  };
}

describe('one neuron without contexts', () => {
  it('is logistic regression by gradient descent on (1, x)', () => {
    const network = makeNetwork([1], 0, { epsilon: 1e-9 });
    const run = bernoulliLearner(network).open({ weights: { W1: Float64Array.of(0.3, -0.2, 0.9) }, steps: 0 });
    const w = [0.3, -0.2, 0.9];
    for (const { input, target } of xorStream(200, 7)) {
      const features = [1, ...input.side];
      const p = sigmoid(features.reduce((sum, x, j) => sum + x * w[j], 0));
      expect(run.step(input, target, 0.2).probability).toBeCloseTo(p, 12);
      for (const [j, x] of features.entries()) w[j] -= 0.2 * (p - target) * x;
      for (const [j, weight] of w.entries()) expect(run.state().weights.W1[j]).toBeCloseTo(weight, 12);
    }
  });
});

describe('a step', () => {
  const network = makeNetwork([5, 3, 1], 2);
  const learner = bernoulliLearner(network);
  const [{ input, target }] = xorStream(1, 3);

  it('is the gradient of every neuron’s own loss in its active weights, and convex in them', () => {
    const state = randomState(network);
    const run = learner.open(state);
    const { probabilities, contexts } = run.step(input, target, 1e-3);
    const after = run.state().weights;
    for (const [i, { name, neurons, contexts: count, fanIn }] of network.layers.entries()) {
      for (let neuron = 0; neuron < neurons; neuron++) {
        for (let j = 0; j < fanIn; j++) {
          const at = (neuron * count + contexts[i][neuron]) * fanIn + j;
          const lossAt = (shift: number) => {
            const moved = state.weights[name].slice();
            moved[at] += shift;
            const prediction = learner.open({ weights: { ...state.weights, [name]: moved }, steps: 0 }).predict(input);
            return bernoulliLoss(prediction.probabilities[i][neuron], target);
          };
          const slope = (lossAt(1e-5) - lossAt(-1e-5)) / 2e-5;
          expect((state.weights[name][at] - after[name][at]) / 1e-3).toBeCloseTo(slope, 8);
          expect(lossAt(0.1) + lossAt(-0.1) - 2 * lossAt(0)).toBeGreaterThanOrEqual(0);
        }
        expect(probabilities[i][neuron]).toBeGreaterThan(network.epsilon);
      }
    }
  });

  it('changes the weights of the active contexts only, the others bit for bit not', () => {
    const run = learner.open(learner.init());
    const visited = new Set<string>();
    for (const example of xorStream(20, 5)) {
      const { contexts } = run.step(example.input, example.target, 0.1);
      for (const [i, layer] of contexts.entries())
        layer.forEach((c, neuron) => void visited.add(`${i} ${neuron} ${c}`));
    }
    const [before, after] = [learner.init().weights, run.state().weights];
    let unvisited = 0;
    for (const [i, { name, neurons, contexts, fanIn }] of network.layers.entries()) {
      for (let row = 0; row < neurons * contexts; row++) {
        const rowOf = (w: Float64Array) => Array.from(w.subarray(row * fanIn, (row + 1) * fanIn));
        const same = JSON.stringify(rowOf(after[name])) === JSON.stringify(rowOf(before[name]));
        expect(same).toBe(!visited.has(`${i} ${Math.floor(row / contexts)} ${row % contexts}`));
        if (same) unvisited += 1;
      }
    }
    expect(unvisited).toBeGreaterThan(0);
  });

  it('returns the prediction from before it, which predict makes too', () => {
    const run = learner.open(randomState(network));
    const before = run.predict(input);
    expect(run.step(input, target, 0.5)).toEqual(before);
    expect(run.predict(input)).not.toEqual(before);
  });

  it('keeps weights within ±weightMax', () => {
    const bounded = bernoulliLearner(network, { weightMax: 0.3, initialWeight: 0 });
    const run = bounded.open(bounded.init());
    for (const example of xorStream(50, 5)) run.step(example.input, example.target, 2);
    const largest = Math.max(...Object.values(run.state().weights).map((w) => Math.max(...w.map(Math.abs))));
    expect(largest).toBe(0.3);
  });

  it('mirrors when targets, predictions and the bias do', () => {
    const mirror = makeNetwork([5, 3, 1], 2, { biasLogit: -1 });
    const [run, mirrored] = [learner.open(learner.init()), bernoulliLearner(mirror).open(learner.init())];
    for (const example of xorStream(100, 9)) {
      const { side, base } = example.input;
      const { probability } = run.step(example.input, example.target, 0.3);
      const flipped = mirrored.step({ side, base: base.map((p) => 1 - p) }, 1 - example.target, 0.3);
      expect(flipped.probability).toBeCloseTo(1 - probability, 12);
    }
  });
});

describe('a clipped prediction that is wrong', () => {
  const network = makeNetwork([1], 0, { epsilon: 0.05 });
  const state = { weights: { W1: Float64Array.of(8, 0, 0) }, steps: 0 };
  const input = { side: Float64Array.of(0, 0), base: Float64Array.of(0.5, 0.5) };
  const biasAfter = (clipGradient: 'paper' | 'stop', target: number) => {
    const run = bernoulliLearner(network, { clipGradient }).open(state);
    expect(run.step(input, target, 1).probability).toBe(0.95);
    return run.state().weights.W1[0];
  };

  it('is learned from with the clipped error, or not at all', () => {
    expect(biasAfter('paper', 0)).toBeCloseTo(8 - 0.95, 14);
    expect(biasAfter('paper', 1)).toBeCloseTo(8 + 0.05, 14);
    expect(biasAfter('stop', 0)).toBe(8);
  });
});

describe('regret', () => {
  it('against the best fixed weights of each context is within that of gradient descent', () => {
    // Zinkevich (2003): with η_t = R/(G√t) at most (3/2) R G √T, R the diameter of the box that weights are kept in.
    const T = 20_000;
    const network = makeNetwork([1], 1, { epsilon: 1e-9 });
    const [box, R] = [1, 2 * Math.sqrt(3)];
    const stream = adversary(T);
    const G = Math.max(...stream.map(({ input }) => Math.hypot(1, ...input.side)));
    const learner = bernoulliLearner(network, { weightMax: box, initialWeight: -1 });
    const run = learner.open(learner.init());
    const seen = [0, 1].map(() => ({ loss: 0, features: [] as number[][], targets: [] as number[] }));
    for (const [t, { input, target }] of stream.entries()) {
      const { probability, contexts } = run.step(input, target, R / (G * Math.sqrt(t + 1)));
      const context = seen[contexts[0][0]];
      context.loss += bernoulliLoss(probability, target);
      context.features.push([1, ...input.side]);
      context.targets.push(target);
    }
    const bound = 1.5 * R * G * Math.sqrt(T);
    for (const { loss, features, targets } of seen) {
      expect(targets.length).toBeGreaterThan(T / 4);
      const best = bestLoss(features, targets, box);
      expect(loss - best).toBeLessThan(bound);
      // A learner that stands still would break the bound, so this can fail.
      expect(lossAt([-1, -1, -1], features, targets) - best).toBeGreaterThan(bound);
    }
  });
});

describe('what goes wrong', () => {
  const network = makeNetwork([2, 1], 1);
  const learner = bernoulliLearner(network);
  const [{ input }] = xorStream(1, 1);

  it('is told with what was given and what is right', () => {
    expect(() => bernoulliLearner(network, { weightMax: 0 })).toThrow('weightMax = 0. Give a number > 0');
    expect(() => bernoulliLearner(network, { clipGradient: 'none' as 'stop' })).toThrow('clipGradient = "none"');
    expect(() => learner.open(learner.init()).step(input, 0.5, 0.1)).toThrow('the target is 0.5. Give 0 or 1');
    expect(() => learner.open(learner.init()).step(input, 1, Number.NaN)).toThrow('the step size is NaN');
    expect(() => learner.open(learner.init()).step(input, 1, -1)).toThrow('the step size is -1. Give a finite number');
    expect(() => learner.open({ weights: {}, steps: 0 })).toThrow('the weights W1 are no Float64Array');
    expect(() => learner.open({ ...learner.init(), steps: -1 })).toThrow('the state has steps = -1');
  });

  it('leaves weights and count as they were when an example is refused', () => {
    const run = learner.open(learner.init());
    run.step(input, 1, 0.1);
    const before = structuredClone(run.state());
    expect(() => run.step({ ...input, base: Float64Array.of(2, 0) }, 1, 0.1)).toThrow('base[0] is 2');
    expect(() => run.step(input, 3, 0.1)).toThrow('the target is 3');
    expect(run.state()).toEqual(before);
  });

  it('warns once of steps beyond the stability limit, with the limit', () => {
    const warnings: Warning[] = [];
    const run = learner.open(learner.init(), { onWarning: (warning) => warnings.push(warning) });
    const square = 1 + input.side.reduce((sum, x) => sum + x * x, 0);
    run.step(input, 1, 7.9 / square);
    expect(warnings).toEqual([]);
    for (const rate of [8.1, 20]) run.step(input, 1, rate / square);
    expect(warnings).toHaveLength(1);
    expect(warnings[0].code).toBe('step-size-unstable');
    expect(warnings[0].message).toContain(
      `beyond ${(8 / square).toPrecision(2)}, the stability limit 8/|ℓ|² of layer 1`,
    );
  });
});

/** Targets that follow a plane, a tenth of them turned round in blocks. */
function adversary(count: number) {
  return xorStream(count, 11).map(({ input }, t) => {
    const inside = input.side[0] + 0.5 * input.side[1] > 0.2;
    return { input, target: inside === t % 1000 >= 100 ? 1 : 0 };
  });
}

function lossAt(w: readonly number[], features: readonly number[][], targets: readonly number[]): number {
  return features.reduce((sum, [a, b, c], t) => {
    const logit = w[0] * a + w[1] * b + w[2] * c;
    return sum + Math.log1p(Math.exp(targets[t] === 1 ? -logit : logit));
  }, 0);
}

/** Least loss of fixed weights in the box, by projected gradient descent. */
function bestLoss(features: readonly number[][], targets: readonly number[], box: number): number {
  const w = [0, 0, 0];
  for (let pass = 0; pass < 100; pass++) {
    const gradient = [0, 0, 0];
    for (const [t, x] of features.entries()) {
      const error = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2] * x[2]) - targets[t];
      for (let j = 0; j < 3; j++) gradient[j] += (error * x[j]) / features.length;
    }
    for (let j = 0; j < 3; j++) w[j] = Math.min(Math.max(w[j] - gradient[j], -box), box);
  }
  return lossAt(w, features, targets);
}
