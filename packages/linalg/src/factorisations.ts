import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { allFinite, explainNotFinite, numericalError, requireFinite, requireShape } from './checks.ts';
import { powerOfTwoAbove } from './eigen.ts';
import { matrix, maxAbs, shapeOf, transpose } from './matrix.ts';
import { householderQr } from './plain/householderQr.ts';
import { jacobiSvd } from './plain/jacobiSvd.ts';

/** What of a backend the factorisations are built on. */
type Basis = Pick<LinalgBackend, 'gemm' | 'symmetricEigen'>;

/**
 * QR, SVD and least squares, shared by the portable backends. All work on the matrix divided (exactly) by powers of
 * two, so that its entries are of order one and squares neither overflow nor underflow.
 */
export function createFactorisations(basis: Basis): Pick<LinalgBackend, 'svd' | 'qr' | 'leastSquares'> {
  return {
    qr,
    svd: (a) => svd(basis, a),
    leastSquares: (a, b, rcond) =>
      leastSquaresBySvd({ gemm: basis.gemm, svd: (matrixToSplit) => svd(basis, matrixToSplit) }, a, b, rcond),
  };
}

function scaled(a: Matrix, factor: number): Matrix {
  const data = a.data.map((value) => value / factor);
  return matrix(a.rows, a.cols, data);
}

function svd(basis: Basis, a: Matrix): { u: Matrix; s: Float64Array; v: Matrix } {
  requireFinite('svd', 'A', a);
  if (a.rows < a.cols) {
    const { u, s, v } = svd(basis, transpose(a));
    return { u: v, s, v: u };
  }
  const scale = powerOfTwoAbove(maxAbs(a));
  const ordinary = scaled(a, scale);
  // The eigenvectors of AᵀA are right singular vectors but for rounding errors of the square; Jacobi removes those.
  const { vectors } = basis.symmetricEigen(basis.gemm(ordinary, ordinary, { transA: true }));
  const rows = basis.gemm(vectors, ordinary, { transA: true, transB: true });
  const result = jacobiSvd(transpose(vectors), rows);
  const s = result.s.map((value) => value * scale);
  if (!allFinite(s)) {
    throw numericalError('svd', 'a singular value is beyond the largest number', 'Scale the matrix down');
  }
  return { ...result, s };
}

/** max_i |A_ij| for each column j. */
function largestByColumn({ rows, cols, data }: Matrix): Float64Array {
  const largest = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) largest[j] = Math.max(largest[j], Math.abs(data[i * cols + j]));
  }
  return largest;
}

function qr(a: Matrix): { q: Matrix; r: Matrix } {
  requireFinite('qr', 'A', a);
  if (a.rows < a.cols) {
    throw inputError('@ggdln/linalg qr', `A is ${shapeOf(a)}`, 'It needs at least as many rows as columns');
  }
  // Each column by a power of its own: Q stays the same, and tiny columns beside large ones keep their digits.
  const scales = largestByColumn(a).map(powerOfTwoAbove);
  const ordinary = a.data.map((value, at) => value / scales[at % a.cols]);
  const { q, r } = householderQr(matrix(a.rows, a.cols, ordinary));
  for (let at = 0; at < r.data.length; at++) r.data[at] *= scales[at % a.cols];
  return allFinite(r.data) ? { q, r } : explainNotFinite('qr', { A: a });
}

/** The minimum-norm least-squares solution of A X ≈ B from the singular values of A, see `LinalgBackend`. */
export function leastSquaresBySvd(
  backend: Pick<LinalgBackend, 'gemm' | 'svd'>,
  a: Matrix,
  b: Matrix,
  rcond?: number,
): Matrix {
  requireShape('leastSquares', 'A', a);
  requireFinite('leastSquares', 'B', b);
  const cut = rcond ?? Number.EPSILON * Math.max(a.rows, a.cols);
  if (!(cut >= 0)) throw inputError('@ggdln/linalg leastSquares', `rcond is ${cut}`, 'It must be a number ≥ 0');
  if (a.rows !== b.rows) {
    throw inputError(
      '@ggdln/linalg leastSquares',
      `A is ${shapeOf(a)} and B is ${shapeOf(b)}`,
      'Both need the same number of rows',
    );
  }
  const { u, s, v } = backend.svd(a);
  // X = V diag(1/s) Uᵀ B over the singular values that count.
  const coefficients = backend.gemm(u, b, { transA: true });
  for (let k = 0; k < s.length; k++) {
    const counts = s[k] > 0 && s[k] >= cut * s[0];
    for (let c = k * b.cols; c < (k + 1) * b.cols; c++) coefficients.data[c] = counts ? coefficients.data[c] / s[k] : 0;
  }
  // Columns of X = V · coefficients are as long as those of the coefficients: where these overflow, X does.
  return allFinite(coefficients.data) ? backend.gemm(v, coefficients) : explainNotFinite('leastSquares', {});
}
