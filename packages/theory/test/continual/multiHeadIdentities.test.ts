import { createRandom } from '@ggdln/core';
import { add, inner, type Matrix, matrix, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type ContinualTask,
  type MultiHeadSetting,
  multiHeadLimit,
  multiHeadOrderParameters,
  multiHeadPredictor,
  pairForgetting,
  solveMultiHead,
  transitionExcess,
} from '../../src/continual/index.ts';
import { continualOrderParameters } from '../../src/continual/orderParameters.ts';
import { backends, distance, gaussianMatrix } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;

/** The Marchenko–Pastur law of GᵀG in units of σ²: Σ weight·f(x), x = α + 1 + 2√α cos θ, with the atom at 0 of α < 1. */
function overSpectrum(alpha: number, f: (x: number) => number): number {
  const count = 20_000;
  let sum = alpha < 1 ? (1 - alpha) * f(0) : 0;
  for (let k = 0; k < count; k++) {
    const theta = ((k + 0.5) * Math.PI) / count;
    const x = alpha + 1 + 2 * Math.sqrt(alpha) * Math.cos(theta);
    sum += ((2 * alpha * Math.sin(theta) ** 2) / (Math.PI * x)) * (Math.PI / count) * f(x);
  }
  return sum;
}

/** 𝒻(u, ζ) of the theory page, every part from the spectrum itself. */
function action({ alpha, sigma2, lambda, w2, rho, Q }: MultiHeadSetting, u: number, zeta: number): number {
  const hat = lambda + 1 / sigma2;
  const scale = sigma2 * (lambda / hat) ** 2;
  const W = w2 * (lambda / hat) ** 2;
  const phi0 = 1 - overSpectrum(alpha, (x) => (scale * x) / (scale * x - zeta)) / alpha;
  const phi = phi0 * (1 - rho * rho + (rho * rho) / (1 - (W * phi0) / zeta));
  const logs = overSpectrum(alpha, (x) => Math.log(scale * x - zeta));
  return u / sigma2 + (alpha - 1) * Math.log(u) + logs + hat * zeta + (hat * Q * phi) / u;
}

const settings: readonly MultiHeadSetting[] = [
  { alpha: 0.6, sigma2: 1.3, lambda: 8, w2: 0.7, rho: 0.6, Q: 0.8 },
  { alpha: 3, sigma2: 1, lambda: 10, w2: 3, rho: 0.9, Q: 3 },
  { alpha: 2, sigma2: 0.8, lambda: 5, w2: 2, rho: -0.3, Q: 2 },
  { alpha: 1.5, sigma2: 1, lambda: 20, w2: 2.5, rho: 0.5, Q: 1.2 },
];

describe.each(settings)('the saddle at α = $alpha, λ = $lambda, ρ = $rho', (setting) => {
  const { u, zeta } = solveMultiHead(setting);

  it('is stationary in the size and in the multiplier', () => {
    const at = (du: number, dzeta: number) => action(setting, u * (1 + du), zeta * (1 + dzeta));
    const h = 1e-4;
    for (const [du, dzeta] of [
      [h, 0],
      [0, h],
    ]) {
      expect(Math.abs(at(du, dzeta) - at(-du, -dzeta)) / (2 * h)).toBeLessThan(1e-5);
    }
    // Elsewhere it is not.
    expect(Math.abs(at(0.1 + h, 0) - at(0.1 - h, 0)) / (2 * h)).toBeGreaterThan(1e-2);
    expect(Math.abs(at(0, 0.1 + h) - at(0, 0.1 - h)) / (2 * h)).toBeGreaterThan(1e-3);
  });

  it('keeps ζ below the bulk of the spectrum and below its outlier', () => {
    const { alpha, sigma2, lambda, w2 } = setting;
    const kept = lambda / (lambda + 1 / sigma2);
    const edge = alpha <= 1 ? 0 : sigma2 * kept * kept * (Math.sqrt(alpha) - 1) ** 2;
    expect(zeta).toBeLessThan(edge);
    // An outlier is where λ̃²|w|²φ0(ζ) = ζ: not reached from below.
    const phi0 = 1 - overSpectrum(alpha, (x) => (sigma2 * kept * kept * x) / (sigma2 * kept * kept * x - zeta)) / alpha;
    expect(w2 * kept * kept * phi0 - zeta).toBeGreaterThan(0);
  });
});

describe('limits of the phases', () => {
  it('A: the head diverges as the load comes to 1', () => {
    const at = (alpha: number) => multiHeadLimit({ alpha, sigma2: 1, w2: 0.5, rho: 0.3, Q: 1 }).value;
    for (const gap of [1e-2, 1e-4]) expect(at(1 - gap / 10) / at(1 - gap)).toBeCloseTo(10, 0);
    expect(at(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('B: u goes as 1/ρ² for small ρ, and ρ = 0 is C', () => {
    const small = { alpha: 3, sigma2: 1, w2: 0.4, Q: 3 };
    expect(transitionExcess({ ...small, rho: 0 })).toBeLessThan(0);
    const at = (rho: number) => multiHeadLimit({ ...small, rho });
    expect(at(1e-3).phase).toBe('good');
    expect(at(1e-4).value / at(1e-3).value).toBeCloseTo(100, 2);
    expect(at(0).phase).toBe('bad');
  });

  it('the overlap falls continuously to 0 where B ends', () => {
    const edge = 3 ** -0.25;
    const overlap = (rho: number) => solveMultiHead({ alpha: 3, sigma2: 1, w2: 3, rho, Q: 3, lambda: 1e12 }).cosSquared;
    const above = [0.1, 0.03, 0.01, 0.003].map((gap) => overlap(edge + gap));
    for (let k = 1; k < above.length; k++) expect(above[k]).toBeLessThan(0.6 * above[k - 1]);
    expect(above[3]).toBeGreaterThan(1e-3);
    expect(overlap(edge - 0.01)).toBeLessThan(1e-3);
  });
});

describe('two tasks', () => {
  const rng = createRandom('multi-head identities');
  const [P, N0] = [12, 40];
  const task = (name: string, like?: Matrix): ContinualTask => {
    const own = gaussianMatrix(rng.stream(name), P, N0);
    return {
      X: like ? add(like, own, 1, 0.2) : own,
      y: rng.stream(`y ${name}`).fillGaussian(new Float64Array(P)),
    };
  };
  const one = task('one');
  const near = task('near', one.X);
  const gram = (a: ContinualTask, b: ContinualTask) => linalg.gemm(a.X, b.X, { transB: true, alpha: 1 / N0 });
  const setting = { width: 5, sigma2: 0.9, lambda: 50 };
  const solve = (two: ContinualTask, changes: object = {}) =>
    multiHeadOrderParameters({ tasks: [one, two], ...setting, ...changes }, { linalg });

  it.each([
    ['near', near],
    ['unrelated', task('far')],
  ])('%s: the data’s numbers are those of γ_feature, γ_rule and η', async (_, two) => {
    const pair = { K11: gram(one, one), K12: gram(one, two), K22: gram(two, two), y1: one.y, y2: two.y };
    const { feature, rule } = await continualOrderParameters(pair, { linalg });
    const found = await solve(two);
    const { width, sigma2 } = setting;
    const [alpha, q1] = [P / width, found.u1 ** 2 + sigma2 * (P / width - 1) * found.u1];
    const p1 = linalg.choleskySolve(linalg.cholesky(pair.K11), matrix(P, 1, one.y));
    const m = linalg.gemm(transpose(pair.K12), p1);
    const mKm = inner(m, linalg.choleskySolve(linalg.cholesky(pair.K22), m));
    expect(q1).toBeCloseTo(inner(matrix(P, 1, one.y), p1) / width, 9);
    expect(found.gammaFeature).toBeCloseTo(feature, 10);
    expect(found.signal * found.gammaDirection ** 2).toBeCloseTo((q1 / found.u1) * rule ** 2, 9);
    expect(found.setting.w2).toBeCloseTo(found.signal + sigma2 * alpha * (1 - feature), 10);
    const eta2 = mKm / (q1 * width);
    expect(transitionExcess(found.setting)).toBeCloseTo(
      (q1 / found.u1) * (eta2 - rule ** 2) + sigma2 * alpha * (1 - feature) - sigma2 * (alpha - Math.sqrt(alpha)),
      9,
    );
    if (multiHeadLimit(found.setting).phase === 'good') expect(feature).toBeGreaterThan(alpha ** -0.5);
  });

  it('on the same inputs with σ² = 1 and q1 = α the boundary is γ_rule² = α^(−1/2)', async () => {
    const [width, alpha] = [4, 3];
    const scaleTo = (y: Float64Array) => {
      const K = linalg.cholesky(gram(one, one));
      const q = inner(matrix(P, 1, y), linalg.choleskySolve(K, matrix(P, 1, y))) / width;
      return y.map((value) => value * Math.sqrt(alpha / q));
    };
    const first = scaleTo(one.y);
    const L = linalg.cholesky(gram(one, one));
    const white = linalg.triangularSolve(L, matrix(P, 1, first));
    const noise = linalg.triangularSolve(L, matrix(P, 1, scaleTo(near.y)));
    const size = Math.sqrt(inner(white, white));
    const across = add(noise, white, 1, -inner(noise, white) / size ** 2);
    const away = size / Math.sqrt(inner(across, across));
    const excessAt = async (gamma: number) => {
      const turned = add(white, across, gamma, away * Math.sqrt(1 - gamma * gamma));
      const tasks = [
        { X: one.X, y: first },
        { X: one.X, y: linalg.gemm(L, turned).data },
      ] as const;
      const found = await multiHeadOrderParameters({ tasks, width, sigma2: 1, lambda: 50 }, { linalg });
      return transitionExcess(found.setting) ?? Number.NaN;
    };
    expect(Math.abs(await excessAt(alpha ** -0.25))).toBeLessThan(1e-9);
    expect(await excessAt(0.8)).toBeLessThan(0);
    expect(await excessAt(0.7)).toBeGreaterThan(0);
  });

  it('targets s times as large have Q and q1 s² times as large', async () => {
    const louder = (some: ContinualTask) => ({ X: some.X, y: some.y.map((value) => 3 * value) });
    const q1 = (u1: number) => u1 ** 2 + setting.sigma2 * (P / setting.width - 1) * u1;
    const plain = await solve(near);
    const loud = await multiHeadOrderParameters({ tasks: [louder(one), louder(near)], ...setting }, { linalg });
    expect(loud.setting.Q / plain.setting.Q).toBeCloseTo(9, 9);
    expect(q1(loud.u1) / q1(plain.u1)).toBeCloseTo(9, 9);
    expect(loud.gammaDirection).toBeCloseTo(plain.gammaDirection, 10);
  });

  it('what hidden layers after task 1 say of task 2 has the size |w|² and the cosine ρ', async () => {
    // Many units, so that the sums over inputs that N divides are sharp; w needs the layer along the first head alone.
    const sizes = { examples: 150, inputs: 400, width: 60 };
    const X1 = gaussianMatrix(rng.stream('big'), sizes.examples, sizes.inputs);
    const X2 = add(X1, gaussianMatrix(rng.stream('big 2'), sizes.examples, sizes.inputs), 1, 0.5);
    const teacher = gaussianMatrix(rng.stream('teacher'), sizes.inputs, 1, 0.2);
    const [a, b] = [X1, X2].map((X) => ({ X, y: linalg.gemm(X, teacher).data }));
    const { setting: found, u1 } = await multiHeadOrderParameters(
      { tasks: [a, b], width: sizes.width, sigma2: 0.9, lambda: 50 },
      { linalg },
    );
    const K = (p: ContinualTask) => linalg.cholesky(linalg.gemm(p.X, p.X, { transB: true, alpha: 1 / sizes.inputs }));
    const [L1, L2] = [K(a), K(b)];
    const target = linalg.triangularSolve(L2, matrix(sizes.examples, 1, b.y));
    const draws = Array.from({ length: 40 }, (_, k) => {
      const free = gaussianMatrix(rng.stream(`layer ${k}`), sizes.inputs, 1, Math.sqrt(0.9));
      const wanted = matrix(
        sizes.examples,
        1,
        a.y.map((y) => y * Math.sqrt(sizes.inputs / u1)),
      );
      const missing = linalg.choleskySolve(L1, add(wanted, linalg.gemm(a.X, free), 1, -1));
      const row = add(free, linalg.gemm(a.X, missing, { transA: true }), 1, 1 / sizes.inputs);
      const seen = linalg.gemm(b.X, row, { alpha: 1 / Math.sqrt(sizes.width * sizes.inputs) });
      const w = linalg.triangularSolve(L2, seen);
      return { w2: inner(w, w), rho: inner(w, target) / Math.sqrt(inner(w, w) * inner(target, target)) };
    });
    for (const name of ['w2', 'rho'] as const) {
      const values = draws.map((draw) => draw[name]);
      const mean = values.reduce((sum, value) => sum + value / values.length, 0);
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const stderr = Math.sqrt(square / (values.length * (values.length - 1)));
      expect(Math.abs(mean - found[name])).toBeLessThan(4 * stderr);
      expect(stderr).toBeLessThan(0.01 * found[name]);
    }
    // Neither is trivial: part of w is signal, part noise.
    expect(found.rho).toBeGreaterThan(0.3);
    expect(found.rho).toBeLessThan(0.95);
  });

  it('fits task 2 whatever the phase; in C the variance elsewhere grows like √λ', async () => {
    const test = gaussianMatrix(rng.stream('test'), 3, N0);
    const far = task('far');
    const at = (two: ContinualTask, points: Matrix, lambda: number) =>
      multiHeadPredictor({ tasks: [one, two], ...setting, lambda }, points, { linalg });
    for (const two of [near, far]) {
      const own = await at(two, two.X, 1e4);
      expect(distance(own.mean, two.y)).toBeLessThan(1e-9);
      expect(Math.max(...own.variance)).toBeLessThan(1e-8);
    }
    expect(multiHeadLimit((await solve(far)).setting).phase).toBe('bad');
    const [low, high] = [await at(far, test, 1e6), await at(far, test, 1e8)];
    for (let i = 0; i < 3; i++) expect(high.variance[i] / low.variance[i]).toBeCloseTo(10, 0);
  });

  it('A: the first head changes ever less as λ grows', async () => {
    const change = async (lambda: number) => {
      const found = await multiHeadPredictor({ tasks: [one, near], ...setting, width: 40, lambda }, one.X, { linalg });
      return [Math.max(...found.firstHeadChange.map(Math.abs)), found.forgetting] as const;
    };
    const [loose, stiff] = [await change(1e3), await change(1e5)];
    for (const k of [0, 1]) expect(stiff[k] / loose[k]).toBeLessThan(0.02);
    expect(loose[0]).toBeGreaterThan(1e-4);
    const pair = { K11: gram(one, one), K12: gram(one, near), K22: gram(near, near), y1: one.y, y2: near.y };
    // One head for both would forget.
    expect((await pairForgetting(pair, { linalg })).forgetting).toBeGreaterThan(0.1);
  });
});
