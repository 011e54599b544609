import '@tensorflow/tfjs-backend-cpu';
import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, matrix, rowKronecker } from '@ggdln/linalg';
import { testArchitecture } from '@ggdln/plugin-testkit';
import { memory, ready, setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { architecturesPlugin, createGalu, drawPrior } from '../../src/index.ts';
import { distance, randomInputs } from '../networks.ts';

const linalg = createMlMatrixBackend();
const { galu } = architecturesPlugin.architecture!;

testArchitecture('galu', galu, { gates: [4] });
testArchitecture('galu of three outputs', galu, { gates: [4], outputs: 3 });

const network = createGalu({ sigma: 1.3 });
const inputs = randomInputs(7, 3, [4], 'galu');
const [gates] = inputs.gates;
const scale = 1 / Math.sqrt(12);
/** Φ without its scale: gate j times input i in column 3j + i. */
const features = rowKronecker(gates, inputs.X);

beforeAll(async () => {
  await setBackend('cpu');
  await ready();
});

describe('a layer of gated linear units', () => {
  it('has one neuron a gate, gated by it alone', () => {
    const dimensions = { inputs: 3, gates: [4], outputs: 2 };
    expect(network.shapes(dimensions)).toEqual({ W: [2, 4, 3] });
    expect(network.shapes({ ...dimensions, outputs: 1 })).toEqual({ W: [4, 3] });
    const weights = drawPrior(network, dimensions, createRandom(2));
    const expected = linalg.gemm(features, matrix(2, 12, weights.W), { transB: true, alpha: scale });
    expect(distance(network.predict(weights, inputs, linalg).data, expected.data)).toBeLessThan(1e-14);
  });

  it.each([1, 3])('has a tensor program with %i outputs that gives the same and leaves nothing behind', (outputs) => {
    const { W } = drawPrior(network, { inputs: 3, gates: [4], outputs }, createRandom(3));
    const exact = network.predict({ W }, inputs, linalg);
    tidy(() => {
      const asTensor = (a: { rows: number; cols: number; data: Float64Array }) =>
        tensor(Float32Array.from(a.data), [a.rows, a.cols]);
      const weights = tensor(Float32Array.from(W), outputs === 1 ? [4, 3] : [outputs, 4, 3]);
      const held = memory().numTensors;
      const output = network.apply({ W: weights }, { X: asTensor(inputs.X), gates: [asTensor(gates)] });
      // The two inputs and the output.
      expect(memory().numTensors).toBe(held + 3);
      expect(output.shape).toEqual([7, outputs]);
      expect(distance(output.dataSync(), exact.data)).toBeLessThan(1e-6);
    });
  });

  it('has the posterior of Bayesian linear regression, whatever the weights', () => {
    const test = randomInputs(5, 3, [4], 'galu test');
    const y = createRandom(4).fillGaussian(new Float64Array(7));
    const problem = { train: inputs, test, y, temperature: 0.1 };
    const weights = drawPrior(network, { inputs: 3, gates: [4], outputs: 1 }, createRandom(5));
    const { mean, variance } = network.conditionals.conditionalPredictor(weights, problem, linalg);
    const prior = (a: typeof features, b: typeof features) =>
      linalg.gemm(a, b, { transB: true, alpha: 1.3 ** 2 * scale ** 2 });
    const testFeatures = rowKronecker(test.gates[0], test.X);
    const K = prior(features, features);
    for (let i = 0; i < 7; i++) K.data[i * 7 + i] += 0.1;
    const cross = prior(testFeatures, features);
    const explained = linalg.gemm(cross, linalg.choleskyInverse(linalg.cholesky(K)));
    expect(distance(mean, linalg.gemm(explained, matrix(7, 1, y)).data)).toBeLessThan(1e-12);
    const reduction = linalg.gemm(explained, cross, { transB: true });
    const own = prior(testFeatures, testFeatures);
    const expected = Array.from(variance, (_, i) => own.data[i * 6] - reduction.data[i * 6]);
    expect(distance(variance, expected)).toBeLessThan(1e-12);
  });
});

describe('bad input', () => {
  const W = new Float64Array(12);
  const two = { ...inputs, gates: [gates, gates] };
  const problem = { train: inputs, test: inputs, y: new Float64Array(7), temperature: 0.1 };
  const conditional = network.conditionals.conditionalPredictor;

  it.each([
    [() => createGalu({ sigma: 0 }), /sigma is 0\. Give the standard deviation/],
    [() => network.shapes({ inputs: 0, gates: [4], outputs: 1 }), /the number of inputs is 0/],
    [() => network.shapes({ inputs: 3, gates: [4, 4], outputs: 1 }), /gates are given for 2 layers/],
    [() => network.predict({ W }, two, linalg), /gates are given for 2 layers\. Give those of one layer, P × k/],
    [
      () => network.predict({ W: W.slice(1) }, inputs, linalg),
      /W has 11 numbers\. It should hold 4 gates × 3 inputs = 12/,
    ],
    [() => network.predict({}, inputs, linalg), /W is not a Float64Array/],
    [() => network.predict({ W }, { ...inputs, gates: [matrix(6, 4)] }, linalg), /the gates \(P × k\) is 6 × 4/],
    [() => network.conditionals.block('a', { W }, inputs, linalg), /"a"/],
    [() => network.conditionals.block('W', { W: new Float64Array(23) }, inputs, linalg), /W has 23 numbers/],
    [() => conditional({ W }, { ...problem, y: new Float64Array(3) }, linalg), /y has 3 targets for 7 inputs/],
    [() => conditional({ W }, { ...problem, temperature: -1 }, linalg), /the temperature is -1/],
  ])('%# says what is wrong', (call, message) => {
    expect(call).toThrow(message);
  });

  it('of the tensor program too', () => {
    expect(() => network.apply({}, { X: tensor([[1]]), gates: [] })).toThrow(/apply lacks the parameter W/);
  });
});
