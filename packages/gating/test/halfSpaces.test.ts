import { createRandom, type Matrix } from '@ggdln/core';
import { matrix, matrixFromRows, selectMatrixRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { drawHalfSpaces, type HalfSpaces, halfSpaceGates } from '../src/index.ts';

const random = (rows: number, cols: number, seed: number | string = 1): Matrix =>
  matrix(
    rows,
    cols,
    createRandom(seed)
      .stream('X')
      .fillGaussian(new Float64Array(rows * cols)),
  );

const share = (values: Matrix) => values.data.reduce((sum, g) => sum + g, 0) / values.data.length;

describe('drawHalfSpaces', () => {
  const X = random(12, 5);

  it('gives the same half-spaces for the same stream, others for another', () => {
    const draw = (seed: number) => drawHalfSpaces(X, { gates: 4 }, createRandom(seed));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3).V).not.toEqual(draw(4).V);
  });

  it('keeps the first gates when more are drawn', () => {
    const few = drawHalfSpaces(X, { gates: 3 }, createRandom(3));
    const many = drawHalfSpaces(X, { gates: 7 }, createRandom(3));
    expect(many.V.slice(0, 3)).toEqual(few.V);
  });

  it('survives JSON: the gates of a stored state are the same', () => {
    const state = drawHalfSpaces(X, { gates: 9, threshold: 0.3 }, createRandom(3));
    const stored = JSON.parse(JSON.stringify(state)) as HalfSpaces;
    expect(halfSpaceGates(stored, X)).toEqual(halfSpaceGates(state, X));
  });

  it('centres on the mean of the training inputs, whatever is evaluated', () => {
    const { mean } = drawHalfSpaces(
      matrixFromRows([
        [1, 10],
        [3, 40],
      ]),
      { gates: 1 },
      createRandom(1),
    );
    expect(mean).toEqual([2, 25]);
    const uncentred = drawHalfSpaces(matrixFromRows([[1, 10]]), { gates: 1, centre: false }, createRandom(1));
    expect(uncentred.mean).toEqual([0, 0]);
  });

  it('is unmoved by a shift of all inputs when centred, and only then', () => {
    const shifted = { ...X, data: X.data.map((x) => x + 8) };
    const gates = (inputs: Matrix, centre: boolean) =>
      halfSpaceGates(drawHalfSpaces(inputs, { gates: 40, centre }, createRandom(3)), inputs).values;
    expect(gates(shifted, true)).toEqual(gates(X, true));
    expect(gates(shifted, false)).not.toEqual(gates(X, false));
  });

  it('refuses no gates, no inputs and a threshold that is no number', () => {
    const rng = createRandom(1);
    expect(() => drawHalfSpaces(X, { gates: 0 }, rng)).toThrow(/gates = 0\. Give a whole number ≥ 1.*always-on/);
    expect(() => drawHalfSpaces(X, { gates: 2.5 }, rng)).toThrow(/gates = 2.5/);
    expect(() => drawHalfSpaces(matrix(0, 5), { gates: 2 }, rng)).toThrow(/X is 0 × 5.*at least one input/);
    expect(() => drawHalfSpaces(matrix(3, 0), { gates: 2 }, rng)).toThrow(/X is 3 × 0/);
    expect(() => drawHalfSpaces(X, { gates: 2, threshold: Number.NaN }, rng)).toThrow(/threshold = NaN/);
  });

  it('names the entry that is not finite, and the column whose mean overflows', () => {
    const rng = createRandom(1);
    expect(() =>
      drawHalfSpaces(
        matrixFromRows([
          [1, 2],
          [3, Number.NaN],
        ]),
        { gates: 2 },
        rng,
      ),
    ).toThrow(/NaN at row 1, column 1/);
    expect(() =>
      drawHalfSpaces(
        matrixFromRows([
          [1, 1e308],
          [1, 1e308],
        ]),
        { gates: 2 },
        rng,
      ),
    ).toThrow(/mean of column 1 of X overflows/);
  });
});

describe('halfSpaceGates', () => {
  const X = random(30, 6);
  const state = drawHalfSpaces(X, { gates: 8, threshold: 0.2 }, createRandom(5));

  it('computes Θ(V·(x − mean)/√N0 − b)', () => {
    const given: HalfSpaces = {
      V: [
        [2, 0, 0, 0],
        [0, -1, 1, 0],
      ],
      mean: [1, 1, 1, 1],
      threshold: 0.5,
      alwaysOn: false,
    };
    // Projections /√4: first gate (x0 − 1), second ((x2 − 1) − (x1 − 1))/2.
    const inputs = matrixFromRows([
      [1.6, 0, 0.9, 7],
      [1.4, 0, 1.1, -7],
    ]);
    expect([...halfSpaceGates(given, inputs).values.data]).toEqual([1, 0, 0, 1]);
  });

  it('is closed on the boundary: Θ(0) = 0', () => {
    const given: HalfSpaces = {
      V: [
        [2, 0, 0, 0],
        [-2, 0, 0, 0],
      ],
      mean: [0, 0, 0, 0],
      threshold: 0.5,
      alwaysOn: false,
    };
    expect([
      ...halfSpaceGates(
        given,
        matrixFromRows([
          [0.5, 0, 0, 0],
          [-0.5, 0, 0, 0],
        ]),
      ).values.data,
    ]).toEqual([0, 0, 0, 0]);
    const origin = drawHalfSpaces(matrix(1, 3), { gates: 50, alwaysOn: false }, createRandom(1));
    expect(share(halfSpaceGates(origin, matrix(1, 3)).values)).toBe(0);
  });

  it('puts the always-on gate first and leaves the others as they are', () => {
    const without = halfSpaceGates({ ...state, alwaysOn: false }, X);
    const { values, names } = halfSpaceGates(state, X);
    expect(names).toEqual(['always on', ...without.names]);
    expect(without.names).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((m) => `half-space ${m}`));
    for (let i = 0; i < X.rows; i++) {
      const row = values.data.slice(i * 9, (i + 1) * 9);
      expect([...row]).toEqual([1, ...without.values.data.slice(i * 8, (i + 1) * 8)]);
    }
  });

  it('gives an input the same gates alone, in any order and in any batch', () => {
    const all = halfSpaceGates(state, X).values;
    const order = createRandom(2).permutation(X.rows);
    expect(halfSpaceGates(state, selectMatrixRows(X, order)).values).toEqual(selectMatrixRows(all, order));
    for (let i = 0; i < X.rows; i++) {
      expect(halfSpaceGates(state, selectMatrixRows(X, [i])).values).toEqual(selectMatrixRows(all, [i]));
    }
  });

  it('opens all gates for b → −∞ and none for b → ∞', () => {
    expect(share(halfSpaceGates({ ...state, threshold: -1e6 }, X).values)).toBe(1);
    expect(share(halfSpaceGates({ ...state, threshold: 1e6, alwaysOn: false }, X).values)).toBe(0);
  });

  it('refuses inputs of another dimension, or not finite', () => {
    expect(() => halfSpaceGates(state, random(5, 7))).toThrow(/X is 5 × 7, but the gates were fitted .* dimension 6/);
    const bad = random(2, 6);
    bad.data[7] = Number.POSITIVE_INFINITY;
    expect(() => halfSpaceGates(state, bad)).toThrow(/Infinity at row 1, column 1/);
  });

  it('refuses projections that overflow and a damaged state rather than closing the gate', () => {
    const huge = matrix(1, 6, new Float64Array(6).fill(1e308));
    expect(() => halfSpaceGates({ ...state, V: [[9, 9, 9, -9, -9, -9]] }, huge)).toThrow(/half-space 1 .* row 0 of X/);
    expect(() => halfSpaceGates({ ...state, V: [[1, 2]] }, random(1, 6))).toThrow(/use the state that fit returned/);
  });
});
