import { type GemmOptions, GgdlnError, inputError, type Matrix, type SyrkOptions } from '@ggdln/core';
import { requireMatrix, shapeOf } from './matrix.ts';

/** Sizes of a product: op(A) is m × k, op(B) is k × n. */
export interface ProductSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

const sourceOf = (where: string) => `@ggdln/linalg ${where}`;

/** An error of a computation that can't go on. */
export function numericalError(where: string, problem: string, remedy: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_NUMERICAL', where: sourceOf(where), problem, remedy });
}

/** True when every number (from one place to before another) is finite. */
export function allFinite(data: Float64Array, from: number = 0, to: number = data.length): boolean {
  // 0 · x is NaN exactly when x is NaN or infinite: one pass without branches, in sums that don't wait for each other.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    s0 += data[i] * 0;
    s1 += data[i + 1] * 0;
    s2 += data[i + 2] * 0;
    s3 += data[i + 3] * 0;
  }
  for (; i < to; i++) s0 += data[i] * 0;
  return s0 + s1 + s2 + s3 === 0;
}

/** @throws GGDLN_INPUT when something is no matrix or has entries that aren't finite (with the place of the first). */
export function requireFinite(where: string, name: string, a: Matrix): void {
  requireMatrix(sourceOf(where), name, a);
}

/** @throws GGDLN_INPUT when `a` is no matrix. Its entries aren't looked at. */
export function requireShape(where: string, name: string, a: Matrix): void {
  if (a?.data instanceof Float64Array && a.data.length === a.rows * a.cols) return;
  requireMatrix(sourceOf(where), name, a);
}

/** @throws GGDLN_INPUT when `a` isn't square. */
export function requireSquare(where: string, name: string, a: Matrix): void {
  requireShape(where, name, a);
  if (a.rows !== a.cols) {
    throw inputError(sourceOf(where), `${name} is ${shapeOf(a)}`, 'It must be square');
  }
}

/** The first row with an entry on or below the diagonal that isn't finite; the number of rows when there is none. */
export function firstRowNotFinite({ rows, cols, data }: Matrix): number {
  for (let i = 0; i < rows; i++) if (!allFinite(data, i * cols, i * cols + i + 1)) return i;
  return rows;
}

/** @throws GGDLN_INPUT for an entry on or below the diagonal that isn't finite (with its place). */
export function requireFiniteLower(where: string, name: string, a: Matrix): void {
  for (let i = firstRowNotFinite(a); i < a.rows; i++) {
    for (let j = 0; j <= i; j++) {
      const value = a.data[i * a.cols + j];
      if (Number.isFinite(value)) continue;
      throw inputError(
        sourceOf(where),
        `${name} has ${value} at row ${i}, column ${j}`,
        'Every entry of its lower triangle must be a finite number',
      );
    }
  }
}

/** @throws GGDLN_INPUT when a factor isn't a finite number. */
function requireFactor(where: string, name: string, factor: number): void {
  if (!Number.isFinite(factor)) throw inputError(sourceOf(where), `${name} is ${factor}`, 'It must be a finite number');
}

/**
 * Sizes of a product.
 * @throws GGDLN_INPUT when the shapes don't fit, `beta` lacks `out`, `out` is shared, or `lowerA` comes with `transA`.
 */
export function productSizes(a: Matrix, b: Matrix, options: GemmOptions): ProductSizes {
  requireShape('gemm', 'A', a);
  requireShape('gemm', 'B', b);
  const { transA = false, transB = false, lowerA = false, alpha = 1, beta = 0, out } = options;
  if (lowerA && transA) {
    throw inputError(sourceOf('gemm'), 'lowerA and transA are both given', 'Give lowerA for A itself, or neither');
  }
  const [m, k] = transA ? [a.cols, a.rows] : [a.rows, a.cols];
  const [inner, n] = transB ? [b.cols, b.rows] : [b.rows, b.cols];
  if (k !== inner) {
    throw inputError(
      sourceOf('gemm'),
      `A${transA ? 'ᵀ' : ''} is ${m} × ${k} and B${transB ? 'ᵀ' : ''} is ${inner} × ${n}`,
      'Columns of the first must equal rows of the second',
    );
  }
  requireFactor('gemm', 'alpha', alpha);
  requireFactor('gemm', 'beta', beta);
  requireOut('gemm', out, beta, { m, n }, a, b);
  if (out && beta !== 0 && !allFinite(out.data)) requireFinite('gemm', 'out', out);
  return { m, n, k };
}

/** Sizes of a square: op(A) is m × k. @throws GGDLN_INPUT when `out` doesn't fit, is shared, or lacks while beta isn't 0. */
export function squareSizes(a: Matrix, options: SyrkOptions): Omit<ProductSizes, 'n'> {
  requireShape('syrk', 'A', a);
  const { trans = false, alpha = 1, beta = 0, out } = options;
  const [m, k] = trans ? [a.cols, a.rows] : [a.rows, a.cols];
  requireFactor('syrk', 'alpha', alpha);
  requireFactor('syrk', 'beta', beta);
  requireOut('syrk', out, beta, { m, n: m }, a);
  if (out && beta !== 0) requireFiniteLower('syrk', 'out', out);
  return { m, k };
}

function requireOut(
  where: string,
  out: Matrix | undefined,
  beta: number,
  { m, n }: Omit<ProductSizes, 'k'>,
  ...args: readonly Matrix[]
): void {
  if (!out) {
    if (beta === 0) return;
    throw inputError(sourceOf(where), `beta is ${beta} but there is no out`, 'Give out, the matrix that beta scales');
  }
  requireShape(where, 'out', out);
  if (out.rows !== m || out.cols !== n) {
    throw inputError(sourceOf(where), `out is ${shapeOf(out)}`, `It should be ${m} × ${n}, the shape of the product`);
  }
  if (args.some((argument) => overlaps(out.data, argument.data))) {
    throw inputError(sourceOf(where), 'out shares memory with an argument', 'Give a matrix of its own as out');
  }
}

function overlaps(x: Float64Array, y: Float64Array): boolean {
  return (
    x.buffer === y.buffer && x.byteOffset < y.byteOffset + y.byteLength && y.byteOffset < x.byteOffset + x.byteLength
  );
}

/**
 * Called when a result has an entry that isn't finite: finds the argument that brought it, or says that it overflowed.
 * @throws Always.
 */
export function explainNotFinite(where: string, args: { readonly [name: string]: Matrix }): never {
  for (const [name, argument] of Object.entries(args)) requireFinite(where, name, argument);
  throw numericalError(where, 'the result overflowed to numbers that are not finite', 'Scale the arguments down');
}

/** Checks the factor and right-hand side of a triangular solve: shapes, and a diagonal of finite numbers but 0. */
export function requireTriangular(where: string, l: Matrix, b?: Matrix): void {
  requireSquare(where, 'L', l);
  if (b) {
    requireShape(where, 'B', b);
    if (b.rows !== l.rows) {
      throw inputError(sourceOf(where), `L is ${shapeOf(l)} and B is ${shapeOf(b)}`, `B needs ${l.rows} rows`);
    }
  }
  for (let i = 0; i < l.rows; i++) {
    const pivot = l.data[i * l.cols + i];
    if (pivot === 0) {
      throw numericalError(where, `the diagonal of L is 0 at row ${i}`, 'A factor with a zero pivot has no inverse');
    }
    // Dividing by infinity leaves 0, which would not show in the result.
    if (!Number.isFinite(pivot)) requireFiniteLower(where, 'L', l);
  }
}

/** The error for a matrix that turned out not to be positive definite. */
export function notPositiveDefinite(a: Matrix, index: number, value: number): GgdlnError {
  requireFiniteLower('cholesky', 'A', a);
  return pivotError(a, index, value, a.data[index * a.cols + index]);
}

/** The error for a pivot that isn't positive. @param entry What the diagonal held there. */
export function pivotError(a: Matrix, index: number, value: number, entry: number): GgdlnError {
  return numericalError(
    'cholesky',
    `the ${shapeOf(a)} matrix is not positive definite: pivot ${index} is ${value.toPrecision(4)}, its diagonal entry ` +
      `${entry.toPrecision(4)}`,
    'Add a positive number to the diagonal (a temperature T > 0), or use the eigenvectors of its range',
  );
}

/** The error for an eigenvalue iteration that did not end. */
export function notConverged(a: Matrix, index: number): GgdlnError {
  return numericalError(
    'symmetricEigen',
    `eigenvalue ${index} of the ${shapeOf(a)} matrix did not converge`,
    'Report the matrix: QL with this shift converges for every finite symmetric matrix known to us',
  );
}
