import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { compositeGates, createGgdln, drawPrior } from '../src/index.ts';
import { CASES, distance, makeNetwork, networkByHand, randomInputs } from './networks.ts';

const linalg = createMlMatrixBackend();

describe.each(CASES.map((_, index) => index))('createGgdln, case %i', (index) => {
  it.each([1, 2])('computes the sums that define the network, %i outputs', (outputs) => {
    const { network, inputs, parameters } = makeNetwork(index, 6, outputs);
    const byHand = networkByHand(index, parameters, inputs, outputs).flat();
    const found = network.predict(parameters, inputs, linalg);
    expect([found.rows, found.cols]).toEqual([6, outputs]);
    expect(distance(found.data, byHand)).toBeLessThan(1e-13);
  });

  it.each([1, 2])('has order parameters that give the covariance of f over W1, %i outputs', (outputs) => {
    const { network, dimensions, inputs, parameters } = makeNetwork(index, 6, outputs);
    const U = network.orderParameters(parameters, dimensions, linalg);
    // f is linear in W1, so its covariance over W1 ~ N(0, σ²) is σ² Σ_k f(e_k) f(e_k)ᵀ, summed over single weights.
    const size = parameters.W1.length;
    const width = 6 * outputs;
    const covariance = new Float64Array(width * width);
    for (let k = 0; k < size; k++) {
      const unit = { ...parameters, W1: Float64Array.from({ length: size }, (_, i) => (i === k ? 1 : 0)) };
      const f = network.predict(unit, inputs, linalg).data;
      for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) covariance[i * width + j] += f[i] * f[j];
    }
    // K = s K_0 ∘ (F U_1 Fᵀ) on rows (μ, c), the top gates extended by the outputs (section 4).
    const [top, ...lower] = inputs.gates;
    const repeat = (a: { rows: number; cols: number; data: Float64Array }) =>
      matrix(
        a.rows * outputs,
        a.cols,
        Float64Array.from({ length: a.data.length * outputs }, (_, k) => {
          const row = Math.floor(k / a.cols / outputs);
          return a.data[row * a.cols + (k % a.cols)];
        }),
      );
    const extended = matrix(top.rows * outputs, top.cols * outputs);
    for (let row = 0; row < top.rows; row++) {
      for (let m = 0; m < top.cols; m++) {
        for (let c = 0; c < outputs; c++) {
          extended.data[(row * outputs + c) * extended.cols + m * outputs + c] = top.data[row * top.cols + m];
        }
      }
    }
    const F = compositeGates([extended, ...lower.map(repeat)]);
    const X = repeat(inputs.X);
    const overlap = linalg.gemm(linalg.gemm(F, U.U1), F, { transB: true });
    const K0 = linalg.syrk(X, { alpha: 1 / X.cols });
    const branches = inputs.gates.reduce((product, gates) => product * gates.cols, 1);
    const K = overlap.data.map((value, k) => (value * K0.data[k]) / branches);
    expect(distance(K, covariance)).toBeLessThan(1e-12 * Math.max(...covariance));
    expect(Object.keys(U).sort()).toEqual(CASES[index].widths.map((_, i) => `U${i + 1}`));
  });

  it('has a top order parameter that is the second moment of the readout', () => {
    const { network, dimensions, parameters } = makeNetwork(index);
    const { depth, widths, gates } = CASES[index];
    const U = network.orderParameters(parameters, dimensions, linalg)[`U${depth}`];
    const a = matrix(widths[0], gates[0], parameters.a);
    expect(distance(U.data, linalg.gemm(a, a, { transA: true, alpha: 1 / widths[0] }).data)).toBeLessThan(1e-13);
  });
});

describe('createGgdln', () => {
  it('has prior order parameters around the infinite-width values', () => {
    // ⟨U_l⟩ = σ^{2(L−l+1)} I exactly under the prior, at any width.
    const network = createGgdln({ depth: 2, widths: [60, 80], sigma: 0.9 });
    const dimensions = { inputs: 3, gates: [2, 2], outputs: 1 };
    const draws = 400;
    const mean = { U1: new Float64Array(16), U2: new Float64Array(4) };
    for (let k = 0; k < draws; k++) {
      const U = network.orderParameters(drawPrior(network, dimensions, createRandom(k)), dimensions, linalg);
      for (const name of ['U1', 'U2'] as const) {
        for (const [i, u] of U[name].data.entries()) mean[name][i] += u / draws;
      }
    }
    const eye = (n: number, scale: number) => Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? scale : 0));
    // Entries have a relative spread of about √(2/60); five standard errors of 400 draws.
    expect(distance(mean.U2, eye(2, 0.9 ** 2))).toBeLessThan(5 * 0.81 * Math.sqrt(2 / 60 / draws));
    expect(distance(mean.U1, eye(4, 0.9 ** 4))).toBeLessThan(5 * 0.66 * Math.sqrt((3 * (2 / 60)) / draws));
  });

  it('takes width for all layers, or widths top first', () => {
    expect(createGgdln({ depth: 3, width: 7, sigma: 1 }).widths).toEqual([7, 7, 7]);
    const network = createGgdln({ depth: 2, width: 7, widths: [4, 5], sigma: 1 });
    expect(network.shapes({ inputs: 3, gates: [2, 6], outputs: 1 })).toEqual({ a: [4, 2], W2: [4, 6, 5], W1: [5, 3] });
    expect(network.shapes({ inputs: 3, gates: [2, 6], outputs: 2 }).a).toEqual([4, 2, 2]);
  });

  it.each([
    [{ depth: 0, width: 3, sigma: 1 }, 'depth is 0'],
    [{ depth: 1.5, width: 3, sigma: 1 }, 'depth is 1.5'],
    [{ depth: 1, width: 3, sigma: -1 }, 'sigma is -1'],
    [{ depth: 1, width: 3, sigma: Number.NaN }, 'sigma is NaN'],
    [{ depth: 1, sigma: 1 }, 'Give width, or widths top first'],
    [{ depth: 2, widths: [3], sigma: 1 }, 'Give 2 widths, top (readout) layer first'],
    [{ depth: 2, widths: [3, 0], sigma: 1 }, 'hidden layer 1 has width 0'],
  ])('refuses %o', (options, message) => {
    expect(() => createGgdln(options)).toThrow(message);
  });

  it('says what is wrong with inputs, gates and parameters', () => {
    const { network, inputs, parameters } = makeNetwork(1);
    const predict = (given = inputs, weights = parameters) => network.predict(weights, given, linalg);
    expect(() => predict({ ...inputs, gates: inputs.gates.slice(1) })).toThrow('gates are given for 1 layers');
    expect(() => predict({ ...inputs, gates: [inputs.gates[0], matrix(5, 2)] })).toThrow(
      'the gate matrix of layer 1 (P × M) is 5 × 2. It should be 6 × 2',
    );
    expect(() => predict({ ...inputs, gates: [inputs.gates[0], matrix(6, 0)] })).toThrow('gates of layer 1 is 0');
    const { gates } = randomInputs(6, 4, [3, 2], 1);
    gates[1].data[3] = Number.NaN;
    expect(() => predict({ ...inputs, gates })).toThrow('has NaN at row 1, column 1');
    expect(() => predict(inputs, { ...parameters, W2: new Float64Array(5) })).toThrow(
      'parameter W2 has 5 numbers. It should hold 4 × 2 × 3 = 24 numbers',
    );
    const broken = { ...parameters, W2: parameters.W2.map((w, i) => (i === 3 ? Number.NaN : w)) };
    expect(() => predict(inputs, broken)).toThrow('NaN');
    const { W1: _, ...rest } = parameters;
    expect(() => predict(inputs, rest)).toThrow('parameter W1 is not a Float64Array');
    expect(() => compositeGates([])).toThrow('there are no gates');
  });
});
