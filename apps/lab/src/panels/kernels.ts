import type { Matrix, ProblemView } from '@ggdln/core';
import { symmetricEigenvalues } from '../charts/symmetricEigenvalues.ts';

/** More rows than this a page neither shows nor decomposes. */
export const MOST_ROWS = 150;

/** Rows in the order of one of their targets, so that classes stand together. */
export function orderByTarget({ trainX, trainY }: Pick<ProblemView, 'trainX' | 'trainY'>, output = 0): number[] {
  const target = (row: number) => trainY.data[row * trainY.cols + output];
  const count = Math.min(trainX.rows, MOST_ROWS);
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => target(a) - target(b) || a - b);
}

/** K₀ = XXᵀ/N₀ on some rows. */
export function inputKernel(X: Matrix, rows: readonly number[]): Matrix {
  return gram(X, rows, 1 / X.cols);
}

/** ΦΦᵀ/M on some rows: the share of gates that two inputs have open together, for gates of 0 and 1. */
export function gateOverlap(gates: Matrix, rows: readonly number[]): Matrix {
  return gram(gates, rows, 1 / gates.cols);
}

function gram(a: Matrix, rows: readonly number[], scale: number): Matrix {
  const n = rows.length;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < a.cols; k++) sum += a.data[rows[i] * a.cols + k] * a.data[rows[j] * a.cols + k];
      data[i * n + j] = sum * scale;
      data[j * n + i] = sum * scale;
    }
  }
  return { rows: n, cols: n, data };
}

/** Products of the gates of all layers, one column a choice of a gate in each; the top layer's index is slowest. */
export function jointGates(layers: readonly Matrix[], rows: readonly number[]): Matrix {
  let joint: Matrix = { rows: rows.length, cols: 1, data: new Float64Array(rows.length).fill(1) };
  for (const layer of layers) {
    const cols = joint.cols * layer.cols;
    const data = new Float64Array(rows.length * cols);
    rows.forEach((row, i) => {
      for (let a = 0; a < joint.cols; a++) {
        for (let b = 0; b < layer.cols; b++) {
          data[i * cols + a * layer.cols + b] = joint.data[i * joint.cols + a] * layer.data[row * layer.cols + b];
        }
      }
    });
    joint = { rows: rows.length, cols, data };
  }
  return joint;
}

/**
 * K = σ²/∏M · K₀ ∘ (Ψ U₁ Ψᵀ), the kernel of a gated deep linear network of any width (theory page ggdln, section 2).
 * @param psi Joint gates. @param U1 Of the lowest layer, as many rows as psi has columns.
 */
export function gatedKernel(K0: Matrix, psi: Matrix, U1: Matrix, sigma2: number): Matrix {
  const n = psi.rows;
  const m = psi.cols;
  const half = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < m; a++) {
      const gate = psi.data[i * m + a];
      if (gate === 0) continue;
      for (let b = 0; b < m; b++) half[i * m + b] += gate * U1.data[a * m + b];
    }
  }
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let b = 0; b < m; b++) sum += half[i * m + b] * psi.data[j * m + b];
      const value = (sum * sigma2 * K0.data[i * n + j]) / m;
      data[i * n + j] = value;
      data[j * n + i] = value;
    }
  }
  return { rows: n, cols: n, data };
}

/** Eigenvalues of a kernel, descending, with what they say of it. */
export interface Spectrum {
  readonly values: readonly number[];
  readonly trace: number;
  readonly rank: number;
}

/** Eigenvalues of a kernel, descending, with its trace and rank. */
export function spectrumOf(kernel: Matrix): Spectrum {
  const values = [...symmetricEigenvalues(kernel)].reverse();
  const largest = Math.max(0, values[0] ?? 0);
  return {
    values,
    trace: values.reduce((sum, value) => sum + value, 0),
    rank: values.filter((value) => value > 1e-10 * largest).length,
  };
}
