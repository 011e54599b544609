import type { GemmOptions, Matrix } from '@ggdln/core';
import type { ProductSizes } from '../checks.ts';
import { matrix, transpose } from '../matrix.ts';

/** alpha · op(A) · op(B) + beta · out in loops that run along rows. Arguments are checked by the caller. */
export function plainGemm(a: Matrix, b: Matrix, options: GemmOptions, { m, n, k }: ProductSizes): Matrix {
  const { transA = false, transB = false, alpha = 1, beta = 0 } = options;
  const out = options.out ?? matrix(m, n);
  if (beta === 0) out.data.fill(0);
  else if (beta !== 1) for (let i = 0; i < out.data.length; i++) out.data[i] *= beta;
  if (n === 1 && !transA) return addTimesColumn(a, b.data, alpha, out);
  if (m === 1 && transB) return addTimesColumn(b, a.data, alpha, out);
  if (n === 1) {
    // Aᵀx is the row xᵀA, whatever the shapes say.
    addProduct(b.data, a.data, out.data, alpha, { m: 1, n: m, k });
    return out;
  }
  const left = transA && m > 1 ? transpose(a) : a;
  const right = transB ? transpose(b) : b;
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

/** out += alpha · A x. */
function addTimesColumn(a: Matrix, x: Float64Array, alpha: number, out: Matrix): Matrix {
  for (let i = 0; i < a.rows; i++) out.data[i] += alpha * dot(a.data, i * a.cols, x, 0, a.cols);
  return out;
}

/** Σ x_j y_j over `length` numbers from the given places on; four sums, so that no addition waits for the one before. */
export function dot(x: Float64Array, xStart: number, y: Float64Array, yStart: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = xStart + (length & ~3);
  let i = xStart;
  let j = yStart;
  for (; i < whole; i += 4, j += 4) {
    s0 += x[i] * y[j];
    s1 += x[i + 1] * y[j + 1];
    s2 += x[i + 2] * y[j + 2];
    s3 += x[i + 3] * y[j + 3];
  }
  for (const end = xStart + length; i < end; i++, j++) s0 += x[i] * y[j];
  return s0 + s1 + (s2 + s3);
}

/** alpha · AAᵀ + beta · out of an m × k matrix: dot products of rows, one triangle, mirrored. */
export function plainSyrk(a: Matrix, alpha: number, beta: number, out: Matrix): Matrix {
  const { rows: m, cols: k, data } = a;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      const before = beta === 0 ? 0 : beta * out.data[i * m + j];
      const value = alpha * dot(data, i * k, data, j * k, k) + before;
      out.data[i * m + j] = value;
      out.data[j * m + i] = value;
    }
  }
  return out;
}
