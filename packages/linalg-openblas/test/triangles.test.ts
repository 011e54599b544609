import { createRandom, type Matrix } from '@ggdln/core';
import { copy, identity, matrix, maxAbs } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { createOpenblasBackend } from '../src/index.ts';
import { factorLower, invertLower } from '../src/triangles.ts';
import { nativeBlas, whyNotNative } from './native.ts';

const SIZES = [1, 16, 63, 64, 65, 80, 97, 128, 129, 200, 333];

/** Entry (i, j) by a rule. */
const fill = (n: number, entry: (i: number, j: number) => number): Matrix =>
  matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n)),
  );

/** Its lower triangle, with something else above. */
const lowerOf = ({ rows, data }: Matrix, above: number): Matrix =>
  fill(rows, (i, j) => (j > i ? above : data[i * rows + j]));

describe.skipIf((await whyNotNative()) !== undefined)('factor and inverse by halves', () => {
  it.each(SIZES)('factorise, invert and leave the upper triangle alone: %i rows', async (n) => {
    const [blas, { gemm, syrk }] = [await nativeBlas(), await createOpenblasBackend()];
    const noise = matrix(n, n, createRandom(n).fillGaussian(new Float64Array(n * n)));
    const a = syrk(noise, { alpha: 1 / n, beta: 1, out: identity(n) });
    const l = lowerOf(a, Number.NaN);
    expect(factorLower(blas, { a: l.data, ld: n, at: 0, n })).toBe(0);
    const factor = lowerOf(l, 0);
    expect(maxAbs(gemm(factor, factor, { transB: true, alpha: -1, beta: 1, out: copy(a) }))).toBeLessThan(1e-13);
    invertLower(blas, { a: l.data, ld: n, at: 0, n });
    const inverse = lowerOf(l, 0);
    expect(maxAbs(gemm(inverse, factor, { alpha: -1, beta: 1, out: identity(n) }))).toBeLessThan(1e-13);
    expect(l.data.filter(Number.isNaN)).toHaveLength((n * (n - 1)) / 2);
  });

  it('stop at the pivot that is not positive, in whichever half', async () => {
    const blas = await nativeBlas();
    for (const at of [0, 40, 64, 100, 128, 170, 199]) {
      const a = fill(200, (i, j) => (i === j ? (i === at ? -2 : 1) : 0));
      expect(factorLower(blas, { a: a.data, ld: 200, at: 0, n: 200 })).toBe(at + 1);
    }
  });

  it('leave the residual of solves where leaves are too badly conditioned to multiply with their inverses', async () => {
    const { cholesky, gemm } = await createOpenblasBackend();
    const n = 300;
    for (const range of [5, 40]) {
      const a = fill(n, (i, j) => Math.exp(-(((i - j) / range) ** 2)) + (i === j ? 1e-6 : 0));
      const l = cholesky(a);
      // 34 and 980 ε by inverses of every leaf.
      expect(maxAbs(gemm(l, l, { transB: true, alpha: -1, beta: 1, out: copy(a) }))).toBeLessThan(8 * Number.EPSILON);
    }
  });

  it('invert a kernel of condition 1e11 as well as rounding lets them, both ways round', async () => {
    const { cholesky, choleskyInverse, gemm, symmetricEigen } = await createOpenblasBackend();
    const n = 300;
    const a = fill(n, (i, j) => Math.exp(-(((i - j) / 40) ** 2)) + (i === j ? 1e-9 : 0));
    const { values } = symmetricEigen(a);
    const condition = values[n - 1] / values[0];
    expect(condition).toBeGreaterThan(5e10);
    const inverse = choleskyInverse(cholesky(a));
    for (const product of [gemm(a, inverse), gemm(inverse, a)]) {
      const left = product.data.reduce((largest, value, at) => {
        return Math.max(largest, Math.abs(value - (at % (n + 1) === 0 ? 1 : 0)));
      }, 0);
      // dpotri leaves about 300 times as much as this product; halves multiplied by both inverses, 10⁵ times.
      expect(left).toBeLessThan(1000 * Number.EPSILON * condition);
    }
  });
});
