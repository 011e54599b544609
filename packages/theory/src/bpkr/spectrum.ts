import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, matrix } from '@ggdln/linalg';

/** Eigenvalues below this share of the largest are zero. */
const RANK_CUT = 1e-11;

/** A kernel's positive eigenvalues and the targets in its eigenbasis: all that the saddle depends on. */
export interface Spectrum {
  /** λ_1 ≥ … ≥ λ_p > 0. */
  readonly eigenvalues: Float64Array;
  /** c_i = v_iᵀY, p × C. */
  readonly c: Matrix;
  /** P. */
  readonly examples: number;
  /** ‖Y − V Vᵀ Y‖²: what no choice of the weights can fit. */
  readonly unfittable: number;
}

/** `Spectrum` with its eigenvectors. */
export interface Eigenbasis {
  /** Orthonormal columns, P × p. */
  readonly V: Matrix;
  readonly spectrum: Spectrum;
}

/** @param K P × P, positive semidefinite. @param Y Targets, P × C. */
export function eigenbasisOf(K: Matrix, Y: Matrix, linalg: LinalgBackend): Eigenbasis {
  const { values, vectors } = linalg.symmetricEigen(K);
  const threshold = RANK_CUT * Math.max(0, values[values.length - 1]);
  const first = values.findIndex((value) => value > threshold);
  const rank = first < 0 ? 0 : values.length - first;
  const V = matrix(K.rows, rank);
  for (let i = 0; i < K.rows; i++) {
    for (let k = 0; k < rank; k++) V.data[i * rank + k] = vectors.data[i * K.cols + K.cols - 1 - k];
  }
  const eigenvalues = Float64Array.from({ length: rank }, (_, k) => values[values.length - 1 - k]);
  const c = linalg.gemm(V, Y, { transA: true });
  const rest = rank === K.rows ? matrix(0, 0) : add(Y, linalg.gemm(V, c), 1, -1);
  return { V, spectrum: { eigenvalues, c, examples: K.rows, unfittable: squareNorm(rest.data) } };
}

/** The spectrum of factor · K. */
export function scaleSpectrum(spectrum: Spectrum, factor: number): Spectrum {
  return { ...spectrum, eigenvalues: spectrum.eigenvalues.map((value) => factor * value) };
}

/** The spectrum with its targets in other orthonormal directions: c · basis. */
export function rotateSpectrum(spectrum: Spectrum, basis: Matrix, linalg: LinalgBackend): Spectrum {
  return { ...spectrum, c: linalg.gemm(spectrum.c, basis) };
}

/** YᵀK⁺Y, C × C; divided by P it is the page's R_0. */
export function targetOverlap({ eigenvalues, c }: Spectrum): Matrix {
  const out = matrix(c.cols, c.cols);
  for (let i = 0; i < c.rows; i++) {
    for (let a = 0; a < c.cols; a++) {
      for (let b = 0; b < c.cols; b++) {
        out.data[a * c.cols + b] += (c.data[i * c.cols + a] * c.data[i * c.cols + b]) / eigenvalues[i];
      }
    }
  }
  return out;
}

/** What one output (or one direction in the space of outputs) needs of a spectrum. */
export interface Direction {
  readonly eigenvalues: Float64Array;
  /** c_i² of this direction. */
  readonly squares: Float64Array;
}

/** Column `a` of the targets. */
export function directionOf({ eigenvalues, c }: Spectrum, a: number): Direction {
  return { eigenvalues, squares: eigenvalues.map((_, i) => c.data[i * c.cols + a] ** 2) };
}

function squareNorm(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
