import { createRandom, type ProductCache } from '@ggdln/core';
import { createMlMatrixBackend, identity, type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { drawPrior } from '../src/index.ts';
import { CASES, distance, makeNetwork, randomInputs } from './networks.ts';

const linalg = createMlMatrixBackend();
const random = (n: number, seed: string) => createRandom(seed).fillGaussian(new Float64Array(n));

/** 𝒜 column by column: the outputs with one weight of the block at 1 and its other weights at 0. */
function designMatrix(index: number, name: string, outputs: number) {
  const { network, inputs, parameters } = makeNetwork(index, 6, outputs);
  const size = parameters[name].length;
  const design = matrix(inputs.X.rows * outputs, size);
  for (let k = 0; k < size; k++) {
    const unit = Float64Array.from({ length: size }, (_, i) => (i === k ? 1 : 0));
    const f = network.predict({ ...parameters, [name]: unit }, inputs, linalg).data;
    for (let row = 0; row < f.length; row++) design.data[row * size + k] = f[row];
  }
  return design;
}

const BLOCKS = CASES.flatMap(({ depth }, index) =>
  ['a', ...Array.from({ length: depth }, (_, i) => `W${depth - i}`)].flatMap((name) =>
    [1, 3].map((outputs) => [index, name, outputs] as const),
  ),
);

describe.each(BLOCKS)('conditional of case %i, block %s, C = %i', (index, name, outputs) => {
  const { network, inputs, parameters } = makeNetwork(index, 6, outputs);
  const design = designMatrix(index, name, outputs);
  const block = network.conditionals.block(name, parameters, inputs, linalg);

  it('multiplies by 𝒜, 𝒜ᵀ and 𝒜𝒜ᵀ as the dense design matrix does', () => {
    const w = random(block.size, 'w');
    const rows = 6 * outputs;
    const r = random(rows, 'r');
    expect(block.size).toBe(design.cols);
    expect(distance(block.forward(w), linalg.gemm(design, matrix(w.length, 1, w)).data)).toBeLessThan(1e-13);
    expect(distance(block.adjoint(r), linalg.gemm(design, matrix(rows, 1, r), { transA: true }).data)).toBeLessThan(
      1e-13,
    );
    // The readout's outputs are independent: 𝒜𝒜ᵀ = G ⊗ I_C.
    const gram = name === 'a' ? repeated(block.gram(), outputs) : block.gram();
    expect(distance(gram.data, linalg.syrk(design).data)).toBeLessThan(1e-12);
  });

  it('adds a multiple of 𝒜ᵀr to weights in their memory', () => {
    const [w, r] = [random(block.size, 'w'), random(6 * outputs, 'r')];
    const expected = block.adjoint(r).map((value, i) => w[i] + 3 * value);
    block.addAdjoint?.(r, 3, w);
    expect(distance(w, expected)).toBeLessThan(1e-13);
  });

  it('gives the lower triangle of 𝒜𝒜ᵀ alone, with a cache in memory that it uses again', () => {
    const lower = ({ rows, data }: Matrix) => data.map((value, at) => (at % rows > Math.floor(at / rows) ? 0 : value));
    const whole = lower(block.gram());
    const cache: ProductCache = new Map();
    const kept = () => network.conditionals.block(name, parameters, inputs, linalg, cache).gram({ lowerOnly: true });
    expect(lower(block.gram({ lowerOnly: true }))).toEqual(whole);
    const first = kept();
    expect(lower(first)).toEqual(whole);
    first.data.fill(Number.NaN);
    expect(lower(kept())).toEqual(whole);
  });

  it('gives the outputs at the current weights', () => {
    expect(distance(block.forward(parameters[name]), network.predict(parameters, inputs, linalg).data)).toBeLessThan(
      1e-13,
    );
  });
});

describe.each(CASES.map((_, index) => index))('conditionals of case %i', (index) => {
  const { network, dimensions, inputs, parameters } = makeNetwork(index);
  const conditionals = network.conditionals;
  const test = randomInputs(5, 4, CASES[index].gates, 'test');
  const y = random(6, 'y');

  it('predicts as Gaussian regression on the dense features of W1 does', () => {
    const temperature = 0.3;
    const all = {
      X: matrix(11, 4, Float64Array.from([...inputs.X.data, ...test.X.data])),
      gates: inputs.gates.map((g, i) => matrix(11, g.cols, Float64Array.from([...g.data, ...test.gates[i].data]))),
    };
    const gram = conditionals.block('W1', parameters, all, linalg).gram();
    const kernel = (i: number, j: number) => network.sigma ** 2 * gram.data[i * 11 + j];
    const K = matrix(
      6,
      6,
      Float64Array.from({ length: 36 }, (_, k) => kernel(Math.floor(k / 6), k % 6)),
    );
    const ridge = identity(6, temperature);
    const factor = linalg.cholesky(
      matrix(
        6,
        6,
        K.data.map((value, k) => value + ridge.data[k]),
      ),
    );
    const found = conditionals.conditionalPredictor(parameters, { train: inputs, test, y, temperature }, linalg);
    for (let t = 0; t < 5; t++) {
      const k = matrix(
        6,
        1,
        Float64Array.from({ length: 6 }, (_, i) => kernel(i, 6 + t)),
      );
      const weights = linalg.choleskySolve(factor, k).data;
      const mean = weights.reduce((sum, value, i) => sum + value * y[i], 0);
      const explained = weights.reduce((sum, value, i) => sum + value * k.data[i], 0);
      expect(found.mean[t]).toBeCloseTo(mean, 11);
      expect(found.variance[t]).toBeCloseTo(kernel(6 + t, 6 + t) - explained, 11);
    }
  });

  it('gives the same numbers with a cache, before and after a block has changed', () => {
    const cache: ProductCache = new Map();
    const problem = { train: inputs, test, y, temperature: 0.1 };
    const changed = drawPrior(network, dimensions, createRandom('changed'));
    let current = parameters;
    for (const name of [...conditionals.blocks, ...conditionals.blocks]) {
      const kept = conditionals.block(name, current, inputs, linalg, cache);
      const fresh = conditionals.block(name, current, inputs, linalg);
      const w = random(kept.size, 'w');
      expect(kept.forward(w)).toEqual(fresh.forward(w));
      expect(kept.gram()).toEqual(fresh.gram());
      expect(kept.adjoint(y)).toEqual(fresh.adjoint(y));
      expect(conditionals.conditionalPredictor(current, problem, linalg, cache)).toEqual(
        conditionals.conditionalPredictor(current, problem, linalg),
      );
      current = { ...current, [name]: changed[name] };
    }
  });

  it('predicts several outputs as Gaussian regression on the features of W1 does', () => {
    const temperature = 0.3;
    const [C, P, tests] = [2, 6, 5];
    const double = makeNetwork(index, P, C);
    const all = {
      X: matrix(11, 4, Float64Array.from([...inputs.X.data, ...test.X.data])),
      gates: inputs.gates.map((g, i) => matrix(11, g.cols, Float64Array.from([...g.data, ...test.gates[i].data]))),
    };
    const targets = random(P * C, 'Y');
    const problem = { train: inputs, test, y: targets, temperature };
    const found = double.network.conditionals.conditionalPredictor(double.parameters, problem, linalg);
    const gram = double.network.conditionals.block('W1', double.parameters, all, linalg).gram();
    const kernel = (i: number, j: number) => network.sigma ** 2 * gram.data[i * 11 * C + j];
    const n = P * C;
    const K = matrix(n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) K.data[i * n + j] = kernel(i, j) + (i === j ? temperature : 0);
    }
    const factor = linalg.cholesky(K);
    expect(found.mean).toHaveLength(tests * C);
    for (let t = 0; t < tests * C; t++) {
      const k = Float64Array.from({ length: n }, (_, i) => kernel(i, n + t));
      const weights = linalg.choleskySolve(factor, matrix(n, 1, k)).data;
      expect(found.mean[t]).toBeCloseTo(dot(weights, targets), 11);
      expect(found.variance[t]).toBeCloseTo(kernel(n + t, n + t) - dot(weights, k), 11);
    }
  });

  it('says what is wrong', () => {
    const problem = { train: inputs, test, y, temperature: 0.1 };
    const predict = (given: Partial<typeof problem>) =>
      conditionals.conditionalPredictor(parameters, { ...problem, ...given }, linalg);
    expect(() => conditionals.block('W9', parameters, inputs, linalg)).toThrow('unknown block of weights "W9"');
    expect(() => predict({ y: y.slice(1) })).toThrow('y has 5 targets for 6 inputs');
    expect(() => predict({ temperature: -1 })).toThrow('the temperature is -1');
    expect(() => predict({ test: { ...test, gates: [] } })).toThrow('gates are given for 0 layers');
    const double = makeNetwork(index, 6, 2);
    expect(() => conditionals.conditionalPredictor(double.parameters, problem, linalg)).toThrow(
      'y has 6 targets for 6 inputs and 2 outputs',
    );
  });
});

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** G ⊗ I_C. */
function repeated(a: Matrix, C: number): Matrix {
  const out = matrix(a.rows * C, a.cols * C);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) {
      for (let c = 0; c < C; c++) out.data[(i * C + c) * out.cols + j * C + c] = a.data[i * a.cols + j];
    }
  }
  return out;
}
