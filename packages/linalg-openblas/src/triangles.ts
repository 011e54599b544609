import { type Block, createLeaves, LEAF, LEFT, type Leaves, NON_UNIT, ROW_MAJOR_LOWER } from './leaves.ts';
import { LOWER, NO_TRANS, ROW_MAJOR, TRANS } from './products.ts';
import type { Blas } from './symbols.ts';

// Factor and inverse by halves, so that nearly all operations are products of large matrices: OpenBLAS multiplies three
// times as fast as it solves with triangles, on which its own dpotrf and dtrtri spend most of their time. The halves
// are rows and columns of one row-major array; where a routine is LAPACK's, its lower triangle is the upper one there.

/** Halves are cut at multiples of this, so that most blocks fit the registers of the products. */
const CUT = 16;

/**
 * The Cholesky factor in the place of the lower triangle; the upper one is neither read nor changed.
 * @returns 0, or the number (from 1) of the pivot that isn't positive, at which it stopped.
 */
export function factorLower(blas: Blas, block: Block, leaves: Leaves = createLeaves(blas)): number {
  const { a, ld, at, n } = block;
  if (n <= LEAF) {
    const info = Int32Array.of(0);
    blas.dpotrf(ROW_MAJOR_LOWER, Int32Array.of(n), a.subarray(at), Int32Array.of(ld), info, 1);
    return info[0];
  }
  const { first, below, last } = halves(block);
  const stopped = factorLower(blas, first, leaves);
  if (stopped > 0) return stopped;
  solveRight(blas, first, leaves, { from: below, rows: last.n, trans: true });
  blas.dsyrk(ROW_MAJOR, LOWER, NO_TRANS, last.n, first.n, -1, a.subarray(below), ld, 1, a.subarray(last.at), ld);
  const later = factorLower(blas, last, leaves);
  return later > 0 ? first.n + later : 0;
}

/** Some rows of the same array, from the column of a block on: B ← B L⁻ᵀ, or B L⁻¹. */
interface Sides {
  readonly from: number;
  readonly rows: number;
  readonly trans: boolean;
}

function solveRight(blas: Blas, block: Block, leaves: Leaves, { from, rows, trans }: Sides): void {
  const { a, ld, n } = block;
  if (n <= LEAF) {
    leaves.solveRight(block, from, rows, trans);
    return;
  }
  const { first, below, last } = halves(block);
  const left = { part: first, from };
  const right = { part: last, from: from + first.n };
  const [early, late] = trans ? [left, right] : [right, left];
  solveRight(blas, early.part, leaves, { from: early.from, rows, trans });
  const op = trans ? TRANS : NO_TRANS;
  const [solved, l, rest] = [a.subarray(early.from), a.subarray(below), a.subarray(late.from)];
  blas.dgemm(ROW_MAJOR, NO_TRANS, op, rows, late.part.n, early.part.n, -1, solved, ld, l, ld, 1, rest, ld);
  solveRight(blas, late.part, leaves, { from: late.from, rows, trans });
}

/** L⁻¹ in the place of L; the upper triangle is neither read nor changed. No pivot may be 0. */
export function invertLower(blas: Blas, block: Block, leaves: Leaves = createLeaves(blas)): void {
  const { a, ld, n } = block;
  if (n <= LEAF) {
    leaves.invert(block);
    return;
  }
  const { first, below, last } = halves(block);
  invertLower(blas, last, leaves);
  // What is below the diagonal is −L₂₂⁻¹ L₂₁ L₁₁⁻¹. It is solved with L₁₁: a product with its inverse as well would
  // multiply the errors of both (Du Croz & Higham, IMA J. Numer. Anal. 12, 1 (1992)).
  const inverse = a.subarray(last.at);
  const between = a.subarray(below);
  blas.dtrmm(ROW_MAJOR, LEFT, LOWER, NO_TRANS, NON_UNIT, last.n, first.n, -1, inverse, ld, between, ld);
  solveRight(blas, first, leaves, { from: below, rows: last.n, trans: false });
  invertLower(blas, first, leaves);
}

function halves({ a, ld, at, n }: Block): { first: Block; below: number; last: Block } {
  const half = CUT * Math.ceil(n / 2 / CUT);
  const below = at + half * ld;
  return { first: { a, ld, at, n: half }, below, last: { a, ld, at: below + half, n: n - half } };
}
