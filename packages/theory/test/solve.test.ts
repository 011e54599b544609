import { createRandom, type NotConvergedError, type Progress } from '@ggdln/core';
import { chooseLinalg, createMlMatrixBackend, type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type GgdlnProblem,
  type GgdlnUnconverged,
  prepareGgdln,
  solveGgdln,
  solvePreparedGgdln,
} from '../src/index.ts';
import { backends, distance, randomProblem } from './helpers.ts';

const linalg = createMlMatrixBackend();

describe('the saddle point', () => {
  it.each([
    { gates: [3], widths: [30], scale: 1, temperature: 0.05 },
    { gates: [4], widths: [5], scale: 4, temperature: 0.01 },
    { gates: [3, 2], widths: [12, 20], scale: 2, temperature: 0.02 },
    { gates: [2, 2, 2], widths: [30, 20, 40], scale: 1, temperature: 0.05 },
  ])('is the same from scattered starts: gates $gates, widths $widths', async (given) => {
    const problem = randomProblem(given);
    const { actions, action, U } = await solveGgdln(problem, { linalg, restarts: 5, rng: createRandom(3) });
    expect(actions).toHaveLength(6);
    expect(action).toBe(Math.min(...actions));
    expect(Math.max(...actions) - action).toBeLessThan(1e-9 * Math.abs(action));
    const alone = await solveGgdln(problem, { linalg });
    expect(distance(alone.U[0].data, U[0].data)).toBeLessThan(1e-6);
  });

  it('is the same with and without Anderson mixing, which needs fewer steps', async () => {
    const problem = randomProblem({ gates: [2, 3], widths: [20, 30] });
    const mixed = await solveGgdln(problem, { linalg });
    const plain = await solveGgdln(problem, { linalg, acceleration: false });
    expect(distance(mixed.U[1].data, plain.U[1].data)).toBeLessThan(1e-6);
    expect(mixed.iterations).toBeLessThan(plain.iterations / 2);
  });

  it('is approached downhill: a mixed step that raises S is taken back', async () => {
    const actions: number[] = [];
    const onProgress = ({ note }: Progress) => actions.push(Number(note?.match(/action (.*)$/)?.[1]));
    const problem = randomProblem({ N0: 30, gates: [4], widths: [1], scale: 10, temperature: 0.01 });
    const { evaluations, iterations } = await solveGgdln(problem, { linalg, onProgress });
    expect(evaluations).toBeGreaterThan(iterations + 1);
    const rises = actions.slice(1).map((action, k) => action - actions[k]);
    expect(Math.max(...rises)).toBeLessThanOrEqual(0);
  });

  it('is the same on every backend', async () => {
    const problem = randomProblem({ gates: [3, 3], outputs: 2 });
    const [first, ...others] = await Promise.all(
      (await backends()).map((backend) => solveGgdln(problem, { linalg: backend })),
    );
    for (const other of others) expect(distance(other.U[1].data, first.U[1].data)).toBeLessThan(1e-8);
  });

  it('comes with the fastest backend unless told otherwise, and repeats bit by bit', async () => {
    const problem = randomProblem();
    const { backend } = await chooseLinalg();
    const [a, b] = [await solveGgdln(problem), await solveGgdln(problem, { linalg: backend })];
    expect(a.U[0].data).toEqual(b.U[0].data);
    expect(a.predictor.variance.data).toEqual(b.predictor.variance.data);
  });

  it('takes y as numbers or as a column', async () => {
    const problem = randomProblem();
    const column = await solveGgdln(problem, { linalg });
    const numbers = await solveGgdln({ ...problem, y: (problem.y as Matrix).data }, { linalg });
    expect(numbers.predictor).toEqual(column.predictor);
    expect(column.predictor.mean).toMatchObject({ rows: 5, cols: 1 });
  });

  it('needs no test inputs', async () => {
    const { test: _, ...problem } = randomProblem({ outputs: 2 });
    const { predictor } = await solveGgdln(problem, { linalg });
    expect(predictor.mean).toEqual(matrix(0, 2));
  });

  it('survives targets far above the prior in a narrow network', async () => {
    const { residual, virial } = await solveGgdln(randomProblem({ N0: 30, widths: [4], gates: [4], scale: 30 }), {
      linalg,
    });
    expect(residual).toBeLessThan(1e-9);
    expect(Math.abs(virial)).toBeLessThan(1e-7);
  });
});

describe('low temperature', () => {
  const problem = (temperature: number) => randomProblem({ P: 40, N0: 6, gates: [3], widths: [25], temperature });
  const means = async (temperature: number) => (await solveGgdln(problem(temperature), { linalg })).predictor.mean.data;

  it('T → 0 goes linearly to the solution on the range of a singular kernel', async () => {
    const limit = await means(0);
    const [far, near, nearest] = await Promise.all(
      [1e-4, 1e-6, 1e-8].map(async (temperature) => distance(await means(temperature), limit)),
    );
    expect(far).toBeGreaterThan(1e-6);
    expect(far / near).toBeGreaterThan(95);
    expect(far / near).toBeLessThan(105);
    expect(near / nearest).toBeGreaterThan(90);
    expect(near / nearest).toBeLessThan(110);
  });

  it('finds the rank: repeated inputs, inputs without gates, P above capacity', async () => {
    const { rank, capacity, effectiveDof } = await solveGgdln(problem(0), { linalg });
    expect([rank, capacity]).toEqual([18, 18]);
    expect(effectiveDof).toBeCloseTo(18, 9);
    const base = randomProblem({ P: 12, N0: 20, temperature: 0 });
    const X = matrix(12, 20, base.X.data.slice());
    X.data.copyWithin(20, 0, 20);
    const gates = matrix(12, 3, base.gates[0].data.slice());
    gates.data.copyWithin(3, 0, 3);
    expect((await solveGgdln({ ...base, X, gates: [gates] }, { linalg })).rank).toBe(11);
    gates.data.fill(0, 30, 36);
    const dead = await solveGgdln({ ...base, X, gates: [gates] }, { linalg });
    expect(dead.rank).toBe(9);
    expect(dead.deadInputs).toEqual([10, 11]);
  });

  it('counts parameters for the capacity: N0 · rank F, fewer for one layer that is narrower than both', async () => {
    const capacityOf = async (given: object) => (await solveGgdln(randomProblem(given), { linalg })).capacity;
    expect(await capacityOf({ gates: [4], widths: [4] })).toBe(32);
    // Matrices of rank 2, 4 × 8.
    expect(await capacityOf({ gates: [4], widths: [2] })).toBe(2 * (4 + 8 - 2));
    expect(await capacityOf({ gates: [2, 2], widths: [2, 2] })).toBe(32);
  });

  it('a singular kernel costs no digits at small T', async () => {
    const { residual } = await solveGgdln(randomProblem({ P: 60, N0: 6, temperature: 1e-5 }), {
      linalg,
      tolerance: 1e-11,
    });
    expect(residual).toBeLessThan(1e-11);
  });

  it('predicts the prior where all gates are off everywhere', async () => {
    const base = randomProblem({ temperature: 0 });
    const off: GgdlnProblem = { ...base, gates: [matrix(20, 3)] };
    const { U, predictor, rank } = await solveGgdln(off, { linalg });
    expect(rank).toBe(0);
    expect(U[0].data[0]).toBeCloseTo(1.21, 12);
    expect(predictor.mean.data).toEqual(new Float64Array(5));
  });
});

describe('a solve as a process', () => {
  it('prepared data serve a sweep; a start at the wider network saves steps', async () => {
    const problem = randomProblem({ gates: [2, 3], P: 40, N0: 20 });
    const prepared = await prepareGgdln(problem, { linalg });
    const wide = await solvePreparedGgdln(prepared, { ...problem, widths: [60, 60] });
    const warm = await solvePreparedGgdln(prepared, { ...problem, widths: [55, 55] }, { initial: wide.U });
    const cold = await solveGgdln({ ...problem, widths: [55, 55] }, { linalg });
    expect(distance(warm.U[1].data, cold.U[1].data)).toBeLessThan(1e-7);
    expect(warm.iterations).toBeLessThan(cold.iterations);
  });

  it('that ends too early says so, with a state to go on from', async () => {
    const problem = randomProblem({ gates: [2, 2] });
    const error: NotConvergedError<GgdlnUnconverged> = await solveGgdln(problem, { linalg, maxIterations: 3 }).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error.code).toBe('GGDLN_NOT_CONVERGED');
    expect(error.message).toMatch(
      /no saddle point within 3 iterations: residual \d\.\d\de-\d, tolerance 1e-9\. Raise maxIt/,
    );
    expect(error.changes).toEqual({ maxIterations: 1000 });
    const { U, residual, action, iterations } = error.state;
    expect(iterations).toBe(3);
    expect(residual).toBeGreaterThan(1e-9);
    const rest = await solveGgdln(problem, { linalg, initial: U });
    expect(rest.action).toBeLessThan(action);
  });

  it('reports progress and can be cancelled', async () => {
    const reports: Progress[] = [];
    const stop = new AbortController();
    const onProgress = (progress: Progress) => {
      reports.push(progress);
      if (progress.done === 4) stop.abort();
    };
    const running = solveGgdln(randomProblem({ gates: [2, 2] }), { linalg, signal: stop.signal, onProgress });
    await expect(running).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    expect(reports.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4]);
    expect(reports[0]).toMatchObject({ unit: 'iterations', stage: 'searching the saddle point' });
    expect(reports[0].note).toMatch(/^residual \d.*, action \d/);
  });
});
