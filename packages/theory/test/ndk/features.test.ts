import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { linearActivation, reluActivation } from '../../src/kernels/index.ts';
import {
  gatedNdk,
  ndkDiffusivePhase,
  ndkEquilibrium,
  ndkEulerScheme,
  ndkFrozenReadoutEquilibrium,
  ndkGradientPhase,
  ndkKernel,
  ndkMean,
} from '../../src/ndk/index.ts';
import { distance } from '../helpers.ts';
import { activations, linalg, network, problemOf } from './problems.ts';

const memory = network.sigma ** 2 / network.temperature;

it('linear, σ0 > σ: training outputs rise above where they end, by an amount in proportion to T; from below they don’t', async () => {
  const X = matrix(1, 2, Float64Array.of(1, 0.4));
  const excess = async (sigma0: number, temperature: number) => {
    const given = { activation: linearActivation, depth: 2, sigma: 1.1, sigma0, temperature };
    const problem = { network: given, X, y: Float64Array.of(2) };
    const times = Array.from({ length: 60 }, (_, k) => 10 ** (-1 + (k / 59) * (1.5 - Math.log10(temperature))));
    const { mean } = await gatedNdk(problem, times, { linalg });
    const { train } = await ndkEquilibrium(problem, { linalg });
    return Math.max(...mean.train.data) - train[0];
  };
  const [warm, cool] = [await excess(1.6, 1e-2), await excess(1.6, 1e-3)];
  expect(cool).toBeGreaterThan(1e-4);
  expect(warm / cool).toBeGreaterThan(9);
  expect(warm / cool).toBeLessThan(11);
  for (const sigma0 of [0.8, 1.1]) expect(await excess(sigma0, 1e-2)).toBeLessThan(1e-12);
});

it('ReLU: the way to gradient flow goes as √T, for the root in its kernel; a smooth activation’s as T', async () => {
  const error = async (activation: (typeof activations)[number], temperature: number) => {
    const flow = await ndkGradientPhase(problemOf({ activation }), [1], { linalg });
    const mean = await ndkMean(problemOf({ activation, temperature }), [1], { linalg, tolerance: 1e-7 });
    return distance(mean.train.data, flow.train.data);
  };
  const power = async (activation: (typeof activations)[number]) =>
    Math.log10((await error(activation, 1e-4)) / (await error(activation, 1e-6))) / 2;
  for (const activation of activations) {
    const expected = activation === reluActivation ? 0.5 : 1;
    expect(Math.abs((await power(activation)) - expected), activation.name).toBeLessThan(0.05);
  }
});

it.each(activations.filter(({ name }) => name !== 'erf'))(
  '$name: the gradient phase takes a time that falls as σ0^(−2L)',
  async (activation) => {
    const here = await ndkGradientPhase(problemOf({ activation }), [0.3], { linalg });
    const wider = await ndkGradientPhase(problemOf({ activation, sigma0: 3 }), [0.3 / 2 ** 4], { linalg });
    expect(distance(wider.test.data, here.test.data)).toBeLessThan(1e-12);
  },
);

it('the error is a sum over examples: each of them twice is half the temperature', async () => {
  const problem = problemOf();
  const twice = {
    ...problem,
    X: matrix(8, 5, Float64Array.of(...problem.X.data, ...problem.X.data)),
    y: Float64Array.of(...problem.y, ...problem.y),
  };
  const [both, cold] = [
    await ndkEquilibrium(twice, { linalg }),
    await ndkEquilibrium(problemOf({ temperature: 0.05 }), { linalg }),
  ];
  expect(distance(both.test, cold.test)).toBeLessThan(1e-12);
  expect(distance(both.testVariance, cold.testVariance)).toBeLessThan(1e-12);
  expect(distance(both.test, (await ndkEquilibrium(problem, { linalg })).test)).toBeGreaterThan(1e-3);
});

it('linear networks that can fit have no second phase: both kernels have one predictor', async () => {
  const { test } = await ndkDiffusivePhase(problemOf({ activation: linearActivation }), [0, 0.3, 5], { linalg });
  // Twice what the meshes settle to.
  for (const row of [1, 2])
    expect(distance(test.data.subarray(2 * row, 2 * row + 2), test.data.subarray(0, 2))).toBeLessThan(2e-5);
});

it('the simulated scheme is stable up to hλ = 2', async () => {
  const last = async (share: number) => {
    const problem = problemOf({ temperature: 0 });
    const kernel = await ndkKernel(problem.network, 'tangent', [0, 0], problem.X);
    const step = (2 * share) / (linalg.symmetricEigen(kernel).values.at(-1) ?? 0);
    const path = await ndkEulerScheme(problem, step, matrix(401, 6), { linalg });
    return Math.max(...path.data.slice(-6).map(Math.abs));
  };
  expect(await last(0.98)).toBeLessThan(10);
  expect(await last(1.02)).toBeGreaterThan(1e4);
});

describe('frozen readout at equilibrium', () => {
  it.each(activations)('$name: for small lags Φ(0) + Φ′(0)Δ²/2τc in place of Φ(0)', async (activation) => {
    const problem = problemOf({ activation, sigma0: network.sigma });
    const { X } = problem;
    const features = async (lag: number) => (await ndkKernel(problem.network, 'features', [lag, 0], X)).data;
    const { train } = await ndkFrozenReadoutEquilibrium(problem, [0, 1e-2 * memory], { linalg });
    // The weights behind the outputs, from Φ(0): (Q + T)⁻¹y up to a factor.
    const [zero, tiny] = [await features(0), await features(1e-6)];
    const among = matrix(4, 4, zero);
    const weights = linalg.choleskySolve(linalg.cholesky(among), matrix(4, 1, train.data.slice(0, 4)));
    const slope = matrix(
      4,
      4,
      tiny.map((value, k) => (value - zero[k]) / 1e-6),
    );
    const expected = linalg.gemm(slope, weights).data.map((value) => (value * (1e-2 * memory) ** 2) / (2 * memory));
    const found = train.data.slice(4).map((value, i) => value - train.data[i]);
    const size = Math.max(...expected.map(Math.abs));
    expect(size).toBeGreaterThan(1e-6);
    // The next order: Δ³, or Δ^(5/2) of ReLU.
    expect(distance(found, expected) / size).toBeLessThan(activation === reluActivation ? 0.1 : 0.03);
  });

  it('ReLU: what is left at far lags is in proportion to the norm', async () => {
    const tests = matrix(2, 5, Float64Array.of(1, 0, 2, 0, -1, 0, 6, 0, 3, 3));
    const problem = { ...problemOf(), test: { X: tests } };
    const { test } = await ndkFrozenReadoutEquilibrium(problem, [1e4], { linalg });
    expect(test.data[1] / test.data[0]).toBeCloseTo(3, 10);
  });
});
