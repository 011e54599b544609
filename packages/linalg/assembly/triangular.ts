// Triangular solves and Cholesky factors by halving: all but small diagonal blocks becomes products.
// A triangular matrix is given by the strides of its rows and columns, so that a transpose costs nothing.

import { at, multiplyAdd } from './product';

/** Diagonal blocks up to this size are done by loops. */
const SMALL: i32 = 32;

/** Where to split n: about half, a multiple of SMALL. */
function half(n: i32): i32 {
  return (n / 2 + SMALL - 1) & ~(SMALL - 1);
}

/** Solves L X = B in place of B (n × r, rows contiguous, `xRow` apart); L is n × n lower triangular. */
export function solveLower(n: i32, r: i32, l: usize, lRow: i32, lColumn: i32, x: usize, xRow: i32): void {
  if (n > SMALL) {
    const top = half(n);
    const below = at(x, top * xRow);
    solveLower(top, r, l, lRow, lColumn, x, xRow);
    multiplyAdd(n - top, r, top, -1, at(l, top * lRow), lRow, lColumn, x, xRow, 1, below, xRow, false);
    solveLower(n - top, r, at(l, top * (lRow + lColumn)), lRow, lColumn, below, xRow);
    return;
  }
  for (let i = 0; i < n; i++) {
    const target = at(x, i * xRow);
    subtractRows(r, i, at(l, i * lRow), lColumn, x, xRow, target);
    divideRow(r, target, load<f64>(at(l, i * (lRow + lColumn))));
  }
}

/** Solves U X = B in place of B; U is n × n upper triangular. */
export function solveUpper(n: i32, r: i32, u: usize, uRow: i32, uColumn: i32, x: usize, xRow: i32): void {
  if (n > SMALL) {
    const top = half(n);
    const below = at(x, top * xRow);
    solveUpper(n - top, r, at(u, top * (uRow + uColumn)), uRow, uColumn, below, xRow);
    multiplyAdd(top, r, n - top, -1, at(u, top * uColumn), uRow, uColumn, below, xRow, 1, x, xRow, false);
    solveUpper(top, r, u, uRow, uColumn, x, xRow);
    return;
  }
  for (let i = n - 1; i >= 0; i--) {
    const target = at(x, i * xRow);
    const after = i + 1;
    subtractRows(r, n - after, at(u, i * uRow + after * uColumn), uColumn, at(x, after * xRow), xRow, target);
    divideRow(r, target, load<f64>(at(u, i * (uRow + uColumn))));
  }
}

/** target −= Σ_{p < count} factor_p · (row p of x), four rows at a time. */
function subtractRows(r: i32, count: i32, factors: usize, stride: i32, x: usize, xRow: i32, target: usize): void {
  const step = (<usize>xRow) << 3;
  let p = 0;
  for (; p + 4 <= count; p += 4) {
    const f0 = load<f64>(at(factors, p * stride));
    const f1 = load<f64>(at(factors, (p + 1) * stride));
    const f2 = load<f64>(at(factors, (p + 2) * stride));
    const f3 = load<f64>(at(factors, (p + 3) * stride));
    subtractFourRows(r, f0, f1, f2, f3, at(x, p * xRow), step, target);
  }
  for (; p < count; p++) subtractRow(r, load<f64>(at(factors, p * stride)), at(x, p * xRow), target);
}

function subtractFourRows(r: i32, f0: f64, f1: f64, f2: f64, f3: f64, x: usize, step: usize, target: usize): void {
  const s0 = f64x2.splat(f0);
  const s1 = f64x2.splat(f1);
  const s2 = f64x2.splat(f2);
  const s3 = f64x2.splat(f3);
  const even = target + ((<usize>(r & ~1)) << 3);
  const x2 = x + 2 * step;
  let offset: usize = 0;
  for (let to = target; to < even; to += 16) {
    const from = x + offset;
    const from2 = x2 + offset;
    const sum = f64x2.add(
      f64x2.add(f64x2.mul(s0, v128.load(from)), f64x2.mul(s1, v128.load(from + step))),
      f64x2.add(f64x2.mul(s2, v128.load(from2)), f64x2.mul(s3, v128.load(from2 + step))),
    );
    v128.store(to, f64x2.sub(v128.load(to), sum));
    offset += 16;
  }
  if (r & 1) {
    const from = x + offset;
    const from2 = x2 + offset;
    const sum =
      f0 * load<f64>(from) + f1 * load<f64>(from + step) + (f2 * load<f64>(from2) + f3 * load<f64>(from2 + step));
    store<f64>(even, load<f64>(even) - sum);
  }
}

/** target −= factor · x, vectors of length r. */
function subtractRow(r: i32, factor: f64, x: usize, target: usize): void {
  const s = f64x2.splat(factor);
  const even = target + ((<usize>(r & ~1)) << 3);
  while (target < even) {
    v128.store(target, f64x2.sub(v128.load(target), f64x2.mul(s, v128.load(x))));
    target += 16;
    x += 16;
  }
  if (r & 1) store<f64>(target, load<f64>(target) - factor * load<f64>(x));
}

function divideRow(r: i32, x: usize, divisor: f64): void {
  const s = f64x2.splat(divisor);
  const even = x + ((<usize>(r & ~1)) << 3);
  for (; x < even; x += 16) v128.store(x, f64x2.div(v128.load(x), s));
  if (r & 1) store<f64>(x, load<f64>(x) / divisor);
}

let badPivot: f64 = 0;

/** The pivot at which `factorise` stopped. */
export function lastPivot(): f64 {
  return badPivot;
}

/**
 * The Cholesky factor L of the matrix with lower triangle `a` (n × n) in its place, zeros above the diagonal.
 * Returns −1, or the index of the first pivot that isn't positive and finite.
 */
export function factorise(n: i32, a: usize): i32 {
  // The work is done on U = Lᵀ in the upper triangle, where the solves run along rows.
  mirror(n, a, true);
  const failed = factoriseUpper(n, a, n);
  if (failed >= 0) return failed;
  mirror(n, a, false);
  for (let i = 0; i < n; i++) memory.fill(at(a, i * n + i + 1), 0, (<usize>(n - i - 1)) << 3);
  return -1;
}

/** UᵀU = A in place of the upper triangle. */
function factoriseUpper(n: i32, a: usize, row: i32): i32 {
  if (n <= SMALL) return factoriseSmall(n, a, row);
  const top = half(n);
  const right = at(a, top);
  const rest = at(a, top * (row + 1));
  const failed = factoriseUpper(top, a, row);
  if (failed >= 0) return failed;
  solveLower(top, n - top, a, 1, row, right, row);
  subtractSquare(n - top, top, right, row, rest);
  const failedBelow = factoriseUpper(n - top, rest, row);
  return failedBelow < 0 ? -1 : failedBelow + top;
}

/** Columns that are updated together in `subtractSquare`. */
const STRIP: i32 = 128;

/** Upper triangle of C (n × n) −= RᵀR with R k × n: strips of columns, each down to its diagonal block. */
function subtractSquare(n: i32, k: i32, r: usize, row: i32, c: usize): void {
  for (let j = 0; j < n; j += STRIP) {
    const columns = min(STRIP, n - j);
    multiplyAdd(j + columns, columns, k, -1, r, 1, row, at(r, j), row, 1, at(c, j), row, false);
  }
}

function factoriseSmall(n: i32, a: usize, row: i32): i32 {
  for (let i = 0; i < n; i++) {
    const diagonal = at(a, i * (row + 1));
    const pivot = load<f64>(diagonal);
    if (!(pivot > 0 && pivot < Infinity)) {
      badPivot = pivot;
      return i;
    }
    const rest = n - i - 1;
    store<f64>(diagonal, Math.sqrt(pivot));
    divideRow(rest, diagonal + 8, load<f64>(diagonal));
    for (let q = 1; q <= rest; q++) {
      const from = at(diagonal, q);
      subtractRow(rest - q + 1, load<f64>(from), from, at(from, q * row));
    }
  }
  return -1;
}

/** Side of the blocks in which `mirror` goes through a matrix. */
const BLOCK: i32 = 32;

/** Copies the lower triangle of an n × n matrix to the upper one (`up`), or the upper one to the lower. */
export function mirror(n: i32, a: usize, up: bool): void {
  for (let i = 0; i < n; i += BLOCK) {
    for (let j = 0; j <= i; j += BLOCK) mirrorBlock(n, a, i, j, up);
  }
}

function mirrorBlock(n: i32, a: usize, rowStart: i32, columnStart: i32, up: bool): void {
  for (let i = rowStart; i < min(n, rowStart + BLOCK); i++) {
    for (let j = columnStart; j < min(i, columnStart + BLOCK); j++) {
      const below = at(a, i * n + j);
      const above = at(a, j * n + i);
      if (up) store<f64>(above, load<f64>(below));
      else store<f64>(below, load<f64>(above));
    }
  }
}

/** y = L⁻¹ for a lower-triangular L; y (n × n) holds zeros on entry. */
function invertLower(n: i32, l: usize, y: usize, row: i32): void {
  if (n <= SMALL) {
    for (let i = 0; i < n; i++) {
      const target = at(y, i * row);
      store<f64>(at(target, i), 1);
      subtractRows(i + 1, i, at(l, i * row), 1, y, row, target);
      divideRow(i + 1, target, load<f64>(at(l, i * (row + 1))));
    }
    return;
  }
  const top = half(n);
  const rest = n - top;
  const below = at(y, top * row);
  const corner = top * (row + 1);
  invertLower(top, l, y, row);
  // −L₂₁ Y₁₁: the strip of columns from j on needs the rows of Y₁₁ from j on only.
  for (let j = 0; j < top; j += STRIP) {
    const columns = min(STRIP, top - j);
    const from = at(y, j * (row + 1));
    multiplyAdd(rest, columns, top - j, -1, at(l, top * row + j), row, 1, from, row, 1, at(below, j), row, false);
  }
  solveLower(rest, top, at(l, corner), row, 1, below, row);
  invertLower(rest, at(l, corner), at(y, corner), row);
}

/** h = (LLᵀ)⁻¹ = YᵀY with Y = L⁻¹; y and h (n × n each) hold zeros on entry. */
export function inverseFromFactor(n: i32, l: usize, y: usize, h: usize): void {
  invertLower(n, l, y, n);
  for (let i = 0; i < n; i += STRIP) {
    const rows = min(STRIP, n - i);
    const from = at(y, i * n);
    multiplyAdd(rows, i + rows, n - i, 1, at(from, i), 1, n, from, n, 1, at(h, i * n), n, false);
  }
  mirror(n, h, true);
}
