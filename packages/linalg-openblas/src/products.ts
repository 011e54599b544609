import type { FlatProduct, GemmOptions, LinalgBackend, Matrix, SyrkOptions } from '@ggdln/core';
import { matrix, mirrorLower } from '@ggdln/linalg';
import {
  allFinite,
  explainNotFinite,
  firstRowNotFinite,
  productSizes,
  squareSizes,
  stridedProduct,
} from '@ggdln/linalg/backend';
import { isAllFinite } from './finite.ts';
import { diagonalOf } from './layout.ts';
import type { Blas } from './symbols.ts';

/** CBLAS_ORDER, CBLAS_TRANSPOSE and CBLAS_UPLO. */
export const ROW_MAJOR = 101;
export const NO_TRANS = 111;
export const TRANS = 112;
export const LOWER = 122;

/** Rows of a triangle that are multiplied together. */
const STRIP = 64;

type Numbers = Float32Array | Float64Array;

/** gemm, syrk and multiplyInto by CBLAS. */
export function createProducts(blas: Blas): Pick<LinalgBackend, 'gemm' | 'syrk' | 'multiplyInto'> {
  return {
    gemm: (a, b, options = {}) => gemm(blas, a, b, options),
    syrk: (a, options = {}) => syrk(blas, a, options),
    multiplyInto: (product, a, b, c) => {
      const { aStart, bStart, cStart } = stridedProduct(product, a, b, c);
      const from = (x: Numbers, start: number) => (start === 0 ? x : x.subarray(start));
      multiply(blas, product, from(a, aStart), from(b, bStart), from(c, cStart));
    },
  };
}

function gemm(blas: Blas, a: Matrix, b: Matrix, options: GemmOptions): Matrix {
  const size = productSizes(a, b, options);
  const out = options.out ?? matrix(size.m, size.n);
  if (options.lowerA && size.n > 1 && size.k > 0)
    multiplyLower(blas, { ...options, ...size }, a.data, b.data, out.data);
  else multiply(blas, { ...options, ...size }, a.data, b.data, out.data);
  return isAllFinite(blas, out.data) ? out : explainNotFinite('gemm', { A: a, B: b });
}

/** `multiply` for A that is 0 above its diagonal, without most of the products with what is there. */
function multiplyLower(blas: Blas, product: FlatProduct, a: Float64Array, b: Float64Array, c: Float64Array): void {
  const { m, n, k, transB = false, alpha = 1, beta = 0 } = product;
  const op = transB ? TRANS : NO_TRANS;
  for (let first = 0; first < m; first += STRIP) {
    const rows = Math.min(STRIP, m - first);
    const inner = Math.min(k, first + rows);
    const [from, to] = [a.subarray(first * k), c.subarray(first * n)];
    // As in `multiply`.
    if (beta === 0 && rows === 1) to.fill(0, 0, n);
    blas.dgemm(ROW_MAJOR, NO_TRANS, op, rows, n, inner, alpha, from, k, b, transB ? k : n, beta, to, n);
  }
}

/** C ← alpha · op(A) · op(B) + beta · C; the arrays begin with their matrices and were checked. */
function multiply(blas: Blas, product: FlatProduct, a: Numbers, b: Numbers, c: Numbers): void {
  const { m, n, k, transA = false, transB = false, alpha = 1, beta = 0 } = product;
  const double = c instanceof Float64Array;
  if (m === 0 || n === 0 || k === 0 || m === 1 || n === 1) {
    // Not left to the library: some multiply what c held by a beta of 0, and NaN · 0 is NaN.
    if (beta === 0) c.fill(0, 0, m * n);
  }
  if (m === 0 || n === 0) return;
  if (k === 0) {
    if (beta !== 1) for (let at = 0; at < m * n; at++) c[at] *= beta;
    return;
  }
  if (n === 1 || m === 1) {
    const gemv = double ? blas.dgemv : blas.sgemv;
    // A row c is op(B)ᵀ times the column a.
    const [x, y, trans, size] = n === 1 ? [a, b, transA, m] : [b, a, !transB, n];
    const [rows, cols] = trans ? [k, size] : [size, k];
    gemv(ROW_MAJOR, trans ? TRANS : NO_TRANS, rows, cols, alpha, x, cols, y, 1, beta, c, 1);
    return;
  }
  const multiplyMatrices = double ? blas.dgemm : blas.sgemm;
  const [opA, opB] = [transA ? TRANS : NO_TRANS, transB ? TRANS : NO_TRANS];
  multiplyMatrices(ROW_MAJOR, opA, opB, m, n, k, alpha, a, transA ? m : k, b, transB ? k : n, beta, c, n);
}

function syrk(blas: Blas, a: Matrix, options: SyrkOptions): Matrix {
  const { m, k } = squareSizes(a, options);
  const { trans = false, alpha = 1, beta = 0, lowerOnly = false } = options;
  const out = options.out ?? matrix(m, m);
  if (m === 0) return out;
  if (options.out && beta === 0) out.data.fill(0);
  const lda = Math.max(1, a.cols);
  blas.dsyrk(ROW_MAJOR, LOWER, trans ? TRANS : NO_TRANS, m, k, alpha, a.data, lda, beta, out.data, m);
  if (!lowerOnly) mirrorLower(out);
  // No entry of a Gram matrix is larger than its diagonal, and a row that isn't finite shows there.
  const finite = beta === 0 ? allFinite(diagonalOf(out)) : firstRowNotFinite(out) === m;
  return finite ? out : explainNotFinite('syrk', { A: a });
}
