import { createRandom, type Matrix } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { gatedKernel, gateOverlap, inputKernel, jointGates, orderByTarget, spectrumOf } from '../src/panels/kernels.ts';
import { predictionsOf, summaryOf } from '../src/panels/prediction.ts';
import { recordedView } from '../src/panels/recorded.ts';
import { runningExtent, runningOf } from '../src/panels/running.ts';

const random = createRandom(4);
const gaussian = (rows: number, cols: number): Matrix => ({
  rows,
  cols,
  data: random.fillGaussian(new Float64Array(rows * cols)),
});
const binary = (rows: number, cols: number): Matrix => ({
  ...gaussian(rows, cols),
  data: gaussian(rows, cols).data.map((value) => (value > 0 ? 1 : 0)),
});
const scaledIdentity = (size: number, scale: number): Matrix => ({
  rows: size,
  cols: size,
  data: Float64Array.from({ length: size * size }, (_, at) => (Math.floor(at / size) === at % size ? scale : 0)),
});

describe('kernels', () => {
  const X = gaussian(12, 5);
  const layers = [binary(12, 3), binary(12, 2)];
  const rows = [3, 0, 7, 11, 5];

  it('at infinite width are σ^{2(L+1)} K₀ ∘ Π ΦΦᵀ/M', () => {
    const sigma2 = 1.3;
    const K0 = inputKernel(X, rows);
    const kernel = gatedKernel(K0, jointGates(layers, rows), scaledIdentity(6, sigma2 ** 2), sigma2);
    const overlaps = layers.map((layer) => gateOverlap(layer, rows));
    kernel.data.forEach((value, at) => {
      expect(value).toBeCloseTo(sigma2 ** 3 * K0.data[at] * overlaps[0].data[at] * overlaps[1].data[at], 12);
    });
  });

  it('order inputs by target, and have no more rank than inputs have dimensions', () => {
    const trainY = { rows: 12, cols: 1, data: Float64Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 1 : -1)) };
    expect(orderByTarget({ trainX: X, trainY })).toEqual([1, 3, 5, 7, 9, 11, 0, 2, 4, 6, 8, 10]);
    const all = Array.from({ length: 12 }, (_, i) => i);
    const { rank, trace, values } = spectrumOf(inputKernel(X, all));
    expect(rank).toBe(5);
    expect(trace).toBeCloseTo(X.data.reduce((sum, value) => sum + value * value, 0) / 5, 10);
    expect([...values].sort((a, b) => b - a)).toEqual(values);
  });
});

describe('predictions', () => {
  it('measure the difference of the two means', async () => {
    const view = await recordedView('images');
    const found = predictionsOf(view, { x: 1000 });
    if (!found?.theory || !found.sampled) throw new Error('a side is missing');
    const { theory, sampled } = found;
    const summary = summaryOf(found);
    const direct = Math.sqrt(theory.reduce((sum, value, i) => sum + (value - sampled[i]) ** 2, 0) / theory.length);
    expect(summary?.rms).toBeCloseTo(direct, 12);
    expect(summary?.withError).toBe(10);
    // Nothing is left of the difference where both sides are the same.
    expect(summaryOf({ ...found, sampled: theory })).toEqual({ rms: 0, outside: 0, withError: 10 });
  });
});

describe('running estimates', () => {
  it('keep theory and the later part in view', async () => {
    const view = await recordedView('images');
    const point = view.points.find(({ role, axes }) => role === 'exact-sampling' && axes['architecture.width'] === 100);
    if (!point) throw new Error('no sampler at 100');
    const running = runningOf(view, { x: 100 }, point, 'bias');
    expect(running.values).toHaveLength(running.steps.length);
    expect(running.values.every(Number.isFinite)).toBe(true);
    const extent = runningExtent(running);
    const last = running.values[running.values.length - 1];
    for (const value of [running.theory ?? Number.NaN, last]) {
      expect(value).toBeGreaterThanOrEqual(Math.min(...extent));
      expect(value).toBeLessThanOrEqual(Math.max(...extent));
    }
  });
});
