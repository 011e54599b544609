import { LOWER, NO_TRANS, ROW_MAJOR, TRANS } from './products.ts';
import type { Blas } from './symbols.ts';

// OpenBLAS solves with small triangles at a quarter of the speed at which it multiplies with them. Where a triangle is
// so well conditioned that no digit to speak of is lost, it is inverted once and multiplied with.

export const LEFT = 141;
const RIGHT = 142;
export const NON_UNIT = 131;
/** The row-major lower triangle is the upper one to Fortran, which goes by columns. */
export const ROW_MAJOR_LOWER = 'U';

/** Rows of the blocks that LAPACK factorises and inverts, and of the triangles that BLAS solves with. */
export const LEAF = 64;
/** Rows of the triangles that LAPACK inverts where both halves of a leaf are multiplied with. */
const SMALL = 32;
/**
 * Condition number of a triangle (largest row sums) up to which its inverse serves: a product with it leaves that many
 * times the residual of a solve at worst (Higham, Accuracy and Stability of Numerical Algorithms, section 8.2).
 */
const WELL_CONDITIONED = 100;

/** A square block on the diagonal of a row-major array with rows of `ld` numbers. */
export interface Block {
  readonly a: Float64Array;
  readonly ld: number;
  /** Where it begins. */
  readonly at: number;
  /** Its rows. */
  readonly n: number;
}

/** The lower triangles of at most LEAF rows on the diagonal of one matrix, as they are when first met. */
export interface Leaves {
  /** B ← B L⁻ᵀ, or B L⁻¹, for the `rows` × n block B of the same array that begins at `from`. */
  solveRight(leaf: Block, from: number, rows: number, trans: boolean): void;
  /** L⁻¹ in the place of L. */
  invert(leaf: Block): void;
}

export function createLeaves(blas: Blas): Leaves {
  const inverses = new Map<number, Float64Array | undefined>();
  const inverseOf = (leaf: Block) => {
    if (!inverses.has(leaf.at)) inverses.set(leaf.at, safeInverse(blas, leaf));
    return inverses.get(leaf.at);
  };
  return {
    solveRight(leaf, from, rows, trans) {
      const { a, ld, at, n } = leaf;
      const [op, b] = [trans ? TRANS : NO_TRANS, a.subarray(from)];
      const inverse = inverseOf(leaf);
      if (inverse) blas.dtrmm(ROW_MAJOR, RIGHT, LOWER, op, NON_UNIT, rows, n, 1, inverse, n, b, ld);
      else blas.dtrsm(ROW_MAJOR, RIGHT, LOWER, op, NON_UNIT, rows, n, 1, a.subarray(at), ld, b, ld);
    },
    invert({ a, ld, at, n }) {
      const inverse = inverses.get(at);
      if (inverse) for (let i = 0; i < n; i++) a.set(inverse.subarray(i * n, i * n + i + 1), at + i * ld);
      else invertSmall(blas, a.subarray(at), ld, n);
    },
  };
}

/** L⁻¹, n × n, or nothing where the condition of L is too bad to multiply with it. */
function safeInverse(blas: Blas, { a, ld, at, n }: Block): Float64Array | undefined {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse.set(a.subarray(at + i * ld, at + i * ld + i + 1), i * n);
  const size = largestRowSum(inverse, n);
  if (n <= SMALL) invertSmall(blas, inverse, n, n);
  else invertByHalves(blas, inverse, n);
  return size * largestRowSum(inverse, n) <= WELL_CONDITIONED ? inverse : undefined;
}

/** The block below the diagonal is −L₂₂⁻¹ L₂₁ L₁₁⁻¹, here by both inverses: their condition is looked at afterwards. */
function invertByHalves(blas: Blas, a: Float64Array, n: number): void {
  const first = SMALL;
  const last = n - first;
  const [below, corner] = [a.subarray(first * n), a.subarray(first * (n + 1))];
  invertSmall(blas, a, n, first);
  invertSmall(blas, corner, n, last);
  blas.dtrmm(ROW_MAJOR, LEFT, LOWER, NO_TRANS, NON_UNIT, last, first, -1, corner, n, below, n);
  blas.dtrmm(ROW_MAJOR, RIGHT, LOWER, NO_TRANS, NON_UNIT, last, first, 1, a, n, below, n);
}

function invertSmall(blas: Blas, a: Float64Array, ld: number, n: number): void {
  blas.dtrtri(ROW_MAJOR_LOWER, 'N', Int32Array.of(n), a, Int32Array.of(ld), Int32Array.of(0), 1, 1);
}

/** max_i Σ_j |A_ij| of a lower triangle. */
function largestRowSum(a: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let at = i * n; at <= i * (n + 1); at++) sum += Math.abs(a[at]);
    largest = Math.max(largest, sum);
  }
  return largest;
}
