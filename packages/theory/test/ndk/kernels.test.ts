import { createRandom } from '@ggdln/core';
import { matrix, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { erfActivation, kernelMatrix } from '../../src/kernels/index.ts';
import { type NdkKind, type NdkNetwork, ndkKernel, scaledErfActivation } from '../../src/ndk/index.ts';
import { distance, gaussianMatrix, scaled } from '../helpers.ts';
import { activations, linalg, network } from './problems.ts';

const rng = createRandom('ndk kernels');
const X = gaussianMatrix(rng.stream('X'), 4, 5);
const others = gaussianMatrix(rng.stream('others'), 3, 5);
const kinds: NdkKind[] = ['features', 'prior', 'tangent', 'dynamical', 'hidden'];

describe.each(activations.flatMap((activation) => [1, 3].map((depth) => ({ ...network, activation, depth }))))(
  '$activation.name, L = $depth',
  (given) => {
    it.each(kinds)('%s: the same with points and times exchanged', async (kind) => {
      const one = await ndkKernel(given, kind, [4, 1.5], X, others);
      const other = await ndkKernel(given, kind, [1.5, 4], others, X);
      expect(distance(one.data, transpose(other).data)).toBeLessThan(1e-13);
    });

    it('is the prior’s and the tangent kernel at σ0 at the start, at σ long after', async () => {
      for (const [t, sigma] of [
        [0, given.sigma0],
        [1000, given.sigma],
      ]) {
        const still = { activation: given.activation, sigmas: new Array<number>(given.depth + 1).fill(sigma) };
        const nngp = await kernelMatrix(still, 'nngp', X, others, { linalg });
        expect(distance((await ndkKernel(given, 'prior', [t, t], X, others)).data, nngp.data)).toBeLessThan(1e-12);
        const ntk = await kernelMatrix(still, 'ntk', X, others, { linalg });
        for (const kind of ['tangent', 'dynamical'] as const) {
          expect(distance((await ndkKernel(given, kind, [t, t], X, others)).data, ntk.data)).toBeLessThan(1e-12);
        }
      }
    });

    it('without data is a covariance over points and times', async () => {
      const times = [0, 0.7, 3, 12];
      const size = times.length * X.rows;
      const joint = matrix(size, size);
      for (const [a, t] of times.entries()) {
        for (const [b, other] of times.entries()) {
          const block = await ndkKernel(given, 'prior', [t, other], X);
          block.data.forEach((value, k) => {
            const row = a * X.rows + Math.floor(k / X.rows);
            joint.data[row * size + b * X.rows + (k % X.rows)] = value;
          });
        }
      }
      expect(linalg.symmetricEigen(joint).values[0]).toBeGreaterThan(-1e-12);
      expect(linalg.symmetricEigen(joint).values.at(-1)).toBeGreaterThan(0.1);
    });

    const dissipation = async (at: NdkNetwork, t: number, other: number) => {
      const h = 1e-4;
      const after = await ndkKernel(at, 'prior', [t, other + h], X, others);
      const before = await ndkKernel(at, 'prior', [t, other - h], X, others);
      const response = await ndkKernel(at, 'dynamical', [t, other], X, others);
      return distance(
        after.data.map((value, k) => (value - before.data[k]) / (2 * h)),
        scaled(response, at.temperature).data,
      );
    };

    it('T K^d = ∂Q/∂t′ at equilibrium, and only there', async () => {
      const stationary = { ...given, sigma0: given.sigma };
      expect(await dissipation(stationary, 6, 2)).toBeLessThan(1e-9);
      const shifted = await ndkKernel(stationary, 'dynamical', [9, 5], X, others);
      const here = await ndkKernel(stationary, 'dynamical', [6, 2], X, others);
      expect(distance(shifted.data, here.data)).toBeLessThan(1e-14);
      expect(await dissipation(given, 6, 2)).toBeGreaterThan(1e-3);
      expect(await dissipation(given, 206, 202)).toBeLessThan(1e-9);
    });

    it('puts the layers together: Θ = Φ + m H', async () => {
      const [theta, phi, hidden, prior] = await Promise.all(
        (['tangent', 'features', 'hidden', 'prior'] as const).map((kind) => ndkKernel(given, kind, [4, 1], X, others)),
      );
      const s = given.sigma ** 2 + (given.sigma0 ** 2 - given.sigma ** 2) * Math.exp((-2 * 0.1) / given.sigma ** 2);
      const m = Math.exp((-3 * 0.1) / given.sigma ** 2) * s;
      expect(
        distance(
          theta.data,
          phi.data.map((value, k) => value + m * hidden.data[k]),
        ),
      ).toBeLessThan(1e-13);
      expect(distance(prior.data, scaled(phi, m).data)).toBeLessThan(1e-13);
    });
  },
);

it('erf(βh) with β = 1 is erf', () => {
  const one = scaledErfActivation(1);
  expect(one.moment(0.7, -0.3, 1.2)).toBeCloseTo(erfActivation.moment(0.7, -0.3, 1.2), 14);
  expect(one.derivativeMoment(0.7, -0.3, 1.2)).toBeCloseTo(erfActivation.derivativeMoment(0.7, -0.3, 1.2), 14);
  const unitSlope = scaledErfActivation();
  expect(unitSlope.derivativeMoment(1e-12, 0, 1e-12)).toBeCloseTo(1, 10);
});

it('ReLU features: similarity of one point with itself falls to 1/π', async () => {
  const stationary = { ...network, sigma0: network.sigma };
  const own = matrix(1, 5, X.data.slice(0, 5));
  const now = (await ndkKernel({ ...stationary, depth: 1 }, 'features', [0, 0], own)).data[0];
  const late = (await ndkKernel({ ...stationary, depth: 1 }, 'features', [1e4, 0], own)).data[0];
  expect(late / now).toBeCloseTo(1 / Math.PI, 12);
});

describe('bad input', () => {
  const call = (changes: Partial<NdkNetwork>, times: [number, number] = [0, 0], a = X, b = others) =>
    ndkKernel({ ...network, ...changes }, 'prior', times, a, b);
  it.each([
    ['depth', () => call({ depth: 0 }), /depth is 0\. Give the number of hidden layers/],
    ['σ', () => call({ sigma: 0 }), /sigma is 0\. Give a finite number > 0/],
    ['σ0', () => call({ sigma0: Number.NaN }), /sigma0 is NaN\. Give a finite number > 0/],
    ['T', () => call({ temperature: -1 }), /temperature is -1\. Give a finite number ≥ 0/],
    ['no activation', () => call({ activation: undefined as never }), /activation has no Gaussian moments/],
    ['times', () => call({}, [1, -2]), /times\[1\] is -2\. A time is a finite number ≥ 0/],
    ['shapes', () => call({}, [1, 2], X, matrix(2, 3)), /Xb \(Q × N0\) is 2 × 3\. It should be 2 × 5/],
    ['no columns', () => call({}, [1, 2], matrix(2, 0)), /Xa is 2 × 0\. Give at least one column/],
  ])('%s', async (_, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });

  it('β', () => {
    expect(() => scaledErfActivation(-1)).toThrow(/beta is -1\. Give a finite number > 0/);
  });
});
