import { createRandom, type LinalgBackend, type Matrix } from '@ggdln/core';
import { copy, identity, matrix, maxAbs, mirrorLower, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { createOpenblasBackend, openblasPlugin } from '../src/index.ts';
import { transposed, transposeSquare } from '../src/layout.ts';
import { whyNotNative } from './native.ts';

const gaussian = (rows: number, cols: number): Matrix =>
  matrix(rows, cols, createRandom(rows + 10 * cols).fillGaussian(new Float64Array(rows * cols)));

/** AAᵀ / n + 1. */
function positive({ syrk }: LinalgBackend, n: number): Matrix {
  return syrk(gaussian(n, n), { alpha: 1 / n, beta: 1, out: identity(n) });
}

describe.skipIf((await whyNotNative()) !== undefined)('the native backend', () => {
  it('says which library runs, with version and threads', async () => {
    const { name, description } = await createOpenblasBackend({ threads: 1 });
    expect(name).toBe('openblas');
    expect(description).toMatch(/^(OpenBLAS \d\S* \(\w+\), 1 thread|Accelerate|BLAS ).*float64 and float32$/);
  });

  it('is what its plugin makes', async () => {
    const made = await openblasPlugin.linalg?.openblas.create({});
    expect(made?.name).toBe('openblas');
  });

  it('gives the same bits from runs with the same threads, at sizes that threads share', async () => {
    const n = 300;
    for (const threads of [1, 2]) {
      const run = async () => {
        const backend = await createOpenblasBackend({ threads });
        const a = positive(backend, n);
        const l = backend.cholesky(a);
        return [backend.gemm(a, a), l, backend.choleskyInverse(l), backend.symmetricEigen(a).vectors];
      };
      const [first, second] = [await run(), await run()];
      for (const [at, { data }] of first.entries()) expect(second[at].data).toEqual(data);
    }
  });

  it('overwrites in place: the result stands where the argument stood', async () => {
    const backend = await createOpenblasBackend();
    const a = positive(backend, 200);
    const kept = copy(a);
    const l = backend.cholesky(kept, { overwrite: true });
    expect(l.data).toBe(kept.data);
    const inverse = backend.choleskyInverse(l, { overwrite: true });
    expect(inverse.data).toBe(kept.data);
    expect(maxAbs(backend.gemm(a, inverse, { alpha: -1, beta: 1, out: identity(200) }))).toBeLessThan(1e-12);
  });

  it('computes on shared memory without copying it', async () => {
    const { multiplyInto, gemm } = await createOpenblasBackend();
    const [m, k, n] = [40, 50, 30];
    const [a, b] = [gaussian(m, k), gaussian(k, n)];
    const all = new Float64Array(new SharedArrayBuffer(8 * (m * k + k * n + m * n)));
    all.set(a.data);
    all.set(b.data, m * k);
    multiplyInto({ m, n, k, offsets: { b: m * k, c: m * k + k * n } }, all, all, all);
    expect(Array.from(all.subarray(m * k + k * n))).toEqual(Array.from(gemm(a, b).data));
  });

  it('names the pivot of a large matrix, also where the factor is made in blocks', async () => {
    const backend = await createOpenblasBackend();
    const bad = positive(backend, 400);
    bad.data[371 * 401] = -5;
    const named = /the 400 × 400 matrix is not positive definite: pivot 371 is -\d.*its diagonal entry -5\.000/;
    expect(() => backend.cholesky(bad)).toThrow(named);
    expect(() => backend.cholesky(copy(bad), { overwrite: true })).toThrow(named);
    bad.data[250 * 400 + 7] = Number.NaN;
    expect(() => backend.cholesky(bad)).toThrow(/A has NaN at row 250, column 7/);
    expect(() => backend.cholesky(bad, { overwrite: true })).toThrow(/A has NaN or infinity in row 250/);
  });

  it('finds NaN and overflow of large results by their diagonals', async () => {
    const backend = await createOpenblasBackend();
    const n = 150;
    const l = backend.cholesky(positive(backend, n));
    for (const [i, j] of [
      [149, 0],
      [149, 149],
      [80, 3],
      [1, 0],
    ]) {
      const bad = copy(l);
      bad.data[i * n + j] = Number.NaN;
      expect(() => backend.choleskyInverse(bad)).toThrow(`L has NaN at row ${i}, column ${j}`);
      expect(() => backend.choleskyInverse(bad, { overwrite: true })).toThrow(`L has NaN at row ${i}, column ${j}`);
      expect(() => backend.syrk(bad)).toThrow(`A has NaN at row ${i}, column ${j}`);
      expect(() => backend.syrk(bad, { trans: true })).toThrow(`A has NaN at row ${i}, column ${j}`);
    }
    const tiny = identity(n, 1e-200);
    expect(() => backend.choleskyInverse(tiny)).toThrow(/choleskyInverse\] the result overflowed/);
  });
});

describe('moves in tiles', () => {
  it.each([0, 1, 31, 32, 33, 70])('mirror and transpose matrices of %i rows', (n) => {
    const a = gaussian(n, n);
    const turned = copy(a);
    transposeSquare(turned);
    expect(turned).toEqual(transpose(a));
    const mirrored = copy(a);
    mirrorLower(mirrored);
    expect(mirrored).toEqual(transpose(mirrored));
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) expect(mirrored.data[i * n + j]).toBe(a.data[i * n + j]);
    const wide = gaussian(n, 45);
    expect(transposed(wide)).toEqual(transpose(wide));
  });
});
