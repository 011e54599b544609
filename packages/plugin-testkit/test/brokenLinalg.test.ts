import type { LinalgBackend } from '@ggdln/core';
import { createMlMatrixBackend, matrix, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { checkLinalg, failedChecks } from '../src/index.ts';

const sound = createMlMatrixBackend();
const failuresOf = async (changes: Partial<LinalgBackend>) =>
  (await failedChecks(checkLinalg(() => ({ ...sound, ...changes })))).map(({ name }) => name);

describe('checkLinalg', () => {
  it('passes a sound backend', async () => {
    expect(await failuresOf({})).toEqual([]);
  });

  it('finds a product that forgets a transpose', async () => {
    const gemm: LinalgBackend['gemm'] = (a, b, options) =>
      sound.gemm(a, b, options?.transA && a.rows === a.cols ? { ...options, transA: false } : options);
    expect(await failuresOf({ gemm })).toContain('multiplies like the definition, for all shapes and transposes');
  });

  it('finds a product that reads an out of NaN', async () => {
    const gemm: LinalgBackend['gemm'] = (a, b, options) => {
      const before = options?.out?.data[0] ?? 0;
      const result = sound.gemm(a, b, options);
      if (result.data.length > 0) result.data[0] += 0 * before;
      return result;
    };
    expect(await failuresOf({ gemm })).toEqual(['does not read out when beta is 0']);
  });

  it('finds a factor with something left above its diagonal', async () => {
    const cholesky: LinalgBackend['cholesky'] = (a) => {
      const l = sound.cholesky(a);
      if (l.rows > 60) l.data[1] = 1e-300;
      return l;
    };
    expect(await failuresOf({ cholesky })).toContain('factorises A = LLᵀ with a positive diagonal and zeros above it');
  });

  it('finds an eigenvector that is not normalised in a degenerate matrix only', async () => {
    const symmetricEigen: LinalgBackend['symmetricEigen'] = (a) => {
      const { values, vectors } = sound.symmetricEigen(a);
      const degenerate = values.length > 3 && Math.abs(values[1] - values[2]) < 1e-12;
      const data = degenerate ? vectors.data.map((value) => 1.001 * value) : vectors.data;
      return { values, vectors: { ...vectors, data } };
    };
    expect(await failuresOf({ symmetricEigen })).toEqual(['finds eigenvectors of degenerate and low-rank matrices']);
  });

  it('finds singular vectors that are swapped', async () => {
    const svd: LinalgBackend['svd'] = (a) => {
      const { u, s, v } = sound.svd(a);
      return { u, s, v: v.rows === v.cols ? transpose(v) : v };
    };
    expect(await failuresOf({ svd })).toEqual(['takes matrices apart into U diag(s) Vᵀ with s descending']);
  });

  it('finds a least-squares solution that is not the smallest', async () => {
    const leastSquares: LinalgBackend['leastSquares'] = (a, b, rcond) => {
      const x = sound.leastSquares(a, b, rcond);
      // Anything may be added in the directions that A does not see.
      return a.data.every((value) => value === 0)
        ? matrix(
            x.rows,
            x.cols,
            x.data.map(() => 1),
          )
        : x;
    };
    expect(await failuresOf({ leastSquares })).toContain('finds the least-squares solution of minimum norm');
  });

  it('finds results that are overwritten by later calls, and calls that depend on earlier ones', async () => {
    const shared = new Float64Array(66 * 66);
    const syrk: LinalgBackend['syrk'] = (a, options) => {
      const result = sound.syrk(a, options);
      if (result.data.length > shared.length) return result;
      shared.set(result.data);
      return { ...result, data: shared.subarray(0, result.data.length) };
    };
    expect(await failuresOf({ syrk })).toContain('keeps earlier results when it computes others');
  });

  it('finds a method that returns NaN, or changes its argument', async () => {
    const gemm: LinalgBackend['gemm'] = (a, b, options) => {
      try {
        return sound.gemm(a, b, options);
      } catch (error) {
        if (a.cols === b.rows && !options)
          return matrix(a.rows, b.cols, new Float64Array(a.rows * b.cols).fill(Number.NaN));
        throw error;
      }
    };
    expect(await failuresOf({ gemm })).toContain('refuses numbers that are not finite');
    const cholesky: LinalgBackend['cholesky'] = (a) => {
      const l = sound.cholesky(a);
      a.data.set(l.data);
      return l;
    };
    expect(await failuresOf({ cholesky })).toContain('leaves its arguments as they are');
  });

  it('finds a flat product that forgets where its arrays begin', async () => {
    const multiplyInto: LinalgBackend['multiplyInto'] = ({ offsets: _, ...product }, a, b, c) =>
      sound.multiplyInto(product, a, b, c);
    expect(await failuresOf({ multiplyInto })).toContain(
      'multiplies flat arrays of either precision into a third, at any place',
    );
  });

  it('finds a square that forgets what out held', async () => {
    const syrk: LinalgBackend['syrk'] = (a, options) => sound.syrk(a, options?.out ? { ...options, beta: 0 } : options);
    expect(await failuresOf({ syrk })).toContain(
      'puts alpha · AAᵀ + beta · out into out, and reads its lower triangle only',
    );
  });

  it('finds a factor from which small entries were dropped, by nasty matrices and a reference', async () => {
    const graded = [
      [1, 1e-5],
      [1e-5, 2e-10],
    ];
    const nasty = {
      graded: { why: 'graded', positiveDefinite: true, eigenvalues: [1e-10, 1 + 1e-10], matrix: graded },
    };
    const cholesky: LinalgBackend['cholesky'] = (a, options) => {
      const l = sound.cholesky(a, options);
      return a.rows === 2 ? { ...l, data: l.data.map((value) => value * (Math.abs(value) < 1e-4 ? 1.001 : 1)) } : l;
    };
    const failed = await failedChecks(
      checkLinalg(() => ({ ...sound, cholesky }), { nasty, reference: createMlMatrixBackend }),
    );
    expect(failed.map(({ name }) => name)).toContain('factorises and solves with graded accurately');
    const scaled: LinalgBackend['gemm'] = (a, b, options) => {
      const result = sound.gemm(a, b, options);
      return { ...result, data: result.data.map((value) => value * (1 + 1e-8)) };
    };
    const apart = await failedChecks(
      checkLinalg(() => ({ ...sound, gemm: scaled }), { reference: createMlMatrixBackend }),
    );
    expect(apart.map(({ name }) => name)).toContain('agrees with the reference on matrices that are long one way');
  });
});
