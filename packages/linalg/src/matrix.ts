import { GgdlnError, inputError, type Matrix } from '@ggdln/core';

const where = '@ggdln/linalg';

/**
 * A rows × cols matrix over row-major data (shared, not copied), or of zeros.
 * @throws GGDLN_INPUT when the length isn't rows · cols, or there is no memory for so many zeros.
 */
export function matrix(rows: number, cols: number, data?: Float64Array): Matrix {
  if (!Number.isInteger(rows) || !Number.isInteger(cols) || rows < 0 || cols < 0) {
    throw inputError(
      `${where} matrix`,
      `a matrix can't be ${rows} × ${cols}`,
      'Rows and columns are whole numbers ≥ 0',
    );
  }
  if (data && data.length !== rows * cols) {
    throw inputError(
      `${where} matrix`,
      `${data.length} numbers don't fill ${rows} × ${cols}`,
      `Give ${rows * cols} numbers`,
    );
  }
  return { rows, cols, data: data ?? zeros(rows, cols) };
}

function zeros(rows: number, cols: number): Float64Array {
  try {
    return new Float64Array(rows * cols);
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_INPUT',
      where: `${where} matrix`,
      problem: `a matrix of ${rows} × ${cols} takes ${((8 * rows * cols) / 1e9).toPrecision(3)} GB, which can't be had here`,
      remedy: 'Use fewer examples or features',
      cause,
    });
  }
}

/**
 * A matrix from nested rows of numbers.
 * @throws GGDLN_INPUT for rows of different lengths (naming the first such row).
 */
export function matrixFromRows(rows: ArrayLike<ArrayLike<number>>): Matrix {
  const count = rows.length;
  const cols = count === 0 ? 0 : rows[0].length;
  const out = matrix(count, cols);
  for (let i = 0; i < count; i++) {
    if (rows[i].length !== cols) {
      throw inputError(
        `${where} matrixFromRows`,
        `row ${i} has ${rows[i].length} numbers, row 0 has ${cols}`,
        'All rows need the same length',
      );
    }
    out.data.set(rows[i], i * cols);
  }
  return out;
}

/** A column vector, n × 1 (data shared for a Float64Array). */
export function columnVector(values: ArrayLike<number>): Matrix {
  return matrix(values.length, 1, values instanceof Float64Array ? values : Float64Array.from(values));
}

/** The n × n identity times `scale`. */
export function identity(n: number, scale = 1): Matrix {
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) out.data[i * n + i] = scale;
  return out;
}

/** Nested rows of plain numbers, e.g. for JSON. */
export function toRows(a: Matrix): number[][] {
  return Array.from({ length: a.rows }, (_, i) => Array.from(a.data.subarray(i * a.cols, (i + 1) * a.cols)));
}

/** A copy that shares nothing. */
export function copy(a: Matrix): Matrix {
  return matrix(a.rows, a.cols, a.data.slice());
}

/** Aᵀ. */
export function transpose(a: Matrix): Matrix {
  const out = matrix(a.cols, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) out.data[j * a.rows + i] = a.data[i * a.cols + j];
  }
  return out;
}

/** The given rows, in the given order. */
export function selectMatrixRows(a: Matrix, indices: ArrayLike<number>): Matrix {
  const out = matrix(indices.length, a.cols);
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i];
    if (!(row >= 0 && row < a.rows))
      throw inputError(`${where} selectMatrixRows`, `row ${row} of a matrix with ${a.rows} rows`);
    out.data.set(a.data.subarray(row * a.cols, (row + 1) * a.cols), i * a.cols);
  }
  return out;
}

/** alpha · A + beta · B, entry by entry. */
export function add(a: Matrix, b: Matrix, alpha = 1, beta = 1): Matrix {
  requireSameShape('add', a, b);
  const out = matrix(a.rows, a.cols);
  for (let i = 0; i < out.data.length; i++) out.data[i] = alpha * a.data[i] + beta * b.data[i];
  return out;
}

/** The Hadamard product A ∘ B times `scale`. */
export function hadamard(a: Matrix, b: Matrix, scale = 1): Matrix {
  requireSameShape('hadamard', a, b);
  const out = matrix(a.rows, a.cols);
  for (let i = 0; i < out.data.length; i++) out.data[i] = scale * a.data[i] * b.data[i];
  return out;
}

/** diag(weights) · A: row i times `weights[i]`. */
export function scaleRows(a: Matrix, weights: ArrayLike<number>): Matrix {
  if (weights.length !== a.rows) {
    throw inputError(`${where} scaleRows`, `${weights.length} weights for ${a.rows} rows`, 'Give one weight a row');
  }
  const out = matrix(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) out.data[i * a.cols + j] = weights[i] * a.data[i * a.cols + j];
  }
  return out;
}

/** (A + Aᵀ) / 2. */
export function symmetrise(a: Matrix): Matrix {
  const out = matrix(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) out.data[i * a.cols + j] = 0.5 * (a.data[i * a.cols + j] + a.data[j * a.cols + i]);
  }
  return out;
}

/** Copies the lower triangle of a square matrix to the upper one, in place, tile by tile as that keeps to the cache. */
export function mirrorLower({ data, cols: n }: Matrix): void {
  const tile = 32;
  for (let rows = 0; rows < n; rows += tile) {
    for (let columns = 0; columns <= rows; columns += tile) {
      for (let i = rows; i < Math.min(n, rows + tile); i++) {
        for (let j = columns; j < Math.min(i, columns + tile); j++) data[j * n + i] = data[i * n + j];
      }
    }
  }
}

/** Σ_i A_ii. */
export function trace(a: Matrix): number {
  let sum = 0;
  for (let i = 0; i < Math.min(a.rows, a.cols); i++) sum += a.data[i * a.cols + i];
  return sum;
}

/** Σ_ij A_ij B_ij = tr(AᵀB). */
export function inner(a: Matrix, b: Matrix): number {
  requireSameShape('inner', a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += a.data[i] * b.data[i];
  return sum;
}

/** max_ij |A_ij|; 0 for an empty matrix. */
export function maxAbs(a: Matrix): number {
  let max = 0;
  for (const value of a.data) max = Math.max(max, Math.abs(value));
  return max;
}

/** `rows × cols`, for messages. */
export function shapeOf(a: Matrix): string {
  return `${a.rows} × ${a.cols}`;
}

/**
 * Checks a matrix that came from outside.
 * @param name What it is, for the message, e.g. `X (P × N0)`.
 * @throws GGDLN_INPUT for a wrong shape, or for the first entry that is NaN or infinite (with its place).
 */
export function requireMatrix(
  caller: string,
  name: string,
  a: Matrix,
  shape: { readonly rows?: number; readonly cols?: number } = {},
): void {
  if (!a || !(a.data instanceof Float64Array) || a.data.length !== a.rows * a.cols) {
    throw inputError(
      caller,
      `${name} is not a matrix`,
      'Give { rows, cols, data } with a Float64Array of rows · cols numbers; see matrix() in @ggdln/linalg',
    );
  }
  const { rows = a.rows, cols = a.cols } = shape;
  if (a.rows !== rows || a.cols !== cols) {
    throw inputError(caller, `${name} is ${shapeOf(a)}`, `It should be ${rows} × ${cols}`);
  }
  const bad = a.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw inputError(
      caller,
      `${name} has ${a.data[bad]} at row ${Math.floor(bad / a.cols)}, column ${bad % a.cols}`,
      'Every entry must be a finite number',
    );
  }
}

function requireSameShape(name: string, a: Matrix, b: Matrix): void {
  if (a.rows !== b.rows || a.cols !== b.cols) {
    throw inputError(
      `${where} ${name}`,
      `shapes ${shapeOf(a)} and ${shapeOf(b)} differ`,
      'Both must have the same shape',
    );
  }
}
