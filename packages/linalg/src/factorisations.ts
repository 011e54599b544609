import { inputError, type Matrix } from '@ggdln/core';
import { EigenvalueDecomposition, Matrix as MlMatrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix';
import { requireFinite, requireFiniteLower, requireShape, requireSquare } from './checks.ts';
import { lowerTriangleScale, powerOfTwoAbove, scaledEigen } from './eigen.ts';
import { matrix, maxAbs, shapeOf, transpose } from './matrix.ts';

// Factorisations by ml-matrix, shared by the portable backends. Its iterations have no limit and square their numbers,
// so what goes in is finite and scaled by a power of two (exactly) to entries of order one.

const toMl = (a: Matrix) => MlMatrix.from1DArray(a.rows, a.cols, a.data);
const fromMl = (a: MlMatrix) => matrix(a.rows, a.columns, Float64Array.from(a.to1DArray()));

function scaled(a: Matrix, factor: number): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value) => value / factor),
  );
}

/** The symmetric matrix whose lower triangle is that of `a`. */
export function fromLowerTriangle(a: Matrix): Matrix {
  const out = matrix(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j <= i; j++) {
      out.data[i * a.cols + j] = a.data[i * a.cols + j];
      out.data[j * a.cols + i] = a.data[i * a.cols + j];
    }
  }
  return out;
}

/** Eigenvalues ascending and eigenvectors (columns), by Householder reduction and QL iteration. */
export function mlSymmetricEigen(a: Matrix): { values: Float64Array; vectors: Matrix } {
  requireSquare('symmetricEigen', 'A', a);
  requireFiniteLower('symmetricEigen', 'A', a);
  if (a.rows === 0) return { values: new Float64Array(0), vectors: matrix(0, 0) };
  const full = fromLowerTriangle(a);
  const scale = lowerTriangleScale(full);
  const result = new EigenvalueDecomposition(toMl(scaled(full, scale)), { assumeSymmetric: true });
  return scaledEigen(Float64Array.from(result.realEigenvalues), fromMl(result.eigenvectorMatrix), scale);
}

/** Thin SVD with singular values descending. */
export function mlSvd(a: Matrix): { u: Matrix; s: Float64Array; v: Matrix } {
  requireFinite('svd', 'A', a);
  const k = Math.min(a.rows, a.cols);
  if (k === 0) return { u: matrix(a.rows, 0), s: new Float64Array(0), v: matrix(a.cols, 0) };
  if (a.rows < a.cols) {
    const { u, s, v } = mlSvd(transpose(a));
    return { u: v, s, v: u };
  }
  const scale = powerOfTwoAbove(maxAbs(a));
  const result = new SingularValueDecomposition(toMl(scaled(a, scale)));
  return {
    u: fromMl(result.leftSingularVectors.subMatrix(0, a.rows - 1, 0, k - 1)),
    s: Float64Array.from(result.diagonal, (value) => value * scale),
    v: fromMl(result.rightSingularVectors),
  };
}

/** Thin QR of a matrix with rows ≥ cols; the diagonal of R is ≥ 0. */
export function mlQr(a: Matrix): { q: Matrix; r: Matrix } {
  requireFinite('qr', 'A', a);
  if (a.rows < a.cols) {
    throw inputError('@ggdln/linalg qr', `A is ${shapeOf(a)}`, 'It needs at least as many rows as columns');
  }
  if (a.cols === 0) return { q: matrix(a.rows, 0), r: matrix(0, 0) };
  const scale = powerOfTwoAbove(maxAbs(a));
  const result = new QrDecomposition(toMl(scaled(a, scale)));
  const q = fromMl(result.orthogonalMatrix);
  const r = fromMl(result.upperTriangularMatrix);
  for (let i = 0; i < a.cols; i++) {
    const sign = r.data[i * a.cols + i] < 0 ? -1 : 1;
    for (let j = 0; j < a.cols; j++) r.data[i * a.cols + j] *= j < i ? 0 : sign * scale;
    for (let row = 0; row < a.rows; row++) q.data[row * a.cols + i] *= sign;
  }
  return { q, r };
}

/** The minimum-norm least-squares solution by the SVD; singular values below rcond · largest count as zero. */
export function mlLeastSquares(a: Matrix, b: Matrix, rcond?: number): Matrix {
  const cut = rcond ?? Number.EPSILON * Math.max(a.rows, a.cols);
  if (!(cut >= 0)) throw inputError('@ggdln/linalg leastSquares', `rcond is ${cut}`, 'It must be a number ≥ 0');
  requireShape('leastSquares', 'A', a);
  requireFinite('leastSquares', 'B', b);
  if (a.rows !== b.rows) {
    throw inputError(
      '@ggdln/linalg leastSquares',
      `A is ${shapeOf(a)} and B is ${shapeOf(b)}`,
      'Both need the same number of rows',
    );
  }
  const { u, s, v } = mlSvd(a);
  const out = matrix(a.cols, b.cols);
  for (let k = 0; k < s.length; k++) {
    if (s[k] === 0 || s[k] < cut * s[0]) continue;
    for (let c = 0; c < b.cols; c++) {
      let sum = 0;
      for (let i = 0; i < a.rows; i++) sum += u.data[i * u.cols + k] * b.data[i * b.cols + c];
      const weight = sum / s[k];
      for (let i = 0; i < a.cols; i++) out.data[i * b.cols + c] += weight * v.data[i * v.cols + k];
    }
  }
  return out;
}
