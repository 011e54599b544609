import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { linearActivation, reluActivation } from '../../src/kernels/index.ts';
import {
  ndkDiffusivePhase,
  ndkEquilibrium,
  ndkFrozenReadout,
  ndkFrozenReadoutEquilibrium,
  ndkGradientPhase,
  ndkMean,
  scaledErfActivation,
} from '../../src/ndk/index.ts';
import { distance } from '../helpers.ts';
import { activations, linalg, problemOf } from './problems.ts';

describe.each([reluActivation, scaledErfActivation()])('diffusive phase, $name', (activation) => {
  const problem = problemOf({ activation });

  it('keeps training outputs at their targets, from the end of the gradient phase to equilibrium', async () => {
    const taus = [0, 0.05, 0.5, 18];
    const { train, test } = await ndkDiffusivePhase(problem, taus, { linalg });
    for (let i = 0; i < taus.length; i++) {
      expect(distance(train.data.subarray(i * 4, i * 4 + 4), problem.y)).toBeLessThan(2e-6);
    }
    const start = await ndkGradientPhase(problem, [1e7], { linalg });
    expect(distance(test.data.subarray(0, 2), start.test.data)).toBeLessThan(1e-9);
    const end = await ndkEquilibrium(problemOf({ activation, temperature: 0 }), { linalg });
    expect(distance(test.data.subarray(6), end.test)).toBeLessThan(2e-5);
    expect(distance(test.data.subarray(0, 2), end.test)).toBeGreaterThan(1e-2);
  });

  it('is approached in proportion to T', async () => {
    const limit = await ndkDiffusivePhase(problem, [0.6], { linalg, tolerance: 1e-7 });
    const error = async (temperature: number) => {
      const at = await ndkMean(problemOf({ activation, temperature }), [0.6 / temperature], {
        linalg,
        tolerance: 1e-7,
      });
      return distance(at.test.data, limit.test.data);
    };
    const [warm, cool] = [await error(4e-3), await error(1e-3)];
    expect(cool / warm).toBeGreaterThan(0.2);
    expect(cool / warm).toBeLessThan(0.3);
  });
});

it('says where the diffusive phase does not exist: linear networks with P > N0', async () => {
  const problem = problemOf({ activation: linearActivation });
  const narrow = { ...problem, X: matrix(4, 2, problem.X.data.slice(0, 8)), test: { X: matrix(0, 2) } };
  await expect(ndkDiffusivePhase(narrow, [1], { linalg })).rejects.toThrow(
    /the tangent kernel has the eigenvalue .*Its limit T → 0 does not exist; use ndkMean/,
  );
});

describe.each(activations)('frozen readout, $name', (activation) => {
  const problem = problemOf({ activation });

  it('is the mean output while nothing has drifted, and another later', async () => {
    const frozen = await ndkFrozenReadout(problem, 6, [0, 20], { linalg, tolerance: 1e-6 });
    const mean = await ndkMean(problem, [6, 26], { linalg, tolerance: 1e-6 });
    expect(distance(frozen.train.data.subarray(0, 4), mean.train.data.subarray(0, 4))).toBeLessThan(1e-6);
    expect(distance(frozen.test.data.subarray(0, 2), mean.test.data.subarray(0, 2))).toBeLessThan(1e-6);
    expect(distance(frozen.test.data.subarray(2), mean.test.data.subarray(2))).toBeGreaterThan(1e-2);
  });

  it('long after the start is the closed form', async () => {
    const lags = [0, 3, 12, 60];
    const closed = await ndkFrozenReadoutEquilibrium(problem, lags, { linalg });
    const frozen = await ndkFrozenReadout(problem, 160, lags, { linalg });
    expect(distance(frozen.test.data, closed.test.data)).toBeLessThan(2e-5);
    expect(distance(frozen.train.data, closed.train.data)).toBeLessThan(2e-5);
  });

  it('starts at the posterior mean with zero slope', async () => {
    const { train } = await ndkFrozenReadoutEquilibrium(problem, [0, 0.05, 0.1], { linalg });
    const start = await ndkEquilibrium(problem, { linalg });
    expect(distance(train.data.subarray(0, 4), start.train)).toBeLessThan(1e-12);
    const change = (row: number) => distance(train.data.subarray(row * 4, row * 4 + 4), start.train);
    expect(change(2)).toBeGreaterThan(1e-8);
    // Features fall linearly in the lag, or as its square root inside: a slope would give 2.
    expect(change(2) / change(1)).toBeGreaterThan(activation.name === 'relu' ? 3.3 : 3.8);
  });
});

it.each([1, 2, 3])('linear frozen readout, L = %d, in closed form', async (depth) => {
  const problem = problemOf({ activation: linearActivation, depth });
  const lags = [0, 1, 10, 100];
  const { test } = await ndkFrozenReadoutEquilibrium(problem, lags, { linalg });
  const start = await ndkEquilibrium(problem, { linalg });
  const expected = lags.flatMap((lag) => {
    const rho = (lag * 0.1) / 1.1 ** 2;
    const kept =
      depth === 1
        ? Math.exp(-rho) * (1 + rho)
        : Math.exp(-rho) + (Math.exp(-rho) - Math.exp(-depth * rho)) / (depth - 1);
    return Array.from(start.test, (value) => value * kept);
  });
  expect(distance(test.data, expected)).toBeLessThan(1e-11);
});

it('far lags leave nothing of odd activations, and of ReLU a function of the norm', async () => {
  const tests = matrix(2, 5, Float64Array.of(1, 0, 2, 0, -1, 0, 2, 0, 1, 1));
  const at = async (activation: (typeof activations)[number]) =>
    (await ndkFrozenReadoutEquilibrium({ ...problemOf({ activation }), test: { X: tests } }, [1e4], { linalg })).test
      .data;
  for (const odd of [linearActivation, scaledErfActivation()]) {
    expect(distance(await at(odd), [0, 0])).toBeLessThan(1e-12);
  }
  const [one, other] = await at(reluActivation);
  expect(Math.abs(one)).toBeGreaterThan(1e-3);
  expect(one).toBeCloseTo(other, 12);
});

it('refuses a readout of no time', async () => {
  await expect(ndkFrozenReadout(problemOf(), 0, [1])).rejects.toThrow(/t0 is 0\. Give a finite time > 0/);
  await expect(ndkFrozenReadout(problemOf(), 1, [-1])).rejects.toThrow(/lags\[0\] is -1\. A time is a finite number/);
});
