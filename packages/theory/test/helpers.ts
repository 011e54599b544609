import { createRandom, type LinalgBackend, type RandomStream } from '@ggdln/core';
import { chooseLinalg, createMlMatrixBackend, type Matrix, matrix } from '@ggdln/linalg';
import type { GgdlnProblem } from '../src/index.ts';

/** The portable backend and the one that is chosen here, if that is another. */
export async function backends(): Promise<LinalgBackend[]> {
  const chosen = (await chooseLinalg()).backend;
  const portable = createMlMatrixBackend();
  return chosen.name === portable.name ? [portable] : [portable, chosen];
}

export function gaussianMatrix(rng: RandomStream, rows: number, cols: number, scale = 1): Matrix {
  return matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols), scale));
}

/** Half-space gates of random directions with the first gate always on. */
function halfSpaceGates(X: Matrix, V: Matrix): Matrix {
  const out = matrix(X.rows, V.rows);
  for (let mu = 0; mu < X.rows; mu++) {
    for (let m = 0; m < V.rows; m++) {
      let sum = 0;
      for (let i = 0; i < X.cols; i++) sum += V.data[m * X.cols + i] * X.data[mu * X.cols + i];
      out.data[mu * V.rows + m] = m === 0 || sum > 0 ? 1 : 0;
    }
  }
  return out;
}

export interface RandomProblem {
  readonly seed?: number;
  readonly P?: number;
  readonly N0?: number;
  /** Gates of each layer, top first. */
  readonly gates?: readonly number[];
  readonly widths?: readonly number[];
  readonly outputs?: number;
  readonly sigma?: number;
  readonly temperature?: number;
  /** Scale of the targets. */
  readonly scale?: number;
  /** Real-valued gates instead of 0/1 ones. */
  readonly realGates?: boolean;
  readonly tests?: number;
}

/** A random learning problem; every field has a small default. */
export function randomProblem(options: RandomProblem = {}): GgdlnProblem {
  const { seed = 1, P = 20, N0 = 8, gates = [3], outputs = 1, tests = 5, scale = 1 } = options;
  const rng = createRandom(seed);
  const X = gaussianMatrix(rng.stream('X'), P, N0);
  const testX = gaussianMatrix(rng.stream('test'), tests, N0);
  const make = (inputs: Matrix, name: string) =>
    gates.map((count, t) =>
      options.realGates
        ? gaussianMatrix(rng.stream(`gates/${name}/${t}`), inputs.rows, count)
        : halfSpaceGates(inputs, gaussianMatrix(rng.stream(`directions/${t}`), count, N0)),
    );
  return {
    X,
    y: gaussianMatrix(rng.stream('y'), P, outputs, scale),
    gates: make(X, 'train'),
    test: { X: testX, gates: make(testX, 'test') },
    widths: options.widths ?? gates.map((_, t) => 30 + 10 * t),
    sigma: options.sigma ?? 1.1,
    temperature: options.temperature ?? 0.05,
  };
}

/** Largest |a − b| over two lists of numbers. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length} differ`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

/** factor · A. */
export function scaled(a: Matrix, factor: number): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((value) => factor * value),
  );
}

/** A random orthogonal matrix. */
export function orthogonalMatrix(rng: RandomStream, size: number, linalg: LinalgBackend): Matrix {
  return linalg.qr(gaussianMatrix(rng, size, size)).q;
}

/** QᵀAQ. */
export function rotate(a: Matrix, Q: Matrix, linalg: LinalgBackend): Matrix {
  return linalg.gemm(Q, linalg.gemm(a, Q), { transA: true });
}
