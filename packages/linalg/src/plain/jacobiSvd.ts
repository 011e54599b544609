import type { Matrix } from '@ggdln/core';
import { numericalError } from '../checks.ts';
import { matrix } from '../matrix.ts';
import { dot } from './product.ts';

// One-sided Jacobi (G. Golub and C. Van Loan, Matrix Computations, section 8.6; Z. Drmač and K. Veselić, SIAM J. Matrix
// Anal. Appl. 29, 2008): plane rotations of rows until all rows are orthogonal. It always ends, also for the rank-
// deficient matrices on which Golub–Kahan iterations without care run for ever, and finds small singular values well.

const MAX_SWEEPS = 60;
/** Rows with a squared norm below this count as zero beside entries of order one. */
const ZERO = 1e-280;

/** Rows that are made orthogonal, and the rotations that did it: `rows` = `turned` · (the given matrix). */
interface Rotated {
  readonly rows: Matrix;
  readonly turned: Matrix;
}

/**
 * SVD A = U diag(s) Vᵀ of a square matrix with entries of order one.
 * @throws GGDLN_NUMERICAL when it doesn't converge.
 */
export function jacobiSvd(a: Matrix): { u: Matrix; s: Float64Array; v: Matrix } {
  const { rows, turned } = orthogonaliseRows(a);
  const n = a.rows;
  const norms = Float64Array.from({ length: n }, (_, i) => Math.sqrt(squareOfRow(rows, i)));
  const order = Array.from(norms.keys()).sort((i, j) => norms[j] - norms[i]);
  const vt = matrix(n, n);
  const u = matrix(n, n);
  const s = new Float64Array(n);
  for (const [k, from] of order.entries()) {
    for (let i = 0; i < n; i++) u.data[i * n + k] = turned.data[from * n + i];
    if (norms[from] ** 2 < ZERO) {
      completeRow(vt, k);
      continue;
    }
    s[k] = norms[from];
    for (let i = 0; i < n; i++) vt.data[k * n + i] = rows.data[from * n + i] / norms[from];
  }
  const v = matrix(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) v.data[j * n + i] = vt.data[i * n + j];
  return { u, s, v };
}

function orthogonaliseRows(a: Matrix): Rotated {
  const n = a.rows;
  const rows = matrix(n, n, a.data.slice());
  const turned = matrix(n, n);
  for (let i = 0; i < n; i++) turned.data[i * n + i] = 1;
  const tolerance = Number.EPSILON * Math.max(8, Math.sqrt(n));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    if (rotateAllPairs(rows, turned, tolerance) === 0) return { rows, turned };
  }
  throw numericalError('svd', `the ${n} × ${n} matrix did not converge in ${MAX_SWEEPS} sweeps`, 'Report the matrix');
}

/** One sweep. Returns the number of rotations that were still needed. */
function rotateAllPairs(rows: Matrix, turned: Matrix, tolerance: number): number {
  const n = rows.rows;
  const squares = Float64Array.from({ length: n }, (_, i) => squareOfRow(rows, i));
  let rotations = 0;
  for (let p = 0; p < n; p++) {
    for (let q = p + 1; q < n; q++) {
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
  const n = a.cols;
  const covered = new Float64Array(n);
  for (let i = 0; i < k; i++) for (let j = 0; j < n; j++) covered[j] += a.data[i * n + j] ** 2;
  // The axis that lies least in their span keeps the most of itself.
  a.data.fill(0, k * n, (k + 1) * n);
  a.data[k * n + covered.indexOf(Math.min(...covered))] = 1;
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < k; i++) {
      const overlap = dotOfRows(a, i, k);
      for (let j = 0; j < n; j++) a.data[k * n + j] -= overlap * a.data[i * n + j];
    }
    const norm = Math.sqrt(squareOfRow(a, k));
    for (let j = 0; j < n; j++) a.data[k * n + j] /= norm;
  }
}
