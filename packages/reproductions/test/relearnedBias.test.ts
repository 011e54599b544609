import { createRandom } from '@ggdln/core';
import { add, chooseLinalg, columnVector, identity, inner, matrix, trace } from '@ggdln/linalg';
import { signData } from '@ggdln/studies';
import { expect, it } from 'vitest';
import { relearnedBias } from '../src/ndk/relearnedBias.ts';

const linalg = (await chooseLinalg()).backend;
const rng = createRandom('units');
const data = signData({ examples: 4, tests: 3, features: 5 }, createRandom('bias'));

/**
 * Linear networks have one number u = |a|²/Nσ² besides their kernel uK. It has the mean 1 + (yᵀAKAy − Tr KA)/N and the
 * variance 2/N, A = (K + T)⁻¹, and f(u) = u k(uK + T)⁻¹y.
 */
it.each([0.1, 0.5])('of linear networks is the correction by |a|²/N to the posterior mean, T = %f', (temperature) => {
  const sigma = 1.2;
  const kernel = (X: typeof data.X) => linalg.gemm(X, data.X, { transB: true, alpha: sigma ** 4 / X.cols });
  const [K, k] = [kernel(data.X), kernel(data.test.X)];
  const A = linalg.choleskySolve(linalg.cholesky(add(K, identity(4, temperature))), identity(4));
  const KA = linalg.gemm(K, A);
  const v = linalg.gemm(A, columnVector(data.y));
  const drift = inner(v, linalg.gemm(K, v)) - trace(KA);
  const slope = linalg.gemm(k, linalg.gemm(A, v), { alpha: temperature }).data;
  const bend = linalg.gemm(k, linalg.gemm(A, linalg.gemm(A, linalg.gemm(K, v))), { alpha: -2 * temperature }).data;
  const network = { activation: 'linear', depth: 1, sigma, sigma0: sigma, temperature } as const;
  const expected = slope.map((value, x) => value * drift + bend[x]);
  const draws = Array.from({ length: 12 }, (_, k) => relearnedBias(network, data, { rng: rng.stream(k), linalg }));
  expected.forEach((value, x) => {
    const mean = draws.reduce((sum, found) => sum + found[x] / 12, 0);
    const stderr = Math.sqrt(draws.reduce((sum, found) => sum + (found[x] - mean) ** 2, 0) / (12 * 11));
    // Student's t of 11 degrees of freedom is beyond it once in 2000.
    expect(Math.abs(mean - value)).toBeLessThan(4.5 * stderr);
  });
  const size = Math.max(...expected.map(Math.abs));
  expect(size).toBeGreaterThan(0.05);
  expect(Math.abs(draws[0][0] - draws[1][0])).toBeLessThan(0.4 * size);
});

it('vanishes with targets', () => {
  const network = { activation: 'erf', depth: 1, sigma: 1, sigma0: 1, temperature: 0.1 } as const;
  const none = { ...data, y: new Float64Array(4) };
  expect([...relearnedBias(network, none, { rng, linalg })].map(Math.abs)).toEqual([0, 0, 0]);
  const drawn = relearnedBias(network, data, { rng: createRandom(1), linalg });
  // Mean over networks doesn't ask for the order of test inputs.
  const test = { X: matrix(1, 5, data.test.X.data.slice(5, 10)), y: data.test.y.slice(1, 2) };
  expect(relearnedBias(network, { ...data, test }, { rng: createRandom(1), linalg })[0]).toBeCloseTo(drawn[1], 12);
});
