import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix, maxAbs, toRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type GgdlnProblem, ggdlnActionAt, infiniteWidthPredictor, solveGgdln } from '../src/index.ts';
import { distance, orthogonalMatrix, randomProblem, rotate, scaled } from './helpers.ts';

// The identities of section 7 of the theory page, by its numbers: 6 to 10.

const linalg = createMlMatrixBackend();
const options = { linalg, tolerance: 1e-11 };
const solve = (problem: GgdlnProblem) => solveGgdln(problem, options);
const depths = [
  { L: 1, gates: [3], widths: [30] },
  { L: 2, gates: [3, 2], widths: [30, 50] },
  { L: 3, gates: [2, 3, 2], widths: [60, 30, 45] },
];

describe('6: mixing and scaling gates', () => {
  it('an orthogonal mixture of the gates turns U and changes nothing else', async () => {
    const problem = randomProblem({ gates: [4] });
    const O = orthogonalMatrix(createRandom(5), 4, linalg);
    const mixed: GgdlnProblem = {
      ...problem,
      gates: [linalg.gemm(problem.gates[0], O)],
      test: { X: problem.test!.X, gates: [linalg.gemm(problem.test!.gates[0], O)] },
    };
    const [a, b] = await Promise.all([solve(problem), solve(mixed)]);
    expect(distance(b.U[0].data, rotate(a.U[0], O, linalg).data)).toBeLessThan(1e-9);
    expect(b.action).toBeCloseTo(a.action, 9);
    expect(distance(a.predictor.mean.data, b.predictor.mean.data)).toBeLessThan(1e-9);
    expect(distance(a.predictor.variance.data, b.predictor.variance.data)).toBeLessThan(1e-9);
  });

  it.each([0, 1])('gates of layer %i times c are y/c and T/c²', async (layer) => {
    const c = 1.7;
    const problem = randomProblem({ gates: [3, 2] });
    const times = (list: readonly Matrix[]) => list.map((gates, t) => (t === layer ? scaled(gates, c) : gates));
    const a = await solve({
      ...problem,
      gates: times(problem.gates),
      test: { X: problem.test!.X, gates: times(problem.test!.gates) },
    });
    const b = await solve({
      ...problem,
      y: scaled(problem.y as Matrix, 1 / c),
      temperature: problem.temperature / c ** 2,
    });
    a.U.forEach((u, t) => {
      expect(distance(u.data, b.U[t].data)).toBeLessThan(1e-8);
    });
    expect(distance(a.predictor.mean.data, scaled(b.predictor.mean, c).data)).toBeLessThan(1e-9);
    expect(distance(a.predictor.variance.data, scaled(b.predictor.variance, c ** 2).data)).toBeLessThan(1e-9);
  });
});

describe('7: scaling with σ and y', () => {
  it.each(depths)('at T = 0, U/σ^{2(L−l+1)} depends on y/σ^{L+1} only, L = $L', async ({ L, gates, widths }) => {
    const a = randomProblem({ P: 14, N0: 20, gates, widths, temperature: 0, sigma: 1 });
    const b = { ...a, sigma: 1.4, y: scaled(a.y as Matrix, 1.4 ** (L + 1)) };
    const [one, other] = await Promise.all([solve(a), solve(b)]);
    one.U.forEach((u, t) => {
      expect(distance(u.data, scaled(other.U[t], 1.4 ** (-2 * (t + 1))).data)).toBeLessThan(1e-9);
    });
  });

  it('U does not feel the sign of y, the mean does', async () => {
    const problem = randomProblem({ gates: [3, 2] });
    const [a, b] = await Promise.all([solve(problem), solve({ ...problem, y: scaled(problem.y as Matrix, -1) })]);
    expect(distance(a.U[1].data, b.U[1].data)).toBeLessThan(1e-12);
    expect(distance(a.predictor.mean.data, scaled(b.predictor.mean, -1).data)).toBeLessThan(1e-12);
  });
});

describe('8: the monotone fixed point', () => {
  it.each([
    ...depths.map((depth) => ({ ...depth, scale: 1, temperature: 0.05, outputs: 1 })),
    { L: 1, gates: [3], widths: [3], scale: 10, temperature: 0, outputs: 1 },
    { L: 2, gates: [3, 2], widths: [8, 4], scale: 5, temperature: 0.01, outputs: 2 },
  ])('never increases S: L = $L, widths $widths, T = $temperature', async (given) => {
    const problem = randomProblem({ ...given, N0: 12 });
    let { U } = await infiniteWidthPredictor(problem, { linalg });
    const actions: number[] = [];
    for (let step = 0; step < 40; step++) {
      const at = await ggdlnActionAt(problem, U, { linalg });
      actions.push(at.action);
      U = at.nextU;
    }
    const rises = actions.slice(1).map((action, k) => action - actions[k]);
    expect(Math.max(...rises)).toBeLessThan(1e-11 * Math.abs(actions[0]));
    expect(actions[39]).toBeLessThan(actions[0] - 0.1);
  });

  it('a restart at the solution stays there', async () => {
    const problem = randomProblem({ gates: [3, 2] });
    const first = await solve(problem);
    const again = await solveGgdln(problem, { ...options, tolerance: 1e-10, initial: first.U });
    expect(again.iterations).toBe(0);
    const { nextU } = await ggdlnActionAt(problem, first.U, { linalg });
    nextU.forEach((u, t) => {
      expect(distance(u.data, first.U[t].data)).toBeLessThan(1e-10);
    });
  });
});

describe('9: a repeated gate', () => {
  const base = randomProblem({ gates: [3] });
  const repeat = (gates: Matrix) =>
    matrix(gates.rows, 4, Float64Array.from(toRows(gates).flatMap((row) => [...row, row[1]])));
  const problem: GgdlnProblem = {
    ...base,
    gates: [repeat(base.gates[0])],
    test: { X: base.test!.X, gates: [repeat(base.test!.gates[0])] },
  };

  it('full and reduced solver agree, and the unseen direction stays at σ²', async () => {
    const reduced = await solve(problem);
    const full = await solveGgdln(problem, { ...options, reduce: false });
    expect(distance(reduced.U[0].data, full.U[0].data)).toBeLessThan(1e-9);
    expect(reduced.action).toBeCloseTo(full.action, 8);
    expect(distance(reduced.predictor.variance.data, full.predictor.variance.data)).toBeLessThan(1e-9);
    const unseen = matrix(4, 1, Float64Array.of(0, 1, 0, -1));
    const image = linalg.gemm(reduced.U[0], unseen);
    expect(distance(image.data, scaled(unseen, problem.sigma ** 2).data)).toBeLessThan(1e-9);
  });

  it('solving in the row space as a problem of its own gives V, and S lower by N (D − R) / 2', async () => {
    const full = await solve(problem);
    const Q = linalg.qr(linalg.gemm(problem.gates[0], matrix(20, 3, base.gates[0].data), { transA: true })).q;
    // Gates FQ have the prefactor σ²/3 in place of σ²/4.
    const inRowSpace = (gates: Matrix) => scaled(linalg.gemm(gates, Q), Math.sqrt(3 / 4));
    const own = await solve({
      ...problem,
      gates: [inRowSpace(problem.gates[0])],
      test: { X: problem.test!.X, gates: [inRowSpace(problem.test!.gates[0])] },
    });
    expect(distance(own.U[0].data, rotate(full.U[0], Q, linalg).data)).toBeLessThan(1e-9);
    expect(full.action - own.action).toBeCloseTo((30 * (4 - 3)) / 2, 8);
    expect(distance(own.predictor.mean.data, full.predictor.mean.data)).toBeLessThan(1e-9);
  });

  it.each([
    { gates: [3, 3], outputs: 1 },
    { gates: [2, 2, 2], outputs: 1 },
    { gates: [2, 2], outputs: 2 },
  ])('gates $gates shared by all layers, $outputs outputs: both solvers agree', async ({ gates, outputs }) => {
    const one = randomProblem({ gates: [gates[0]], outputs });
    const shared: GgdlnProblem = {
      ...one,
      gates: gates.map(() => one.gates[0]),
      test: { X: one.test!.X, gates: gates.map(() => one.test!.gates[0]) },
      widths: gates.map((_, t) => 25 + 10 * t),
    };
    const [reduced, full] = await Promise.all([solve(shared), solveGgdln(shared, { ...options, reduce: false })]);
    reduced.U.forEach((u, t) => {
      expect(distance(u.data, full.U[t].data)).toBeLessThan(1e-8);
    });
    expect(reduced.action).toBeCloseTo(full.action, 8);
    expect(reduced.virial).toBeCloseTo(full.virial, 7);
    expect(distance(reduced.predictor.mean.data, full.predictor.mean.data)).toBeLessThan(1e-8);
    expect(distance(reduced.predictor.variance.data, full.predictor.variance.data)).toBeLessThan(1e-8);
  });
});

describe('10: stationarity', () => {
  it.each(depths)('holds in every layer separately, L = $L', async ({ gates, widths }) => {
    const problem = randomProblem({ gates, widths });
    const { U } = await solve(problem);
    const { gradients } = await ggdlnActionAt(problem, U, { linalg });
    const away = await ggdlnActionAt(
      problem,
      U.map((u, t) => scaled(u, 1.01 ** ((t + 1) ** 2))),
      { linalg },
    );
    gradients.forEach((gradient, t) => {
      // G U has the eigenvalues of ΛᵀGΛ.
      expect(maxAbs(linalg.gemm(gradient, U[t])) * (2 / widths[t])).toBeLessThan(1e-9);
      expect(maxAbs(linalg.gemm(away.gradients[t], U[t])) * (2 / widths[t])).toBeGreaterThan(1e-5);
    });
  });
});
