import { createRandom, type Gating, type JsonObject } from '@ggdln/core';
import { matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  drawHalfSpaces,
  drawTaskCodes,
  halfSpaceGates,
  type TaskCodeOptions,
  taskCode,
  taskCodeGates,
  taskMask,
  taskPermutation,
} from '../src/index.ts';
import { overlap, randomInputs, referenceCase, rowOf, standardErrors, unitInputs } from './samples.ts';

const M = 40_000;
const N0 = 12;
/** Sampling errors that a share of M random gates may be off. */
const SIGMAS = 4;

/** Two inputs with |x|² = N0, each in tasks 0, 1 and 2: rows (input, task) with the task fastest. */
const pair = unitInputs(2, N0);
const X = matrix(6, N0, Float64Array.from([0, 0, 0, 1, 1, 1].flatMap((i) => [...rowOf(pair, i)])));
const tasks = Int32Array.of(0, 1, 2, 0, 1, 2);
const cosine = rowOf(pair, 0).reduce((sum, value, j) => sum + value * rowOf(pair, 1)[j], 0) / N0;
const base = { gates: M, centre: false, alwaysOn: false };
const rng = () => createRandom(5);

/** Large-M overlap of half-spaces through the origin at an angle (theory page ggdln, section 9). */
const kappa = (cos: number) => (Math.PI - Math.acos(Math.max(-1, Math.min(1, cos)))) / (2 * Math.PI);

async function gatesOf<State extends JsonObject>(gating: Gating<State>) {
  return gating.gates(await gating.fit(X, { rng: rng(), tasks }), X, tasks);
}

describe('task-code', () => {
  const fit = (options: TaskCodeOptions) => taskCode(options).fit(X, { rng: rng(), tasks });

  it.each([0, 0.5, 1, 2, 8])(
    'overlaps as the large-M formula says, orthogonal codes of strength %d',
    async (strength) => {
      const gates = await gatesOf(taskCode({ ...base, strength }));
      const norm = 1 + strength ** 2;
      // Same input, two tasks: (π − θ)/π of the overlap with itself, cos θ = 1/(1 + λ²).
      expect(standardErrors(overlap(gates, 0, 1), kappa(1 / norm), M)).toBeLessThan(SIGMAS);
      expect(standardErrors(overlap(gates, 3, 5), kappa(1 / norm), M)).toBeLessThan(SIGMAS);
      // Two inputs, same task and two tasks.
      expect(standardErrors(overlap(gates, 0, 3), kappa((cosine + strength ** 2) / norm), M)).toBeLessThan(SIGMAS);
      expect(standardErrors(overlap(gates, 0, 4), kappa(cosine / norm), M)).toBeLessThan(SIGMAS);
      expect(standardErrors(overlap(gates, 2, 2), 0.5, M)).toBeLessThan(SIGMAS);
    },
  );

  it.each([1, 3])('overlaps as the large-M formula says, opposite codes of strength %d', async (strength) => {
    const gates = await gatesOf(taskCode({ ...base, strength, codes: 'opposite' }));
    const norm = 1 + strength ** 2;
    expect(standardErrors(overlap(gates, 0, 1), kappa((1 - strength ** 2) / norm), M)).toBeLessThan(SIGMAS);
    expect(standardErrors(overlap(gates, 0, 2), kappa(1 / norm), M)).toBeLessThan(SIGMAS);
  });

  it('sees the task alone when the code is infinitely strong: opposite tasks then share no gate', async () => {
    const gates = await gatesOf(taskCode({ ...base, gates: 200, strength: 1e9, codes: 'opposite' }));
    expect([...rowOf(gates.values, 0)]).toEqual([...rowOf(gates.values, 3)]);
    expect(overlap(gates, 0, 1)).toBe(0);
  });

  it('is blind to the task at λ = 0: the half-spaces of the same stream', async () => {
    const options = { gates: 9, threshold: 0.2 };
    const halfSpaces = halfSpaceGates(drawHalfSpaces(X, options, rng()), X);
    expect(await gatesOf(taskCode({ ...options, strength: 0 }))).toEqual(halfSpaces);
    expect(await gatesOf(taskCode({ ...options, strength: 1 }))).not.toEqual(halfSpaces);
  });

  it('computes the gates of the reference case from its normals and codes', () => {
    const { params, inputs } = referenceCase('conflicting_tasks_gated_by_task_code');
    const { V, Vtask, taskCodes, X: rows, gatesTopFirst } = inputs;
    const halfSpaces = { V, mean: new Array(V[0].length).fill(0), threshold: 0, alwaysOn: false };
    const state = { halfSpaces, topDown: Vtask, codes: taskCodes, strength: params.topDownStrength };
    const each = rows.length / taskCodes.length;
    const task = Int32Array.from({ length: rows.length }, (_, i) => Math.floor(i / each));
    expect(taskCodeGates(state, matrixFromRows(rows), task).values).toEqual(
      matrixFromRows(gatesTopFirst[0] as unknown as number[][]),
    );
  });

  it('keeps codes, normals and earlier gates whatever strength, number of tasks or gates', async () => {
    const few = await fit({ gates: 3, codeSize: 5, tasks: 3 });
    const many = await fit({ gates: 7, codeSize: 5, tasks: 5, strength: 4 });
    expect(many.codes.slice(0, 3)).toEqual(few.codes);
    expect(many.topDown.slice(0, 3)).toEqual(few.topDown);
    expect(many.halfSpaces.V.slice(0, 3)).toEqual(few.halfSpaces.V);
  });

  it('refuses inputs without tasks, unknown tasks, and codes that do not fit', async () => {
    const gating = taskCode({ gates: 2 });
    expect(() => gating.fit(X, { rng: rng() })).toThrow(/come without tasks/);
    const state = await gating.fit(X, { rng: rng(), tasks });
    expect(() => gating.gates(state, X)).toThrow(/task-code\] the inputs come without tasks/);
    expect(() => gating.gates(state, X, tasks.slice(1))).toThrow(/5 tasks for 6 inputs/);
    expect(() => gating.gates(state, X, Int32Array.of(0, 1, 2, 3, 0, 0))).toThrow(/row 3 belongs to task 3.*0 to 2/);
    expect(() => fit({ gates: 2, tasks: 2 })).toThrow(/row 2 belongs to task 2.*tasks to at least 3/);
    expect(() => fit({ gates: 2, codeSize: 2 })).toThrow(
      /3 orthogonal codes need at least 3 components, but codeSize \(N_z\) is 2.*random codes/,
    );
    expect(() => fit({ gates: 2, codeSize: 1, codes: 'opposite' })).toThrow(/3 opposite codes need at least 2/);
    expect(() => fit({ gates: 2, codeSize: -1 })).toThrow(/codeSize = -1/);
    expect(() => fit({ gates: 2, strength: Number.NaN })).toThrow(/strength = NaN/);
    expect(() => fit({ gates: 2, tasks: -1 })).toThrow(/tasks = -1/);
  });
});

describe('drawTaskCodes', () => {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, j) => sum + value * b[j], 0);

  it('draws orthogonal codes of square length N_z, as many as there are dimensions', () => {
    const codes = drawTaskCodes('orthogonal', 30, 30, rng());
    codes.forEach((a, s) => {
      codes.forEach((b, t) => {
        expect(dot(a, b)).toBeCloseTo(s === t ? 30 : 0, 11);
      });
    });
  });

  it('draws opposite codes in pairs, at right angles between pairs', () => {
    const codes = drawTaskCodes('opposite', 5, 4, rng());
    expect(codes).toHaveLength(5);
    const gram = (s: number, t: number) => dot(codes[s], codes[t]) / 4;
    expect([gram(0, 0), gram(0, 1), gram(2, 3), gram(4, 4)]).toEqual([1, -1, -1, 1].map((x) => expect.closeTo(x, 12)));
    expect([gram(0, 2), gram(1, 4), gram(3, 4)]).toEqual([0, 0, 0].map((x) => expect.closeTo(x, 12)));
  });

  it('draws random codes of unit variance', () => {
    const codes = drawTaskCodes('random', 2, 10_000, rng());
    expect(Math.abs(dot(codes[0], codes[0]) / 10_000 - 1)).toBeLessThan(4 * Math.sqrt(2 / 10_000));
    expect(Math.abs(dot(codes[0], codes[1]) / 10_000)).toBeLessThan(4 / Math.sqrt(10_000));
  });
});

describe('task-mask', () => {
  it.each([0.25, 0.5, 0.9])('overlaps q within a task and q² between tasks, q = %d', async (density) => {
    const gates = await gatesOf(taskMask({ ...base, density }));
    expect(standardErrors(overlap(gates, 0, 0), density * kappa(1), M)).toBeLessThan(SIGMAS);
    expect(standardErrors(overlap(gates, 1, 4), density * kappa(cosine), M)).toBeLessThan(SIGMAS);
    expect(standardErrors(overlap(gates, 0, 1), density ** 2 * kappa(1), M)).toBeLessThan(SIGMAS);
    expect(standardErrors(overlap(gates, 0, 4), density ** 2 * kappa(cosine), M)).toBeLessThan(SIGMAS);
  });

  it('leaves each task a share q of the gates, always the same ones', async () => {
    const state = await taskMask({ gates: 10, density: 0.34 }).fit(X, { rng: rng(), tasks });
    for (const mask of state.masks) expect(mask.reduce((sum, open) => sum + open, 0)).toBe(3);
    expect(state.masks[0]).not.toEqual(state.masks[1]);
  });

  it('is the half-spaces of the same stream at q = 1, whatever the task', async () => {
    const halfSpaces = halfSpaceGates(drawHalfSpaces(X, { gates: 8 }, rng()), X);
    expect(await gatesOf(taskMask({ gates: 8, density: 1 }))).toEqual(halfSpaces);
  });

  it('has disjoint subsets that cover all gates and overlap nowhere', async () => {
    const gating = taskMask({ ...base, gates: 200, subsets: 'disjoint' });
    const { masks } = await gating.fit(X, { rng: rng(), tasks });
    for (let m = 0; m < 200; m++) expect(masks[0][m] + masks[1][m] + masks[2][m]).toBe(1);
    for (const mask of masks) expect([66, 67]).toContain(mask.reduce((sum, open) => sum + open, 0));
    const gates = await gatesOf(gating);
    expect([overlap(gates, 0, 1), overlap(gates, 0, 5), overlap(gates, 1, 2)]).toEqual([0, 0, 0]);
    expect(overlap(gates, 0, 0)).toBeGreaterThan(0.1);
  });

  it('leaves the always-on gate open', async () => {
    const { values, names } = await gatesOf(taskMask({ gates: 4, density: 0.25 }));
    expect(names[0]).toBe('always on');
    for (let i = 0; i < 6; i++) expect(rowOf(values, i)[0]).toBe(1);
  });

  it('refuses subsets without gates, inputs without tasks and unknown tasks', async () => {
    const fit = (options: object) => taskMask({ gates: 4, ...options }).fit(X, { rng: rng(), tasks });
    expect(() => fit({ density: 0.1 })).toThrow(/density = 0.1 leaves 0 of 4 gates to a task.*from 1\/gates to 1/);
    expect(() => fit({ density: 1.2 })).toThrow(/density = 1.2/);
    expect(() => fit({ density: Number.NaN })).toThrow(/density = NaN/);
    expect(() => fit({ gates: 2, subsets: 'disjoint' })).toThrow(/2 gates for disjoint subsets of 3 tasks/);
    expect(() => taskMask({ gates: 4 }).fit(X, { rng: rng() })).toThrow(/task-mask\] the inputs come without tasks/);
    const state = await fit({});
    expect(() => taskMask({ gates: 4 }).gates(state, X)).toThrow(/come without tasks/);
    expect(() => taskMask({ gates: 4 }).gates(state, X, Int32Array.of(0, 0, 0, 0, 0, 9))).toThrow(
      /row 5 belongs to task 9, but there are gates for tasks 0 to 2/,
    );
  });
});

describe('task-permutation', () => {
  it.each([0, 0.4])('overlaps between tasks as shares of open gates multiply, b = %d', async (threshold) => {
    const gates = await gatesOf(taskPermutation({ ...base, threshold }));
    const open = (i: number) => rowOf(gates.values, i).reduce((sum, g) => sum + g, 0) / M;
    for (const [i, j] of [
      [0, 1],
      [0, 4],
      [1, 2],
      [2, 4],
    ]) {
      expect(standardErrors(overlap(gates, i, j), open(i) * open(j), M)).toBeLessThan(SIGMAS);
    }
    if (threshold === 0) expect(standardErrors(overlap(gates, 0, 1), 1 / 4, M)).toBeLessThan(SIGMAS);
  });

  it('keeps all overlaps within each task', async () => {
    const gates = await gatesOf(taskPermutation({ ...base, gates: 50 }));
    const halfSpaces = halfSpaceGates(drawHalfSpaces(X, { ...base, gates: 50 }, rng()), X);
    for (const task of [0, 1, 2]) expect(overlap(gates, task, task + 3)).toBe(overlap(halfSpaces, task, task + 3));
    expect([...rowOf(gates.values, 3)]).toEqual([...rowOf(halfSpaces.values, 3)]);
    expect([...rowOf(gates.values, 4)]).not.toEqual([...rowOf(halfSpaces.values, 4)]);
  });

  it('orders every gate once a task and keeps the always-on gate first', async () => {
    const { order } = await taskPermutation({ gates: 12 }).fit(X, { rng: rng(), tasks });
    for (const places of order) expect([...places].sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
    const { values, names } = await gatesOf(taskPermutation({ gates: 12 }));
    expect([names[0], names[12]]).toEqual(['always on', 'place 12']);
    for (let i = 0; i < 6; i++) expect(rowOf(values, i)[0]).toBe(1);
  });

  it('refuses inputs without tasks and tasks without an order', async () => {
    const gating = taskPermutation({ gates: 3 });
    expect(() => gating.fit(X, { rng: rng() })).toThrow(/task-permutation\] the inputs come without tasks/);
    const state = await gating.fit(X, { rng: rng(), tasks });
    expect(() => gating.gates(state, X)).toThrow(/come without tasks/);
    expect(() => gating.gates(state, X, Int32Array.of(0, -1, 0, 0, 0, 0))).toThrow(/row 1 belongs to task -1/);
    expect(() => gating.gates(state, randomInputs(6, 3), tasks)).toThrow(/X is 6 × 3, but .* dimension 12/);
  });
});
