import type { Parameters } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import {
  type BernoulliGln,
  type BernoulliInput,
  collapseBernoulliGln,
  createBernoulliGln,
  sigmoid,
} from '../../src/index.ts';
import { makeBernoulli, normals, randomWeights } from './networks.ts';

const logit = (p: number) => Math.log(p / (1 - p));

function outputsOf(network: BernoulliGln, weights: Parameters, side: Float64Array, base: Float64Array): number[][] {
  const pass = network.createPass();
  network.forward(weights, { side, base }, pass);
  return pass.map(({ probabilities }) => Array.from(probabilities));
}

/** One neuron without contexts, with the given weights (bias first) on base predictions p. */
function oneNeuron(w: number[], base: number[], epsilon = 1e-12): number {
  const halfSpaces = { sideInputs: 1, normals: [[[]]], offsets: [[[]]] };
  const network = createBernoulliGln({ inputs: base.length, halfSpaces, epsilon });
  return outputsOf(network, { W1: Float64Array.from(w) }, Float64Array.of(0), Float64Array.from(base))[0][0];
}

describe('a neuron', () => {
  it('copies an expert whose weight is 1 when the others are 0, and says ½ when all are 0', () => {
    const base = [0.2, 0.9, 0.03];
    for (const j of [0, 1, 2]) {
      const w = [0, 0, 0, 0];
      w[j + 1] = 1;
      expect(oneNeuron(w, base)).toBeCloseTo(base[j], 14);
    }
    expect(oneNeuron([0, 0, 0, 0], base)).toBe(0.5);
  });

  it('repeats what all its inputs say when its weights sum to 1', () => {
    expect(oneNeuron([0, 0.7, -0.4, 0.7], [0.3, 0.3, 0.3])).toBeCloseTo(0.3, 14);
  });

  it('mixes geometrically: p ∝ ∏ p_j^w_j over both outcomes', () => {
    const [w, base] = [
      [0.3, 0.8, -1.1, 0.5],
      [0.2, 0.9, 0.4],
    ];
    const experts = [sigmoid(1), ...base];
    const one = experts.reduce((product, p, j) => product * p ** w[j], 1);
    const zero = experts.reduce((product, p, j) => product * (1 - p) ** w[j], 1);
    expect(oneNeuron(w, base)).toBeCloseTo(one / (one + zero), 14);
  });

  it('clips its inputs and its output to [ε, 1 − ε]', () => {
    expect(oneNeuron([0, 5], [0.9], 0.05)).toBe(0.95);
    expect(oneNeuron([0, -5], [0.9], 0.05)).toBe(0.05);
    expect(oneNeuron([0, 0.5], [1], 0.05)).toBeCloseTo(sigmoid(0.5 * logit(0.95)), 14);
    expect(oneNeuron([0, 0.5], [0], 0.05)).toBeCloseTo(sigmoid(-0.5 * logit(0.95)), 14);
  });
});

describe('a network', () => {
  const side: Float64Array = normals(2, 'side');
  const base: Float64Array = normals(3, 'base').map(sigmoid);

  it('hands clipped predictions up: each layer is the one-neuron rule on those below', () => {
    const network = makeBernoulli([4, 3, 1], 2, { epsilon: 0.1, biasLogit: -0.7 });
    const weights = randomWeights(network.shapes, 4);
    const pass = network.createPass();
    network.forward(weights, { side, base }, pass);
    const clip = (p: number) => Math.min(Math.max(p, 0.1), 0.9);
    let below: number[] = Array.from(base, clip);
    let clipped = 0;
    for (const [i, { name, neurons, contexts, fanIn }] of network.layers.entries()) {
      const outputs = Array.from({ length: neurons }, (_, k) => {
        const from = (k * contexts + pass[i].contexts[k]) * fanIn;
        const w = weights[name].subarray(from, from + fanIn);
        const q = sigmoid(below.reduce((sum, p, j) => sum + w[j + 1] * logit(p), -0.7 * w[0]));
        if (q !== clip(q)) clipped += 1;
        return clip(q);
      });
      for (const [k, p] of outputs.entries()) expect(pass[i].probabilities[k]).toBeCloseTo(p, 13);
      below = outputs;
    }
    expect(clipped).toBeGreaterThan(0);
  });

  it('collapses to one linear map of logits while nothing clips, at any depth and bias', () => {
    for (const sizes of [[1], [4, 1], [3, 5, 2, 1]]) {
      const network = makeBernoulli(sizes, 2, { epsilon: 1e-12, biasLogit: 0.6 });
      const weights = randomWeights(network.shapes, 0.5);
      const row = collapseBernoulliGln(network, weights, side);
      const sum = base.reduce((total, p, j) => total + row[j + 1] * logit(p), row[0] * 0.6);
      expect(outputsOf(network, weights, side, base).at(-1)?.[0]).toBeCloseTo(sigmoid(sum), 13);
    }
  });

  it('is linear in the logits for one z, and not across contexts', () => {
    const network = makeBernoulli([4, 1], 2, { epsilon: 1e-12 });
    const weights = randomWeights(network.shapes);
    const maps = [side, side.map((z) => 1.0001 * z), side.map((z) => -5 * z)].map((z) =>
      collapseBernoulliGln(network, weights, z),
    );
    expect(maps[1]).toEqual(maps[0]);
    expect(maps[2]).not.toEqual(maps[0]);
  });

  it('predicts 1 − p when all inputs do, bias included', () => {
    const network = makeBernoulli([4, 3, 1], 2, { epsilon: 0.1 });
    const mirror = makeBernoulli([4, 3, 1], 2, { epsilon: 0.1, biasLogit: -1 });
    const weights = randomWeights(network.shapes);
    const outputs = outputsOf(network, weights, side, base).flat();
    const mirrored = outputsOf(
      mirror,
      weights,
      side,
      base.map((p) => 1 - p),
    ).flat();
    for (const [k, p] of outputs.entries()) expect(mirrored[k]).toBeCloseTo(1 - p, 14);
  });

  it('changes neither weights nor inputs', () => {
    const network = makeBernoulli([4, 1], 2);
    const weights = randomWeights(network.shapes);
    const before = structuredClone({ weights, side, base });
    expect(outputsOf(network, weights, side, base)).toEqual(outputsOf(network, weights, side, base));
    expect({ weights, side, base }).toEqual(before);
  });

  it('starts with 1/fan-in everywhere, or the value asked for', () => {
    const network = makeBernoulli([4, 1], 2);
    expect(network.shapes).toEqual({ W1: [4, 4, 4], W2: [1, 4, 5] });
    expect(network.initialWeights().W1).toEqual(new Float64Array(64).fill(1 / 4));
    expect(network.initialWeights().W2).toEqual(new Float64Array(20).fill(1 / 5));
    expect(network.initialWeights(0).W2).toEqual(new Float64Array(20));
  });
});

describe('bad input', () => {
  const network = makeBernoulli([4, 1], 2);
  const weights = network.initialWeights();
  const good: BernoulliInput = { side: new Float64Array(2), base: new Float64Array(3).fill(0.5) };
  const forward = (input: Partial<BernoulliInput>, w: Parameters = weights) =>
    network.forward(w, { ...good, ...input }, network.createPass());

  it('is told with what was given and what is right', () => {
    expect(() => forward({ side: new Float64Array(5) })).toThrow('side is 5 numbers. It should be a Float64Array of 2');
    expect(() => forward({ side: Float64Array.of(0, Number.NaN) })).toThrow('side[1] is NaN');
    expect(() => forward({ base: Float64Array.of(0.5, 1.5, 0) })).toThrow(
      'base[1] is 1.5. Every entry should be from 0',
    );
    expect(() => forward({ base: [0.5, 0.5, 0.5] as unknown as Float64Array })).toThrow('base is no Float64Array');
    expect(() => forward({}, { W1: weights.W1 })).toThrow(
      'the weights W2 are no Float64Array. They should be 1 × 4 × 5',
    );
    expect(() => network.requireWeights({ ...weights, W2: new Float64Array(20).fill(Number.NaN) })).toThrow(
      'weight 0 of W2 is NaN',
    );
    expect(() => network.initialWeights(Number.NaN)).toThrow('the initial weight is NaN');
    expect(() => collapseBernoulliGln(network, weights, new Float64Array(1))).toThrow('side is 1 numbers');
  });

  const halfSpaces = (normals: number[][][][], offsets: number[][][], sideInputs = 2) => ({
    inputs: 3,
    halfSpaces: { sideInputs, normals, offsets },
  });

  it.each([
    [{ ...halfSpaces([[[]]], [[[]]]), epsilon: 0.5 }, 'epsilon = 0.5'],
    [{ ...halfSpaces([[[]]], [[[]]]), biasLogit: Number.NaN }, 'biasLogit = NaN'],
    [{ ...halfSpaces([[[]]], [[[]]]), inputs: 0 }, 'inputs = 0'],
    [halfSpaces([], []), 'normals for 0 layers and offsets for 0'],
    [halfSpaces([[[]]], []), 'normals for 1 layers and offsets for 0'],
    [halfSpaces([[[], []]], [[[], []]]), 'the last layer has 2 neurons'],
    [halfSpaces([[], [[]]], [[], [[]]]), 'layer 1 has no neurons'],
    [halfSpaces([[[[1, 0]], []], [[]]], [[[0], []], [[]]]), 'neuron 1 of layer 1 has 0 normals and 0 offsets'],
    [halfSpaces([[[[1, 0]]]], [[[]]]), 'neuron 0 of layer 1 has 1 normals and 0 offsets'],
    [halfSpaces([[[[1, 0, 0]]]], [[[0]]]), 'half-space 0 of neuron 0 of layer 1 has a normal of 3 numbers'],
    [halfSpaces([[[[1, Number.NaN]]]], [[[0]]]), 'has a number that is not finite'],
    [halfSpaces([[Array(21).fill([1, 0])]], [[Array(21).fill(0)]]), 'a neuron has 21 context bits'],
  ])('no network comes of half-spaces that make none (%#)', (options, message) => {
    expect(() => createBernoulliGln(options)).toThrow(message);
  });

  it('is refused before memory is asked for', () => {
    const wide = { sideInputs: 1, normals: [[Array(20).fill([1])]], offsets: [[Array(20).fill(0)]] };
    expect(() => createBernoulliGln({ inputs: 1000, halfSpaces: wide })).toThrow('1 × 1048576 × 1001 = 1049624576');
  });
});
