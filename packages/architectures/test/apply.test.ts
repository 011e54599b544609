import '@tensorflow/tfjs-backend-cpu';
import { createMlMatrixBackend } from '@ggdln/linalg';
import { memory, ready, setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { planGated } from '../src/gradients/gatedPlan.ts';
import { createDln } from '../src/index.ts';
import { CASES, distance, makeNetwork } from './networks.ts';

const linalg = createMlMatrixBackend();

beforeAll(async () => {
  await setBackend('cpu');
  await ready();
});

/** Outputs of the tensor program on float32 copies of weights and inputs. */
function applied({ network, dimensions, inputs, parameters }: ReturnType<typeof makeNetwork>): Float32Array {
  const shapes = network.shapes(dimensions);
  return tidy(() => {
    const weights = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, tensor(Float32Array.from(parameters[name]), [...shape])]),
    );
    const asTensor = (a: { rows: number; cols: number; data: Float64Array }) =>
      tensor(Float32Array.from(a.data), [a.rows, a.cols]);
    const outputs = network.apply(weights, { X: asTensor(inputs.X), gates: inputs.gates.map(asTensor) });
    expect(outputs.shape).toEqual([inputs.X.rows, dimensions.outputs]);
    return Float32Array.from(outputs.dataSync());
  });
}

describe.each(CASES.map((_, index) => index))('apply, case %i', (index) => {
  it.each([1, 3])('gives what predict gives, to float32, %i outputs', (outputs) => {
    const made = makeNetwork(index, 6, outputs);
    const exact = made.network.predict(made.parameters, made.inputs, linalg).data;
    const size = Math.max(...exact.map(Math.abs));
    expect(distance(applied(made), exact)).toBeLessThan(2e-6 * size);
  });

  it('frees what it makes on the way', () => {
    const made = makeNetwork(index);
    applied(made);
    const before = memory().numTensors;
    applied(made);
    expect(memory().numTensors).toBe(before);
  });

  it('says what is missing', () => {
    const { network } = makeNetwork(index);
    const X = tensor([1, 2], [1, 2]);
    expect(() => network.apply({ a: X }, { X, gates: [] })).toThrow('apply lacks the parameters W');
    const all = Object.fromEntries(['a', 'W1', 'W2', 'W3'].map((name) => [name, X]));
    expect(() => network.apply(all, { X, gates: [] })).toThrow('apply has gates for 0 layers');
  });
});

it('gives the same wherever activities meet contracted weights', () => {
  const found = new Set<string>();
  for (const [index, { depth, gates }] of CASES.entries()) {
    for (const rows of [1, 2, 4, 10, 40]) {
      for (const outputs of [1, 2, 20]) {
        const made = makeNetwork(index, rows, outputs);
        const layers = { depth, widths: made.network.widths, sigma: 1, where: 'test' };
        found.add(`${depth}: ${planGated(layers, { rows, inputs: 4, gates, outputs }).meeting}`);
        const exact = made.network.predict(made.parameters, made.inputs, linalg).data;
        // Outputs are of order 1; a lone one may be small by cancellation.
        expect(distance(applied(made), exact)).toBeLessThan(2e-6 * Math.max(0.5, ...exact.map(Math.abs)));
      }
    }
  }
  expect([...found].sort()).toEqual(['1: 0', '1: 1', '2: 0', '2: 1', '2: 2', '3: 1', '3: 2', '3: 3']);
});

it('refuses other than one gate in a deep linear network', () => {
  const X = tensor([1, 2], [1, 2]);
  expect(() => createDln({ depth: 1, width: 2, sigma: 1 }).apply({ a: X, W1: X }, { X, gates: [X] })).toThrow(
    'a layer has 2 gates',
  );
});
