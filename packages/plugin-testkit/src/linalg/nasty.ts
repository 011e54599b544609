import type { LinalgBackend, Matrix } from '@ggdln/core';
import { identity, matrixFromRows, maxAbs } from '@ggdln/linalg';
import { type Check, demand } from '../check.ts';
import { demandMessage } from './cholesky.ts';
import { gaussianMatrix, type LinalgCheck, timesDiagonal } from './reference.ts';

/** A symmetric matrix that breaks careless code, with what is known of it. */
export interface NastyMatrix {
  /** What makes it nasty. */
  readonly why: string;
  readonly positiveDefinite: boolean;
  /** Ascending, of the stored numbers, computed in enough digits to round correctly. */
  readonly eigenvalues: readonly number[];
  /** Its rows. */
  readonly matrix: readonly (readonly number[])[];
}

const EPS = Number.EPSILON;
const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** Largest |a − b|; infinite where one is NaN. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const worst = largest(Array.from(a, (value, at) => value - b[at]));
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst;
}

function demandBelow(what: string, value: number, bound: number): void {
  demand(value < bound, `${what}: ${value}, allowed ${bound}`);
}

function demandOrthonormal(what: string, { gemm }: LinalgBackend, v: Matrix): void {
  demandBelow(what, distance(gemm(v, v, { transA: true }).data, identity(v.cols).data), 4 * EPS * v.cols);
}

/**
 * Backward stability on matrices that break careless code. Bounds: n ε of the largest eigenvalue for eigenvalues and
 * singular values, 4n ε for orthonormality and residuals, and entry by entry (n + 1) ε √(A_ii A_jj) for LLᵀ (N. Higham,
 * Accuracy and Stability of Numerical Algorithms, theorem 10.3).
 */
export function nastyChecks(check: LinalgCheck, matrices: Readonly<Record<string, NastyMatrix>>): Check[] {
  return Object.entries(matrices).flatMap(([name, nasty]) => [
    check(`finds eigenvalues and eigenvectors of ${name}`, (backend) => demandEigen(backend, nasty)),
    check(`finds singular values and an orthonormal Q of ${name}`, (backend) => demandSingular(backend, nasty)),
    nasty.positiveDefinite
      ? check(`factorises and solves with ${name} accurately`, (backend) => demandFactor(backend, nasty))
      : check(`says that ${name} is not positive definite`, ({ cholesky }) => {
          const a = matrixFromRows(nasty.matrix);
          return demandMessage('cholesky', () => cholesky(a), 'GGDLN_NUMERICAL', 'is not positive definite: pivot');
        }),
  ]);
}

function demandEigen(backend: LinalgBackend, { matrix: rows, eigenvalues }: NastyMatrix): void {
  const a = matrixFromRows(rows);
  const { values, vectors } = backend.symmetricEigen(a);
  const scale = largest(eigenvalues);
  demandBelow('eigenvalues', distance(values, eigenvalues) / scale, EPS * a.cols);
  demandOrthonormal('eigenvectors', backend, vectors);
  const residual = distance(backend.gemm(a, vectors).data, timesDiagonal(vectors, values).data);
  demandBelow('A V − V Λ', residual / scale, 4 * EPS * a.cols);
}

function demandSingular(backend: LinalgBackend, { matrix: rows, eigenvalues }: NastyMatrix): void {
  const a = matrixFromRows(rows);
  const { u, s, v } = backend.svd(a);
  const expected = eigenvalues.map(Math.abs).sort((x, y) => y - x);
  demandBelow('singular values', distance(s, expected) / expected[0], EPS * a.cols);
  for (const [what, factor] of Object.entries({ U: u, V: v, Q: backend.qr(a).q })) {
    demandOrthonormal(what, backend, factor);
  }
}

function demandFactor(backend: LinalgBackend, { matrix: rows }: NastyMatrix): void {
  const a = matrixFromRows(rows);
  const n = a.cols;
  const product = backend.syrk(backend.cholesky(a));
  const size = (at: number) => Math.sqrt(a.data[Math.floor(at / n) * (n + 1)]) * Math.sqrt(a.data[(at % n) * (n + 1)]);
  const errors = Array.from(product.data, (value, at) => (value - a.data[at]) / size(at));
  demandBelow('LLᵀ − A, entry by entry', largest(errors), EPS * (n + 1));
  const b = gaussianMatrix(n, 2);
  const x = backend.choleskySolve(backend.cholesky(a), b);
  // Backward error: what the residual is relative to what A x adds up from.
  const residual = distance(backend.gemm(a, x).data, b.data);
  demandBelow('A x − b', residual / (n * maxAbs(a) * maxAbs(x)), 4 * EPS);
}
