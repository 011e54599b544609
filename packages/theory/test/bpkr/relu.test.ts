import type { Warning } from '@ggdln/core';
import { add, identity } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { solveReluHeuristic } from '../../src/bpkr/index.ts';
import { kernelDiagonal, kernelMatrix, reluActivation } from '../../src/kernels/index.ts';
import { distance, scaled } from '../helpers.ts';
import { linalg, problemOf } from './problems.ts';

describe('the ReLU heuristic', () => {
  const problem = problemOf({ temperature: 0.1, sigma: 1.4, widths: [30, 40] });

  it('is the Gaussian process of the NNGP kernel at infinite width: σ² is counted L + 1 times', async () => {
    const network = { activation: reluActivation, sigmas: [1.4, 1.4, 1.4] };
    const kernel = (a: typeof problem.X, b?: typeof problem.X) => kernelMatrix(network, 'nngp', a, b, { linalg });
    const K = add(await kernel(problem.X), identity(12, 0.1));
    const k = await kernel(problem.test.X, problem.X);
    const factor = linalg.cholesky(K);
    const mean = linalg.gemm(k, linalg.choleskySolve(factor, problem.y));
    const explained = linalg.gemm(k, linalg.choleskyInverse(factor));
    const variance = kernelDiagonal(network, 'nngp', problem.test.X).map((own, x) => {
      let sum = own;
      for (let i = 0; i < 12; i++) sum -= explained.data[x * 12 + i] * k.data[x * 12 + i];
      return sum;
    });
    const wide = await solveReluHeuristic({ ...problem, widths: [1e9, 1e9] }, { linalg });
    expect(distance(wide.predictor.mean.data, mean.data)).toBeLessThan(1e-7);
    expect(distance(wide.predictor.variance.data, variance)).toBeLessThan(1e-7);
    expect(wide.G[1].data[0]).toBeCloseTo(1.4 ** 4, 6);
  });

  it('predicts in proportion when inputs and targets are stretched', async () => {
    const cold = { ...problem, temperature: 0 };
    const stretch = (factor: number) => ({
      ...cold,
      X: scaled(cold.X, factor),
      y: scaled(cold.y, factor),
      test: { X: scaled(cold.test.X, factor) },
    });
    const [one, three] = await Promise.all([1, 3].map((factor) => solveReluHeuristic(stretch(factor), { linalg })));
    expect(distance(three.predictor.mean.data, scaled(one.predictor.mean, 3).data)).toBeLessThan(1e-8);
    expect(distance(three.predictor.variance.data, scaled(one.predictor.variance, 9).data)).toBeLessThan(1e-8);
  });

  it('says that it is one, and how far off it may be', async () => {
    const warnings: Warning[] = [];
    await solveReluHeuristic(problem, { linalg, onWarning: (warning) => warnings.push(warning) });
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^for ReLU networks this theory is a heuristic; here P\/N = 0\.40\. .*25 % at P\/N ≥ 1$/),
    ]);
  });
});
