import type { GemmOptions, Matrix } from '@ggdln/core';
import type { ProductSizes } from '../checks.ts';
import { matrix, transpose } from '../matrix.ts';

/** alpha · op(A) · op(B) + beta · out in loops that run along rows. Arguments are checked by the caller. */
export function plainGemm(a: Matrix, b: Matrix, options: GemmOptions, { m, n, k }: ProductSizes): Matrix {
  const { transA = false, transB = false, alpha = 1, beta = 0 } = options;
  const out = options.out ?? matrix(m, n);
  if (beta === 0) out.data.fill(0);
  else if (beta !== 1) for (let i = 0; i < out.data.length; i++) out.data[i] *= beta;
  if (n === 1 && !transA) return timesColumn(a, b.data, alpha, out);
  const left = transA && m > 1 ? transpose(a) : a;
  // A few rows of op(B) are transposed once; many are cheaper to read along rows too.
  const right = transB && n > 1 ? transpose(b) : b;
  addProduct(left.data, right.data, out.data, alpha, { m, n, k });
  return out;
}

/** C += alpha · A B, four rows of B at a time, so that C is read and written a quarter as often. */
function addProduct(a: Float64Array, b: Float64Array, c: Float64Array, alpha: number, { m, n, k }: ProductSizes): void {
  for (let i = 0; i < m; i++) {
    const row = i * n;
    let p = 0;
    for (; p + 4 <= k; p += 4) {
      const at = i * k + p;
      const a0 = alpha * a[at];
      const a1 = alpha * a[at + 1];
      const a2 = alpha * a[at + 2];
      const a3 = alpha * a[at + 3];
      const r0 = p * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      const r3 = r2 + n;
      for (let j = 0; j < n; j++) c[row + j] += a0 * b[r0 + j] + a1 * b[r1 + j] + a2 * b[r2 + j] + a3 * b[r3 + j];
    }
    for (; p < k; p++) {
      const factor = alpha * a[i * k + p];
      for (let j = 0; j < n; j++) c[row + j] += factor * b[p * n + j];
    }
  }
}

function timesColumn(a: Matrix, x: Float64Array, alpha: number, out: Matrix): Matrix {
  for (let i = 0; i < a.rows; i++) {
    let sum = 0;
    for (let j = 0; j < a.cols; j++) sum += a.data[i * a.cols + j] * x[j];
    out.data[i] += alpha * sum;
  }
  return out;
}

/** alpha · AAᵀ of an m × k matrix: dot products of rows, one triangle, mirrored. */
export function plainSyrk(a: Matrix, alpha: number): Matrix {
  const { rows: m, cols: k, data } = a;
  const out = matrix(m, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += data[i * k + p] * data[j * k + p];
      out.data[i * m + j] = alpha * sum;
      out.data[j * m + i] = alpha * sum;
    }
  }
  return out;
}
