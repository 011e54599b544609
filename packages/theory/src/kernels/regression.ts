import { inputError, isGgdlnError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { chooseLinalg, columnVector, matrix, requireMatrix, transpose } from '@ggdln/linalg';
import { type KernelOptions, kernelDiagonal, kernelMatrix } from './kernelMatrix.ts';
import type { KernelNetwork } from './recursion.ts';

/** Data that a network of infinite width learns. */
export interface RegressionProblem {
  /** Training inputs, P × N0. */
  readonly X: Matrix;
  /** Training targets, P × C (one output: P numbers will do). */
  readonly y: Matrix | Float64Array;
  /** Where to predict. */
  readonly test: { readonly X: Matrix };
}

/** Mean and variance of the output on the test inputs, each P_test × C; the variance is the same of every output. */
export interface RegressionPredictor {
  readonly mean: Matrix;
  readonly variance: Matrix;
  /** Directions in which the training inputs differ for the kernel; P where it is positive definite. */
  readonly rank: number;
}

const where = '@ggdln/theory kernels';
/** At T = 0, pivots or eigenvalues below this share of the largest are zero. */
const RANK_CUT = 1e-11;

/**
 * The posterior of a Bayesian network of infinite width: Gaussian-process regression with the NNGP kernel,
 * m = k(K + T)⁻¹Y, v = κ − k(K + T)⁻¹kᵀ; at T = 0 with the pseudo-inverse. Outputs are independent there.
 * @param temperature T ≥ 0 of exp(−E/T − |θ|²/2σ²), E = ½ Σ ‖f − y‖².
 * @throws GGDLN_INPUT for shapes or numbers that don't fit; GGDLN_CANCELLED.
 */
export async function nngpPredictor(
  network: KernelNetwork,
  problem: RegressionProblem,
  temperature: number,
  options: KernelOptions = {},
): Promise<RegressionPredictor> {
  const { X, Y, testX, linalg, watchers } = await read(problem, options);
  if (!(Number.isFinite(temperature) && temperature >= 0)) {
    throw inputError(where, `temperature is ${temperature}`, 'Give a finite number ≥ 0');
  }
  const inverse = invert(await kernelMatrix(network, 'nngp', X, undefined, watchers), temperature, linalg);
  const k = await kernelMatrix(network, 'nngp', testX, X, watchers);
  const own = kernelDiagonal(network, 'nngp', testX);
  const weights = inverse.solve(transpose(k));
  const variance = own.map((value, x) => Math.max(0, value - columnDot(weights, k, x)));
  return { mean: linalg.gemm(weights, Y, { transA: true }), variance: repeated(variance, Y.cols), rank: inverse.rank };
}

/**
 * What gradient flow on the error makes of a network of infinite width that starts from its prior: the mean over starts
 * is m = θ(x, X)Θ⁻¹Y with the tangent kernel Θ, the variance that of f₀(x) − θ(x, X)Θ⁻¹f₀(X), f₀ being the Gaussian
 * process of the NNGP kernel (Lee et al. 2019, arXiv:1902.06720). A temperature plays no role.
 * @throws As `nngpPredictor`.
 */
export async function ntkPredictor(
  network: KernelNetwork,
  problem: RegressionProblem,
  options: KernelOptions = {},
): Promise<RegressionPredictor> {
  const { X, Y, testX, linalg, watchers } = await read(problem, options);
  const inverse = invert(await kernelMatrix(network, 'ntk', X, undefined, watchers), 0, linalg);
  const weights = inverse.solve(transpose(await kernelMatrix(network, 'ntk', testX, X, watchers)));
  const k = await kernelMatrix(network, 'nngp', testX, X, watchers);
  const spread = linalg.gemm(weights, await kernelMatrix(network, 'nngp', X, undefined, watchers), { transA: true });
  const own = kernelDiagonal(network, 'nngp', testX);
  const variance = own.map((value, x) =>
    Math.max(0, value - 2 * columnDot(weights, k, x) + columnDot(weights, spread, x)),
  );
  return { mean: linalg.gemm(weights, Y, { transA: true }), variance: repeated(variance, Y.cols), rank: inverse.rank };
}

async function read({ X, y, test }: RegressionProblem, options: KernelOptions) {
  const Y = y instanceof Float64Array ? columnVector(y) : y;
  requireMatrix(where, 'y (P × C)', Y, { rows: X.rows });
  if (X.rows === 0 || Y.cols === 0) {
    throw inputError(where, `there are ${X.rows} examples with ${Y.cols} targets`, 'Give at least one of both');
  }
  requireMatrix(where, 'test.X (P_test × N0)', test.X, { cols: X.cols });
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  return { X, Y, testX: test.X, linalg, watchers: { ...options, linalg } };
}

/** (K + T)⁻¹, or the pseudo-inverse of K. */
interface Inverse {
  readonly rank: number;
  solve(B: Matrix): Matrix;
}

/** @param K Is overwritten where T > 0, so that P × P numbers are held once. */
function invert(K: Matrix, temperature: number, linalg: LinalgBackend): Inverse {
  const factor = factorise(K, temperature, linalg);
  if (factor) return { rank: K.rows, solve: (B) => linalg.choleskySolve(factor, B) };
  const { values, vectors } = linalg.symmetricEigen(K);
  const cut = RANK_CUT * Math.max(0, values[values.length - 1]);
  const rank = values.filter((value) => value > cut).length;
  return {
    rank,
    solve: (B) => {
      const parts = linalg.gemm(vectors, B, { transA: true });
      for (let at = 0; at < parts.data.length; at++) {
        const value = values[Math.floor(at / parts.cols)];
        parts.data[at] = value > cut ? parts.data[at] / value : 0;
      }
      return linalg.gemm(vectors, parts);
    },
  };
}

/** The Cholesky factor; `undefined` at T = 0 for a kernel that is singular within rounding. */
function factorise(K: Matrix, temperature: number, linalg: LinalgBackend): Matrix | undefined {
  if (temperature > 0) {
    for (let i = 0; i < K.rows; i++) K.data[i * (K.cols + 1)] += temperature;
    return linalg.cholesky(K, { overwrite: true });
  }
  try {
    const L = linalg.cholesky(K);
    return hasFullRank(L) ? L : undefined;
  } catch (error) {
    if (isGgdlnError(error) && error.code === 'GGDLN_NUMERICAL') return undefined;
    throw error;
  }
}

/** Whether no pivot of a Cholesky factor (n × n, n ≥ 1) is rounding alone. */
export function hasFullRank(L: Matrix): boolean {
  const pivots = Float64Array.from({ length: L.rows }, (_, i) => L.data[i * (L.cols + 1)] ** 2);
  const ratio = pivots.reduce((a, b) => Math.min(a, b)) / pivots.reduce((a, b) => Math.max(a, b));
  return ratio > RANK_CUT * L.rows;
}

/** Column x of a (P × Q) times row x of b (Q × P). */
function columnDot(a: Matrix, b: Matrix, x: number): number {
  let sum = 0;
  for (let i = 0; i < a.rows; i++) sum += a.data[i * a.cols + x] * b.data[x * b.cols + i];
  return sum;
}

function repeated(values: Float64Array, columns: number): Matrix {
  const out = matrix(values.length, columns);
  for (let at = 0; at < out.data.length; at++) out.data[at] = values[Math.floor(at / columns)];
  return out;
}
