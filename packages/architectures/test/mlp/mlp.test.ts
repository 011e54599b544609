import '@tensorflow/tfjs-backend-cpu';
import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { testArchitecture } from '@ggdln/plugin-testkit';
import { ready, setBackend, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { architecturesPlugin, createDln, createMlp, drawPrior } from '../../src/index.ts';
import { erf } from '../../src/mlp/erf.ts';
import { distance } from '../networks.ts';

const linalg = createMlMatrixBackend();
const { mlp } = architecturesPlugin.architecture!;

testArchitecture('mlp (relu)', mlp, { options: { depth: 2, widths: [5, 4] }, gates: [1, 1] });
testArchitecture('mlp (erf), two outputs', mlp, {
  options: { depth: 1, width: 6, activation: 'erf' },
  gates: [1],
  outputs: 2,
});

beforeAll(async () => {
  await setBackend('cpu');
  await ready();
});

const always = (rows: number, depth: number) =>
  Array.from({ length: depth }, () => matrix(rows, 1, new Float64Array(rows).fill(1)));

function make(activation: 'relu' | 'erf' | 'linear', depth: number, outputs: number, width = 6) {
  const network = createMlp({ depth, width, sigma: 1.2, activation });
  const rng = createRandom(`${activation} ${depth} ${outputs}`);
  const X = matrix(5, 3, rng.fillGaussian(new Float64Array(15)));
  const inputs = { X, gates: always(5, depth) };
  const dimensions = { inputs: 3, gates: new Array<number>(depth).fill(1), outputs };
  return { network, inputs, dimensions, parameters: drawPrior(network, dimensions, rng) };
}

describe('createMlp', () => {
  it.each(['relu', 'erf', 'linear'] as const)('applies what it predicts, %s', (activation) => {
    for (const depth of [1, 2, 3]) {
      const { network, inputs, dimensions, parameters } = make(activation, depth, 2);
      const exact = network.predict(parameters, inputs, linalg).data;
      const weights = Object.fromEntries(
        Object.entries(network.shapes(dimensions)).map(([name, shape]) => [
          name,
          tensor(Float32Array.from(parameters[name]), [...shape]),
        ]),
      );
      const X = tensor(Float32Array.from(inputs.X.data), [5, 3]);
      const f = network.apply(weights, {
        X,
        gates: inputs.gates.map((gate) => tensor(Float32Array.from(gate.data), [5, 1])),
      });
      expect(f.shape).toEqual([5, 2]);
      expect(distance(f.dataSync(), exact)).toBeLessThan(5e-6);
    }
  });

  it('is a deep linear network where its activation is linear', () => {
    const { network, inputs, parameters } = make('linear', 3, 1);
    const dln = createDln({ depth: 3, width: 6, sigma: 1.2 });
    const [f, expected] = [network, dln].map((one) => one.predict(parameters, inputs, linalg).data);
    expect(distance(f, expected)).toBeLessThan(1e-14);
  });

  it('is homogeneous of degree 1 in its inputs with relu, odd with erf', () => {
    const scaled = (activation: 'relu' | 'erf', factor: number) => {
      const { network, inputs, parameters } = make(activation, 2, 1);
      const X = { ...inputs.X, data: inputs.X.data.map((x) => factor * x) };
      const f = network.predict(parameters, inputs, linalg).data;
      return [network.predict(parameters, { ...inputs, X }, linalg).data, f.map((value) => factor * value)];
    };
    for (const pair of [scaled('relu', 3.5), scaled('erf', -1)]) expect(distance(pair[0], pair[1])).toBeLessThan(1e-13);
  });

  it('has, wide, the prior variance of the kernel: E f² = σ⁴|x|²/2N0 for relu', () => {
    const { network, inputs, dimensions } = make('relu', 1, 400, 2000);
    const f = network.predict(drawPrior(network, dimensions, createRandom(8)), inputs, linalg);
    for (let row = 0; row < 5; row++) {
      const x = inputs.X.data.subarray(row * 3, row * 3 + 3);
      const expected = (1.2 ** 4 * x.reduce((sum, value) => sum + value * value, 0)) / 6;
      const mean = f.data.subarray(row * 400, (row + 1) * 400).reduce((sum, value) => sum + value * value, 0) / 400;
      // √(2/400) from the outputs; hidden units add little.
      expect(Math.abs(mean / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / 400 + 5 / 2000));
    }
  });

  it('says what does not fit', () => {
    const { network, inputs, parameters, dimensions } = make('relu', 2, 1);
    expect(() => createMlp({ depth: 1, width: 2, sigma: 1, activation: 'tanh' as never })).toThrow('activation "tanh"');
    const open = { ...inputs, gates: [inputs.gates[0], matrix(5, 1)] };
    expect(() => network.predict(parameters, open, linalg)).toThrow('the gate of input 0 is 0, but this network has');
    expect(() => network.shapes({ ...dimensions, gates: [1, 2] })).toThrow('a layer has 2 gates');
    expect(() => network.predict({ ...parameters, W2: new Float64Array(3) }, inputs, linalg)).toThrow(
      'parameter W2 has 3 numbers. It should hold 6 × 6 = 36 numbers',
    );
    expect(() => network.apply({}, { X: tensor([[1]]), gates: [] })).toThrow('apply lacks the parameters a, W2, W1');
  });
});

describe('erf', () => {
  it('has known values, is odd, and saturates', () => {
    // Abramowitz and Stegun, table 7.1; far ones from their complement.
    const table = [
      [0, 0],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [2, 0.9953222650189527],
      [3, 0.9999779095030014],
      [1e-9, 2e-9 / Math.sqrt(Math.PI)],
    ];
    for (const [h, expected] of table) {
      expect(Math.abs(erf(h) - expected)).toBeLessThanOrEqual(4e-16 * expected);
      expect(erf(-h) + erf(h)).toBe(0);
    }
    expect([erf(7), erf(-Infinity)]).toEqual([1, -1]);
    expect(Math.abs(erf(5.999) - 1)).toBeLessThan(4e-15);
  });
});
