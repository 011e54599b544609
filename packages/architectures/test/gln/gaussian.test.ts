import { createRandom } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { createGaussianGln, drawGlnHalfSpaces, type GaussianGlnOptions } from '../../src/index.ts';
import { normals, randomWeights } from './networks.ts';

const flat = { sideInputs: 1, normals: [[[]]], offsets: [[[]]] };
const side = Float64Array.of(0);

/** Mean, variance and projected weights of one neuron without contexts or biases. */
function oneNeuron(w: number[], means: number[], variances: number[], options: Partial<GaussianGlnOptions> = {}) {
  const network = createGaussianGln({
    inputs: means.length,
    halfSpaces: flat,
    biasMeans: [],
    varianceMin: 1e-6,
    ...options,
  });
  const pass = network.createPass();
  const input = { side, means: Float64Array.from(means), variances: Float64Array.from(variances) };
  network.forward({ W1: Float64Array.from(w) }, input, pass);
  return { mean: pass[0].means[0], variance: pass[0].variances[0], weights: Array.from(pass[0].weights) };
}

describe('a neuron', () => {
  it('repeats its input with weight 1', () => {
    expect(oneNeuron([1], [0.75], [0.25])).toEqual({ mean: 0.75, variance: 0.25, weights: [1] });
  });

  it('repeats n equal inputs with weights 1/n; with weights 1 the variance is divided by n', () => {
    const [means, variances] = [Array(5).fill(0.7), Array(5).fill(0.3)];
    const fifth = oneNeuron(Array(5).fill(1 / 5), means, variances);
    expect(fifth.mean).toBeCloseTo(0.7, 14);
    expect(fifth.variance).toBeCloseTo(0.3, 14);
    expect(oneNeuron(Array(5).fill(1), means, variances).variance).toBeCloseTo(0.06, 14);
  });

  it('is the normalised product of the densities to the power of their weights', () => {
    const [w, means, variances] = [
      [0.4, 1.3, 0.1],
      [-1, 0.5, 2],
      [0.5, 1, 0.2],
    ];
    const { mean, variance } = oneNeuron(w, means, variances);
    // Moments of the product on a grid that is fine and wide beside its deviation.
    const moments = [0, 0, 0];
    for (let x = -8; x <= 8; x += 0.001) {
      const density = Math.exp(-w.reduce((sum, wj, j) => sum + (wj * (x - means[j]) ** 2) / (2 * variances[j]), 0));
      for (const n of [0, 1, 2]) moments[n] += density * x ** n;
    }
    expect(mean).toBeCloseTo(moments[1] / moments[0], 10);
    expect(variance).toBeCloseTo(moments[2] / moments[0] - (moments[1] / moments[0]) ** 2, 10);
  });

  it('clips weights before it predicts', () => {
    const clipped = oneNeuron([5, -2], [1, 3], [1, 1], { weightMax: 2 });
    expect(clipped).toEqual({ mean: 1, variance: 0.5, weights: [2, 0] });
  });

  it.each([
    ['floor', [30, 10], 0.5],
    ['ceiling', [0, 1e-3], 40],
  ])('moves to the nearest weights on the %s of the variance', (_, w, bound) => {
    const [means, variances] = [
      [1, -2],
      [0.4, 0.8],
    ];
    const found = oneNeuron(w, means, variances, { varianceMin: 0.5, varianceMax: 40 });
    expect(found.variance).toBe(bound);
    const tau = variances.map((v) => 1 / v);
    expect(found.weights[0] * tau[0] + found.weights[1] * tau[1]).toBeCloseTo(1 / bound, 12);
    // The way there is along τ, the normal of the bound, so nothing on the bound is nearer.
    const moved = found.weights.map((weight, j) => weight - w[j]);
    expect(moved[0] * tau[1] - moved[1] * tau[0]).toBeCloseTo(0, 12);
    expect(found.mean).toBeCloseTo(bound * (found.weights[0] * tau[0] + found.weights[1] * tau[1] * -2), 12);
  });

  it('may have slightly negative weights after that, but not a negative variance', () => {
    const { weights, variance } = oneNeuron([10, 0], [1, -2], [1, 1], { varianceMin: 0.5 });
    expect(weights).toEqual([6, -4]);
    expect(variance).toBe(0.5);
  });
});

describe('a network', () => {
  const halfSpaces = drawGlnHalfSpaces({ sideInputs: 2, layerSizes: [4, 3, 1], contextBits: 2 }, createRandom(1));
  const sideInfo = normals(2, 'side');
  const [means, variances] = [normals(3, 'means'), Float64Array.of(0.8, 0.3, 2)];

  /** All means and variances of a network in units a and with an origin c. */
  function outputs(a: number, c: number, varianceMin: number) {
    const network = createGaussianGln({
      inputs: 3,
      halfSpaces,
      biasMeans: [-1, 0, 1].map((mean) => a * mean + c),
      biasVariances: [1, 1, 1].map((v) => a * a * v),
      varianceMin: a * a * varianceMin,
      varianceMax: a * a * 100,
    });
    const weights = Object.fromEntries(
      Object.entries(randomWeights(network.shapes)).map(([name, w]) => [name, w.map(Math.abs)]),
    );
    const pass = network.createPass();
    const input = { side: sideInfo, means: means.map((m) => a * m + c), variances: variances.map((v) => a * a * v) };
    network.forward(weights, input, pass);
    return {
      means: pass.flatMap((layer) => Array.from(layer.means)),
      variances: pass.flatMap((layer) => Array.from(layer.variances)),
    };
  }

  it.each([0.01, 0.25])('changes units and origin with its inputs, biases and bounds (floor %d)', (varianceMin) => {
    const [plain, moved] = [outputs(1, 0, varianceMin), outputs(3, -7, varianceMin)];
    for (const [k, mean] of plain.means.entries()) {
      expect(moved.means[k]).toBeCloseTo(3 * mean - 7, 12);
      expect(moved.variances[k]).toBeCloseTo(9 * plain.variances[k], 12);
    }
    expect(plain.variances.includes(varianceMin)).toBe(varianceMin === 0.25);
  });

  it('never predicts outside the hull of its inputs and biases while weights are not negative', () => {
    const all = [-1, 1, ...means];
    for (const mean of outputs(1, 0, 0.01).means) {
      expect(mean).toBeGreaterThanOrEqual(Math.min(...all));
      expect(mean).toBeLessThanOrEqual(Math.max(...all));
    }
  });
});

describe('bad input', () => {
  const options = { inputs: 1, halfSpaces: flat, varianceMin: 0.1 };

  it('is told with what was given and what is right', () => {
    expect(() => createGaussianGln({ ...options, varianceMin: 0 })).toThrow('variances are in [0, 100000]');
    expect(() => createGaussianGln({ ...options, varianceMax: 0.01 })).toThrow('variances are in [0.1, 0.01]');
    expect(() => createGaussianGln({ ...options, weightMin: 2, weightMax: 1 })).toThrow('weights are in [2, 1]');
    expect(() => createGaussianGln({ ...options, biasVariances: [1, 1] })).toThrow('biasVariances is 2 numbers');
    expect(() => createGaussianGln({ ...options, biasVariances: [1, 0, 1] })).toThrow('biasVariances[1] is 0');
    expect(() => createGaussianGln({ ...options, biasMeans: [Number.NaN] })).toThrow('biasMeans[0] is NaN');
    expect(() => oneNeuron([1], [1], [0])).toThrow('variances[0] is 0');
    expect(() => oneNeuron([1], [Number.POSITIVE_INFINITY], [1])).toThrow('means[0] is Infinity');
    expect(() => oneNeuron([1, 1], [1], [1])).toThrow('the weights W1 are 2 numbers. They should be 1 × 1 × 1');
  });

  it('that overflows is an error, not a NaN', () => {
    const layers = Array.from({ length: 12 }, () => [[]]);
    const network = createGaussianGln({
      inputs: 1,
      halfSpaces: { sideInputs: 1, normals: layers, offsets: layers },
      biasMeans: [-1e30],
      varianceMin: 1e-30,
      varianceMax: 1e30,
      weightMin: -1e30,
      weightMax: 1e30,
    });
    const weights = Object.fromEntries(Object.keys(network.shapes).map((name) => [name, Float64Array.of(-1e30, 1e30)]));
    const input = { side, means: Float64Array.of(1e30), variances: Float64Array.of(1) };
    expect(() => network.forward(weights, input, network.createPass())).toThrow(
      /the mean of neuron 0 of the layer with weights W\d+ overflows\. Rescale means/,
    );
  });
});
