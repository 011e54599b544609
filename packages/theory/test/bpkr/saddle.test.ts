import { createRandom, type Warning } from '@ggdln/core';
import { add, identity, matrix, maxAbs, selectMatrixRows, trace, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type BpkrProblem, prepareBpkr, solveBpkr, solvePreparedBpkr } from '../../src/bpkr/index.ts';
import { solveGgdln } from '../../src/index.ts';
import { distance, orthogonalMatrix, rotate, scaled } from '../helpers.ts';
import { linalg, overlapOf, problemOf } from './problems.ts';

const solve = (problem: BpkrProblem) => solveBpkr(problem, { linalg });

/** Residual of equation (6) with dense matrices, and the largest commutator of G and Γ. */
function equationSix(problem: BpkrProblem & { y: ReturnType<typeof matrix> }, G: ReturnType<typeof matrix>) {
  const { X, y, widths, sigma, temperature } = problem;
  const C = y.cols;
  const { values, vectors } = linalg.symmetricEigen(linalg.syrk(X, { alpha: sigma ** 2 / X.cols }));
  const c = linalg.gemm(vectors, y, { transA: true });
  let gamma = matrix(C, C);
  for (let i = 0; i < values.length; i++) {
    const M = linalg.choleskyInverse(linalg.cholesky(add(scaled(G, values[i]), identity(C, temperature))));
    const Mc = linalg.gemm(M, selectMatrixRows(c, [i]), { transB: true });
    gamma = add(gamma, add(M, linalg.syrk(Mc), 1, -1), 1, values[i]);
  }
  const product = widths.reduce(
    (total, N) => linalg.gemm(total, add(identity(C), linalg.gemm(gamma, G), 1, -1 / N)),
    identity(C, sigma ** (2 * widths.length)),
  );
  const both = linalg.gemm(gamma, G);
  return { residual: maxAbs(add(product, G, 1, -1)), commutator: maxAbs(add(both, transpose(both), 1, -1)) };
}

describe('several outputs', () => {
  it.each([
    ['two', problemOf({ outputs: 2, temperature: 0.1 })],
    ['three, narrow, P > N0', problemOf({ outputs: 3, P: 20, N0: 9, widths: [6, 8, 5], temperature: 0.4 })],
    ['two, with targets as large as the bistable ones', problemOf({ outputs: 2, P: 4, scale: 300, temperature: 300 })],
  ])('%s: solve equation (6), and G commutes with Γ', async (_, problem) => {
    const { G, residual } = await solve(problem);
    const G1 = G[problem.widths.length - 1];
    const dense = equationSix(problem, G1);
    expect(residual).toBeLessThan(1e-9);
    expect(dense.residual / maxAbs(G1)).toBeLessThan(1e-8);
    expect(dense.commutator).toBeLessThan(1e-8);
  });

  it('at T = 0 share the eigenvectors of R_0, each with its own equation of one output', async () => {
    const problem = problemOf({ outputs: 3 });
    const { G } = await solve(problem);
    const { vectors } = linalg.symmetricEigen(overlapOf(problem));
    const turned = rotate(G[1], vectors, linalg);
    for (let a = 0; a < 3; a++) {
      const y = linalg.gemm(
        problem.y,
        matrix(
          3,
          1,
          Float64Array.from({ length: 3 }, (_, b) => vectors.data[b * 3 + a]),
        ),
      );
      expect(turned.data[4 * a]).toBeCloseTo((await solve({ ...problem, y })).G[1].data[0], 11);
      expect(Math.abs(turned.data[3 * a + ((a + 1) % 3)])).toBeLessThan(1e-11);
    }
  });

  it('that share no input directions are independent at T > 0 too', async () => {
    const problem = problemOf({ outputs: 2, temperature: 0.2 });
    const { vectors } = linalg.symmetricEigen(linalg.syrk(problem.X));
    const y = matrix(12, 2);
    for (let mu = 0; mu < 12; mu++) {
      for (let i = 0; i < 12; i++) y.data[2 * mu + (i % 2)] += (1 + i / 5) * vectors.data[12 * mu + i];
    }
    const { G } = await solve({ ...problem, y });
    const column = (a: number) => Float64Array.from({ length: 12 }, (_, mu) => y.data[2 * mu + a]);
    for (const a of [0, 1]) {
      expect(G[1].data[3 * a]).toBeCloseTo((await solve({ ...problem, y: column(a) })).G[1].data[0], 9);
    }
    expect(Math.abs(G[1].data[1])).toBeLessThan(1e-9);
  });

  it('are continuous at T → 0', async () => {
    for (const problem of [problemOf({ outputs: 2 }), problemOf({ outputs: 2, P: 20, N0: 9 })]) {
      const [zero, small] = [await solve(problem), await solve({ ...problem, temperature: 1e-9 })];
      expect(distance(zero.G[1].data, small.G[1].data)).toBeLessThan(1e-6);
      expect(distance(zero.predictor.mean.data, small.predictor.mean.data)).toBeLessThan(1e-6);
      expect(distance(zero.predictor.covariance.data, small.predictor.covariance.data)).toBeLessThan(1e-6);
    }
  });

  it('linearly dependent ones on a narrow layer: the missing direction is switched off, with a warning', async () => {
    const one = problemOf({ widths: [5, 9] });
    const y = matrix(
      12,
      2,
      Float64Array.from({ length: 24 }, (_, at) => (at % 2 ? -1 : 1) * one.y.data[at >> 1]),
    );
    const warnings: Warning[] = [];
    const options = { linalg, onWarning: (warning: Warning) => warnings.push(warning) };
    const { G, predictor } = await solveBpkr({ ...one, y }, options);
    expect(G[1].data[0] + G[1].data[1]).toBeCloseTo(0, 12);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^1 of 2 directions of the outputs have zero targets on 12 independent inputs and a layer of 5/,
      ),
    ]);
    expect(predictor.mean.data[0]).toBeCloseTo((await solve(one)).predictor.mean.data[0], 11);
  });
});

describe('agrees with the gated theory at one gate', () => {
  it.each([
    ['one layer', { widths: [20] }],
    ['three unequal layers, T > 0', { widths: [15, 30, 22], temperature: 0.3 }],
    ['two outputs', { outputs: 2, temperature: 0.05 }],
    ['two outputs, T = 0', { outputs: 2 }],
    ['P > N0', { P: 20, N0: 9, temperature: 0.1 }],
  ])('%s', async (_, options) => {
    const problem = problemOf(options);
    const on = (rows: number) => problem.widths.map(() => matrix(rows, 1, new Float64Array(rows).fill(1)));
    const gated = await solveGgdln(
      { ...problem, gates: on(problem.X.rows), test: { X: problem.test.X, gates: on(4) } },
      { linalg, tolerance: 1e-11 },
    );
    const { G, predictor, saddles } = await solve(problem);
    for (const [t, U] of gated.U.entries()) expect(distance(U.data, G[t].data)).toBeLessThan(1e-8);
    expect(distance(gated.predictor.mean.data, predictor.mean.data)).toBeLessThan(1e-8);
    expect(distance(gated.predictor.variance.data, predictor.variance.data)).toBeLessThan(1e-8);
    expect(saddles).toHaveLength(1);
  });
});

describe('limits', () => {
  const targets = problemOf({ temperature: 0.1 });

  it('wide layers: u_l → σ²', async () => {
    const { U } = await solve({ ...targets, widths: [1e9, 1e9] });
    for (const u of U) expect(u.data[0]).toBeCloseTo(1.21, 7);
  });

  it('T → ∞: the prior', async () => {
    const { U, predictor } = await solve({ ...targets, temperature: 1e9 });
    for (const u of U) expect(u.data[0]).toBeCloseTo(1.21, 6);
    expect(maxAbs(predictor.mean)).toBeLessThan(1e-6);
    const square = targets.test.X.data.slice(0, 16).reduce((sum, x) => sum + x * x, 0);
    expect(predictor.variance.data[0]).toBeCloseTo((1.21 ** 3 * square) / 16, 5);
  });

  it('Y = 0 at T = 0: u_l = σ²(1 − p/N_l), or nothing at all from p ≥ min N_l', async () => {
    const silent = { ...targets, temperature: 0, y: new Float64Array(12) };
    const { U } = await solve({ ...silent, widths: [16, 40] });
    expect(U.map((u) => u.data[0])).toEqual(
      [1.21 * (1 - 12 / 16), 1.21 * (1 - 12 / 40)].map((u) => expect.closeTo(u, 12)),
    );
    const collapsed = await solve({ ...silent, widths: [40, 12] });
    expect(collapsed.G[1].data[0]).toBe(0);
    expect(maxAbs(collapsed.predictor.variance)).toBe(0);
    expect(collapsed.warnings[0].code).toBe('collapsed-output');
  });

  it('T = 0: the mean interpolates, or fits in the least-squares sense, whatever the network', async () => {
    for (const [P, N0] of [
      [12, 16],
      [20, 9],
    ]) {
      const problem = problemOf({ P, N0 });
      const { predictor, trainError } = await solve({ ...problem, test: { X: problem.X } });
      const fit = linalg.gemm(problem.X, linalg.leastSquares(problem.X, problem.y));
      expect(distance(predictor.mean.data, fit.data)).toBeLessThan(1e-10);
      expect(maxAbs(predictor.variance)).toBeLessThan(1e-10);
      const rest = add(fit, problem.y, 1, -1).data.reduce((sum, value) => sum + value * value, 0) / P;
      expect(trainError).toBeCloseTo(rest, 10);
    }
  });
});

describe('symmetries', () => {
  const problem = problemOf({ outputs: 2, temperature: 0.1, widths: [15, 30] });

  it('inputs turned, examples and widths permuted: nothing changes', async () => {
    const O = orthogonalMatrix(createRandom(5), 16, linalg);
    const order = createRandom(6).permutation(12);
    const other = await solve({
      ...problem,
      X: selectMatrixRows(linalg.gemm(problem.X, O), order),
      y: selectMatrixRows(problem.y, order),
      test: { X: linalg.gemm(problem.test.X, O) },
      widths: [30, 15],
    });
    const { G, predictor } = await solve(problem);
    expect(distance(other.G[1].data, G[1].data)).toBeLessThan(1e-9);
    expect(distance(other.predictor.mean.data, predictor.mean.data)).toBeLessThan(1e-9);
    expect(distance(other.predictor.covariance.data, predictor.covariance.data)).toBeLessThan(1e-9);
  });

  it('targets turned: G and the mean turn with them', async () => {
    const O = orthogonalMatrix(createRandom(7), 2, linalg);
    const [a, b] = await Promise.all([solve(problem), solve({ ...problem, y: linalg.gemm(problem.y, O) })]);
    expect(distance(b.G[1].data, rotate(a.G[1], O, linalg).data)).toBeLessThan(1e-9);
    expect(distance(b.predictor.mean.data, linalg.gemm(a.predictor.mean, O).data)).toBeLessThan(1e-9);
  });
});

it('the action is stationary in each u_l, and the excess norm is N_l(u_l/σ² − 1) for every layer', async () => {
  const problem = problemOf({ temperature: 0.2, widths: [10, 25], P: 20, N0: 9 });
  const { U, saddles, layerNormExcess } = await solve(problem);
  const u = U.map((value) => value.data[0]);
  const { values, vectors } = linalg.symmetricEigen(linalg.syrk(problem.X, { alpha: 1.21 / 9 }));
  const c = linalg.gemm(vectors, problem.y, { transA: true }).data;
  const action = (u2: number, u1: number) =>
    5 * (u2 / 1.21 - Math.log(u2)) +
    12.5 * (u1 / 1.21 - Math.log(u1)) +
    values.reduce((sum, value, i) => {
      const total = u1 * u2 * value + 0.2;
      return sum + 0.5 * (Math.log(total) + c[i] ** 2 / total);
    }, 0);
  expect(saddles[0].action).toBeCloseTo(action(u[0], u[1]), 9);
  for (const [a, b] of [
    [1e-4, 0],
    [0, 1e-4],
  ]) {
    expect(Math.abs(action(u[0] + a, u[1] + b) - action(u[0] - a, u[1] - b)) / 2e-4).toBeLessThan(1e-5);
  }
  for (const [t, N] of problem.widths.entries()) expect(N * (u[t] / 1.21 - 1)).toBeCloseTo(layerNormExcess, 9);
});

it('three roots: all are returned by increasing action, with a warning', async () => {
  const X = matrix(1, 1, Float64Array.of(1));
  const y = Float64Array.of(670.820393);
  const { saddles, warnings, G } = await solve({ X, y, widths: [20, 20], sigma: 1, temperature: 300 });
  expect(saddles).toHaveLength(3);
  expect(saddles[0].action).toBeLessThan(saddles[1].action);
  expect(G[1].data[0]).toBeCloseTo(379.01130054, 6);
  expect(warnings[0].message).toMatch(/^the equations have 3 solutions, with actions 664\.61, 769\.09, 769\.23/);
});

it('two bistable outputs: each takes the root that it would take alone; all-low and all-high are found beside it', async () => {
  const X = identity(2, Math.sqrt(2));
  const alone = [670.820393, 536.656315];
  const y = matrix(2, 2, Float64Array.of(alone[0], 0, 0, alone[1]));
  const { G, saddles } = await solve({ X, y, widths: [20, 20], sigma: 1, temperature: 300 });
  const roots = [
    [379.011300543, 3.056506244, 6.304298276],
    [1.550857563, 97.324964679, 72.59691],
  ];
  // The second example of each output adds a little to its action, so that roots move in the fourth digit.
  expect(trace(G[1]) / (roots[0][0] + roots[1][0])).toBeCloseTo(1, 2);
  const traces = saddles.map(({ logG }) => logG.reduce((sum, value) => sum + Math.exp(value), 0));
  for (const sum of [roots[0][1] + roots[1][0], roots[0][0] + roots[1][1]]) {
    expect(traces.some((found) => Math.abs(found / sum - 1) < 0.02)).toBe(true);
  }
});

it('prepared data serve any setting', async () => {
  const problem = problemOf({ outputs: 2 });
  const prepared = await prepareBpkr(problem, { linalg });
  for (const setting of [
    { widths: [9], sigma: 0.8, temperature: 0.4 },
    { widths: [40, 20, 30], sigma: 1.3, temperature: 0 },
  ]) {
    expect(await solvePreparedBpkr(prepared, setting)).toEqual(await solve({ ...problem, ...setting }));
  }
});
