import type { StridedProduct } from '../flatProduct.ts';
import type { Engine } from './operations.ts';

/**
 * C ← alpha · op(A) · op(B) + beta · C on flat arrays of float64 or float32. Sizes and precision are checked by the
 * caller; nothing is made but views.
 */
export function wasmMultiplyInto<Numbers extends Float32Array | Float64Array>(
  engine: Engine,
  product: StridedProduct,
  a: Numbers,
  b: Numbers,
  c: Numbers,
): void {
  const { kernels, arena, single } = engine;
  const { m, n, k, alpha, beta, aStart, aRow, aColumn, bStart, bRow, bColumn, cStart } = product;
  const isSingle = c instanceof Float32Array;
  const places = (count: number) => (isSingle ? Math.ceil(count / 2) : count);
  const work = isSingle ? Math.ceil(single.workBytes() / 8) : 0;
  const what = `multiplyInto of ${m} × ${k} by ${k} × ${n}`;
  const [pw, pa, pb, pc] = arena.reserve(what, work, places(m * k), places(k * n), places(m * n));
  const { buffer } = kernels.memory;
  const at = (address: number, count: number) =>
    isSingle ? new Float32Array(buffer, address, count) : new Float64Array(buffer, address, count);
  at(pa, m * k).set(a.subarray(aStart, aStart + m * k));
  at(pb, k * n).set(b.subarray(bStart, bStart + k * n));
  const result = at(pc, m * n);
  if (beta !== 0) result.set(c.subarray(cStart, cStart + m * n));
  if (isSingle) {
    single.multiply(m, n, k, alpha, pa, aRow, aColumn, pb, bRow, bColumn, beta, pc, pw);
  } else {
    if (beta === 0) result.fill(0);
    else if (beta !== 1) for (let i = 0; i < result.length; i++) result[i] *= beta;
    kernels.multiplyAdd(m, n, k, alpha, pa, aRow, aColumn, pb, bRow, bColumn, pc, n, 0);
  }
  c.set(result, cStart);
}
