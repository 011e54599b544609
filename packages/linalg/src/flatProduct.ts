import { type FlatProduct, inputError } from '@ggdln/core';

const where = '@ggdln/linalg multiplyInto';

type Numbers = Float32Array | Float64Array;

/** A product whose sizes and arrays were checked. Strides are in numbers: op(A) at (i, p) is `a[aStart + i * aRow + p * aColumn]`. */
export interface StridedProduct {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly alpha: number;
  readonly beta: number;
  readonly aStart: number;
  readonly aRow: number;
  readonly aColumn: number;
  readonly bStart: number;
  readonly bRow: number;
  readonly bColumn: number;
  readonly cStart: number;
}

/**
 * Strides of a product on flat arrays.
 * @throws GGDLN_INPUT for sizes and offsets that are no whole numbers ≥ 0 or leave an array, for two precisions, for
 * factors that aren't finite, and for a C that shares memory with what is read of A or B.
 */
export function stridedProduct(product: FlatProduct, a: Numbers, b: Numbers, c: Numbers): StridedProduct {
  const { m, n, k, transA = false, transB = false, alpha = 1, beta = 0, offsets = {} } = product;
  const { a: aStart = 0, b: bStart = 0, c: cStart = 0 } = offsets;
  for (const [name, size] of [
    ['m', m],
    ['n', n],
    ['k', k],
  ] as const) {
    if (!Number.isInteger(size) || size < 0)
      throw inputError(where, `${name} is ${size}`, 'Sizes are whole numbers ≥ 0');
  }
  for (const [name, factor] of [
    ['alpha', alpha],
    ['beta', beta],
  ] as const) {
    if (!Number.isFinite(factor)) throw inputError(where, `${name} is ${factor}`, 'It must be a finite number');
  }
  requirePrecision(a, b, c);
  requireRoom('a', a, aStart, m, k, transA);
  requireRoom('b', b, bStart, k, n, transB);
  requireRoom('c', c, cStart, m, n, false);
  requireApart('a', a, aStart, m * k, c, cStart, m * n);
  requireApart('b', b, bStart, k * n, c, cStart, m * n);
  return {
    m,
    n,
    k,
    alpha,
    beta,
    aStart,
    aRow: transA ? 1 : k,
    aColumn: transA ? m : 1,
    bStart,
    bRow: transB ? 1 : n,
    bColumn: transB ? k : 1,
    cStart,
  };
}

function requirePrecision(a: Numbers, b: Numbers, c: Numbers): void {
  const single = a instanceof Float32Array && b instanceof Float32Array && c instanceof Float32Array;
  const double = a instanceof Float64Array && b instanceof Float64Array && c instanceof Float64Array;
  if (single || double) return;
  const kinds = [a, b, c].map((numbers) => numbers?.constructor?.name ?? typeof numbers);
  throw inputError(where, `a, b and c are ${kinds.join(', ')}`, 'Give three Float32Arrays or three Float64Arrays');
}

function requireRoom(name: string, x: Numbers, start: number, rows: number, cols: number, trans: boolean): void {
  if (Number.isInteger(start) && start >= 0 && start + rows * cols <= x.length) return;
  const shape = trans ? `${cols} × ${rows} (transposed)` : `${rows} × ${cols}`;
  throw inputError(
    where,
    `${name} is ${shape} from place ${start} on, but its array holds ${x.length} numbers`,
    `It needs ${rows * cols} numbers from a whole place ≥ 0 on`,
  );
}

function requireApart(
  name: string,
  x: Numbers,
  xStart: number,
  xCount: number,
  c: Numbers,
  cStart: number,
  cCount: number,
): void {
  if (x.buffer !== c.buffer || xCount === 0 || cCount === 0) return;
  const size = x.BYTES_PER_ELEMENT;
  const xByte = x.byteOffset + xStart * size;
  const cByte = c.byteOffset + cStart * size;
  if (xByte >= cByte + cCount * size || cByte >= xByte + xCount * size) return;
  throw inputError(where, `c shares memory with ${name}`, 'Give a place of its own to the result');
}
