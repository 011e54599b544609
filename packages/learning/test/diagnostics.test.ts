import { createRandom } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { batchMeans, effectiveSampleSize, splitRhat } from '../src/index.ts';

/** Stationary chains x_t = φ x_{t−1} + √(1 − φ²) ε: unit variance, autocorrelation time (1 + φ)/(1 − φ). */
function autoregressive(phi: number, length: number, chains: number, seed: string): Float64Array[] {
  return Array.from({ length: chains }, (_, k) => {
    const rng = createRandom(seed).stream(k);
    const chain = new Float64Array(length);
    let x = rng.gaussian();
    for (let t = 0; t < length; t++) {
      chain[t] = x;
      x = phi * x + Math.sqrt(1 - phi * phi) * rng.gaussian();
    }
    return chain;
  });
}

const shifted = (chains: readonly Float64Array[], shift: number) =>
  chains.map((chain, k) => chain.map((x) => x + k * shift));

describe('effectiveSampleSize', () => {
  it.each([-0.5, 0, 0.5, 0.9])('finds the known value for an autoregressive chain, φ = %d', (phi) => {
    const chains = autoregressive(phi, 20_000, 4, `ess ${phi}`);
    const known = (80_000 * (1 - phi)) / (1 + phi);
    // The estimated autocorrelation time has a relative error of a few √(lags / samples).
    expect(effectiveSampleSize(chains) / known).toBeGreaterThan(0.85);
    expect(effectiveSampleSize(chains) / known).toBeLessThan(1.15);
  });

  it('falls to about one a chain when chains disagree', () => {
    const chains = shifted(autoregressive(0, 1000, 4, 'disagree'), 10);
    expect(effectiveSampleSize(chains)).toBeLessThan(10);
  });

  it('does not depend on location and scale', () => {
    const chains = autoregressive(0.7, 500, 2, 'scale');
    const changed = chains.map((chain) => chain.map((x) => 1e3 - 7 * x));
    expect(effectiveSampleSize(changed) / effectiveSampleSize(chains)).toBeCloseTo(1, 8);
  });

  it('counts every sample of constant chains', () => {
    expect(effectiveSampleSize([[2, 2, 2, 2, 2]])).toBe(5);
  });
});

describe('splitRhat', () => {
  it('is 1 for stationary chains, up to 1 / effective samples', () => {
    const rhat = splitRhat(autoregressive(0.5, 20_000, 4, 'rhat'));
    expect(Math.abs(rhat - 1)).toBeLessThan(0.002);
  });

  it('has the value that a shift between two chains gives', () => {
    // Four half-chains with means 0, 0, d, d: variance of the means d²/3.
    const rhat = splitRhat(shifted(autoregressive(0, 20_000, 2, 'shift'), 1.5));
    expect(rhat).toBeCloseTo(Math.sqrt(1 + 1.5 ** 2 / 3), 1);
  });

  it('sees a drift within a single chain', () => {
    const [chain] = autoregressive(0, 2000, 1, 'drift');
    expect(splitRhat([chain.map((x, t) => x + t / 500)])).toBeGreaterThan(1.4);
    expect(splitRhat([chain])).toBeLessThan(1.01);
  });

  it('answers for constant chains', () => {
    expect(splitRhat([[1, 1, 1, 1]])).toBe(1);
    expect(
      splitRhat([
        [1, 1, 1, 1],
        [2, 2, 2, 2],
      ]),
    ).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('batchMeans', () => {
  it('gives the standard error of a correlated mean', () => {
    const phi = 0.8;
    const { mean, stderr, batchLength } = batchMeans(autoregressive(phi, 50_000, 2, 'batches'), 400);
    const known = Math.sqrt((1 + phi) / (1 - phi) / 100_000);
    expect(batchLength).toBe(250);
    // 400 batches: relative error of the standard error 1/√800; batches of 28 autocorrelation times: bias 1/28.
    expect(Math.abs(stderr / known - 1)).toBeLessThan(4 / Math.sqrt(800) + 1 / 28);
    expect(Math.abs(mean)).toBeLessThan(4 * known);
  });

  it('leaves out what fills no batch, at the start', () => {
    expect(batchMeans([[100, 1, 2, 3, 4]], 2)).toMatchObject({ mean: 2.5, batchLength: 2 });
  });
});

describe('bad chains', () => {
  it.each([
    [() => splitRhat([]), 'there are 0 chains of 0 samples. Give at least 4 samples'],
    [() => effectiveSampleSize([[1, 2, 3]]), 'there are 1 chains of 3 samples'],
    [
      () =>
        splitRhat([
          [1, 2, 3, 4],
          [1, 2, 3],
        ]),
      'chain 1 has 3 samples, chain 0 has 4',
    ],
    [() => effectiveSampleSize([[1, 2, Number.NaN, 4]]), 'chain 0 has NaN at sample 2'],
    [
      () =>
        batchMeans(
          [
            [1, 2, 3],
            [1, 2, 3],
          ],
          3,
        ),
      '3 batches for 2 chains',
    ],
    [() => batchMeans([[1, 2, 3]], 4), '4 batches for a chain of 3 samples'],
  ])('are refused with a message, %#', (compute, message) => {
    expect(compute).toThrow(message);
  });
});
