import { createRandom, type LinalgBackend, type Matrix } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { add, createMlMatrixBackend, createWasmBackend, identity, matrix, maxAbs, symmetrise } from '../src/index.ts';

const plain = createMlMatrixBackend();
const wasm = await createWasmBackend();

/** Sizes on both sides of tiles (4), small blocks (32), strips (128) and packed depth (256). */
const sizes = [1, 3, 31, 32, 33, 64, 65, 130, 257];

function gaussian(rows: number, cols: number, name: string): Matrix {
  const rng = createRandom(3).stream(name);
  return matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols)));
}

/** Condition number about 10. */
function positive(n: number): Matrix {
  const out = plain.gemm(gaussian(n, n, 'S'), gaussian(n, n, 'S'), { transB: true, alpha: 1 / n });
  return add(out, identity(n));
}

/** Both backends' results differ by at most 1e-9 of the largest entry. */
function agree(run: (backend: LinalgBackend) => Matrix): void {
  const [a, b] = [run(plain), run(wasm)];
  const distance = a.data.reduce((worst, value, at) => Math.max(worst, Math.abs(value - b.data[at])), 0);
  expect(distance / Math.max(maxAbs(a), Number.MIN_VALUE)).toBeLessThan(1e-9);
}

describe.each(sizes)('both backends agree at n = %i', (n) => {
  it('on products', () => {
    const a = gaussian(n, n + 2, 'A');
    const b = gaussian(n + 2, 7, 'B');
    agree(({ gemm }) => gemm(a, b));
    agree(({ gemm }) => gemm(b, a, { transA: true, transB: true }));
    agree(({ syrk }) => syrk(a));
    agree(({ syrk }) => syrk(a, { trans: true }));
  });

  it('on Cholesky factors, inverses and solutions', () => {
    const a = positive(n);
    const b = gaussian(n, 5, 'B');
    agree(({ cholesky }) => cholesky(a));
    agree(({ cholesky, choleskyInverse }) => choleskyInverse(cholesky(a)));
    agree(({ cholesky, choleskySolve }) => choleskySolve(cholesky(a), b));
    agree(({ cholesky, triangularSolve }) => triangularSolve(cholesky(a), b, { trans: true }));
  });

  it('on eigenvalues and functions of a symmetric matrix', () => {
    const a = symmetrise(gaussian(n, n, 'E'));
    agree(({ symmetricEigen }) => matrix(n, 1, symmetricEigen(a).values));
    // exp(A/√n) = V exp(Λ/√n) Vᵀ: single eigenvectors have signs of their own, this has not.
    agree(({ symmetricEigen, gemm }) => {
      const { values, vectors } = symmetricEigen(a);
      const scaled = vectors.data.map((value, at) => value * Math.exp(values[at % n] / Math.sqrt(n)));
      return gemm(matrix(n, n, scaled), vectors, { transB: true });
    });
  });
});

it('agrees beyond one packed block of columns', () => {
  const a = gaussian(5, 300, 'long');
  const b = gaussian(300, 1100, 'wide');
  agree(({ gemm }) => gemm(a, b));
  agree(({ syrk }) => syrk(gaussian(1030, 3, 'tall')));
});
