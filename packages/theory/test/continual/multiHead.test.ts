import { createRandom } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { solveBpkr } from '../../src/bpkr/index.ts';
import {
  type MultiHeadProblem,
  multiHeadLimit,
  multiHeadOrderParameters,
  multiHeadPredictor,
  multiHeadShortcut,
  solveMultiHead,
  transitionExcess,
} from '../../src/continual/index.ts';
import { backends, distance, gaussianMatrix } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;

describe('the saddle of a second head', () => {
  const frozen = { alpha: 0.6, sigma2: 1.3, w2: 0.7, rho: 0.6, Q: 0.8 };
  const good = { alpha: 3, sigma2: 1, w2: 3, rho: 0.9, Q: 3 };
  const bad = { alpha: 2, sigma2: 1, w2: 2, rho: 0.1, Q: 2 };

  it.each([
    ['frozen', frozen],
    ['good', good],
  ] as const)('tends to the phase %s as λ grows', (phase, setting) => {
    const limit = multiHeadLimit(setting);
    expect(limit.phase).toBe(phase);
    const far = solveMultiHead({ ...setting, lambda: 1e8 });
    expect(far.u / limit.value).toBeCloseTo(1, phase === 'frozen' ? 6 : 3);
  });

  it('grows like √λ in the phase bad, and its overlap with the first head vanishes', () => {
    const limit = multiHeadLimit(bad);
    expect(limit.phase).toBe('bad');
    const [near, far] = [1e8, 1e10].map((lambda) => solveMultiHead({ ...bad, lambda }));
    expect(far.u / near.u).toBeCloseTo(10, 1);
    expect(far.u / Math.sqrt(1e10) / limit.value).toBeCloseTo(1, 2);
    expect(far.cosSquared).toBeLessThan(1e-3);
  });

  it('does not know the first head where w = 0', () => {
    const some = { alpha: 1.5, sigma2: 1, w2: 0, Q: 1.2, lambda: 50 };
    const [one, two] = [solveMultiHead({ ...some, rho: 0 }), solveMultiHead({ ...some, rho: 0.9 })];
    expect(two.u).toBeCloseTo(one.u, 10);
    expect(two.cosSquared).toBeCloseTo(one.cosSquared, 10);
  });

  it.each([2, 3])('goes over to ρ = 0, where the head takes a share of the old one, at load %d', (alpha) => {
    const some = { alpha, sigma2: 1, w2: alpha / 10, Q: 2, lambda: 40 };
    const [nearly, none] = [solveMultiHead({ ...some, rho: 1e-5 }), solveMultiHead({ ...some, rho: 0 })];
    expect(none.u).toBeCloseTo(nearly.u, 3);
    expect(none.cosSquared).toBeCloseTo(nearly.cosSquared, 3);
    expect(none.cosSquared).toBeGreaterThan(0.01);
    expect(none.cosine).toBe(0);
  });

  it.each([0.3, 1, 1.7, 4])('has 0 ≤ c² ≤ 1 at load %d, of the sign of ρ', (alpha) => {
    for (const rho of [-0.95, -0.4, 0.2, 0.7, 0.99]) {
      for (const lambda of [0.1, 10, 1e3, 1e6]) {
        const { cosSquared, cosine, u } = solveMultiHead({ alpha, sigma2: 1, w2: alpha, rho, Q: alpha, lambda });
        expect(cosSquared).toBeGreaterThanOrEqual(0);
        expect(cosSquared).toBeLessThanOrEqual(1);
        expect(Math.sign(cosine)).toBe(Math.sign(rho));
        expect(u).toBeGreaterThan(0);
      }
    }
  });

  it('is good where the first head says all: u = Q/|w|²', () => {
    const limit = multiHeadLimit({ ...good, rho: 1 });
    expect(limit).toMatchObject({ phase: 'good', value: 1 });
    expect(transitionExcess({ ...good, alpha: 0.9 })).toBeUndefined();
  });

  it('has a phase boundary that the spectrum of a random layer shows', () => {
    const overlapAt = (rho: number) => {
      const setting = { alpha: 3, sigma2: 1, w2: 3, rho, Q: 3 };
      const draws = Array.from({ length: 4 }, (_, k) =>
        multiHeadShortcut(setting, 200, createRandom('shortcut').stream(`${rho}/${k}`), linalg),
      );
      return draws.reduce((sum, { cosSquared }) => sum + cosSquared / draws.length, 0);
    };
    // The boundary is at ρ = 3^(−1/4) = 0.760 here.
    expect(overlapAt(0.5)).toBeLessThan(0.08);
    expect(Math.abs(overlapAt(0.9) - solveMultiHead({ ...good, lambda: 1e9 }).cosSquared)).toBeLessThan(0.05);
  });

  it('says how wide networks must be: the scatter of what random layers oppose to the old head', () => {
    const setting = { alpha: 3, sigma2: 1, w2: 3, rho: 0.6, Q: 3, lambda: 10 };
    const { zeta, phi0, crossoverWidth } = solveMultiHead(setting);
    const kept = 10 / 11;
    const [N, P] = [60, 180];
    // A = λ̃²wᵀR(ζ)w − ζ by its definition, w along the first axis.
    const opposed = Array.from({ length: 300 }, (_, k) => {
      const rng = createRandom('layers').stream(k);
      const G = matrix(P, N - 1, rng.fillGaussian(new Float64Array(P * (N - 1)), kept / Math.sqrt(N)));
      const inner = linalg.syrk(G, { trans: true });
      for (let i = 0; i < N - 1; i++) inner.data[i * N] -= zeta;
      const first = matrix(N - 1, 1, G.data.slice(0, N - 1));
      const seen = linalg.choleskySolve(linalg.cholesky(inner), first).data;
      const explained = first.data.reduce((sum, g, i) => sum + g * seen[i], 0);
      return kept * kept * 3 * (1 - explained) - zeta;
    });
    const mean = opposed.reduce((sum, a) => sum + a, 0) / 300;
    const variance = opposed.reduce((sum, a) => sum + (a - mean) ** 2, 0) / 299;
    expect(mean).toBeCloseTo(kept * kept * 3 * phi0 - zeta, 1);
    // The variance of 300 draws has a standard error of 8 %.
    expect(Math.abs((N * variance) / mean ** 2 / crossoverWidth - 1)).toBeLessThan(0.25);
  });

  it('asks in C for widths that grow like √λ, in B for no more, and for none where w = 0', () => {
    const widthAt = (some: typeof good, lambda: number) => solveMultiHead({ ...some, lambda }).crossoverWidth;
    expect(widthAt(bad, 1e10) / widthAt(bad, 1e8)).toBeCloseTo(10, 0);
    expect(widthAt(good, 1e8) / widthAt(good, 1e6)).toBeCloseTo(1, 2);
    expect(widthAt({ ...bad, w2: 0 }, 100)).toBe(0);
  });

  it('names numbers out of range', () => {
    expect(() => solveMultiHead({ ...good, lambda: 0 })).toThrow(/lambda is 0/);
    expect(() => solveMultiHead({ ...good, lambda: 1, rho: 1.2 })).toThrow(/rho is 1.2.*cosine/);
    expect(() => multiHeadLimit({ ...good, w2: Number.NaN })).toThrow(/w2 is NaN/);
    expect(() => multiHeadShortcut(good, 1, createRandom(1), linalg)).toThrow(/width is 1/);
  });
});

describe('two tasks with a head each', () => {
  const rng = createRandom('two heads');
  const [P, N0, width] = [12, 20, 30];
  const X = gaussianMatrix(rng.stream('X'), P, N0);
  const y = rng.stream('y').fillGaussian(new Float64Array(P));
  const one = { X, y };
  const other = {
    X: gaussianMatrix(rng.stream('X2'), P, N0),
    y: rng.stream('y2').fillGaussian(new Float64Array(P)),
  };
  const setting = { width, sigma2: 1.1, lambda: 50 };

  it('a repeated task has full overlap, and is predicted without error on its inputs', async () => {
    const found = await multiHeadPredictor({ tasks: [one, one], ...setting }, X, { linalg });
    expect(found.gammaFeature).toBeCloseTo(1, 10);
    expect(found.gammaDirection).toBeCloseTo(1, 10);
    expect(distance(found.mean, y)).toBeLessThan(1e-10);
    expect(Math.max(...found.variance)).toBeLessThan(1e-10);
  });

  it('depends on the targets through Q and q1 alone', async () => {
    const scaledTask = { X: other.X, y: other.y.map((value) => 3 * value) };
    const plain = await multiHeadOrderParameters({ tasks: [one, other], ...setting }, { linalg });
    const louder = await multiHeadOrderParameters({ tasks: [one, scaledTask], ...setting }, { linalg });
    expect(louder.setting.Q).toBeCloseTo(9 * plain.setting.Q, 10);
    expect(louder.setting.rho).toBeCloseTo(plain.setting.rho, 10);
    expect(louder.u1).toBe(plain.u1);
  });

  it.each([0.3, 1, 2.5])('has the first head of a deep linear network at T = 0 with σ² = %f', async (sigma2) => {
    const found = await multiHeadOrderParameters({ tasks: [one, other], ...setting, sigma2 }, { linalg });
    const alone = await solveBpkr({ ...one, widths: [width], sigma: Math.sqrt(sigma2), temperature: 0 }, { linalg });
    expect(found.u1 / alone.G[0].data[0]).toBeCloseTo(1, 9);
  });

  it('refuses a task of more inputs than N0', async () => {
    const large = { X: matrix(N0 + 1, N0), y: new Float64Array(N0 + 1) };
    await expect(multiHeadOrderParameters({ tasks: [one, large], ...setting }, { linalg })).rejects.toThrow(
      /task 2 has 21 inputs of 20 numbers.*P ≤ N0/,
    );
  });
});

describe('the first head after the second task', () => {
  const rng = createRandom('first head');
  const [P, N0, width, sigma2, lambda] = [10, 40, 8, 1.3, 20];
  const half = (name: string, from: number) => {
    const X = gaussianMatrix(rng.stream(name), P, N0);
    return matrix(
      P,
      N0,
      X.data.map((x, k) => (k % N0 >= from && k % N0 < from + 20 ? x : 0)),
    );
  };
  const task = (name: string, from: number) => ({
    X: half(name, from),
    y: rng.stream(`y ${name}`).fillGaussian(new Float64Array(P)),
  });
  const [one, two] = [task('one', 0), task('two', 20)];
  const after = (tasks: MultiHeadProblem['tasks'], stiffness: number) =>
    multiHeadPredictor({ tasks, width, sigma2, lambda: stiffness }, one.X, { linalg });
  const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0) / values.length;

  it('loses to an unrelated task what its weights lose, and their fluctuation', async () => {
    const { firstHeadChange, forgetting, u1 } = await after([one, two], lambda);
    const precision = lambda + 1 / sigma2;
    expect(
      distance(
        firstHeadChange,
        one.y.map((y) => (lambda / precision - 1) * y),
      ),
    ).toBeLessThan(1e-12);
    const size = one.X.data.reduce((sum, x) => sum + (x * x) / N0, 0) / P;
    expect(forgetting).toBeCloseTo(square(firstHeadChange) + (u1 * size) / precision, 12);
  });

  it('is told the same again at no cost, the less the stiffer', async () => {
    const [loose, stiff] = [await after([one, one], 1e2), await after([one, one], 1e4)];
    expect(stiff.forgetting).toBeLessThan(0.03 * loose.forgetting);
    expect(stiff.forgetting).toBeGreaterThan(0);
  });

  it('forgets no less than its mean changes, and does not ask in what basis task 2 is given', async () => {
    const mixed = { X: gaussianMatrix(rng.stream('mixed'), P, N0), y: two.y };
    const plain = await after([one, mixed], lambda);
    expect(plain.forgetting).toBeGreaterThan(square(plain.firstHeadChange));
    const mix = gaussianMatrix(rng.stream('mix'), P, P);
    const turned = { X: linalg.gemm(mix, mixed.X), y: linalg.gemm(mix, matrix(P, 1, mixed.y)).data };
    const other = await after([one, turned], lambda);
    expect(other.forgetting / plain.forgetting).toBeCloseTo(1, 9);
    expect(distance(other.firstHeadChange, plain.firstHeadChange)).toBeLessThan(1e-8);
  });
});
