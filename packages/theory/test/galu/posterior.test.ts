import { createRandom, type Problem, type RunContext } from '@ggdln/core';
import { add, identity, matrix } from '@ggdln/linalg';
import { testTheory } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { galuEntry } from '../../src/galu/entry.ts';
import { galuGates, galuMap, galuPosterior } from '../../src/galu/index.ts';
import { distance, gaussianMatrix } from '../helpers.ts';
import { at, linalg, randomGalu } from './helpers.ts';

const problem = randomGalu({ seed: 7, m: 14, d: 3, k: 5 });
const { X, y, network } = problem;
const test = gaussianMatrix(createRandom(9), 4, 3);
const setting = { sigma: 1.3, temperature: 0.2, test };

describe('the posterior', () => {
  const { mean, covariance, logEvidence } = galuPosterior(problem, setting, linalg);
  const features = galuMap(X, { ...network, scale: 1 / Math.sqrt(15) }, linalg).features();
  const testFeatures = galuMap(test, { ...network, scale: 1 / Math.sqrt(15) }, linalg).features();
  const { sigma, temperature } = setting;

  it('is that of Bayesian linear regression on the weights', () => {
    const precision = add(linalg.syrk(features, { trans: true, alpha: 1 / temperature }), identity(15, 1 / sigma ** 2));
    const spread = linalg.choleskyInverse(linalg.cholesky(precision));
    const weights = linalg.gemm(spread, linalg.gemm(features, y, { transA: true, alpha: 1 / temperature }));
    expect(distance(mean, linalg.gemm(testFeatures, weights).data)).toBeLessThan(1e-12);
    const expected = linalg.gemm(testFeatures, linalg.gemm(spread, testFeatures, { transB: true }));
    expect(distance(covariance.data, expected.data)).toBeLessThan(1e-12);
  });

  it('has an evidence that is the product of one-step-ahead predictions', () => {
    let sum = 0;
    for (let row = 0; row < X.rows; row++) {
      const one = matrix(1, 3, X.data.slice(3 * row, 3 * row + 3));
      let [center, variance] = [
        0,
        sigma ** 2 * galuMap(one, { ...network, scale: 1 / Math.sqrt(15) }, linalg).kernel().data[0],
      ];
      if (row > 0) {
        const past = { ...problem, X: matrix(row, 3, X.data.slice(0, 3 * row)), y: y.data.slice(0, row) };
        const next = galuPosterior(past, { ...setting, test: one }, linalg);
        [center, variance] = [next.mean[0], next.covariance.data[0]];
      }
      const total = variance + temperature;
      sum -= 0.5 * (Math.log(2 * Math.PI * total) + (y.data[row] - center) ** 2 / total);
    }
    expect(logEvidence).toBeCloseTo(sum, 10);
  });

  it('does not know the signs of α', () => {
    const other = galuPosterior({ ...problem, network: { U: network.U } }, setting, linalg);
    expect(distance(other.mean, mean)).toBeLessThan(1e-13);
  });

  it.each([
    [() => galuPosterior(problem, { ...setting, sigma: 0 }, linalg), /sigma is 0\. Give a finite number > 0/],
    [() => galuPosterior(problem, { ...setting, temperature: -1 }, linalg), /temperature is -1/],
    [() => galuPosterior({ ...problem, y: matrix(14, 2) }, setting, linalg), /galuPosterior got 2 outputs/],
    [
      () => galuPosterior(problem, { ...setting, test: matrix(2, 5) }, linalg),
      /U \(k × d\) is 5 × 3\. It should be 5 × 5/,
    ],
  ])('%# refuses what does not fit', (call, message) => {
    expect(call).toThrow(message);
  });
});

const given = (family: string, temperature: number): Problem => ({
  train: { X, Y: y, gates: [galuGates(X, network.U)] },
  test: { X: test, Y: matrix(4, 1), gates: [galuGates(test, network.U)] },
  gateNames: [[]],
  architecture: { family, widths: [1], sigma: 1.3, shapes: () => ({}), predict: () => expect.unreachable() },
  temperature,
});

testTheory('galu', galuEntry, { problem: given('galu', 0.2) });
testTheory('galu at T = 0', galuEntry, { problem: given('galu', 0) });

describe('the theory galu', () => {
  const context: RunContext = { rng: createRandom(1), linalg };

  it('is the posterior, by way of the infinite width of a globally gated network', async () => {
    const { predictor } = await galuEntry.create({}).solve(given('galu', 0.2), context);
    const { mean, covariance } = galuPosterior(problem, setting, linalg);
    expect(distance(predictor.mean.data, mean)).toBeLessThan(1e-12);
    expect(
      distance(
        predictor.variance.data,
        Array.from(mean, (_, i) => at(covariance, i, i)),
      ),
    ).toBeLessThan(1e-12);
  });

  it('solves no other networks', async () => {
    expect(galuEntry.supports({ family: 'ggdln', depth: 1, outputs: 1, temperature: 0 })?.reason).toMatch(
      /gated linear units \(galu\), not ggdln/,
    );
    await expect(galuEntry.create({}).solve(given('relu', 0.2), context)).rejects.toMatchObject({
      code: 'GGDLN_INCOMPATIBLE',
    });
  });
});
