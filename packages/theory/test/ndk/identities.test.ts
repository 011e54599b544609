import { createRandom } from '@ggdln/core';
import { add, columnVector, identity, type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type Activation,
  erfActivation,
  kernelMatrix,
  linearActivation,
  reluActivation,
} from '../../src/kernels/index.ts';
import { type NdkKind, type NdkNetwork, ndkEquilibrium, ndkKernel, scaledErfActivation } from '../../src/ndk/index.ts';
import { weightCovariance } from '../../src/ndk/network.ts';
import { distance, gaussianMatrix, scaled } from '../helpers.ts';
import { activations, linalg, network, problemOf } from './problems.ts';

const rng = createRandom('ndk identities');
const X = gaussianMatrix(rng.stream('X'), 4, 5);
const others = gaussianMatrix(rng.stream('others'), 3, 5);
const kinds: NdkKind[] = ['features', 'prior', 'tangent', 'dynamical', 'hidden'];
const memory = network.sigma ** 2 / network.temperature;
const at = async (given: NdkNetwork, kind: NdkKind, times: readonly [number, number]) =>
  (await ndkKernel(given, kind, times, X, others)).data;
/** Features of an input at a time with its own earlier ones, over their norms. */
async function similarity(given: NdkNetwork, start: number, lag: number): Promise<number> {
  const one = matrix(1, 5, X.data.slice(0, 5));
  const overlap = async (t: number, other: number) => (await ndkKernel(given, 'features', [t, other], one)).data[0];
  const norms = (await overlap(start, start)) * (await overlap(start + lag, start + lag));
  return (await overlap(start, start + lag)) / Math.sqrt(norms);
}

describe.each(activations.flatMap((activation) => [1, 3].map((depth) => ({ ...network, activation, depth }))))(
  '$activation.name, L = $depth',
  (given) => {
    const stationary = { ...given, sigma0: given.sigma };

    it.each([
      [4, 1.5],
      [1.5, 4],
      [2, 2],
    ])('K^d = exp(−|t − t′|/τc) Θ at t = %d, t′ = %d: the exponential enters once', async (t, other) => {
      const once = Math.exp(-Math.abs(t - other) / memory);
      const theta = await at(given, 'tangent', [t, other]);
      expect(
        distance(
          await at(given, 'dynamical', [t, other]),
          theta.map((value) => once * value),
        ),
      ).toBeLessThan(1e-14);
    });

    it.each(kinds)('%s: from equilibrium knows the lag alone, from elsewhere the time too', async (kind) => {
      expect(distance(await at(stationary, kind, [6, 2]), await at(stationary, kind, [29, 25]))).toBeLessThan(1e-13);
      // The derivative of a linear network's features is 1 at any time, and so is what hides below one layer.
      if (kind === 'hidden' && given.activation === linearActivation && given.depth === 1) return;
      expect(distance(await at(given, kind, [6, 2]), await at(given, kind, [29, 25]))).toBeGreaterThan(1e-3);
    });

    it('∫K^d over all lags is Q/T at equilibrium', async () => {
      // Lag v²: the root of ReLU at lag 0 becomes smooth. Simpson's rule.
      const [count, end] = [240, Math.sqrt(25 * memory)];
      const h = end / count;
      const sum = new Float64Array(X.rows * others.rows);
      for (let k = 0; k <= count; k++) {
        const v = k * h;
        const weight = ((k === 0 || k === count ? 1 : k % 2 === 1 ? 4 : 2) * h) / 3;
        const kernel = await at(stationary, 'dynamical', [v * v, 0]);
        for (let i = 0; i < sum.length; i++) sum[i] += weight * 2 * v * kernel[i];
      }
      const Q = await at(stationary, 'prior', [0, 0]);
      expect(
        distance(
          sum.map((value) => given.temperature * value),
          Q,
        ),
      ).toBeLessThan(1e-6);
    });

    it('weights that don’t move (T = 0) keep the tangent kernel of the start at any two times', async () => {
      const still = { ...given, temperature: 0 };
      const start = { activation: given.activation, sigmas: new Array<number>(given.depth + 1).fill(given.sigma0) };
      const ntk = await kernelMatrix(start, 'ntk', X, others, { linalg });
      for (const kind of ['tangent', 'dynamical'] as const)
        expect(distance(await at(still, kind, [70, 3]), ntk.data)).toBeLessThan(1e-12);
    });

    it.each(kinds)('%s: in units τ = Tt it does not know T', async (kind) => {
      const cold = { ...given, temperature: given.temperature / 50 };
      const here = await at(given, kind, [0.7 / given.temperature, 0.2 / given.temperature]);
      expect(distance(await at(cold, kind, [0.7 / cold.temperature, 0.2 / cold.temperature]), here)).toBeLessThan(
        1e-12,
      );
    });

    it('lags at which m rounds to 0 leave finite kernels: Θ is Φ, and Q and K^d are 0', async () => {
      const times = [1e6 * memory, 0] as const;
      const features = await at(given, 'features', times);
      expect(features.every(Number.isFinite)).toBe(true);
      expect(await at(given, 'tangent', times)).toEqual(features);
      for (const kind of ['prior', 'dynamical'] as const)
        expect((await at(given, kind, times)).every((value) => value === 0)).toBe(true);
    });
  },
);

it('weights drawn anew at σ0 ≠ σ: ∂m/∂t′ = T exp(−(t − t′)/τc)(2 − s(t′)/σ²)', () => {
  const [t, other, h] = [9, 4, 1e-4];
  const { sigma, temperature } = network;
  const slope = (weightCovariance(network, t, other + h) - weightCovariance(network, t, other - h)) / (2 * h);
  const s = weightCovariance(network, other, other);
  expect(slope).toBeCloseTo(temperature * Math.exp(-(t - other) / memory) * (2 - s / sigma ** 2), 9);
});

it('erf(βh) is erf of β times the preactivations', () => {
  const [beta, a, c, b] = [0.7, 1.3, -0.4, 0.8];
  const square = beta * beta;
  const own = scaledErfActivation(beta);
  expect(own.moment(a, c, b)).toBeCloseTo(erfActivation.moment(square * a, square * c, square * b), 14);
  const slope = square * erfActivation.derivativeMoment(square * a, square * c, square * b);
  expect(own.derivativeMoment(a, c, b)).toBeCloseTo(slope, 14);
});

describe('similarity of features with those of equilibrium', () => {
  const stationary = { ...network, sigma0: network.sigma };

  it.each([1, 2, 3])('linear, L = %d: exp(−LΔ/τc)', async (depth) => {
    for (const lag of [0, 0.3, 2]) {
      const found = await similarity({ ...stationary, depth, activation: linearActivation }, 5, lag * memory);
      expect(found).toBeCloseTo(Math.exp(-depth * lag), 12);
    }
    // From another start the same, long after it.
    const late = await similarity({ ...network, depth, activation: linearActivation }, 20 * memory, memory);
    expect(late).toBeCloseTo(Math.exp(-depth), 12);
  });

  it.each([1, 2, 3])('ReLU, L = %d: from 1 to 1/π', async (depth) => {
    const relu = { ...stationary, depth };
    expect(await similarity(relu, 5, 0)).toBeCloseTo(1, 12);
    expect(await similarity(relu, 5, 60 * memory)).toBeCloseTo(1 / Math.PI, 12);
    expect(await similarity({ ...relu, activation: scaledErfActivation() }, 5, 60 * memory)).toBeCloseTo(0, 12);
  });

  it.each(activations)('$name: falls linearly in a small lag', async (activation) => {
    const lost = async (lag: number) => 1 - (await similarity({ ...stationary, activation }, 0, lag * memory));
    const [near, far] = [await lost(1e-4), await lost(2e-4)];
    expect(near).toBeGreaterThan(1e-5);
    expect(far / near).toBeGreaterThan(1.95);
    expect(far / near).toBeLessThan(2.02);
  });
});

/** Ridge regression with ridge T and prior σ² on features of one time. */
async function relearned(activation: Activation, t: number): Promise<Float64Array> {
  const problem = problemOf({ activation });
  const { sigma, temperature } = problem.network;
  const features = async (a: Matrix, b: Matrix) =>
    scaled(await ndkKernel(problem.network, 'features', [t, t], a, b), sigma ** 2);
  const among = add(await features(problem.X, problem.X), identity(4, temperature));
  const weights = linalg.choleskySolve(linalg.cholesky(among), columnVector(problem.y));
  return linalg.gemm(await features(problem.test?.X ?? problem.X, problem.X), weights).data;
}

it.each(activations)(
  '$name: a re-learned readout says the same at all times long after the start',
  async (activation) => {
    const posterior = await ndkEquilibrium(problemOf({ activation }), { linalg });
    for (const t of [12, 17, 40]) {
      expect(distance(await relearned(activation, t * memory), posterior.test)).toBeLessThan(1e-7);
    }
    // Not so of the features of the start: their size is that of σ0.
    expect(distance(await relearned(activation, 0), posterior.test)).toBeGreaterThan(1e-2);
    // And those features have turned over meanwhile: half a memory later the kept readout says something else.
    const drifted = await similarity({ ...network, activation }, 12 * memory, 5 * memory);
    expect(drifted).toBeLessThan(activation === reluActivation ? 0.5 : 0.01);
  },
);
