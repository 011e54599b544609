import { createRandom } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { predictorErrors, prepareBpkr, solveBpkr, solvePreparedBpkr } from '../../src/bpkr/index.ts';
import { gaussianMatrix, scaled } from '../helpers.ts';
import { linalg, overlapOf, problemOf } from './problems.ts';

// Section 5 of the theory page: T = 0, equal widths, one output, P independent examples.

const base = problemOf({ P: 12, N0: 16 });
const prepared = await prepareBpkr(base, { linalg });
const rHat = overlapOf(base).data[0];
const solve = (widths: readonly number[], sigma: number) =>
  solvePreparedBpkr(prepared, { widths, sigma, temperature: 0 });
/** s of L equal layers. */
const scaleAt = async (N: number, L: number, sigma: number) =>
  (await solve(new Array<number>(L).fill(N), sigma)).G[L - 1].data[0];
/** With targets rescaled so that r̂ is given: s = s of the rescaled data. */
async function withOverlap(target: number) {
  const data = { ...base, y: scaled(base.y, Math.sqrt(target / rHat)) };
  const ready = await prepareBpkr(data, { linalg });
  return async (N: number, L: number, sigma: number) =>
    (await solvePreparedBpkr(ready, { widths: new Array<number>(L).fill(N), sigma, temperature: 0 })).G[L - 1].data[0];
}

describe('width', () => {
  it.each([
    ['above the threshold noise wider is worse', 1.5, 1],
    ['below it wider is better', 0.7, -1],
  ])('%s', async (_, ratio, sign) => {
    const L = 2;
    const sigma = (ratio * rHat) ** (1 / (2 * (L + 1)));
    const errors: number[] = [];
    for (const N of [4, 12, 40, 400]) {
      const { predictor } = await solve([N, N], sigma);
      errors.push(predictorErrors(predictor, matrix(4, 1)).testError);
    }
    for (let k = 1; k < errors.length; k++) expect(Math.sign(errors[k] - errors[k - 1])).toBe(sign);
  });

  it('has no effect at the threshold', async () => {
    const sigma = rHat ** (1 / 6);
    expect(await scaleAt(5, 2, sigma)).toBeCloseTo(await scaleAt(500, 2, sigma), 10);
  });

  it('takes s from r_0 (narrow) to σ^{2L} (wide)', async () => {
    expect(await scaleAt(1e9, 3, 1.3)).toBeCloseTo(1.3 ** 6, 6);
    const narrow = await withOverlap(0.8);
    expect(Math.abs((await narrow(1, 1, 1.3)) / (0.8 / 1.69) - 1)).toBeLessThan(0.1);
    const values = await Promise.all([1, 3, 12, 60, 1000].map((N) => scaleAt(N, 2, 1.4)));
    const [low, high] = [rHat / 1.96, 1.4 ** 4].sort((a, b) => a - b);
    for (const s of values) expect(s > low && s < high).toBe(true);
  });

  it('solves 1 − u/σ² = α(1 − r_0 u^{−L}); u^{L+1} = σ² r_0 at α = 1', async () => {
    for (const [N, L] of [
      [7, 1],
      [30, 4],
    ]) {
      const u = (await solve(new Array<number>(L).fill(N), 0.9)).U[0].data[0];
      expect(1 - u / 0.81).toBeCloseTo((12 / N) * (1 - rHat / 0.81 / u ** L), 11);
    }
    const { U } = await solve([12, 12, 12], 1.2);
    expect(U[1].data[0] ** 4).toBeCloseTo(rHat, 11);
  });
});

describe('depth', () => {
  /** s over depths with K_0 held fixed: σ² r_0 = r̂ is given. */
  const overDepth = async (target: number, N: number, sigma: number) => {
    const at = await withOverlap(target);
    return Promise.all([1, 2, 4, 8, 16].map((L) => at(N, L, sigma)));
  };

  it.each([
    ['grows where 1 − σ⁻² − α(1 − r_0) > 0', 1.3, 0.6, 1],
    ['falls where it is negative', 0.8, 0.3, -1],
  ])('s %s', async (_, sigma, r0, sign) => {
    const alpha = 12 / 24;
    expect(Math.sign(1 - sigma ** -2 - alpha * (1 - r0))).toBe(sign);
    const values = await overDepth(sigma ** 2 * r0, 24, sigma);
    expect(Math.sign(values[0] - 1)).toBe(sign);
    for (let k = 1; k < values.length; k++) expect(Math.sign(values[k] - values[k - 1])).toBe(sign);
  });

  it('s = 1 at equality', async () => {
    const sigma = 1.1;
    const r0 = 1 - (1 - sigma ** -2) / 0.5;
    for (const s of await overDepth(sigma ** 2 * r0, 24, sigma)) expect(s).toBeCloseTo(1, 11);
  });

  it('s tends to α r_0/(α − 1 + σ⁻²), or diverges where σ²(1 − α) > 1', async () => {
    const at = await withOverlap(0.64 * 0.5);
    const limit = (0.5 * 0.5) / (0.5 - 1 + 1 / 0.64);
    const [some, twice] = await Promise.all([800, 1600].map((L) => at(24, L, 0.8)));
    expect((some - limit) / (twice - limit)).toBeCloseTo(2, 2);
    expect(2 * twice - some).toBeCloseTo(limit, 5);
    const { U, G } = await solve(new Array<number>(60).fill(24), 1.6);
    expect(U[0].data[0]).toBeCloseTo(2.56 * 0.5, 6);
    expect(G[59].data[0]).toBeGreaterThan(1e5);
  });

  it('names a scale that overflows', async () => {
    await expect(solve(new Array<number>(900).fill(50), 2)).rejects.toThrow(
      /the order parameter is exp\(\d+\), beyond the largest number\. Take fewer layers or a smaller sigma/,
    );
  });
});

describe('noise: κ = σ²s', () => {
  const kappa = async (N: number, L: number, sigma: number) => sigma ** 2 * (await scaleAt(N, L, sigma));

  it('grows with σ', async () => {
    const values = await Promise.all([0.3, 0.8, 1, 1.5, 4].map((sigma) => kappa(20, 2, sigma)));
    for (let k = 1; k < values.length; k++) expect(values[k]).toBeGreaterThan(values[k - 1]);
  });

  it('vanishes as σ²(α r̂)^{L/(L+1)}', async () => {
    expect((await kappa(8, 2, 1e-5)) / (1e-10 * (1.5 * rHat) ** (2 / 3))).toBeCloseTo(1, 3);
  });

  it('at large σ: (1 − α)^L σ^{2(L+1)}, σ² r̂^{L/(L+1)} at α = 1, bounded beyond', async () => {
    expect((await kappa(24, 2, 1e4)) / (1e4 ** 6 * 0.25)).toBeCloseTo(1, 6);
    for (const sigma of [0.5, 3]) expect(await kappa(12, 3, sigma)).toBeCloseTo(sigma ** 2 * rHat ** 0.75, 10);
    expect(await kappa(8, 2, 1e4)).toBeCloseTo((rHat * 1.5) / 0.5, 5);
  });
});

describe('number of examples: double descent of the bias alone', () => {
  const [N0, N, L, sigma] = [400, 200, 1, 1];
  const [signal, noise] = [1, 0.25];

  /** A teacher f = w·x/√N0 with label noise; errors on clean labels. */
  async function errorsAt(P: number) {
    const rng = createRandom(`descent ${P}`);
    const X = gaussianMatrix(rng.stream('X'), P, N0);
    const test = gaussianMatrix(rng.stream('test'), 400, N0);
    const w = gaussianMatrix(rng.stream('w'), N0, 1, Math.sqrt(signal));
    const teach = (inputs: typeof X) => linalg.gemm(inputs, w, { alpha: 1 / Math.sqrt(N0) });
    const y = gaussianMatrix(rng.stream('noise'), P, 1, Math.sqrt(noise));
    teach(X).data.forEach((value, i) => {
      y.data[i] += value;
    });
    const { predictor, G } = await solveBpkr(
      { X, y, test: { X: test }, widths: [N], sigma, temperature: 0 },
      { linalg },
    );
    return { ...predictorErrors(predictor, teach(test)), kappa: sigma ** (2 * L) * G[L - 1].data[0] };
  }

  it('α_0 < 1', async () => {
    const load = 0.5;
    const { bias, variance, kappa } = await errorsAt(200);
    expect(Math.abs(bias / (signal * (1 - load) + (noise * load) / (1 - load)) - 1)).toBeLessThan(0.15);
    expect(Math.abs(variance / (kappa * (1 - load)) - 1)).toBeLessThan(0.1);
  });

  it('α_0 > 1', async () => {
    const { bias, variance } = await errorsAt(800);
    expect(Math.abs(bias / noise - 1)).toBeLessThan(0.15);
    expect(variance).toBeLessThan(1e-12);
  });

  it('α_0 = 1: a peak of the bias, none of the variance', async () => {
    const [before, at, after] = await Promise.all([200, 396, 800].map(errorsAt));
    expect(at.bias).toBeGreaterThan(3 * Math.max(before.bias, after.bias));
    expect(at.variance).toBeLessThan(before.variance);
  });
});
