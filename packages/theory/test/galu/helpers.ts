import { createRandom, type LinalgBackend } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix } from '@ggdln/linalg';
import type { GaluProblem } from '../../src/galu/index.ts';
import { gaussianMatrix } from '../helpers.ts';

export const linalg: LinalgBackend = createMlMatrixBackend();

interface RandomGalu {
  readonly seed?: number;
  readonly m?: number;
  readonly d?: number;
  readonly k?: number;
  readonly outputs?: number;
}

/** A random problem with random signs α and normal targets. */
export function randomGalu({ seed = 1, m = 20, d = 4, k = 8, outputs = 1 }: RandomGalu = {}): GaluProblem & {
  readonly y: Matrix;
  readonly alpha: Float64Array;
} {
  const rng = createRandom(seed);
  const signs = rng.stream('alpha');
  const alpha = Float64Array.from({ length: k }, () => (signs.uniform() < 0.5 ? -1 : 1));
  return {
    X: gaussianMatrix(rng.stream('X'), m, d),
    y: gaussianMatrix(rng.stream('y'), m, outputs),
    network: { U: gaussianMatrix(rng.stream('U'), k, d), alpha },
    alpha,
  };
}

/** Rows uniform on the unit sphere. */
export function onSphere(seed: number, m: number, d: number): Matrix {
  const X = gaussianMatrix(createRandom(seed), m, d);
  for (let row = 0; row < m; row++) {
    const entries = X.data.subarray(row * d, (row + 1) * d);
    const norm = Math.hypot(...entries);
    entries.forEach((value, i) => {
      entries[i] = value / norm;
    });
  }
  return X;
}

export function negative(a: Matrix): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value) => -value),
  );
}

/** Entry (i, j). */
export function at(a: Matrix, i: number, j: number): number {
  return a.data[i * a.cols + j];
}

/** Central differences of f at `point`, entry by entry. */
export function differences(point: Float64Array, f: (point: Float64Array) => number, step = 1e-5): Float64Array {
  return point.map((value, i) => {
    const moved = (by: number) => f(point.map((other, j) => (j === i ? value + by : other)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}
