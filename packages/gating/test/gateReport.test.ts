import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { deadInputs, drawHalfSpaces, gateReport, halfSpaceGates } from '../src/index.ts';

describe('gateReport', () => {
  it('counts what is open, dead, different and independent', () => {
    const values = matrixFromRows([
      [1, 0, 1],
      [0, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
      [0, 0, 0],
    ]);
    expect(gateReport({ values, names: ['a', 'b', 'c'] })).toEqual({
      inputs: 5,
      gates: [
        { name: 'a', open: 0.6 },
        { name: 'b', open: 0.2 },
        { name: 'c', open: 0.4 },
      ],
      dead: [1, 4],
      patterns: 3,
      rank: 2, // a = b + c
    });
  });

  it('reports nothing for no inputs', () => {
    const report = gateReport({ values: matrix(0, 2), names: ['a', 'b'] });
    expect(report).toEqual({
      inputs: 0,
      gates: [
        { name: 'a', open: 0 },
        { name: 'b', open: 0 },
      ],
      dead: [],
      patterns: 0,
      rank: 0,
    });
  });

  it('finds the rank that the singular values show, for real gates of any scale', () => {
    const backend = createMlMatrixBackend();
    const draw = (rows: number, cols: number, name: string) =>
      matrix(
        rows,
        cols,
        createRandom(4)
          .stream(name)
          .fillGaussian(new Float64Array(rows * cols), 1e-4),
      );
    for (const [rows, cols, inner] of [
      [20, 6, 3],
      [5, 9, 4],
      [12, 12, 12],
      [30, 4, 1],
    ]) {
      const values = backend.gemm(draw(rows, inner, 'left'), draw(inner, cols, 'right'));
      const s = backend.svd(values).s;
      const names = Array.from({ length: cols }, (_, m) => `${m}`);
      expect(gateReport({ values, names }).rank).toBe(s.filter((value) => value > 1e-9 * s[0]).length);
      expect(gateReport({ values, names }).rank).toBe(inner);
    }
  });

  it('finds about 2^−M of the inputs dead under M half-spaces, none with the always-on gate', () => {
    const P = 4000;
    const X = matrix(P, 40, createRandom(1).fillGaussian(new Float64Array(P * 40)));
    const state = drawHalfSpaces(X, { gates: 3, alwaysOn: false }, createRandom(2));
    const share = gateReport(halfSpaceGates(state, X)).dead.length / P;
    // The normals of the three half-spaces are nearly orthogonal, not exactly: hence the margin beyond sampling error.
    expect(Math.abs(share - 1 / 8)).toBeLessThan(0.06);
    expect(gateReport(halfSpaceGates({ ...state, alwaysOn: true }, X)).dead).toEqual([]);
  });
});

describe('deadInputs', () => {
  it('takes the union over layers: one closed layer is enough', () => {
    const upper = matrixFromRows([
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    const lower = matrixFromRows([[1], [0], [1], [0]]);
    expect(deadInputs(upper)).toEqual([0, 3]);
    expect(deadInputs(upper, lower)).toEqual([0, 1, 3]);
    expect(deadInputs()).toEqual([]);
  });
});
