import { createRandom } from '@ggdln/core';
import { matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  galuGenericRank,
  galuLimitKernels,
  galuMap,
  galuMemorizationCurve,
  galuMemorizationPrefix,
  galuMinimumNorm,
  galuNeuronsForRate,
  linearlySeparable,
  rademacherBound,
} from '../../src/galu/index.ts';
import { gaussianMatrix } from '../helpers.ts';
import { linalg, onSphere, randomGalu } from './helpers.ts';

describe('the memorisation experiment', () => {
  it('finds both thresholds and the error 1 − rank/m', async () => {
    const draws = await galuMemorizationCurve({
      inputs: 120,
      dimension: 10,
      ratios: [0.25, 0.75, 1.25],
      draws: 5,
      gdSteps: [300, 3000],
      rng: createRandom(1),
      linalg,
    });
    const of = (ratio: number) => draws.filter((row) => Math.abs(row.ratio - ratio) < 1e-12);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const ratio of [0.25, 0.75]) {
      const rows = of(ratio);
      expect(rows).toHaveLength(5);
      const expected = mean(rows.map(({ rank }) => 1 - rank / 120));
      // √(2r(m − r)/m)/m for one draw; four standard deviations of the mean of five.
      const r = ratio * 120;
      const deviation = Math.sqrt((2 * r * (120 - r)) / 120) / 120 / Math.sqrt(5);
      expect(Math.abs(mean(rows.map(({ trainMse }) => trainMse)) - expected)).toBeLessThan(4 * deviation);
      for (const { gdMse, trainMse } of rows) {
        expect(gdMse[0]).toBeGreaterThan(gdMse[1]);
        expect(gdMse[1]).toBeGreaterThan(trainMse - 1e-12);
      }
    }
    expect(of(0.25).every(({ separable }) => !separable)).toBe(true);
    expect(of(0.75).filter(({ separable }) => separable).length).toBeGreaterThanOrEqual(3);
    for (const { trainMse, rank, signErrors } of of(1.25).filter(({ rank }) => rank === 120)) {
      expect({ trainMse: trainMse < 1e-20, rank, signErrors }).toEqual({ trainMse: true, rank: 120, signErrors: 0 });
    }
  });

  it('is the same from the same seed, and can be cancelled', async () => {
    const options = { inputs: 20, dimension: 4, ratios: [1], draws: 2, rng: createRandom(3), linalg };
    const done: number[] = [];
    const first = await galuMemorizationCurve({ ...options, onProgress: (progress) => done.push(progress.done) });
    expect(await galuMemorizationCurve(options)).toEqual(first);
    expect(done).toEqual([1, 2]);
    await expect(galuMemorizationCurve({ ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'GGDLN_CANCELLED',
    });
  });

  it('draws inputs on the unit sphere', async () => {
    // In one dimension they are ±1, and one neuron fits the mean label s/n of its n open inputs.
    const options = { inputs: 7, dimension: 1, ratios: [1 / 7], draws: 20, rng: createRandom(4), linalg };
    for (const { trainMse } of await galuMemorizationCurve(options)) {
      const explained = 7 * (1 - trainMse);
      const means = [1, 2, 3, 4, 5, 6, 7].map((n) =>
        Math.abs(explained * n - Math.round(Math.sqrt(explained * n)) ** 2),
      );
      expect(Math.min(...means)).toBeLessThan(1e-12);
    }
  });

  it('counts inputs with no open gate as wrong, at an output of exactly 0', () => {
    const problem = { ...randomGalu({ seed: 3, m: 40, d: 3, k: 2 }), y: new Float64Array(40).fill(1) };
    const { deadInputs, outputs } = galuMinimumNorm(problem, linalg);
    expect(deadInputs.length).toBeGreaterThan(3);
    for (const row of deadInputs) expect(outputs.data[row]).toBe(0);
    const wrong = outputs.data.filter((output) => output <= 0).length;
    expect(galuMemorizationPrefix(problem, linalg, [2])[0]).toMatchObject({ signErrors: wrong, separable: false });
  });

  it('takes the first neurons', () => {
    const problem = { ...randomGalu({ m: 30 }), y: Float64Array.from({ length: 30 }, (_, i) => (i % 2 ? 1 : -1)) };
    const all = galuMemorizationPrefix(problem, linalg);
    expect(all.map(({ neurons }) => neurons)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    all.reduce((before, after) => {
      expect(after.rank).toBeGreaterThanOrEqual(before.rank);
      expect(after.trainMse).toBeLessThan(before.trainMse + 1e-12);
      return after;
    });
    expect(galuMemorizationPrefix(problem, linalg, [5])).toEqual([all[4]]);
  });
});

describe('bounds', () => {
  it('ask for Õ(m/d) neurons, with which the kernel is as positive as promised', () => {
    const X = onSphere(1, 25, 10);
    const spectrum = linalg.symmetricEigen(linalg.syrk(X)).values;
    const smallest = linalg.symmetricEigen(galuLimitKernels(X).galu).values[0];
    const rate = { inputs: 25, largest: spectrum[24], smallest, delta: 0.5, failure: 0.01 };
    const k = galuNeuronsForRate(rate);
    const K = galuMap(X, { U: gaussianMatrix(createRandom(2), k, 10) }, linalg).kernel();
    expect(linalg.symmetricEigen(K).values[0]).toBeGreaterThan(smallest / 2);
    expect(galuNeuronsForRate({ ...rate, inputs: 50 }) / k).toBeCloseTo(Math.log(5000) / Math.log(2500), 3);
    expect(galuNeuronsForRate({ ...rate, delta: 0.25 }) / k).toBeCloseTo(4, 2);
    expect(galuNeuronsForRate({ ...rate, largest: 2 * rate.largest }) / k).toBeCloseTo(2, 2);
  });

  it('on the generalisation gap fall as m^(−1/2), with the constants of the page', () => {
    const bound = (m: number) =>
      rademacherBound({ K: galuMap(onSphere(1, m, 5), { U: onSphere(2, 4, 5) }, linalg).kernel(), B: 3, delta: 0.05 });
    expect(bound(40) / bound(160)).toBeGreaterThan(1.8);
    expect(bound(40) / bound(160)).toBeLessThan(2.2);
    const K = matrixFromRows([
      [2, 0],
      [0, 2],
    ]);
    expect(rademacherBound({ K, B: 1, delta: 0.1 })).toBeCloseTo(2 + 3 * Math.sqrt(Math.log(20) / 4), 14);
  });
});

describe('bad input', () => {
  const curve = { inputs: 20, dimension: 4, ratios: [1], draws: 1, rng: createRandom(3), linalg };
  const problem = { ...randomGalu(), y: new Float64Array(20).fill(1) };
  const rate = { inputs: 20, largest: 1, smallest: 0.1, delta: 0.5, failure: 0.1 };
  const one = matrixFromRows([[1]]);

  it.each([
    [() => galuGenericRank(one, 0), /the dimension is 0\. Give a whole number ≥ 1/],
    [() => galuGenericRank(matrixFromRows([[0.5]]), 1), /a gate is 0\.5\. Give hard gates, 0 or 1/],
    [() => galuMemorizationPrefix(randomGalu(), linalg), /a label is .*Labels are 1 and −1/],
    [() => galuMemorizationPrefix(problem, linalg, [9]), /9 neurons of 8\. Give whole numbers from 1 to 8/],
    [() => galuMemorizationCurve({ ...curve, inputs: 0 }), /inputs is 0\. Give a whole number ≥ 1/],
    [() => galuMemorizationCurve({ ...curve, ratios: [1, -1] }), /ratios are \[1, -1\]\. Give numbers > 0/],
    [() => galuNeuronsForRate({ ...rate, smallest: 0 }), /smallest is 0\. Give a finite number > 0/],
    [() => galuNeuronsForRate({ ...rate, delta: 1 }), /delta is 1\. Give a number between 0 and 1/],
    [() => rademacherBound({ K: matrix(2, 3), B: 1, delta: 0.1 }), /K \(m × m\) is 2 × 3\. It should be 3 × 3/],
    [() => rademacherBound({ K: matrix(0, 0), B: 1, delta: 0.1 }), /K is 0 × 0/],
    [() => rademacherBound({ K: one, B: -1, delta: 0.1 }), /B is -1\. Give a finite number ≥ 0/],
    [() => rademacherBound({ K: one, B: 1, delta: 0 }), /delta is 0\. Give a number between 0 and 1/],
    [() => linearlySeparable(one, Float64Array.of(1, 1), linalg), /labels \(m\) is 2 × 1\. It should be 1 × 1/],
  ])('%# says what is wrong', async (call, message) => {
    await expect((async () => call())()).rejects.toThrow(message);
  });
});
