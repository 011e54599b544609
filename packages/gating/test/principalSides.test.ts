import { createRandom } from '@ggdln/core';
import { chooseLinalg, createMlMatrixBackend, matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { principalSides } from '../src/index.ts';
import { randomInputs, rowOf } from './samples.ts';

const context = { rng: createRandom(1), linalg: createMlMatrixBackend() };

/** Inputs whose spread falls by half from one direction to the next; more or fewer than their dimension. */
function spread(rows: number, cols: number) {
  const X = randomInputs(rows, cols);
  return matrix(
    rows,
    cols,
    X.data.map((value, at) => 3 + value * 2 ** -(at % cols)),
  );
}

describe('pca', () => {
  it.each([
    ['more inputs than dimensions', 60, 6],
    ['fewer', 6, 60],
  ])('cuts across the leading right singular vectors of the centred inputs: %s', async (_, rows, cols) => {
    const X = spread(rows, cols);
    const { V, mean } = await principalSides({ gates: 4 }).fit(X, context);
    const centred = matrix(
      rows,
      cols,
      X.data.map((value, at) => value - mean[at % cols]),
    );
    const { v } = context.linalg.svd(centred);
    V.forEach((direction, k) => {
      const overlap = direction.reduce((sum, value, j) => sum + value * v.data[j * v.cols + k], 0);
      expect(Math.abs(overlap) / Math.sqrt(cols)).toBeCloseTo(1, 10);
      expect(direction.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(cols, 8);
      expect(Math.max(...direction)).toBe(Math.max(...direction.map(Math.abs)));
    });
  });

  it('finds the line that inputs lie on, and opens beyond their mean', async () => {
    const X = matrixFromRows([-2, -1, 0.5, 4].map((t) => [1 + 3 * t, 5 - 4 * t]));
    const gating = principalSides({ gates: 1, alwaysOn: false });
    const state = await gating.fit(X, context);
    expect(state.V[0][0] / Math.SQRT2).toBeCloseTo(-0.6, 12);
    expect(state.V[0][1] / Math.SQRT2).toBeCloseTo(0.8, 12);
    expect([...gating.gates(state, X).values.data]).toEqual([1, 1, 0, 0]);
  });

  it('has two gates a direction with bothSides, of which one is open', async () => {
    const X = spread(30, 5);
    const gating = principalSides({ gates: 6, bothSides: true, alwaysOn: false });
    const { values, names } = gating.gates(await gating.fit(X, context), X);
    for (let i = 0; i < 30; i++) {
      const row = rowOf(values, i);
      expect([row[0] + row[1], row[2] + row[3], row[4] + row[5]]).toEqual([1, 1, 1]);
    }
    expect(names[5]).toBe('principal side 6');
    expect((await principalSides({ gates: 3, bothSides: true }).fit(X, context)).V).toHaveLength(3);
  });

  it('gives the same gates on every backend and its fastest by itself', async () => {
    const X = spread(40, 7);
    const gating = principalSides({ gates: 5 });
    const portable = gating.gates(await gating.fit(X, context), X);
    const { backend } = await chooseLinalg();
    expect(gating.gates(await gating.fit(X, { ...context, linalg: backend }), X)).toEqual(portable);
    expect(gating.gates(await gating.fit(X, { rng: context.rng }), X)).toEqual(portable);
  });

  it('refuses more directions than the inputs vary in, overflow, and a fired signal', async () => {
    const X = spread(5, 8);
    await expect(principalSides({ gates: 5 }).fit(X, context)).rejects.toThrow(
      /5 principal directions of 5 inputs that vary in 4 directions.*bothSides/,
    );
    await expect(principalSides({ gates: 8, bothSides: true }).fit(X, context)).resolves.toBeDefined();
    const same = matrixFromRows([
      [1, 2],
      [1, 2],
    ]);
    await expect(principalSides({ gates: 1 }).fit(same, context)).rejects.toThrow(/vary in 0 directions/);
    await expect(principalSides({ gates: 0 }).fit(X, context)).rejects.toThrow(/gates = 0/);
    const huge = matrixFromRows([
      [1e200, 0],
      [-1e200, 1],
    ]);
    await expect(principalSides({ gates: 1 }).fit(huge, context)).rejects.toThrow(/Scale the arguments down/);
    const cancelled = principalSides({ gates: 1 }).fit(X, { ...context, signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });
});
