import { createRandom, createRegistry, type Matrix, resolveOptions } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { architecturesPlugin, createDln, createGgdln, drawPrior } from '../src/index.ts';
import { distance, randomInputs } from './networks.ts';

const linalg = createMlMatrixBackend();
const ones = (rows: number): Matrix => matrix(rows, 1, new Float64Array(rows).fill(1));

describe('createDln', () => {
  const dln = createDln({ depth: 2, widths: [3, 4], sigma: 1.1 });
  const dimensions = { inputs: 5, gates: [1, 1], outputs: 1 };
  const parameters = drawPrior(dln, dimensions, createRandom(1));
  const inputs = { X: randomInputs(6, 5, [], 2).X, gates: [ones(6), ones(6)] };

  it('is a product of matrices: X W1ᵀ W2ᵀ a / √(N0 N1 N2)', () => {
    const W1 = matrix(4, 5, parameters.W1);
    const W2 = matrix(3, 4, parameters.W2);
    const chain = linalg.gemm(linalg.gemm(W2, W1), matrix(3, 1, parameters.a), { transA: true });
    const f = linalg.gemm(inputs.X, chain, { alpha: 1 / Math.sqrt(5 * 4 * 3) });
    expect(distance(dln.predict(parameters, inputs, linalg).data, f.data)).toBeLessThan(1e-13);
    expect(dln.family).toBe('dln');
  });

  it('has the conditionals of the one-gate network', () => {
    const ggdln = createGgdln({ depth: 2, widths: [3, 4], sigma: 1.1 });
    const problem = { train: inputs, test: inputs, y: new Float64Array(6).fill(1), temperature: 0.1 };
    for (const name of ['a', 'W2', 'W1']) {
      const gram = (network: typeof dln) => network.conditionals.block(name, parameters, inputs, linalg).gram();
      expect(gram(dln)).toEqual(gram(ggdln));
    }
    expect(dln.conditionals.conditionalPredictor(parameters, problem, linalg)).toEqual(
      ggdln.conditionals.conditionalPredictor(parameters, problem, linalg),
    );
  });

  it('refuses other gates and names the gating that fits', () => {
    const zero = { ...inputs, gates: [ones(6), matrix(6, 1)] };
    const two = { ...inputs, gates: [matrix(6, 2), ones(6)] };
    expect(() => dln.predict(parameters, zero, linalg)).toThrow(
      /the gate of input 0 is 0, but .* one gate that is 1 .* "always-on"/,
    );
    expect(() => dln.predict(parameters, two, linalg)).toThrow('a layer has 2 gates');
    expect(() => dln.shapes({ ...dimensions, gates: [1, 3] })).toThrow('a layer has 3 gates');
    expect(() => dln.conditionals.block('a', parameters, zero, linalg)).toThrow('the gate of input 0 is 0');
    const problem = { train: inputs, test: two, y: new Float64Array(6), temperature: 0.1 };
    expect(() => dln.conditionals.conditionalPredictor(parameters, problem, linalg)).toThrow('a layer has 2 gates');
  });
});

describe('architecturesPlugin', () => {
  it('makes both networks from text options', () => {
    const registry = createRegistry([architecturesPlugin]);
    for (const name of ['ggdln', 'dln']) {
      const entry = registry.get('architecture', name);
      const options = resolveOptions(entry.options, { depth: '2', widths: '8,9', sigma: '0.5' }, name);
      const network = entry.create(options);
      expect([network.family, network.sigma, ...network.widths]).toEqual([name, 0.5, 8, 9]);
    }
  });
});

describe('drawPrior', () => {
  it('fills every parameter with normals of deviation σ', () => {
    const network = createGgdln({ depth: 2, width: 100, sigma: 0.7 });
    const weights = drawPrior(network, { inputs: 50, gates: [3, 2], outputs: 1 }, createRandom(4));
    expect(Object.entries(weights).map(([name, w]) => [name, w.length])).toEqual([
      ['a', 300],
      ['W2', 20_000],
      ['W1', 5000],
    ]);
    const square = weights.W2.reduce((sum, w) => sum + w * w, 0) / 20_000;
    expect(Math.abs(square / 0.49 - 1)).toBeLessThan(5 * Math.sqrt(2 / 20_000));
  });

  it('refuses an architecture without parameters', () => {
    const empty = { sigma: 1, shapes: () => ({}) };
    expect(() => drawPrior(empty, { inputs: 1, gates: [], outputs: 1 }, createRandom(1))).toThrow('no parameters');
  });
});
