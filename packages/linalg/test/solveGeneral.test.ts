import { createRandom } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { createMlMatrixBackend, createWasmBackend, matrix, matrixFromRows, solveGeneral } from '../src/index.ts';

const backends = [createMlMatrixBackend(), await createWasmBackend()];

function gaussian(rows: number, cols: number, name: string) {
  return matrix(rows, cols, createRandom(name).fillGaussian(new Float64Array(rows * cols)));
}

describe.each(backends)('solveGeneral on $name', (linalg) => {
  it.each([1, 2, 47, 48, 49, 131])('solves %d equations, several right sides at once', (n) => {
    const [a, b] = [gaussian(n, n, `a${n}`), gaussian(n, 3, `b${n}`)];
    const x = solveGeneral(a, b, linalg);
    const back = linalg.gemm(a, x);
    const worst = back.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);
    expect(worst).toBeLessThan(1e-10);
  });

  it('exchanges rows where a pivot is zero or tiny', () => {
    const a = matrixFromRows([
      [0, 1, 0],
      [1e-20, 0, 1],
      [2, 0, 0],
    ]);
    expect(Array.from(solveGeneral(a, matrix(3, 1, Float64Array.of(1, 2, 4)), linalg).data)).toEqual([2, 1, 2]);
  });

  it('names the pivot of a singular matrix', () => {
    const a = matrixFromRows([
      [1, 2],
      [2, 4],
    ]);
    expect(() => solveGeneral(a, matrix(2, 1), linalg)).toThrow(/singular: pivot 2 of 2/);
  });

  it('names shapes and entries that do not fit', () => {
    expect(() => solveGeneral(matrix(2, 3), matrix(2, 1), linalg)).toThrow(/A is 2 × 3.*square/);
    expect(() => solveGeneral(gaussian(2, 2, 'x'), matrix(2, 1, Float64Array.of(1, Number.NaN)), linalg)).toThrow(/B/);
  });
});
