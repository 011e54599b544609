import { GgdlnError, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { copy, matrix, shapeOf } from '@ggdln/linalg';
import {
  allFinite,
  explainNotFinite,
  notConverged,
  numericalError,
  requireFinite,
  requireFiniteLower,
  requireSquare,
} from '@ggdln/linalg/backend';
import { transposed, transposeSquare } from './layout.ts';
import type { Blas } from './symbols.ts';

/** Eigenvectors, singular values and QR by LAPACK. */
export function createSpectral(blas: Blas): Pick<LinalgBackend, 'symmetricEigen' | 'svd' | 'qr'> {
  return {
    symmetricEigen: (a) => symmetricEigen(blas, a),
    svd: (a) => svd(blas, a),
    qr: (a) => qr(blas, a),
  };
}

const LARGEST_INTEGER = 2 ** 31 - 1;

/** Memory that LAPACK works in. @throws GGDLN_INPUT when its 32-bit integers can't count it. */
function workspace(where: string, a: Matrix, numbers: number): Float64Array {
  if (numbers > LARGEST_INTEGER) {
    throw inputError(
      `@ggdln/linalg-openblas ${where}`,
      `A is ${shapeOf(a)}, for which LAPACK needs ${numbers} numbers to work in`,
      `It counts to ${LARGEST_INTEGER}; use a smaller matrix`,
    );
  }
  return new Float64Array(Math.max(1, numbers));
}

function symmetricEigen(blas: Blas, a: Matrix): { values: Float64Array; vectors: Matrix } {
  requireSquare('symmetricEigen', 'A', a);
  requireFiniteLower('symmetricEigen', 'A', a);
  const n = a.rows;
  const values = new Float64Array(n);
  const vectors = copy(a);
  if (n === 0) return { values, vectors };
  const size = Int32Array.of(n);
  const work = workspace('symmetricEigen', a, 1 + 6 * n + 2 * n * n);
  const iwork = new Int32Array(3 + 5 * n);
  const lwork = Int32Array.of(work.length);
  const liwork = Int32Array.of(iwork.length);
  const info = Int32Array.of(0);
  // The row-major lower triangle is the upper one to Fortran; its columns of eigenvectors are rows here.
  blas.dsyevd('V', 'U', size, vectors.data, size, values, work, lwork, iwork, liwork, info, 1, 1);
  if (info[0] > 0) throw notConverged(a, info[0] - 1);
  if (!allFinite(values)) {
    throw numericalError('symmetricEigen', 'an eigenvalue is beyond the largest number', 'Scale the matrix down');
  }
  transposeSquare(vectors);
  return { values, vectors };
}

function svd(blas: Blas, a: Matrix): { u: Matrix; s: Float64Array; v: Matrix } {
  requireFinite('svd', 'A', a);
  const { rows: m, cols: n } = a;
  const k = Math.min(m, n);
  const s = new Float64Array(k);
  // To Fortran the rows of A are columns: it takes Aᵀ = V diag(s) Uᵀ apart, and its V and Uᵀ are our Vᵀ and U.
  const u = matrix(m, k);
  const vt = matrix(k, n);
  if (k === 0) return { u, s, v: matrix(n, k) };
  const [rows, cols, rank] = [Int32Array.of(n), Int32Array.of(m), Int32Array.of(k)];
  const work = copy(a);
  const iwork = new Int32Array(8 * k);
  const info = Int32Array.of(0);
  const run = (space: Float64Array, length: number) => {
    const lwork = Int32Array.of(length);
    blas.dgesdd('S', rows, cols, work.data, rows, s, vt.data, rows, u.data, rank, space, lwork, iwork, info, 1);
  };
  const asked = new Float64Array(1);
  run(asked, -1);
  const space = workspace('svd', a, Math.ceil(asked[0]));
  run(space, space.length);
  if (info[0] > 0) throw numericalError('svd', `the ${shapeOf(a)} matrix did not converge`, 'Report the matrix');
  if (!allFinite(s)) {
    throw numericalError('svd', 'a singular value is beyond the largest number', 'Scale the matrix down');
  }
  return { u, s, v: transposed(vt) };
}

function qr(blas: Blas, a: Matrix): { q: Matrix; r: Matrix } {
  requireFinite('qr', 'A', a);
  const { rows: m, cols: n } = a;
  if (m < n) throw inputError('@ggdln/linalg qr', `A is ${shapeOf(a)}`, 'It needs at least as many rows as columns');
  const q = copy(a);
  const r = matrix(n, n);
  if (n === 0) return { q, r };
  // To Fortran the rows of A are columns: Aᵀ = L Q', so that R = Lᵀ and Q = Q'ᵀ stand as row-major matrices already.
  const [rows, cols] = [Int32Array.of(n), Int32Array.of(m)];
  const tau = new Float64Array(n);
  const info = Int32Array.of(0);
  const asked = new Float64Array(1);
  blas.dgelqf(rows, cols, q.data, rows, tau, asked, Int32Array.of(-1), info);
  const work = workspace('qr', a, Math.max(n, Math.ceil(asked[0])));
  const lwork = Int32Array.of(work.length);
  blas.dgelqf(rows, cols, q.data, rows, tau, work, lwork, info);
  for (let i = 0; i < n; i++) r.data.set(q.data.subarray(i * n + i, (i + 1) * n), i * n + i);
  blas.dorglq(rows, cols, rows, q.data, rows, tau, work, lwork, info);
  if (info[0] !== 0) {
    throw new GgdlnError({
      code: 'GGDLN_NUMERICAL',
      where: '@ggdln/linalg-openblas qr',
      problem: `LAPACK refused the ${shapeOf(a)} matrix (info ${info[0]})`,
      remedy: 'Report the matrix',
    });
  }
  makeDiagonalPositive(q, r);
  return allFinite(r.data) ? { q, r } : explainNotFinite('qr', { A: a });
}

/** Signs that make the factors unique: a diagonal of R that is ≥ 0, as the portable backends have it. */
function makeDiagonalPositive(q: Matrix, r: Matrix): void {
  const n = r.cols;
  const signs = Float64Array.from({ length: n }, (_, i) => (r.data[i * (n + 1)] < 0 ? -1 : 1));
  if (signs.every((sign) => sign === 1)) return;
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) r.data[i * n + j] *= signs[i];
  for (let i = 0; i < q.rows; i++) for (let j = 0; j < n; j++) q.data[i * n + j] *= signs[j];
}
