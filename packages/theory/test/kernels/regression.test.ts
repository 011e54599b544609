import { createRandom } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { solveBpkr, solveReluHeuristic } from '../../src/bpkr/index.ts';
import {
  type Activation,
  erfActivation,
  type KernelNetwork,
  linearActivation,
  nngpPredictor,
  ntkPredictor,
  reluActivation,
} from '../../src/kernels/index.ts';
import { linalg, problemOf } from '../bpkr/problems.ts';
import { distance } from '../helpers.ts';

const network = (activation: Activation, sigma = 1.4): KernelNetwork => ({
  activation,
  sigmas: [sigma, sigma, sigma],
});

describe('nngpPredictor', () => {
  it.each([0, 0.1])(
    'at T = %d is the limit of wide linear and ReLU networks, output by output',
    async (temperature) => {
      const problem = problemOf({ temperature, sigma: 1.4, widths: [1e9, 1e9], outputs: 2 });
      for (const [activation, solve] of [
        [linearActivation, solveBpkr],
        [reluActivation, solveReluHeuristic],
      ] as const) {
        const wide = await solve(problem, { linalg });
        const limit = await nngpPredictor(network(activation), problem, temperature, { linalg });
        expect(distance(limit.mean.data, wide.predictor.mean.data)).toBeLessThan(1e-6);
        expect(distance(limit.variance.data, wide.predictor.variance.data)).toBeLessThan(1e-6);
      }
    },
  );

  it.each([linearActivation, reluActivation, erfActivation])('$name: T → 0 is T = 0', async (activation) => {
    const problem = problemOf({ P: 20, N0: 9 });
    const [zero, cold] = await Promise.all(
      [0, 1e-9].map((temperature) => nngpPredictor(network(activation), problem, temperature, { linalg })),
    );
    expect(zero.rank).toBe(activation === linearActivation ? 9 : 20);
    expect(distance(cold.mean.data, zero.mean.data)).toBeLessThan(1e-5);
    expect(distance(cold.variance.data, zero.variance.data)).toBeLessThan(1e-5);
  });

  it('answers the prior without data that matter', async () => {
    const problem = problemOf({});
    const { mean, variance } = await nngpPredictor(network(erfActivation), problem, 1e12, { linalg });
    const far = await nngpPredictor(network(erfActivation), { ...problem, X: matrix(12, 16) }, 1, { linalg });
    for (const value of mean.data) expect(Math.abs(value)).toBeLessThan(1e-10);
    expect(distance(variance.data, far.variance.data)).toBeLessThan(1e-9);
  });

  it('refuses what is no problem', async () => {
    const problem = problemOf({});
    const run = (change: object, temperature = 0) =>
      nngpPredictor(network(linearActivation), { ...problem, ...change }, temperature, { linalg });
    await expect(run({}, -1)).rejects.toThrow('temperature is -1. Give a finite number ≥ 0');
    await expect(run({ y: matrix(3, 1) })).rejects.toThrow('y (P × C)');
    await expect(run({ y: matrix(12, 0) })).rejects.toThrow('there are 12 examples with 0 targets');
    await expect(run({ test: { X: matrix(2, 3) } })).rejects.toThrow('test.X (P_test × N0)');
  });
});

describe('ntkPredictor', () => {
  it('fits the training examples from every start', async () => {
    const problem = problemOf({ outputs: 2 });
    for (const activation of [reluActivation, erfActivation]) {
      const options = { ...problem, test: { X: problem.X } };
      const { mean, variance } = await ntkPredictor(network(activation), options, { linalg });
      expect(distance(mean.data, problem.y.data)).toBeLessThan(1e-8);
      for (const value of variance.data) expect(value).toBeLessThan(1e-8);
    }
  });

  it('of linear networks is the posterior at T = 0, whatever the number of examples', async () => {
    for (const P of [12, 30]) {
      const problem = problemOf({ P, N0: 16 });
      const flow = await ntkPredictor(network(linearActivation), problem, { linalg });
      const posterior = await nngpPredictor(network(linearActivation), problem, 0, { linalg });
      expect(distance(flow.mean.data, posterior.mean.data)).toBeLessThan(1e-8);
      expect(distance(flow.variance.data, posterior.variance.data)).toBeLessThan(1e-8);
    }
  });

  it('agrees with wide ReLU networks linearised about random starts', async () => {
    const [P, N0, N, starts] = [6, 4, 4000, 300];
    const problem = problemOf({ P, N0, seed: 'linearised' });
    const sigmas = [0.9, 1.3];
    const theory = await ntkPredictor({ activation: reluActivation, sigmas }, problem, { linalg });
    const inputs: Matrix = matrix(P + 4, N0, Float64Array.from([...problem.X.data, ...problem.test.X.data]));
    const ends: number[][] = [];
    for (let start = 0; start < starts; start++) {
      const { f, kernel } = linearise(inputs, N, sigmas, start);
      const train = matrix(
        P,
        P,
        Float64Array.from({ length: P * P }, (_, k) => kernel[Math.floor(k / P)][k % P]),
      );
      const missing = matrix(
        P,
        1,
        Float64Array.from({ length: P }, (_, i) => problem.y.data[i] - f[i]),
      );
      const weights = linalg.choleskySolve(linalg.cholesky(train), missing).data;
      ends.push([0, 1, 2, 3].map((x) => f[P + x] + weights.reduce((sum, w, i) => sum + w * kernel[P + x][i], 0)));
    }
    for (let x = 0; x < 4; x++) {
      const mean = ends.reduce((sum, end) => sum + end[x], 0) / starts;
      const variance = ends.reduce((sum, end) => sum + (end[x] - mean) ** 2, 0) / (starts - 1);
      // Four standard errors; corrections of order 1/N are far below.
      expect(Math.abs(mean - theory.mean.data[x])).toBeLessThan(4 * Math.sqrt(variance / starts));
      expect(Math.abs(variance / theory.variance.data[x] - 1)).toBeLessThan(4 * Math.sqrt(2 / starts));
    }
  });
});

/** f and the tangent kernel of one network with a hidden layer of N ReLU units, from its weights. */
function linearise(X: Matrix, N: number, [readout, hidden]: readonly number[], seed: number) {
  const rng = createRandom(`linearised ${seed}`);
  const W = matrix(N, X.cols, rng.stream('W').fillGaussian(new Float64Array(N * X.cols), hidden));
  const a = rng.stream('a').fillGaussian(new Float64Array(N), readout);
  const h = linalg.gemm(X, W, { transB: true, alpha: 1 / Math.sqrt(X.cols) }).data;
  const inner = linalg.syrk(X, { alpha: 1 / X.cols }).data;
  const f = Array.from({ length: X.rows }, () => 0);
  const kernel = Array.from({ length: X.rows }, () => new Array<number>(X.rows).fill(0));
  for (let i = 0; i < X.rows; i++) {
    for (let n = 0; n < N; n++) f[i] += (a[n] * Math.max(0, h[i * N + n])) / Math.sqrt(N);
    for (let j = 0; j < X.rows; j++) {
      for (let n = 0; n < N; n++) {
        const [p, q] = [h[i * N + n], h[j * N + n]];
        if (p > 0 && q > 0) kernel[i][j] += (p * q + a[n] * a[n] * inner[i * X.rows + j]) / N;
      }
    }
  }
  return { f, kernel };
}
