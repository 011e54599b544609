import { createRandom, createRegistry } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import {
  add,
  columnVector,
  copy,
  createMlMatrixBackend,
  hadamard,
  identity,
  inner,
  linalgPlugin,
  type Matrix,
  matrix,
  matrixFromRows,
  maxAbs,
  requireMatrix,
  rowKronecker,
  scaleRows,
  selectMatrixRows,
  symmetrise,
  toRows,
  trace,
  transpose,
} from '../src/index.ts';

const gaussian = (rows: number, cols: number): Matrix =>
  matrix(rows, cols, createRandom(rows + 10 * cols).fillGaussian(new Float64Array(rows * cols)));
const { gemm } = createMlMatrixBackend();

describe('matrices', () => {
  it('go to rows and back', () => {
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(toRows(matrixFromRows(rows))).toEqual(rows);
    expect(toRows(transpose(matrixFromRows(rows)))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(matrixFromRows([])).toMatchObject({ rows: 0, cols: 0 });
  });

  it('refuse wrong sizes with what was given', () => {
    expect(() => matrix(2, 3, new Float64Array(5))).toThrow(/5 numbers don't fill 2 × 3\. Give 6 numbers/);
    expect(() => matrix(-1, 3)).toThrow(/can't be -1 × 3/);
    expect(() => matrix(1e8, 1e8)).toThrow(/100000000 × 100000000 takes 8.00e\+7 GB/);
    expect(() => matrixFromRows([[1, 2], [3]])).toThrow(/row 1 has 1 numbers, row 0 has 2/);
    expect(() => selectMatrixRows(identity(2), [0, 2])).toThrow(/row 2 of a matrix with 2 rows/);
    expect(() => add(identity(2), identity(3))).toThrow(/2 × 2 and 3 × 3 differ/);
    expect(() => scaleRows(identity(2), [1])).toThrow(/1 weights for 2 rows/);
  });

  it('name the first entry that is not finite', () => {
    const a = matrixFromRows([
      [1, 2],
      [3, Number.NaN],
    ]);
    expect(() => requireMatrix('here', 'X', a)).toThrow(/X has NaN at row 1, column 1/);
    expect(() => requireMatrix('here', 'X', identity(2), { cols: 3 })).toThrow(/X is 2 × 2\. It should be 2 × 3/);
    expect(() => requireMatrix('here', 'X', [] as unknown as Matrix)).toThrow(/X is not a matrix/);
  });

  it('obey the identities of their operations', () => {
    const [a, b] = [gaussian(4, 4), gaussian(5, 4)];
    expect(inner(b, b)).toBeCloseTo(trace(gemm(b, b, { transA: true })), 12);
    expect(trace(a)).toBeCloseTo(inner(a, identity(4)), 14);
    expect(symmetrise(a)).toEqual(transpose(symmetrise(a)));
    expect(hadamard(a, a, 2)).toEqual(hadamard(a, add(a, a)));
    expect(maxAbs(add(a, a, 1, -1))).toBe(0);
    expect(scaleRows(identity(3), [1, 2, 3])).toEqual(
      hadamard(identity(3), matrix(3, 3, Float64Array.of(1, 0, 0, 0, 2, 0, 0, 0, 3)), 1),
    );
    const kept = copy(a);
    kept.data[0] = 99;
    expect(a.data[0]).not.toBe(99);
    expect(columnVector([1, 2])).toEqual(matrix(2, 1, Float64Array.of(1, 2)));
  });
});

describe('rowKronecker', () => {
  it('has the index of its first factor slowest', () => {
    expect(toRows(rowKronecker(matrixFromRows([[2, 3]]), matrixFromRows([[5, 7, 11]])))).toEqual([
      [10, 14, 22, 15, 21, 33],
    ]);
  });

  it('has the Hadamard product of Gram matrices for its Gram matrix', () => {
    const [a, b] = [gaussian(6, 3), gaussian(6, 4)];
    const product = rowKronecker(a, b);
    const gram = (x: Matrix) => gemm(x, x, { transB: true });
    expect(maxAbs(add(gram(product), hadamard(gram(a), gram(b)), 1, -1))).toBeLessThan(1e-12);
  });

  it('is associative, with a column of ones as unit', () => {
    const [a, b, c] = [gaussian(5, 2), gaussian(5, 3), gaussian(5, 4)];
    const left = rowKronecker(rowKronecker(a, b), c);
    const right = rowKronecker(a, rowKronecker(b, c));
    expect(maxAbs(add(left, right, 1, -1))).toBeLessThan(1e-15);
    const ones = matrix(5, 1, new Float64Array(5).fill(1));
    expect(rowKronecker(ones, b)).toEqual(b);
    expect(rowKronecker(b, ones)).toEqual(b);
  });

  it('refuses factors with different numbers of rows', () => {
    expect(() => rowKronecker(gaussian(3, 2), gaussian(4, 2))).toThrow(/3 × 2 and 4 × 2.*same number of rows/);
  });
});

describe('linalgPlugin', () => {
  it('offers both backends under their names', async () => {
    const registry = createRegistry([linalgPlugin]);
    for (const { name, entry } of registry.list('linalg')) expect((await entry.create({})).name).toBe(name);
    expect(registry.list('linalg').map(({ name }) => name)).toEqual(['wasm', 'ml-matrix']);
  });
});
