import { createRandom } from '@ggdln/core';
import { expect, it } from 'vitest';
import { linearActivation } from '../../src/kernels/index.ts';
import { ndkKernel } from '../../src/ndk/index.ts';
import { weightCovariance } from '../../src/ndk/network.ts';
import { backends, distance, gaussianMatrix } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;
const X = gaussianMatrix(createRandom('linear kernels').stream('X'), 5, 3);

it.each([1, 2, 4])('linear networks, L = %d: Φ = m^L xx′/N0 and Θ = (L + 1) Φ', async (depth) => {
  const network = { activation: linearActivation, depth, sigma: 1.2, sigma0: 0.7, temperature: 0.3 };
  const power = weightCovariance(network, 4, 1.5) ** depth;
  const gram = linalg.gemm(X, X, { transB: true }).data.map((value) => (power * value) / X.cols);
  const features = await ndkKernel(network, 'features', [4, 1.5], X);
  const tangent = await ndkKernel(network, 'tangent', [4, 1.5], X);
  expect(distance(features.data, gram)).toBeLessThan(1e-14);
  expect(
    distance(
      tangent.data,
      gram.map((value) => (depth + 1) * value),
    ),
  ).toBeLessThan(1e-14);
});
