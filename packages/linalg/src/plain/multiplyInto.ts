import type { StridedProduct } from '../flatProduct.ts';

type Numbers = Float32Array | Float64Array;

/** C ← alpha · op(A) · op(B) + beta · C in plain loops, without making arrays. */
export function plainMultiplyInto(product: StridedProduct, a: Numbers, b: Numbers, c: Numbers): void {
  const { m, n, beta, cStart } = product;
  const end = cStart + m * n;
  if (beta === 0) c.fill(0, cStart, end);
  else if (beta !== 1) for (let at = cStart; at < end; at++) c[at] *= beta;
  if (product.bColumn === 1) addRows(product, a, b, c);
  else addDots(product, a, b, c);
}

/** Rows of op(B) are contiguous: each, times an entry of op(A), is added to a row of C. */
function addRows(product: StridedProduct, a: Numbers, b: Numbers, c: Numbers): void {
  const { m, n, k, alpha, aStart, aRow, aColumn, bStart, bRow, cStart } = product;
  for (let i = 0; i < m; i++) {
    const row = cStart + i * n;
    for (let p = 0; p < k; p++) {
      const factor = alpha * a[aStart + i * aRow + p * aColumn];
      const from = bStart + p * bRow;
      for (let j = 0; j < n; j++) c[row + j] += factor * b[from + j];
    }
  }
}

/** Columns of op(B) are contiguous: each entry of C is a sum of products, taken in double precision. */
function addDots(product: StridedProduct, a: Numbers, b: Numbers, c: Numbers): void {
  const { m, n, k, alpha, aStart, aRow, aColumn, bStart, bColumn, cStart } = product;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      let x = aStart + i * aRow;
      const y = bStart + j * bColumn;
      for (let p = 0; p < k; p++, x += aColumn) sum += a[x] * b[y + p];
      c[cStart + i * n + j] += alpha * sum;
    }
  }
}
