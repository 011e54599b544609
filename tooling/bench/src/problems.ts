import { createRandom, type Matrix } from '@ggdln/core';
import type { NpyArray } from '@ggdln/io';
import { matrix } from '@ggdln/linalg';

/** Inputs, targets and gates that both sides of a job are given. */
export interface BenchProblem {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly gates: Matrix;
}

/** Where inputs come from: standard normals, or normals with the mean and spectrum of images. */
type InputLaw = 'isotropic' | 'image-like';

/**
 * Random inputs; targets of a random nonlinear teacher with noise; gates of random half-spaces (0 or 1), the
 * first of them always open, so that no input is dead.
 * @param part Another part draws other inputs for the same teacher and half-spaces, e.g. for testing.
 */
export function benchProblem(
  P: number,
  N0: number,
  M: number,
  { part = 'train', law = 'isotropic' }: { readonly part?: string; readonly law?: InputLaw } = {},
): BenchProblem {
  const rng = createRandom('bench');
  const teacher = normal(rng.stream('teacher'), 1, N0).data;
  const planes = normal(rng.stream('gates'), M, N0).data;
  const X = normal(rng.stream(part), P, N0);
  if (law === 'image-like') shapeLikeImages(X);
  const noise = normal(rng.stream(`${part} noise`), P, 1).data;
  const gates = matrix(P, M);
  const y = new Float64Array(P);
  for (let row = 0; row < P; row++) {
    const x = X.data.subarray(row * N0, (row + 1) * N0);
    const inner = (w: Float64Array) => x.reduce((sum, value, j) => sum + value * w[j], 0) / Math.sqrt(N0);
    y[row] = Math.tanh(2 * inner(teacher)) + 0.1 * noise[row];
    for (let m = 0; m < M; m++) {
      gates.data[row * M + m] = m === 0 || inner(planes.subarray(m * N0, (m + 1) * N0)) > 0 ? 1 : 0;
    }
  }
  return { X, y, gates };
}

/**
 * Gives standard normal inputs a mean that holds 40 % of their squared length, as that of MNIST's does, and a spectrum
 * that falls as 1/k; the mean squared length stays N0.
 */
function shapeLikeImages({ rows, cols, data }: Matrix): void {
  const share = 0.4;
  const total = Array.from({ length: cols }, (_, k) => 1 / (k + 1)).reduce((sum, value) => sum + value, 0);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < cols; k++) {
      const deviation = Math.sqrt(((1 - share) * cols) / (total * (k + 1)));
      data[row * cols + k] = Math.sqrt(share) + deviation * data[row * cols + k];
    }
  }
}

function normal(rng: ReturnType<typeof createRandom>, rows: number, cols: number): Matrix {
  return matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols)));
}

/** A matrix as a file holds it. */
export function stored({ rows, cols, data }: Matrix): NpyArray {
  return { dtype: 'float64', shape: [rows, cols], data };
}

/** Numbers in a shape as a file holds them. */
export function storedShape(shape: readonly number[], data: Float64Array | Float32Array): NpyArray {
  return { dtype: 'float64', shape: [...shape], data: Float64Array.from(data) };
}
