import type { Matrix } from '@ggdln/core';
import { notPositiveDefinite } from '../checks.ts';
import { copy, matrix } from '../matrix.ts';
import { dot } from './product.ts';

/** Lower-triangular L with LLᵀ = A, row by row, into `out` (which may be A). @throws GGDLN_NUMERICAL naming the pivot. */
export function plainCholesky(a: Matrix, out: Matrix = matrix(a.rows, a.rows)): Matrix {
  const n = a.rows;
  const l = out.data;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) {
      const other = j * n;
      l[row + j] = (a.data[row + j] - dot(l, row, l, other, j)) / l[other + j];
    }
    const pivot = a.data[row + i] - dot(l, row, l, row, i);
    if (!(pivot > 0 && pivot < Infinity)) throw notPositiveDefinite(a, i, pivot);
    l[row + i] = Math.sqrt(pivot);
    l.fill(0, row + i + 1, row + n);
  }
  return out;
}

/** Solves L X = B, or Lᵀ X = B, for a lower-triangular L without zeros on its diagonal. */
export function plainTriangularSolve(l: Matrix, b: Matrix, trans: boolean): Matrix {
  const x = copy(b);
  if (x.cols === 1) return trans ? solveTransposedColumn(l, x) : solveColumn(l, x);
  const n = l.rows;
  for (let step = 0; step < n; step++) {
    const i = trans ? n - 1 - step : step;
    const pivot = l.data[i * n + i];
    for (let c = i * x.cols; c < (i + 1) * x.cols; c++) x.data[c] /= pivot;
    const [from, to] = trans ? [0, i] : [i + 1, n];
    for (let r = from; r < to; r++) {
      const factor = trans ? l.data[i * n + r] : l.data[r * n + i];
      if (factor !== 0) subtractRow(x, r, i, factor);
    }
  }
  return x;
}

function subtractRow(x: Matrix, target: number, source: number, factor: number): void {
  const t = target * x.cols;
  const s = source * x.cols;
  for (let c = 0; c < x.cols; c++) x.data[t + c] -= factor * x.data[s + c];
}

function solveColumn(l: Matrix, x: Matrix): Matrix {
  for (let i = 0; i < l.rows; i++) {
    x.data[i] = (x.data[i] - dot(l.data, i * l.cols, x.data, 0, i)) / l.data[i * l.cols + i];
  }
  return x;
}

function solveTransposedColumn(l: Matrix, x: Matrix): Matrix {
  for (let i = l.rows - 1; i >= 0; i--) {
    const value = x.data[i] / l.data[i * l.cols + i];
    x.data[i] = value;
    for (let j = 0; j < i; j++) x.data[j] -= l.data[i * l.cols + j] * value;
  }
  return x;
}

/** (LLᵀ)⁻¹ = L⁻ᵀL⁻¹, exactly symmetric, into `out` (which may be L). */
export function plainCholeskyInverse(l: Matrix, out: Matrix = matrix(l.rows, l.rows)): Matrix {
  const n = l.rows;
  const inverse = invertLower(l).data;
  out.data.fill(0);
  // Row p of L⁻¹ adds its outer product with itself to the leading p × p block.
  for (let p = 0; p < n; p++) {
    for (let i = 0; i <= p; i++) {
      const factor = inverse[p * n + i];
      if (factor === 0) continue;
      for (let j = 0; j <= i; j++) out.data[i * n + j] += factor * inverse[p * n + j];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out.data[j * n + i] = out.data[i * n + j];
  return out;
}

/** L⁻¹, row by row: row i is (e_i − Σ_{p<i} L_ip · row p) / L_ii. */
function invertLower(l: Matrix): Matrix {
  const n = l.rows;
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let p = 0; p < i; p++) {
      const factor = l.data[row + p];
      if (factor === 0) continue;
      for (let j = 0; j <= p; j++) out.data[row + j] -= factor * out.data[p * n + j];
    }
    const pivot = l.data[row + i];
    for (let j = 0; j < i; j++) out.data[row + j] /= pivot;
    out.data[row + i] = 1 / pivot;
  }
  return out;
}
