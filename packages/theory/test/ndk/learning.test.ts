import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { linearActivation, reluActivation } from '../../src/kernels/index.ts';
import {
  gatedNdk,
  ndkEquilibrium,
  ndkEulerScheme,
  ndkGradientPhase,
  ndkMean,
  ndkVariance,
  scaledErfActivation,
} from '../../src/ndk/index.ts';
import { gradedEdges, placeBehind, solveVolterra } from '../../src/ndk/volterra.ts';
import { distance } from '../helpers.ts';
import { activations, halfSpaceOverlaps, linalg, problemOf } from './problems.ts';

const erf = scaledErfActivation();
const times = [0, 0.3, 2, 15, 60];

describe('gated linear networks', () => {
  const linear = problemOf({ activation: linearActivation });
  const overlap = halfSpaceOverlaps(linear);
  it.each([
    ['no gates', linear],
    ['half-space gates', { ...linear, gateOverlaps: [overlap, overlap] }],
  ])('%s: the closed form is what the integral equation gives', async (_, problem) => {
    const closed = await gatedNdk(problem, times, { linalg });
    const mean = await ndkMean(problem, times, { linalg, tolerance: 1e-6 });
    expect(distance(closed.mean.train.data, mean.train.data)).toBeLessThan(1e-6);
    expect(distance(closed.mean.test.data, mean.test.data)).toBeLessThan(1e-6);
    const variance = await ndkVariance(problem, times, { linalg, tolerance: 1e-6 });
    expect(distance(closed.variance.test.data, variance.variance.data)).toBeLessThan(1e-5);
    expect(distance(closed.mean.test.data, variance.mean.data)).toBeLessThan(1e-6);
  });

  it('holds where learning starts slowly, from weights near zero', async () => {
    const problem = problemOf({ activation: linearActivation, sigma0: 0.05, temperature: 1e-3 });
    const closed = await gatedNdk(problem, [10, 40, 200], { linalg });
    const mean = await ndkMean(problem, [10, 40, 200], { linalg });
    expect(distance(closed.mean.train.data, mean.train.data)).toBeLessThan(1e-5);
    expect(distance(closed.mean.train.data, new Float64Array(12))).toBeGreaterThan(0.1);
  });

  it('one example from σ0 = σ: one exponential, to the variance QT/(Q + T)', async () => {
    const [sigma, T, L] = [1.2, 0.3, 2];
    const X = matrix(1, 2, Float64Array.of(1, 0.4));
    const network = { activation: linearActivation, depth: L, sigma, sigma0: sigma, temperature: T };
    const found = await gatedNdk({ network, X, y: Float64Array.of(2) }, [0.1, 1, 500], { linalg });
    const lambda = (1 + 0.16) / 2;
    const Q = sigma ** (2 * L + 2) * lambda;
    const at = (t: number) =>
      (2 * Q * (1 - Math.exp(-(L + 1) * (sigma ** (2 * L) * lambda + T / sigma ** 2) * t))) / (Q + T);
    expect(distance(found.mean.train.data, [0.1, 1, 500].map(at))).toBeLessThan(1e-12);
    expect(found.variance.train.data[2]).toBeCloseTo((Q * T) / (Q + T), 12);
  });
});

describe.each(activations)('$name', (activation) => {
  const problem = problemOf({ activation });

  it('comes to the posterior of the Gaussian process, wherever it started', async () => {
    const limit = await ndkEquilibrium(problem, { linalg });
    for (const sigma0 of [0.9, 1.5]) {
      const late = problemOf({ activation, sigma0 });
      const mean = await ndkMean(late, [180], { linalg });
      expect(distance(mean.train.data, limit.train)).toBeLessThan(2e-5);
      expect(distance(mean.test.data, limit.test)).toBeLessThan(2e-5);
      const variance = await ndkVariance(late, [180], { linalg });
      expect(distance(variance.variance.data, limit.testVariance)).toBeLessThan(1e-4);
      const early = await ndkMean(late, [5], { linalg });
      expect(distance(early.test.data, limit.test)).toBeGreaterThan(1e-3);
    }
  });

  it('follows gradient flow as T → 0', async () => {
    const flow = await ndkGradientPhase(problem, [0.2, 1], { linalg });
    const error = async (temperature: number) => {
      const { train, test } = await ndkMean(problemOf({ activation, temperature }), [0.2, 1], { linalg });
      return Math.max(distance(train.data, flow.train.data), distance(test.data, flow.test.data));
    };
    const [warm, cool] = [await error(1e-2), await error(1e-3)];
    expect(warm).toBeGreaterThan(1e-4);
    // O(T) for smooth activations, O(√T) for ReLU.
    expect(cool / warm).toBeLessThan(activation.name === 'relu' ? 0.4 : 0.15);
    expect(await error(0)).toBeLessThan(2e-5);
  });

  it('the mean of the resolvent rows is that of the forward equation; variance starts free and shrinks', async () => {
    const mean = await ndkMean(problem, times, { linalg });
    const both = await ndkVariance(problem, times, { linalg });
    expect(distance(mean.test.data, both.mean.data)).toBeLessThan(2e-5);
    const first = both.variance.data.subarray(0, 2);
    expect(distance(first, both.freeVariance.data.subarray(0, 2))).toBe(0);
    for (let k = 2; k < both.variance.data.length; k++) {
      expect(both.variance.data[k]).toBeGreaterThan(0);
      expect(both.variance.data[k]).toBeLessThan(both.freeVariance.data[k]);
    }
  });

  it('the recursion of the simulated scheme tends to the integral equation with its step', async () => {
    const exact = await ndkMean(problem, [1], { linalg });
    const error = async (step: number) => {
      const steps = Math.round(1 / step);
      const path = await ndkEulerScheme(problem, step, matrix(steps + 1, 6), { linalg });
      return distance(path.data.subarray(steps * 6, steps * 6 + 4), exact.train.data);
    };
    const [coarse, fine] = [await error(0.01), await error(0.005)];
    expect(coarse).toBeGreaterThan(1e-4);
    expect(fine / coarse).toBeGreaterThan(0.4);
    expect(fine / coarse).toBeLessThan(0.6);
  });
});

it.each([linearActivation, reluActivation])('$name: scaling σ, σ0 and T rescales time alone', async (activation) => {
  const gamma = 1.3;
  const scaled = problemOf({ activation, sigma: 1.1 * gamma, sigma0: 1.5 * gamma, temperature: 0.1 * gamma ** 6 });
  const one = await ndkMean(problemOf({ activation }), [0.5, 8], { linalg });
  const other = await ndkMean(scaled, [0.5 / gamma ** 4, 8 / gamma ** 4], { linalg });
  expect(distance(one.test.data, other.test.data)).toBeLessThan(1e-12);
});

it('ReLU and linear networks end the gradient phase where σ0 does not matter, erf does not', async () => {
  const end = async (activation: (typeof activations)[number], sigma0: number) =>
    (await ndkGradientPhase(problemOf({ activation, sigma0 }), [1e6], { linalg })).test.data;
  for (const activation of [linearActivation, reluActivation]) {
    expect(distance(await end(activation, 0.8), await end(activation, 1.6))).toBeLessThan(1e-9);
  }
  expect(distance(await end(erf, 0.8), await end(erf, 1.6))).toBeGreaterThan(1e-2);
});

it('the solver’s error falls by at least its order', async () => {
  const error = async (order: number, panels: number) => {
    const equation = {
      size: 1,
      columns: 1,
      own: 1,
      kernel: (_z: number, _other: number, out: Float64Array) => out.fill(1),
      source: (_z: number, out: Float64Array) => out.fill(1),
      place: placeBehind(10),
    } as const;
    const mesh = { edges: gradedEdges(2, 2 / panels, 1, 2 / panels), order, points: 12 };
    const solution = await solveVolterra(equation, mesh, linalg);
    return Math.abs(solution.at(1.3)[0] - Math.exp(-1.3));
  };
  for (const order of [2, 3]) {
    const [coarse, fine] = [await error(order, 5), await error(order, 40)];
    expect(coarse).toBeGreaterThan(1e-7);
    expect(Math.log2(coarse / fine) / 3).toBeGreaterThan(order - 0.3);
  }
});

describe('bad input', () => {
  const good = problemOf();
  it.each([
    ['targets', { ...good, y: new Float64Array(3) }, /y \(P\) is 3 × 1\. It should be 4 × 1/],
    ['targets of another kind', { ...good, y: [1] as never }, /y is not a Float64Array\. Give 4 targets/],
    ['no inputs', { ...good, X: matrix(0, 5) }, /X is 0 × 5\. Give at least one input/],
    ['tests', { ...good, test: { X: matrix(2, 3) } }, /test\.X \(tests × N0\) is 2 × 3\. It should be 2 × 5/],
    ['gated ReLU', { ...good, gateOverlaps: [] }, /gateOverlaps with the activation relu\. Gated networks take linear/],
    [
      'too few overlaps',
      { ...problemOf({ activation: linearActivation }), gateOverlaps: [halfSpaceOverlaps(good)] },
      /gateOverlaps has 1 matrices\. Give one a hidden layer, 2/,
    ],
    [
      'overlaps without test inputs',
      { ...problemOf({ activation: linearActivation, depth: 1 }), gateOverlaps: [matrix(4, 4)] },
      /gateOverlaps\[0\] \(training, then test inputs\) is 4 × 4\. It should be 6 × 6/,
    ],
  ])('%s', async (_, problem, message) => {
    await expect(ndkMean(problem, [1], { linalg })).rejects.toThrow(message);
  });

  it('times, tolerance, activation and step', async () => {
    await expect(ndkMean(good, [Number.NaN])).rejects.toThrow(/times\[0\] is NaN\. A time is a finite number ≥ 0/);
    await expect(ndkVariance(good, [-1])).rejects.toThrow(/times\[0\] is -1/);
    await expect(ndkMean(good, [1], { tolerance: 0 })).rejects.toThrow(/tolerance is 0\. Give a number from 1e-12/);
    await expect(gatedNdk(good, [1])).rejects.toThrow(/the activation is relu\. Give linearActivation, or use ndkMean/);
    await expect(ndkEulerScheme(good, 0, matrix(2, 6))).rejects.toThrow(/step is 0\. Give a finite number > 0/);
    await expect(ndkEulerScheme(good, 0.1, matrix(2, 4))).rejects.toThrow(/is 2 × 4\. It should be 2 × 6/);
  });

  it('stops when cancelled, and says when a tolerance is out of reach', async () => {
    await expect(ndkMean(good, [1], { linalg, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'GGDLN_CANCELLED',
    });
    await expect(ndkMean(good, [1], { linalg, tolerance: 1e-12 })).rejects.toThrow(/finest mesh still changed/);
  });
});

it('gives no outputs without times, zeros at the start, and one row a time in any order', async () => {
  expect((await ndkMean(problemOf(), [], { linalg })).train.rows).toBe(0);
  const both = await ndkMean(problemOf(), [3, 0], { linalg });
  const one = await ndkMean(problemOf({}, 0), [3], { linalg });
  expect(both.train.data.slice(4)).toEqual(new Float64Array(4));
  expect(one.train.data).toEqual(both.train.data.slice(0, 4));
  expect(one.test.cols).toBe(0);
});
