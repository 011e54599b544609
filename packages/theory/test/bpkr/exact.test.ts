import { createRandom } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type BpkrProblem,
  exactBpkr,
  exactLayerGrams,
  layerGrams,
  prepareBpkr,
  solveBpkr,
  solvePreparedBpkr,
} from '../../src/bpkr/index.ts';
import { distance, gaussianMatrix } from '../helpers.ts';
import { linalg, overlapOf, problemOf } from './problems.ts';

const exact = (problem: BpkrProblem, step?: number) => exactBpkr(problem, { linalg, ...(step ? { step } : {}) });

/** λ_i and c_i of a problem, σ² included. */
function spectrumOf({ X, y, sigma }: ReturnType<typeof problemOf>) {
  const { values, vectors } = linalg.symmetricEigen(linalg.syrk(X, { alpha: sigma ** 2 / X.cols }));
  return { values: values.map((value) => Math.max(0, value)), c: linalg.gemm(vectors, y, { transA: true }).data };
}

describe('one layer at T = 0: a generalised inverse Gaussian', () => {
  it.each([
    [30, 20],
    [9, 20],
    [20, 20],
  ])('N = %i, P = %i', async (N, P) => {
    const problem = problemOf({ P, N0: 24, widths: [N] });
    const [a, b, p] = [N / 1.21, (overlapOf(problem).data[0] * P) / 1.21, (N - P) / 2];
    // ∫ u^{p−1+k} exp(−(au + b/u)/2) du by the trapezoid rule in log u, far finer than needed.
    const moment = (k: number) => {
      let sum = 0;
      for (let z = -12; z < 12; z += 1e-3) sum += Math.exp((p + k) * z - (a * Math.exp(z) + b * Math.exp(-z)) / 2);
      return sum;
    };
    const { G, inverseScale } = await exact(problem);
    expect(G[0] / (moment(1) / moment(0))).toBeCloseTo(1, 12);
    expect(inverseScale / (moment(-1) / moment(0))).toBeCloseTo(1, 12);
  });
});

describe('two layers by brute force over u_2 and u_1', () => {
  it.each([
    ['T = 0, narrow', problemOf({ P: 10, N0: 14, widths: [5, 7] })],
    ['T > 0, P > N0', problemOf({ P: 14, N0: 6, widths: [4, 12], temperature: 0.3 })],
    ['bistable', problemOf({ P: 1, N0: 1, widths: [20, 20], scale: 500, temperature: 300, sigma: 1 })],
  ])('%s', async (_, problem) => {
    const [N2, N1] = problem.widths;
    const { sigma, temperature: T } = problem;
    const { values, c } = spectrumOf(problem);
    const logLikelihood = (s: number) =>
      values.reduce((sum, value, i) => sum - 0.5 * (Math.log(s * value + T) + c[i] ** 2 / (s * value + T)), 0);
    const likelihood = new Map<number, number>();
    const step = 0.05;
    const at = (k: number) => {
      const known = likelihood.get(k) ?? logLikelihood(sigma ** 4 * Math.exp(k * step));
      likelihood.set(k, known);
      return known;
    };
    const log = (N: number, k: number) => (N / 2) * (k * step - Math.exp(k * step));
    const terms: [number, number, number][] = [];
    for (let i = -700; i < 100; i++)
      for (let j = -700; j < 100; j++) terms.push([i, j, log(N2, i) + log(N1, j) + at(i + j)]);
    const top = terms.reduce((most, [, , value]) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const mean = (f: (u2: number, u1: number) => number) => {
      let [sum, norm] = [0, 0];
      for (const [i, j, value] of terms) {
        const weight = Math.exp(value - top);
        norm += weight;
        sum += weight * f(sigma ** 2 * Math.exp(i * step), sigma ** 2 * Math.exp(j * step));
      }
      return sum / norm;
    };
    const { G, U, inverseScale } = await exact(problem);
    for (const [found, f] of [
      [G[1], (u2: number, u1: number) => u2 * u1],
      [G[0], (u2: number) => u2],
      [U[1], (_u2: number, u1: number) => u1],
      [inverseScale, (u2: number, u1: number) => 1 / (u2 * u1)],
    ] as const) {
      expect(found / mean(f)).toBeCloseTo(1, 9);
    }
  });
});

describe('identities at any width', () => {
  it.each([
    ['T = 0, deep and narrow', problemOf({ P: 12, N0: 16, widths: [3, 9, 5, 8, 2] })],
    ['T > 0', problemOf({ widths: [15, 6, 30], temperature: 0.3 })],
    ['P > N0, T = 0', problemOf({ P: 20, N0: 9, widths: [8, 30] })],
    ['very wide beside very narrow', problemOf({ widths: [1, 100_000], temperature: 0.1 })],
    ['large targets', problemOf({ widths: [10, 20], scale: 100 })],
  ])('%s: N_l (E[u_l]/σ² − 1) is the same for every layer (equation 8)', async (_, problem) => {
    const { U, layerNormExcess } = await exact(problem);
    for (const [t, N] of problem.widths.entries()) {
      expect(Math.abs(N * (U[t] / 1.21 - 1) - layerNormExcess) / (1 + Math.abs(layerNormExcess))).toBeLessThan(
        N * 1e-13 + 1e-10,
      );
    }
  });

  it('a finer grid changes nothing', async () => {
    const problem = problemOf({ widths: [6, 12, 9], temperature: 0.05 });
    const [coarse, fine] = [await exact(problem), await exact(problem, 0.02)];
    expect(fine.scale.logS.length).toBeGreaterThan(1.5 * coarse.scale.logS.length);
    for (const key of ['logEvidence', 'inverseScale', 'layerNormExcess', 'trainError'] as const) {
      expect(coarse[key] / fine[key]).toBeCloseTo(1, 11);
    }
    expect(distance(coarse.predictor.variance.data, fine.predictor.variance.data)).toBeLessThan(1e-11);
    const prepared = await prepareBpkr(problem, { linalg });
    const [a, b] = [await exactLayerGrams(prepared, problem), await exactLayerGrams(prepared, problem, { step: 0.02 })];
    for (const [t, gram] of a.entries()) expect(distance(gram.data, b[t].data)).toBeLessThan(1e-11);
  });
});

describe('the evidence', () => {
  const one = (y: number, temperature: number): BpkrProblem => ({
    X: matrix(1, 1, Float64Array.of(1.4)),
    y: Float64Array.of(y),
    widths: [3, 2],
    sigma: 0.9,
    temperature,
  });

  it.each([0, 0.2])('is a density in the targets at T = %f', async (temperature) => {
    let integral = 0;
    // y = e^x covers the logarithmic peak at 0; the density is even.
    for (let x = -24; x < 6; x += 0.3) {
      const { logEvidence } = await exact(one(Math.exp(x), temperature));
      integral += 2 * 0.3 * Math.exp(logEvidence + x);
    }
    expect(integral).toBeCloseTo(1, 6);
  });

  it('is the mean likelihood of networks drawn from the prior', async () => {
    const problem = problemOf({ P: 3, N0: 5, widths: [4, 6], temperature: 0.5 });
    const { values, c } = spectrumOf(problem);
    const rng = createRandom('evidence');
    const likelihoods = Float64Array.from({ length: 40_000 }, () => {
      const [u2, u1] = problem.widths.map((N) => {
        const z = rng.fillGaussian(new Float64Array(N));
        return (1.21 * z.reduce((sum, value) => sum + value * value, 0)) / N;
      });
      return values.reduce((product, value, i) => {
        const total = u1 * u2 * value + 0.5;
        return (product * Math.exp(-(c[i] ** 2) / total / 2)) / Math.sqrt(2 * Math.PI * total);
      }, 1);
    });
    const mean = likelihoods.reduce((sum, value) => sum + value, 0) / likelihoods.length;
    const square = likelihoods.reduce((sum, value) => sum + (value - mean) ** 2, 0) / likelihoods.length;
    const stderr = Math.sqrt(square / likelihoods.length);
    const { logEvidence } = await exact(problem);
    expect(stderr / mean).toBeLessThan(0.02);
    expect(Math.abs(Math.exp(logEvidence) - mean)).toBeLessThan(4 * stderr);
  });

  it('of wide networks is that of the Gaussian process, also outside the range of the kernel', async () => {
    const problem = problemOf({ P: 20, N0: 9, widths: [1e7], temperature: 0.4 });
    const { values, c } = spectrumOf(problem);
    const gaussian = values.reduce((sum, value, i) => {
      const total = 1.21 * value + 0.4;
      return sum - 0.5 * (Math.log(2 * Math.PI * total) + c[i] ** 2 / total);
    }, 0);
    expect((await exact(problem)).logEvidence).toBeCloseTo(gaussian, 4);
  });
});

describe('the saddle point', () => {
  it.each([1, 2, 3])('is off by O(1/N) at L = %i', async (L) => {
    const scaledErrors: number[] = [];
    for (const N of [30, 120, 480]) {
      // The same load and the same r_0 at every size.
      const P = (2 * N) / 3;
      const X = matrix(P, P);
      for (let i = 0; i < P; i++) X.data[i * (P + 1)] = Math.sqrt(P);
      const problem = {
        X,
        y: new Float64Array(P).fill(1.3),
        widths: new Array<number>(L).fill(N),
        sigma: 1,
        temperature: 0,
      };
      const [{ G }, saddle] = await Promise.all([exact(problem), solveBpkr(problem, { linalg })]);
      scaledErrors.push(N * (G[L - 1] / saddle.G[L - 1].data[0] - 1));
    }
    expect(scaledErrors[2]).toBeGreaterThan(0.2);
    expect(Math.abs(scaledErrors[1] / scaledErrors[2] - 1)).toBeLessThan(0.03);
    expect(Math.abs(scaledErrors[0] / scaledErrors[2] - 1)).toBeLessThan(0.12);
  });

  it.each([0, 0.2])('and the exact posterior share their wide limit in everything, T = %f', async (temperature) => {
    const problem = problemOf({ widths: [1e6, 2e6], temperature });
    const prepared = await prepareBpkr(problem, { linalg });
    const saddle = await solvePreparedBpkr(prepared, problem);
    const finite = await exact(problem);
    expect(distance(finite.predictor.mean.data, saddle.predictor.mean.data)).toBeLessThan(1e-5);
    expect(distance(finite.predictor.variance.data, saddle.predictor.variance.data)).toBeLessThan(1e-4);
    expect(finite.trainError).toBeCloseTo(saddle.trainError, 5);
    expect(finite.layerNormExcess).toBeCloseTo(saddle.layerNormExcess, 4);
    const [grams, exactGrams] = [layerGrams(prepared, problem, saddle), await exactLayerGrams(prepared, problem)];
    for (const [t, gram] of grams.entries()) expect(distance(gram.data, exactGrams[t].data)).toBeLessThan(1e-4);
  });
});

describe('layer Gram matrices', () => {
  const problem = problemOf({ outputs: 2, temperature: 0.1, widths: [6, 10] });

  it('on test inputs that repeat the training inputs repeat theirs', async () => {
    const doubled = { ...problem, test: { X: problem.X } };
    const prepared = await prepareBpkr(doubled, { linalg });
    const solution = await solvePreparedBpkr(prepared, doubled);
    const plain = layerGrams(prepared, doubled, solution);
    const joint = layerGrams(prepared, doubled, solution, { withTest: true });
    for (const [t, gram] of joint.entries()) {
      expect(gram.rows).toBe(24);
      for (let i = 0; i < 24; i++) {
        for (let j = 0; j < 24; j++) {
          expect(gram.data[i * 24 + j]).toBeCloseTo(plain[t].data[(i % 12) * 12 + (j % 12)], 10);
        }
      }
    }
  });

  it('at T = 0 follow equation (7) with F = Y', async () => {
    const cold = { ...problem, temperature: 0 };
    const prepared = await prepareBpkr(cold, { linalg });
    const solution = await solvePreparedBpkr(prepared, cold);
    let gram = linalg.syrk(cold.X, { alpha: 1 / 16 });
    for (const [layer, N] of [
      [1, 10],
      [0, 6],
    ]) {
      const inverse = linalg.choleskyInverse(linalg.cholesky(solution.G[layer]));
      const spike = linalg.gemm(linalg.gemm(cold.y, inverse), cold.y, { transB: true });
      gram = matrix(
        12,
        12,
        gram.data.map((value, at) => 1.21 * (1 - 2 / N) * value + spike.data[at] / N),
      );
      expect(distance(layerGrams(prepared, cold, solution)[layer].data, gram.data)).toBeLessThan(1e-10);
    }
  });

  it('without targets and with wide layers are those of the prior', async () => {
    const silent = { ...problem, y: new Float64Array(12), widths: [1e7, 1e7] };
    const prepared = await prepareBpkr(silent, { linalg });
    const [top] = await exactLayerGrams(prepared, silent);
    const inputs = linalg.syrk(silent.X, { alpha: 1.21 ** 2 / 16 });
    expect(distance(top.data, inputs.data)).toBeLessThan(1e-5);
  });
});

it('takes any number of test inputs, none too', async () => {
  const { test: _, ...problem } = problemOf();
  const { predictor, trainError } = await exact(problem);
  expect(predictor.mean.rows).toBe(0);
  expect(trainError).toBeCloseTo(0, 12);
  const many = gaussianMatrix(createRandom(4), 300, 16);
  expect((await exact({ ...problem, test: { X: many } })).predictor.variance.rows).toBe(300);
});
