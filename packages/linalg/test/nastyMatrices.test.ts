import { readdirSync, readFileSync } from 'node:fs';
import type { LinalgBackend, Matrix } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { createMlMatrixBackend, createWasmBackend, identity, matrixFromRows, maxAbs } from '../src/index.ts';

// Matrices that break careless code. Eigenvalues were computed with 60 digits from the stored doubles. Bounds are those
// of backward stable algorithms: n ε of the largest eigenvalue for eigenvalues and singular values, 4n ε for
// orthonormality and residuals, and entry by entry (n + 1) ε √(A_ii A_jj) for LLᵀ (N. Higham, Accuracy and Stability of
// Numerical Algorithms, theorem 10.3).
interface Nasty {
  readonly why: string;
  readonly positiveDefinite: boolean;
  readonly eigenvalues: number[];
  readonly matrix: number[][];
}

const folder = new URL('data/', import.meta.url);
const nasty = readdirSync(folder).map((file): [string, Nasty] => [
  file,
  JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
]);

const backends = [createMlMatrixBackend(), await createWasmBackend()];
const eps = Number.EPSILON;
const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largest(Array.from(a, (value, i) => Math.abs(value - b[i])));

function isOrthonormal({ gemm }: LinalgBackend, v: Matrix, bound: number): void {
  expect(distance(gemm(v, v, { transA: true }).data, identity(v.cols).data)).toBeLessThan(bound);
}

describe.each(backends)('$name', (backend) => {
  it.each(nasty)('finds eigenvalues and eigenvectors of %s', (_, { matrix: rows, eigenvalues }) => {
    const a = matrixFromRows(rows);
    const { values, vectors } = backend.symmetricEigen(a);
    const scale = largest(eigenvalues);
    expect(distance(values, eigenvalues) / scale).toBeLessThan(eps * a.cols);
    isOrthonormal(backend, vectors, 4 * eps * a.cols);
    const scaled = { ...vectors, data: vectors.data.map((value, at) => value * values[at % a.cols]) };
    expect(distance(backend.gemm(a, vectors).data, scaled.data) / scale).toBeLessThan(4 * eps * a.cols);
  });

  it.each(nasty)('finds singular values and an orthonormal Q of %s', (_, { matrix: rows, eigenvalues }) => {
    const a = matrixFromRows(rows);
    const scale = largest(eigenvalues);
    const { u, s, v } = backend.svd(a);
    const expected = eigenvalues.map(Math.abs).sort((x, y) => y - x);
    expect(distance(s, expected) / scale).toBeLessThan(eps * a.cols);
    for (const orthonormal of [u, v, backend.qr(a).q]) isOrthonormal(backend, orthonormal, 4 * eps * a.cols);
  });

  it.each(nasty)('factorises %s accurately, or says that it is not positive definite', (_, data) => {
    const a = matrixFromRows(data.matrix);
    if (!data.positiveDefinite) {
      expect(() => backend.cholesky(a)).toThrow(/matrix is not positive definite: pivot \d+ is -?\d/);
      return;
    }
    const product = backend.syrk(backend.cholesky(a));
    const size = (at: number) =>
      Math.sqrt(a.data[Math.floor(at / a.cols) * (a.cols + 1)] * a.data[(at % a.cols) * (a.cols + 1)]);
    const errors = Array.from(product.data, (value, at) => Math.abs(value - a.data[at]) / size(at));
    expect(largest(errors)).toBeLessThan(eps * (a.cols + 1));
  });

  it.each(nasty.filter(([, data]) => data.positiveDefinite))('solves with %s to a small residual', (_, data) => {
    const a = matrixFromRows(data.matrix);
    const b = matrixFromRows(data.matrix.map((_, i) => [1, Math.cos(i)]));
    const x = backend.choleskySolve(backend.cholesky(a), b);
    // Backward error: what the residual is relative to what A x adds up from.
    const residual = distance(backend.gemm(a, x).data, b.data);
    expect(residual / (a.cols * maxAbs(a) * maxAbs(x))).toBeLessThan(4 * eps);
  });
});

it('keeps at least the kinds of trouble that were met', () => {
  expect(nasty.map(([file]) => file)).toEqual(
    expect.arrayContaining(['clustered40.json', 'graded20.json', 'gram30.json', 'hilbert12.json', 'signs64.json']),
  );
});
