import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix, selectMatrixRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type InfiniteGatesProblem,
  infiniteGatesKernel,
  infiniteGatesPredictor,
  infiniteWidthPredictor,
} from '../../src/index.ts';
import { kernelMatrix } from '../../src/kernels/kernelMatrix.ts';
import { reluActivation } from '../../src/kernels/relu.ts';
import { distance, gaussianMatrix, scaled } from '../helpers.ts';

const linalg = createMlMatrixBackend();
const rng = createRandom(6);
const problem: InfiniteGatesProblem & { y: Matrix } = {
  X: gaussianMatrix(rng, 10, 6),
  y: gaussianMatrix(rng, 10, 2),
  test: { X: gaussianMatrix(rng, 4, 6) },
  depth: 2,
  sigma: 1.2,
  temperature: 0.1,
  threshold: 0.2,
};
const solve = (changes: Partial<InfiniteGatesProblem> = {}) =>
  infiniteGatesPredictor({ ...problem, ...changes }, { linalg });

/** Half-spaces of normals V (M × N0) for inputs that the gates see as they are. */
function halfSpaces(X: Matrix, V: Matrix, threshold: number): Matrix {
  const projections = linalg.gemm(X, V, { transB: true, alpha: 1 / Math.sqrt(X.cols) });
  return matrix(
    X.rows,
    V.rows,
    projections.data.map((value) => (value > threshold ? 1 : 0)),
  );
}

describe('infiniteGatesKernel', () => {
  it('is σ⁴ times the first-layer part of the tangent kernel of a ReLU network, L = 1', async () => {
    const { X } = problem;
    const sigma = 1.3;
    const gates = await infiniteGatesKernel({ sigma }, { X }, undefined, { linalg });
    const relu = { activation: reluActivation, sigmas: [sigma, sigma] };
    const tangent = await kernelMatrix(relu, 'ntk', X, undefined, { linalg });
    const nngp = await kernelMatrix(relu, 'nngp', X, undefined, { linalg });
    expect(
      distance(
        gates.data,
        tangent.data.map((value, at) => sigma ** 2 * value - nngp.data[at]),
      ),
    ).toBeLessThan(1e-12);
    // The ReLU NNGP has a term with sin θ on top.
    const norms = Array.from({ length: 10 }, (_, i) => Math.sqrt(linalg.syrk(X).data[i * 11]));
    const K0 = linalg.syrk(X);
    const extra = nngp.data.map((value, at) => {
      const product = norms[Math.floor(at / 10)] * norms[at % 10];
      const sine = Math.sqrt(Math.max(0, 1 - (K0.data[at] / product) ** 2));
      return value - (sigma ** 4 * product * sine) / (2 * Math.PI * 6);
    });
    expect(distance(gates.data, extra)).toBeLessThan(1e-7);
    expect(distance(gates.data, nngp.data)).toBeGreaterThan(0.1);
  });
});

describe('infiniteGatesPredictor', () => {
  it.each([1, 2])('is what infinitely wide networks tend to with more and more gates, L = %d', async (depth) => {
    const { X, y, test, sigma, temperature } = problem;
    const { predictor } = await solve({ depth });
    const errorAt = async (M: number) => {
      const V = gaussianMatrix(createRandom(M), M, 6);
      const gates = (inputs: Matrix) => new Array<Matrix>(depth).fill(halfSpaces(inputs, V, 0.2));
      const data = { X, y, gates: gates(X), test: { X: test!.X, gates: gates(test!.X) } };
      const sampled = await infiniteWidthPredictor({ ...data, sigma, temperature }, { linalg });
      return distance(sampled.predictor.mean.data, predictor.mean.data);
    };
    const [few, many] = depth === 1 ? [8, 800] : [4, 32];
    // Errors fall like 1/√M, by a factor of ten and of three.
    expect(await errorAt(many)).toBeLessThan((await errorAt(few)) / 2);
    expect(await errorAt(many)).toBeLessThan(0.1);
  });

  it('solves (K + TI) β = y, and leaves of the prior variance what the data do not explain', async () => {
    const { X, y, test, temperature } = problem;
    const { predictor, effectiveDof, yKinvy, logdet } = await solve();
    const everything = { X: matrix(14, 6, Float64Array.of(...X.data, ...test!.X.data)) };
    const all = await infiniteGatesKernel(problem, everything, undefined, { linalg });
    const at = (i: number, j: number) => all.data[i * 14 + j];
    const K = matrix(
      10,
      10,
      Float64Array.from({ length: 100 }, (_, k) => at(Math.floor(k / 10), k % 10)),
    );
    const { values, vectors } = linalg.symmetricEigen(K);
    const inverse = (f: (value: number) => number) => values.reduce((sum, value) => sum + f(value), 0);
    expect(effectiveDof).toBeCloseTo(
      inverse((value) => value / (value + temperature)),
      10,
    );
    expect(logdet).toBeCloseTo(
      inverse((value) => Math.log(value + temperature)),
      10,
    );
    const H = linalg.gemm(
      linalg.gemm(
        vectors,
        matrix(
          10,
          10,
          Float64Array.from({ length: 100 }, (_, k) => (k % 11 === 0 ? 1 / (values[k % 10] + temperature) : 0)),
        ),
      ),
      vectors,
      { transB: true },
    );
    const beta = linalg.gemm(H, y);
    expect(yKinvy).toBeCloseTo(
      y.data.reduce((sum, value, k) => sum + value * beta.data[k], 0),
      9,
    );
    for (let i = 0; i < 4; i++) {
      const k = matrix(
        1,
        10,
        Float64Array.from({ length: 10 }, (_, mu) => at(10 + i, mu)),
      );
      const left = at(10 + i, 10 + i) - linalg.gemm(linalg.gemm(k, H), k, { transB: true }).data[0];
      for (const c of [0, 1]) {
        expect(predictor.mean.data[2 * i + c]).toBeCloseTo(linalg.gemm(k, beta).data[c], 10);
        expect(predictor.variance.data[2 * i + c]).toBeCloseTo(left, 10);
      }
    }
  });

  it('passes through the targets at T = 0, with no variance left', async () => {
    const { predictor } = await solve({ temperature: 0, test: { X: problem.X } });
    expect(distance(predictor.mean.data, problem.y.data)).toBeLessThan(1e-9);
    expect(Math.max(...predictor.variance.data.map(Math.abs))).toBeLessThan(1e-9);
  });

  it('treats outputs alone as together, and one as numbers', async () => {
    const { predictor } = await solve();
    for (const c of [0, 1]) {
      const alone = await solve({ y: Float64Array.from({ length: 10 }, (_, i) => problem.y.data[2 * i + c]) });
      const column = (a: Matrix) => Array.from({ length: 4 }, (_, i) => a.data[2 * i + c]);
      expect(distance(alone.predictor.mean.data, column(predictor.mean))).toBeLessThan(1e-12);
      expect(distance(alone.predictor.variance.data, column(predictor.variance))).toBeLessThan(1e-12);
    }
  });

  it('knows σ and T only through T/σ^{2(L+1)}, but for the scale of the variance', async () => {
    const { predictor } = await solve();
    const scale = 1.5 ** 6;
    const other = (await solve({ sigma: 1.2 * 1.5, temperature: 0.1 * scale })).predictor;
    expect(distance(other.mean.data, predictor.mean.data)).toBeLessThan(1e-10);
    expect(distance(other.variance.data, scaled(predictor.variance, scale).data)).toBeLessThan(1e-9);
  });

  it('lets gates see other inputs than the network, and the codes of tasks', async () => {
    const shift = (X: Matrix) =>
      matrix(
        X.rows,
        6,
        X.data.map((value) => value + 0.7),
      );
    const { X, test } = problem;
    const seen = { gateX: shift(X), test: { X: test!.X, gateX: shift(test!.X) } };
    expect((await solve(seen)).predictor.mean).not.toEqual((await solve()).predictor.mean);
    // Opposite labels under opposite strong codes: two tasks that don't hear of each other.
    const twice = selectMatrixRows(X, [0, 1, 2, 3, 0, 1, 2, 3]);
    const codes = matrix(8, 1, Float64Array.of(1, 1, 1, 1, -1, -1, -1, -1));
    const y = Float64Array.of(1, 2, -1, 1, -1, -2, 1, -1);
    const coded = (strength: number) =>
      solve({ X: twice, y, codes, test: { X: twice, codes }, strength, threshold: 0, temperature: 0.01, depth: 1 });
    expect(distance((await coded(1e6)).predictor.mean.data, y)).toBeLessThan(0.2);
    expect(Math.max(...(await coded(0)).predictor.mean.data.map(Math.abs))).toBeLessThan(1e-12);
  });

  it('gives the prior without data, and nothing without test inputs', async () => {
    const none = { X: matrix(0, 6), y: matrix(0, 2) };
    const { predictor, effectiveDof } = await solve(none);
    expect([...predictor.mean.data]).toEqual(new Array(8).fill(0));
    expect(effectiveDof).toBe(0);
    const prior = await infiniteGatesKernel(problem, problem.test!, undefined, { linalg });
    for (let i = 0; i < 4; i++) expect(predictor.variance.data[2 * i]).toBeCloseTo(prior.data[i * 5], 13);
    const { test: _, ...withoutTest } = problem;
    const blind = await infiniteGatesPredictor({ ...withoutTest, codes: matrix(10, 1) }, { linalg });
    expect([blind.predictor.mean.rows, blind.predictor.variance.cols]).toEqual([0, 2]);
  });

  it('names what does not fit, and singular kernels', async () => {
    await expect(solve({ y: matrix(9, 1) })).rejects.toThrow(/y \(P × C\) is 9 × 1.*10 × 1/);
    await expect(solve({ y: matrix(10, 0) })).rejects.toThrow(/no outputs/);
    await expect(solve({ gateX: matrix(9, 6) })).rejects.toThrow(/gateX is 9 × 6.*10 × 6/);
    await expect(solve({ test: { X: matrix(2, 5) } })).rejects.toThrow(/test\.X .* is 2 × 5/);
    await expect(solve({ test: { X: matrix(2, 6), gateX: matrix(3, 6) } })).rejects.toThrow(/test\.gateX is 3 × 6/);
    await expect(solve({ depth: 0 })).rejects.toThrow(/depth is 0/);
    await expect(solve({ sigma: 0 })).rejects.toThrow(/sigma is 0/);
    await expect(solve({ temperature: -1 })).rejects.toThrow(/temperature is -1/);
    const repeated = { X: selectMatrixRows(problem.X, [1, 1]), y: matrix(2, 1), temperature: 0 };
    await expect(solve(repeated)).rejects.toThrow(/2 inputs is singular at T = 0\. Raise T, or remove inputs/);
    await expect(infiniteGatesPredictor(problem, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'GGDLN_CANCELLED',
    });
  });
});
