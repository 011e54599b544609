import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, hadamard, identity, type Matrix, matrix, maxAbs, toRows, trace } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type GgdlnProblem, ggdlnActionAt, infiniteWidthPredictor, oneGateLimit, solveGgdln } from '../src/index.ts';
import { distance, gaussianMatrix, orthogonalMatrix, randomProblem, rotate, scaled } from './helpers.ts';

// The identities of section 7 of the theory page, by its numbers.

const linalg = createMlMatrixBackend();
const options = { linalg, tolerance: 1e-11 };
const solve = (problem: GgdlnProblem) => solveGgdln(problem, options);
const depths = [
  { L: 1, gates: [3], widths: [30] },
  { L: 2, gates: [3, 2], widths: [30, 50] },
  { L: 3, gates: [2, 3, 2], widths: [60, 30, 45] },
];

describe('1: virial', () => {
  it.each(depths)('holds in the lowest and in the readout layer, L = $L', async ({ gates, widths }) => {
    const problem = randomProblem({ gates, widths });
    const { virial, U, effectiveDof, yKinvKKinvy } = await solve(problem);
    const readout = widths[0] * (trace(U[0]) / problem.sigma ** 2 - gates[0]) + effectiveDof - yKinvKKinvy;
    expect(Math.abs(virial)).toBeLessThan(1e-7);
    expect(Math.abs(readout)).toBeLessThan(1e-7);
    expect(effectiveDof).toBeGreaterThan(1);
  });

  it('takes its T = 0 form at full rank', async () => {
    const problem = randomProblem({ P: 18, N0: 12, temperature: 0 });
    const { U, yKinvy } = await solve(problem);
    expect(30 * (trace(U[0]) / problem.sigma ** 2 - 3)).toBeCloseTo(yKinvy - 18, 7);
  });
});

describe('2: infinite width', () => {
  it.each(depths)('U goes to powers of σ² and the predictor to the Gaussian process, L = $L', async ({ L, gates }) => {
    const problem = randomProblem({ gates, widths: gates.map(() => 1e8) });
    const { U, predictor } = await solve(problem);
    U.forEach((u, t) => {
      expect(distance(u.data, identity(u.rows, 1.1 ** (2 * (t + 1))).data)).toBeLessThan(1e-5);
    });
    expect(U).toHaveLength(L);
    const gp = await infiniteWidthPredictor(problem, { linalg });
    expect(distance(predictor.mean.data, gp.predictor.mean.data)).toBeLessThan(1e-5);
    expect(distance(predictor.variance.data, gp.predictor.variance.data)).toBeLessThan(1e-5);
  });

  it.each(depths)('the Gaussian process has the kernel σ^{2(L+1)} K0 ∘ Π ΦΦᵀ/M, L = $L', async ({ L, gates }) => {
    const problem = randomProblem({ gates, P: 12 });
    const all = gates.reduce(
      (kernel, count, t) => hadamard(kernel, linalg.syrk(problem.gates[t]), 1 / count),
      linalg.syrk(problem.X, { alpha: 1.1 ** (2 * (L + 1)) / 8 }),
    );
    const { kernel } = await ggdlnActionAt(problem, (await infiniteWidthPredictor(problem, { linalg })).U, { linalg });
    expect(distance(kernel.data, all.data)).toBeLessThan(1e-12);
  });

  it('has the stated first correction: its error falls by 100 when N grows tenfold', async () => {
    const errors = await Promise.all(
      [1e3, 1e4].map(async (N) => {
        const problem = randomProblem({ widths: [N] });
        const sigma2 = problem.sigma ** 2;
        const { gradients } = await ggdlnActionAt(problem, [identity(3, sigma2)], { linalg });
        const { U } = await solve(problem);
        // At U = σ²I the gradient is N/2 (A − B).
        return distance(
          U[0].data,
          gradients[0].data.map((g, i) => (i % 4 === 0 ? sigma2 : 0) - (sigma2 ** 2 * 2 * g) / N),
        );
      }),
    );
    expect(errors[0] / errors[1]).toBeGreaterThan(90);
    expect(errors[0] / errors[1]).toBeLessThan(110);
  });
});

describe('3: no data', () => {
  it.each(depths)('P = 0 gives the prior at any width, L = $L', async ({ L, gates, widths }) => {
    const { U, predictor, action, effectiveDof } = await solve(randomProblem({ P: 0, gates, widths }));
    U.forEach((u, t) => {
      expect(distance(u.data, identity(u.rows, 1.1 ** (2 * (t + 1))).data)).toBeLessThan(1e-12);
    });
    expect(maxAbs(predictor.mean)).toBe(0);
    expect(Math.min(...predictor.variance.data)).toBeGreaterThan(0);
    expect(effectiveDof).toBe(0);
    // Each layer contributes N_l D_l / 2.
    const sizes = gates.map((_, t) => gates.slice(0, t + 1).reduce((a, b) => a * b, 1));
    expect(action).toBeCloseTo(
      widths.reduce((sum, width, t) => sum + (width * sizes[t]) / 2, 0),
      9,
    );
    expect(U).toHaveLength(L);
  });
});

describe('4: one gate, T = 0', () => {
  const alwaysOn = (rows: number) => matrix(rows, 1, new Float64Array(rows).fill(1));
  const deepLinear = (widths: number[], outputs = 1) => {
    const problem = randomProblem({ P: 12, N0: 20, outputs, temperature: 0, widths });
    return {
      ...problem,
      gates: widths.map(() => alwaysOn(12)),
      test: { X: problem.test!.X, gates: widths.map(() => alwaysOn(5)) },
    };
  };

  it('U solves the quadratic and the mean does not depend on N', async () => {
    const solutions = await Promise.all([5, 15, 1000].map((N) => solve(deepLinear([N]))));
    for (const [k, width] of [5, 15, 1000].entries()) {
      const closed = await oneGateLimit({ ...deepLinear([width]), width }, { linalg });
      expect(solutions[k].U[0].data[0]).toBeCloseTo(closed.data[0], 8);
      expect(distance(solutions[k].predictor.mean.data, solutions[0].predictor.mean.data)).toBeLessThan(1e-9);
    }
    expect(Math.abs(solutions[0].U[0].data[0] - solutions[2].U[0].data[0])).toBeGreaterThan(0.05);
  });

  it('the mean does not depend on the widths of deeper networks either', async () => {
    const [a, b] = await Promise.all([solve(deepLinear([10, 20, 15])), solve(deepLinear([300, 30, 80]))]);
    expect(distance(a.predictor.mean.data, b.predictor.mean.data)).toBeLessThan(1e-9);
  });

  it('several outputs obey the quadratic as matrices', async () => {
    const problem = deepLinear([15], 3);
    const closed = await oneGateLimit({ ...problem, width: 15 }, { linalg });
    expect(distance((await solve(problem)).U[0].data, closed.data)).toBeLessThan(1e-8);
    expect(Math.abs(closed.data[1])).toBeGreaterThan(1e-3);
  });
});

describe('5: one-hot gates', () => {
  /** Each input opens one of three gates. */
  const oneHot = (rows: number) =>
    matrix(
      rows,
      3,
      Float64Array.from({ length: rows * 3 }, (_, i) => (i % 3 === Math.floor(i / 3) % 3 ? 1 : 0)),
    );
  const problem = (N: number): GgdlnProblem => {
    const base = randomProblem({ P: 24, N0: 10, widths: [N] });
    return { ...base, gates: [oneHot(24)], test: { X: base.test!.X, gates: [oneHot(5)] } };
  };

  it('the kernel reads off U, and what one gate learns reaches another at finite width only', async () => {
    const given = problem(12);
    const { U, kernelPrefactor } = await solve(given);
    const { kernel } = await ggdlnActionAt(given, U, { linalg });
    const [k, u, x] = [toRows(kernel), toRows(U[0]), toRows(linalg.syrk(given.X, { alpha: 0.1 }))];
    expect(k[4][9]).toBeCloseTo(kernelPrefactor * x[4][9] * u[1][0], 12);
    expect(Math.abs(u[0][1])).toBeGreaterThan(0.05);
    expect(Math.abs((await solve(problem(1e7))).U[0].data[1])).toBeLessThan(1e-5);
  });

  it('decouples only where inputs of different gates are orthogonal too', async () => {
    const given = problem(12);
    // Gate m's inputs live in coordinates of their own.
    const X = matrix(
      24,
      10,
      given.X.data.map((value, i) => ((i % 10) % 3 === Math.floor(i / 10) % 3 ? value : 0)),
    );
    const { U } = await solve({ ...given, X });
    expect(Math.max(...[1, 2, 5].map((i) => Math.abs(U[0].data[i])))).toBeLessThan(1e-12);
    // The problem of gate 0 alone, with the prefactor σ²/3 of the whole.
    const rows = Array.from({ length: 8 }, (_, k) => 3 * k);
    const alone = await solve({
      ...given,
      X: matrix(8, 10, Float64Array.from(rows.flatMap((mu) => [...X.data.subarray(mu * 10, mu * 10 + 10)]))),
      y: Float64Array.from(rows, (mu) => (given.y as Matrix).data[mu]),
      gates: [matrix(8, 1, new Float64Array(8).fill(Math.sqrt(1 / 3)))],
      test: { X: matrix(0, 10), gates: [matrix(0, 1)] },
    });
    expect(alone.U[0].data[0]).toBeCloseTo(U[0].data[0], 9);
  });
});

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

describe('several outputs (section 4)', () => {
  it('turning the targets turns means and U', async () => {
    const problem = randomProblem({ outputs: 3, gates: [2, 2], P: 10 });
    const R = orthogonalMatrix(createRandom(9), 3, linalg);
    const turned = { ...problem, y: linalg.gemm(problem.y as Matrix, R) };
    const [a, b] = await Promise.all([solve(problem), solve(turned)]);
    expect(distance(b.predictor.mean.data, linalg.gemm(a.predictor.mean, R).data)).toBeLessThan(1e-8);
    // U_2 has index (m, c): block (m, n) turns by R.
    const turn = matrix(6, 6);
    for (let i = 0; i < 36; i++) {
      const [row, col] = [Math.floor(i / 6), i % 6];
      if (Math.floor(row / 3) === Math.floor(col / 3)) turn.data[i] = R.data[(row % 3) * 3 + (col % 3)];
    }
    expect(distance(b.U[0].data, rotate(a.U[0], turn, linalg).data)).toBeLessThan(1e-8);
  });

  it('outputs are independent at infinite width', async () => {
    const problem = randomProblem({ outputs: 2 });
    const both = await infiniteWidthPredictor(problem, { linalg });
    const second = await infiniteWidthPredictor(
      { ...problem, y: (problem.y as Matrix).data.filter((_, i) => i % 2 === 1) },
      { linalg },
    );
    expect(
      distance(
        both.predictor.mean.data.filter((_, i) => i % 2 === 1),
        second.predictor.mean.data,
      ),
    ).toBeLessThan(1e-10);
  });

  it('the kernel is the one that section 4 writes, at two layers', async () => {
    const problem = randomProblem({ outputs: 2, gates: [2, 3], P: 5 });
    const U2 = linalg.syrk(gaussianMatrix(createRandom(3), 4, 8));
    const U1 = linalg.syrk(gaussianMatrix(createRandom(4), 12, 24));
    const { kernel, kernelPrefactor } = await ggdlnActionAt(problem, [U2, U1], { linalg });
    const [g2, g1, x, u] = [problem.gates[0], problem.gates[1], problem.X, U1].map(toRows);
    const entry = (mu: number, c: number, nu: number, d: number) => {
      let sum = 0;
      for (let m = 0; m < 6; m++) {
        for (let n = 0; n < 6; n++) {
          const [m2, m1, n2, n1] = [Math.floor(m / 3), m % 3, Math.floor(n / 3), n % 3];
          sum += u[(m2 * 2 + c) * 3 + m1][(n2 * 2 + d) * 3 + n1] * g2[mu][m2] * g1[mu][m1] * g2[nu][n2] * g1[nu][n1];
        }
      }
      return (kernelPrefactor * sum * x[mu].reduce((total, value, i) => total + value * x[nu][i], 0)) / 8;
    };
    expect(kernelPrefactor).toBeCloseTo(1.21 / 6, 12);
    const rows = toRows(kernel);
    expect(rows[2 * 2 + 1][4 * 2]).toBeCloseTo(entry(2, 1, 4, 0), 10);
    expect(rows[3 * 2][3 * 2 + 1]).toBeCloseTo(entry(3, 0, 3, 1), 10);
  });
});
