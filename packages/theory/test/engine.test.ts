import { createRandom } from '@ggdln/core';
import {
  add,
  createMlMatrixBackend,
  createWasmBackend,
  hadamard,
  identity,
  inner,
  type Matrix,
  matrix,
  maxAbs,
  scaleRows,
  trace,
} from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { inverseCurvature } from '../src/ggdln/curvature.ts';
import {
  createGgdlnAction,
  type GgdlnProblem,
  prepareGgdln,
  solveGgdln,
  solveGgdlnWidths,
  solvePreparedGgdln,
} from '../src/index.ts';
import { distance, gaussianMatrix, randomProblem } from './helpers.ts';

const linalg = createMlMatrixBackend();
const wasm = await createWasmBackend();

/** S and G of one hidden layer as section 2 writes them, with whole matrices. */
function plainAction(problem: GgdlnProblem, U: Matrix, outputs: number) {
  const { X, sigma, temperature } = problem;
  const [width] = problem.widths;
  const P = X.rows;
  const [layer] = problem.gates;
  const Phi = matrix(P * outputs, layer.cols * outputs);
  const K0 = matrix(P * outputs, P * outputs);
  const small = linalg.syrk(X, { alpha: 1 / X.cols });
  for (let i = 0; i < K0.rows; i++) {
    for (let m = 0; m < layer.cols; m++) {
      const value = layer.data[Math.floor(i / outputs) * layer.cols + m];
      Phi.data[i * Phi.cols + m * outputs + (i % outputs)] = value;
    }
    for (let j = 0; j < K0.cols; j++) {
      K0.data[i * K0.cols + j] = small.data[Math.floor(i / outputs) * P + Math.floor(j / outputs)];
    }
  }
  const s = sigma ** 2 / layer.cols;
  const K = hadamard(K0, linalg.gemm(linalg.gemm(Phi, U), Phi, { transB: true }), s);
  const factor = linalg.cholesky(add(K, identity(K.rows, temperature)));
  const y = matrix(K.rows, 1, (problem.y as Matrix).data);
  const H = linalg.choleskyInverse(factor);
  const beta = linalg.gemm(H, y);
  const half = linalg.cholesky(U);
  const inverse = linalg.choleskyInverse(half);
  const logdet = (l: Matrix) =>
    2 * Array.from({ length: l.rows }, (_, i) => Math.log(l.data[i * (l.rows + 1)])).reduce((a, b) => a + b, 0);
  const D = U.rows;
  const weighted = (inside: Matrix) => linalg.gemm(Phi, linalg.gemm(inside, Phi), { transA: true, alpha: s / width });
  const A = weighted(hadamard(H, K0));
  const B = weighted(scaleRows(linalg.gemm(K0, diagonal(beta)), beta.data));
  return {
    action:
      (width / 2) * (trace(U) / sigma ** 2 - logdet(half) + D * Math.log(sigma ** 2)) +
      0.5 * (logdet(factor) + inner(y, beta)),
    gradient: add(add(add(identity(D, sigma ** -2), inverse, 1, -1), add(A, B, 1, -1)), A, width / 2, 0),
  };
}

function diagonal(v: Matrix): Matrix {
  const out = matrix(v.rows, v.rows);
  for (let i = 0; i < v.rows; i++) out.data[i * (v.rows + 1)] = v.data[i];
  return out;
}

describe('createGgdlnAction', () => {
  it.each([
    // Several blocks of rows, the last one smaller; through the inputs, and through the examples.
    { P: 150, N0: 20, gates: [4], outputs: 1 },
    { P: 130, N0: 200, gates: [4], outputs: 1 },
    { P: 45, N0: 10, gates: [3], outputs: 3 },
    { P: 64, N0: 70, gates: [2], outputs: 1 },
  ])('is S and G of whole matrices: P = $P, N0 = $N0, $outputs outputs', async (given) => {
    const problem = randomProblem({ ...given, realGates: true, temperature: 0.3 });
    const size = given.gates[0] * given.outputs;
    const U = add(linalg.syrk(gaussianMatrix(createRandom(4), size, size), { alpha: 1 / size }), identity(size, 0.3));
    const plain = plainAction(problem, U, given.outputs);
    for (const backend of [linalg, wasm]) {
      const { evaluate } = await createGgdlnAction(problem, { linalg: backend });
      // The second value uses the memory of the first.
      evaluate([identity(size)]);
      const { action, gradients, residual } = evaluate([U]);
      expect(Math.abs(action / plain.action - 1)).toBeLessThan(1e-11);
      expect(distance(gradients[0].data, plain.gradient.data)).toBeLessThan(1e-10 * maxAbs(plain.gradient));
      expect(residual).toBeGreaterThan(0.01);
    }
  });

  it('names what can not be factorised, and goes on', async () => {
    const problem = randomProblem();
    const { evaluate } = await createGgdlnAction(problem, { linalg });
    const before = evaluate([identity(3)]).action;
    expect(() => evaluate([identity(3, -1)])).toThrow(/not positive definite/);
    expect(evaluate([identity(3)]).action).toBe(before);
  });
});

describe('the search in log U', () => {
  it('rests on a model of the curvature that it inverts', () => {
    const rng = createRandom(3);
    const B = linalg.syrk(gaussianMatrix(rng.stream('B'), 4, 4));
    const noise = gaussianMatrix(rng.stream('E'), 4, 4);
    const E = add(noise, { ...noise, data: noise.data.map((_, at) => noise.data[(at % 4) * 4 + Math.floor(at / 4)]) });
    const share = 0.3;
    const solved = inverseCurvature(B, share, linalg)(E);
    const sides = add(linalg.gemm(B, solved), linalg.gemm(solved, B), share, share);
    const along = (2 * (1 - share) * inner(B, solved)) / trace(B);
    const back = add(add(solved, sides), B, 1, along);
    expect(distance(back.data, E.data)).toBeLessThan(1e-12);
    expect(inverseCurvature(matrix(4, 4), share, linalg)(E).data).toEqual(E.data);
  });

  it.each([
    { P: 50, N0: 25, gates: [5], widths: [8], scale: 30, temperature: 0.01 },
    { N0: 30, gates: [4], widths: [1], scale: 10, temperature: 0.01 },
    { P: 100, N0: 50, gates: [10], widths: [3], sigma: 0.3, temperature: 0.001 },
    { P: 100, N0: 50, gates: [10], widths: [3], sigma: 3, temperature: 0.001 },
    { P: 40, N0: 20, gates: [6], widths: [20], scale: 0.01, temperature: 0.01 },
  ])('ends where the plain fixed point does, at once where that takes hundreds of steps: %o', async (given) => {
    const problem = randomProblem(given);
    const fast = await solveGgdln(problem, { linalg: wasm });
    expect(fast.evaluations).toBeLessThan(150);
    const plain = await solveGgdln(problem, {
      linalg: wasm,
      acceleration: false,
      maxIterations: 40_000,
      tolerance: 1e-7,
    });
    expect(Math.abs(fast.action / plain.action - 1)).toBeLessThan(1e-11);
    expect(distance(fast.U[0].data, plain.U[0].data)).toBeLessThan(1e-4 * maxAbs(plain.U[0]));
  });

  it('takes a handful of evaluations at ordinary sizes', async () => {
    const problem = randomProblem({ P: 100, N0: 80, gates: [10], widths: [100], temperature: 0.1 });
    const { evaluations, residual } = await solveGgdln(problem, { linalg: wasm, tolerance: 1e-8 });
    expect(evaluations).toBeLessThanOrEqual(9);
    expect(residual).toBeLessThan(1e-8);
  });
});

describe('solveGgdlnWidths', () => {
  it('gives the solutions of single solves in the order asked for, with less work', async () => {
    const problem = randomProblem({ P: 60, N0: 30, gates: [5], temperature: 0.1 });
    const widths = [30, 500, 10, 200, 60, 30, 100, 20].map((width) => [width]);
    const swept = await solveGgdlnWidths(problem, widths, { linalg: wasm });
    const alone = await Promise.all(widths.map((each) => solveGgdln({ ...problem, widths: each }, { linalg: wasm })));
    const total = (all: readonly { readonly evaluations: number }[]) =>
      all.reduce((sum, one) => sum + one.evaluations, 0);
    swept.forEach((solution, k) => {
      expect(distance(solution.U[0].data, alone[k].U[0].data)).toBeLessThan(1e-7);
      expect(distance(solution.predictor.mean.data, alone[k].predictor.mean.data)).toBeLessThan(1e-7);
    });
    expect(swept[5]).toBe(swept[0]);
    expect(total([...new Set(swept)])).toBeLessThan(0.7 * total(alone));
    expect(swept.map(({ reductions }) => reductions.warmStart)).toEqual([
      true,
      false,
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  it.each([
    [
      [40, 80],
      [20, 40],
      [10, 20],
    ],
    [
      [40, 80],
      [60, 20],
      [30, 30],
    ],
  ])('solves deeper networks, in proportion or not: %j, %j, %j', async (...widths) => {
    const problem = randomProblem({ gates: [2, 3], outputs: 2 });
    const swept = await solveGgdlnWidths(problem, widths, { linalg });
    for (const [k, each] of widths.entries()) {
      const alone = await solveGgdln({ ...problem, widths: each }, { linalg });
      expect(distance(swept[k].U[1].data, alone.U[1].data)).toBeLessThan(1e-6);
    }
  });

  it('takes three and a half evaluations a width where widths are many, each to its residual', async () => {
    const problem = randomProblem({ P: 100, N0: 80, gates: [8], temperature: 0.1 });
    const widths = Array.from({ length: 20 }, (_, k) => [Math.round(400 * 0.02 ** (k / 19))]);
    const swept = await solveGgdlnWidths(problem, widths, { linalg: wasm, tolerance: 1e-8 });
    for (const { residual } of swept) expect(residual).toBeLessThan(1e-8);
    expect(swept.reduce((sum, { evaluations }) => sum + evaluations, 0)).toBeLessThanOrEqual(70);
    const [narrowest] = widths.slice(-1);
    const alone = await solveGgdln({ ...problem, widths: narrowest }, { linalg: wasm, tolerance: 1e-11 });
    expect(distance(swept[19].U[0].data, alone.U[0].data)).toBeLessThan(1e-6);
  });

  it('takes widths of the same mean and nearly the same proportions', async () => {
    const problem = randomProblem({ gates: [2, 3] });
    const widths = [
      [100, 100],
      [101, 100],
      [100, 101],
      [50, 50],
    ];
    const swept = await solveGgdlnWidths(problem, widths, { linalg });
    for (const { residual } of swept) expect(residual).toBeLessThan(1e-9);
  });

  it('does not extrapolate far from widths that lie close together', async () => {
    const problem = randomProblem({ P: 40, N0: 20, gates: [4], temperature: 0.1 });
    const widths = [1000, 999, 998, 997, 996, 5].map((width) => [width]);
    const swept = await solveGgdlnWidths(problem, widths, { linalg: wasm });
    const alone = await solveGgdln({ ...problem, widths: [5] }, { linalg: wasm });
    expect(distance(swept[5].U[0].data, alone.U[0].data)).toBeLessThan(1e-7);
    expect(swept[5].evaluations).toBeLessThan(1.5 * alone.evaluations);
    expect(swept[4].evaluations).toBeLessThanOrEqual(2);
    // Weights of a polynomial through all of these overflow.
    const huge = Array.from({ length: 15 }, (_, i) => [2 ** 44 - 8 * i]);
    const [first, ...others] = await solveGgdlnWidths(problem, [...huge, [5]], { linalg: wasm });
    expect(first.residual).toBeLessThan(1e-9);
    expect(distance(others[14].U[0].data, alone.U[0].data)).toBeLessThan(1e-7);
  });

  it('says which widths are wrong', async () => {
    const problem = randomProblem();
    await expect(solveGgdlnWidths(problem, [[10], [0]], { linalg })).rejects.toThrow(/widths\[0\] is 0/);
    await expect(solveGgdlnWidths(problem, [[10, 5]], { linalg })).rejects.toThrow(/2 widths \[10, 5\] for gates of 1/);
    await expect(solveGgdlnWidths(problem, 10 as never, { linalg })).rejects.toThrow(/widths is no list/);
  });
});

describe('reductions', () => {
  it('are reported', async () => {
    const base = randomProblem({ P: 12, N0: 4, gates: [3], temperature: 0 });
    const twice = matrix(
      12,
      6,
      Float64Array.from({ length: 72 }, (_, at) => base.gates[0].data[Math.floor(at / 6) * 3 + (at % 3)]),
    );
    const { test: _, ...problem } = { ...base, gates: [twice] };
    const { reductions, rank } = await solveGgdln(problem, { linalg });
    expect(reductions).toEqual({ gateSpace: 3, kernelSpace: rank, inputSpace: 4, warmStart: false });
    const plain = await solveGgdln(problem, { linalg, reduce: false, initial: [identity(6)] });
    expect(plain.reductions).toMatchObject({ gateSpace: 6, warmStart: true });
    expect(distance(plain.predictor.mean.data, new Float64Array(0))).toBe(0);
  });
});

it('prepared data serve several settings at once', async () => {
  const problem = randomProblem({ P: 80, N0: 20, gates: [4] });
  const prepared = await prepareGgdln(problem, { linalg: wasm });
  const settings = [10, 1000].map((width) => ({ ...problem, widths: [width] }));
  const together = await Promise.all(settings.map((setting) => solvePreparedGgdln(prepared, setting)));
  for (const [k, setting] of settings.entries()) {
    const alone = await solvePreparedGgdln(prepared, setting);
    expect(together[k].predictor).toEqual(alone.predictor);
  }
});
