import type { Matrix } from '@ggdln/core';
import { numericalError } from '../checks.ts';
import { matrix, selectMatrixRows, transpose } from '../matrix.ts';
import { dot } from './product.ts';

// One-sided Jacobi (G. Golub and C. Van Loan, Matrix Computations, section 8.6): plane rotations of rows until all are
// orthogonal. It always ends, also for the rank-deficient matrices on which a Golub–Kahan iteration can run for ever.

/** Usual are 5 to 10; rows of Aᵀ that hold numbers of very different sizes took up to 40. */
const MAX_SWEEPS = 200;
/** Rows with a squared norm below this count as zero beside entries of order one. */
const ZERO = 1e-280;

/**
 * SVD A = U diag(s) Vᵀ of a matrix with rows ≥ cols and entries of order one.
 * @param turned Vᵀ to start from, orthogonal; the nearer to the right singular vectors, the fewer sweeps. Overwritten.
 * @param rows turned · Aᵀ. Overwritten.
 * @throws GGDLN_NUMERICAL when it doesn't converge.
 */
export function jacobiSvd(turned: Matrix, rows: Matrix): { u: Matrix; s: Float64Array; v: Matrix } {
  orthogonaliseRows(rows, turned);
  const { rows: n, cols: m } = rows;
  const norms = Float64Array.from({ length: n }, (_, i) => Math.sqrt(squareOfRow(rows, i)));
  const order = Array.from(norms.keys()).sort((i, j) => norms[j] - norms[i]);
  const ut = matrix(n, m);
  const s = new Float64Array(n);
  for (const [k, from] of order.entries()) {
    if (norms[from] ** 2 < ZERO) {
      completeRow(ut, k);
      continue;
    }
    s[k] = norms[from];
    for (let i = 0; i < m; i++) ut.data[k * m + i] = rows.data[from * m + i] / norms[from];
  }
  return { u: transpose(ut), s, v: transpose(selectMatrixRows(turned, order)) };
}

function orthogonaliseRows(rows: Matrix, turned: Matrix): void {
  const tolerance = Number.EPSILON * Math.max(8, Math.sqrt(rows.cols));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    if (rotateAllPairs(rows, turned, tolerance) === 0) return;
  }
  throw numericalError(
    'svd',
    `the ${rows.cols} × ${rows.rows} matrix did not converge in ${MAX_SWEEPS} sweeps`,
    'Report the matrix',
  );
}

/**
 * One sweep, the largest rows first: from them outwards small rows settle (P. de Rijk, SIAM J. Sci. Stat. Comput. 10,
 * 359 (1989)); the other way round, rows of very different sizes keep turning each other. Returns the number of
 * rotations that were still needed.
 */
function rotateAllPairs(rows: Matrix, turned: Matrix, tolerance: number): number {
  const n = rows.rows;
  const squares = Float64Array.from({ length: n }, (_, i) => squareOfRow(rows, i));
  const order = Array.from(squares.keys()).sort((i, j) => squares[j] - squares[i]);
  let rotations = 0;
  for (let first = 0; first < n; first++) {
    const p = order[first];
    for (let second = first + 1; second < n; second++) {
      const q = order[second];
      if (squares[p] < ZERO || squares[q] < ZERO) continue;
      const overlap = dotOfRows(rows, p, q);
      if (Math.abs(overlap) <= tolerance * Math.sqrt(squares[p]) * Math.sqrt(squares[q])) continue;
      const slope = (squares[q] - squares[p]) / (2 * overlap);
      const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(slope, 1));
      const cosine = 1 / Math.sqrt(1 + tangent * tangent);
      rotateRows(rows, p, q, cosine, cosine * tangent);
      rotateRows(turned, p, q, cosine, cosine * tangent);
      squares[p] = squareOfRow(rows, p);
      squares[q] = squareOfRow(rows, q);
      rotations++;
    }
  }
  return rotations;
}

/** Rows (p, q) ← (c · p − s · q, s · p + c · q). */
function rotateRows(a: Matrix, p: number, q: number, c: number, s: number): void {
  const { data, cols } = a;
  for (let i = p * cols, j = q * cols; i < (p + 1) * cols; i++, j++) {
    const x = data[i];
    const y = data[j];
    data[i] = c * x - s * y;
    data[j] = s * x + c * y;
  }
}

const dotOfRows = (a: Matrix, p: number, q: number) => dot(a.data, p * a.cols, a.data, q * a.cols, a.cols);
const squareOfRow = (a: Matrix, i: number) => dotOfRows(a, i, i);

/** Makes row k a unit vector orthogonal to the k orthonormal rows before it. */
function completeRow(a: Matrix, k: number): void {
  const { cols } = a;
  const row = a.data.subarray(k * cols, (k + 1) * cols);
  row.fill(0)[leastCovered(a, k)] = 1;
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < k; i++) {
      const overlap = dotOfRows(a, i, k);
      for (let j = 0; j < cols; j++) row[j] -= overlap * a.data[i * cols + j];
    }
    const norm = Math.sqrt(squareOfRow(a, k));
    for (let j = 0; j < cols; j++) row[j] /= norm;
  }
}

/** The axis that lies least in the span of the first k rows: it keeps the most of itself. */
function leastCovered(a: Matrix, k: number): number {
  const covered = new Float64Array(a.cols);
  for (let i = 0; i < k; i++) for (let j = 0; j < a.cols; j++) covered[j] += a.data[i * a.cols + j] ** 2;
  return covered.reduce((best, value, j) => (value < covered[best] ? j : best), 0);
}
