import { createMlMatrixBackend, hadamard, identity, type Matrix, matrix, maxAbs, toRows, trace } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type GgdlnProblem, ggdlnActionAt, infiniteWidthPredictor, oneGateLimit, solveGgdln } from '../src/index.ts';
import { distance, randomProblem } from './helpers.ts';

// The identities of section 7 of the theory page, by its numbers: 1 to 5.

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
