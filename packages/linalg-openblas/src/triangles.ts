import { LOWER, NO_TRANS, ROW_MAJOR, TRANS } from './products.ts';
import type { Blas } from './symbols.ts';

// Factor and inverse by halves, so that nearly all operations are products of large matrices: OpenBLAS multiplies three
// times as fast as it solves with triangles, on which its own dpotrf and dtrtri spend most of their time. The halves
// are rows and columns of one row-major array; where a routine is LAPACK's, its lower triangle is the upper one there.

export const LEFT = 141;
const RIGHT = 142;
export const NON_UNIT = 131;
/** The row-major lower triangle is the upper one to Fortran, which goes by columns. */
export const ROW_MAJOR_LOWER = 'U';

/** Rows of the blocks that LAPACK factorises and inverts, and of the triangles that BLAS solves with. */
const LEAF = 64;
/** Halves are cut at multiples of this, so that most blocks fit the registers of the products. */
const CUT = 16;

/** A square block on the diagonal of a row-major array with rows of `ld` numbers. */
interface Block {
  readonly a: Float64Array;
  readonly ld: number;
  /** Where it begins. */
  readonly at: number;
  /** Its rows. */
  readonly n: number;
}

/**
 * The Cholesky factor in the place of the lower triangle; the upper one is neither read nor changed.
 * @returns 0, or the number (from 1) of the pivot that isn't positive, at which it stopped.
 */
export function factorLower(blas: Blas, block: Block): number {
  const { a, ld, at, n } = block;
  if (n <= LEAF) {
    const info = Int32Array.of(0);
    blas.dpotrf(ROW_MAJOR_LOWER, Int32Array.of(n), a.subarray(at), Int32Array.of(ld), info, 1);
    return info[0];
  }
  const { first, below, last } = halves(block);
  const stopped = factorLower(blas, first);
  if (stopped > 0) return stopped;
  solveRight(blas, first, below, last.n, true);
  blas.dsyrk(ROW_MAJOR, LOWER, NO_TRANS, last.n, first.n, -1, a.subarray(below), ld, 1, a.subarray(last.at), ld);
  const later = factorLower(blas, last);
  return later > 0 ? first.n + later : 0;
}

/** B ← B L⁻ᵀ, or B L⁻¹, for the `rows` × n block B of the same array that begins at `from`. */
function solveRight(blas: Blas, block: Block, from: number, rows: number, trans: boolean): void {
  const { a, ld, at, n } = block;
  const op = trans ? TRANS : NO_TRANS;
  if (n <= LEAF) {
    blas.dtrsm(ROW_MAJOR, RIGHT, LOWER, op, NON_UNIT, rows, n, 1, a.subarray(at), ld, a.subarray(from), ld);
    return;
  }
  const { first, below, last } = halves(block);
  const left = { part: first, from };
  const right = { part: last, from: from + first.n };
  const [early, late] = trans ? [left, right] : [right, left];
  solveRight(blas, early.part, early.from, rows, trans);
  const [solved, l, rest] = [a.subarray(early.from), a.subarray(below), a.subarray(late.from)];
  blas.dgemm(ROW_MAJOR, NO_TRANS, op, rows, late.part.n, early.part.n, -1, solved, ld, l, ld, 1, rest, ld);
  solveRight(blas, late.part, late.from, rows, trans);
}

/** L⁻¹ in the place of L; the upper triangle is neither read nor changed. No pivot may be 0. */
export function invertLower(blas: Blas, block: Block): void {
  const { a, ld, at, n } = block;
  if (n <= LEAF) {
    const info = Int32Array.of(0);
    blas.dtrtri(ROW_MAJOR_LOWER, 'N', Int32Array.of(n), a.subarray(at), Int32Array.of(ld), info, 1, 1);
    return;
  }
  const { first, below, last } = halves(block);
  invertLower(blas, last);
  // What is below the diagonal is −L₂₂⁻¹ L₂₁ L₁₁⁻¹. It is solved with L₁₁: a product with its inverse as well would
  // multiply the errors of both (Du Croz & Higham, IMA J. Numer. Anal. 12, 1 (1992)).
  const inverse = a.subarray(last.at);
  const between = a.subarray(below);
  blas.dtrmm(ROW_MAJOR, LEFT, LOWER, NO_TRANS, NON_UNIT, last.n, first.n, -1, inverse, ld, between, ld);
  solveRight(blas, first, below, last.n, false);
  invertLower(blas, first);
}

function halves({ a, ld, at, n }: Block): { first: Block; below: number; last: Block } {
  const half = CUT * Math.ceil(n / 2 / CUT);
  const below = at + half * ld;
  return { first: { a, ld, at, n: half }, below, last: { a, ld, at: below + half, n: n - half } };
}
