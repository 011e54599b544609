import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { numericalError, requireFinite } from './checks.ts';
import { matrix, maxAbs, shapeOf, transpose } from './matrix.ts';

/** Columns eliminated together; what they do to the rest is one matrix product. */
const BLOCK = 48;

/**
 * The solution X (n × C) of A X = B for a square matrix A without structure, by elimination with partial pivoting (G.
 * Golub and C. Van Loan, Matrix Computations, section 3.4) whose work is in the backend's matrix products.
 * @throws GGDLN_INPUT for shapes that don't fit; GGDLN_NUMERICAL, naming the pivot, when A is singular to working precision.
 */
export function solveGeneral(a: Matrix, b: Matrix, linalg: Pick<LinalgBackend, 'gemm' | 'triangularSolve'>): Matrix {
  const where = '@ggdln/linalg solveGeneral';
  requireFinite('solveGeneral', 'A', a);
  requireFinite('solveGeneral', 'B', b);
  if (a.rows !== a.cols || b.rows !== a.rows)
    throw inputError(where, `A is ${shapeOf(a)} and B is ${shapeOf(b)}`, 'A must be square with as many rows as B');
  const n = a.rows;
  const work = beside(a, b);
  const least = n * Number.EPSILON * maxAbs(a);
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(from + BLOCK, n);
    eliminateColumns(work, n, from, to, least);
    eliminateRows(work, from, to);
    subtractProduct(work, from, to, linalg);
  }
  const lower = transpose(part(work, 0, n, 0, n));
  return linalg.triangularSolve(lower, part(work, 0, n, n, work.cols), { trans: true });
}

/** [A, B]. */
function beside(a: Matrix, b: Matrix): Matrix {
  const out = matrix(a.rows, a.cols + b.cols);
  for (let i = 0; i < a.rows; i++) {
    out.data.set(a.data.subarray(i * a.cols, (i + 1) * a.cols), i * out.cols);
    out.data.set(b.data.subarray(i * b.cols, (i + 1) * b.cols), i * out.cols + a.cols);
  }
  return out;
}

/** The columns [from, to) below the diagonal become the factors of the elimination; whole rows are exchanged. */
function eliminateColumns({ data, cols }: Matrix, n: number, from: number, to: number, least: number): void {
  for (let k = from; k < to; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(data[i * cols + k]) > Math.abs(data[best * cols + k])) best = i;
    const pivot = data[best * cols + k];
    if (!(Math.abs(pivot) > least))
      throw numericalError('solveGeneral', `A is singular: pivot ${k + 1} of ${n} is ${pivot}`, 'Regularise it');
    if (best !== k) {
      const kept = data.slice(k * cols, (k + 1) * cols);
      data.copyWithin(k * cols, best * cols, (best + 1) * cols);
      data.set(kept, best * cols);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = data[i * cols + k] / pivot;
      data[i * cols + k] = factor;
      if (factor !== 0) for (let j = k + 1; j < to; j++) data[i * cols + j] -= factor * data[k * cols + j];
    }
  }
}

/** Eliminates within the rows [from, to), right of the columns done. */
function eliminateRows({ data, cols }: Matrix, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    for (let k = from; k < i; k++) {
      const factor = data[i * cols + k];
      if (factor !== 0) for (let j = to; j < cols; j++) data[i * cols + j] -= factor * data[k * cols + j];
    }
  }
}

/** What the columns [from, to) do to all rows and columns beyond. */
function subtractProduct(work: Matrix, from: number, to: number, linalg: Pick<LinalgBackend, 'gemm'>): void {
  const { rows, cols, data } = work;
  if (to >= rows) return;
  const product = linalg.gemm(part(work, to, rows, from, to), part(work, from, to, to, cols));
  for (let i = to, at = 0; i < rows; i++) {
    for (let j = to; j < cols; j++, at++) data[i * cols + j] -= product.data[at];
  }
}

/** A copy of rows [top, bottom) and columns [left, right). */
function part(a: Matrix, top: number, bottom: number, left: number, right: number): Matrix {
  const out = matrix(bottom - top, right - left);
  for (let i = top; i < bottom; i++) {
    out.data.set(a.data.subarray(i * a.cols + left, i * a.cols + right), (i - top) * out.cols);
  }
  return out;
}
