import type { LinalgBackend } from '@ggdln/core';
import { add, chooseLinalg, columnVector, identity, type Matrix, matrix, transpose } from '@ggdln/linalg';
import { type NdkNetwork, requireTimes } from './network.ts';
import { type NdkPoints, type NdkProblem, ndkPoints } from './problem.ts';
import { kernelAt, kernelDiagonalAt, twoTimeKernel } from './twoTime.ts';

/** Mean and variance of the output at equilibrium: the Gaussian process posterior with kernel Q and noise T. */
export interface NdkEquilibrium {
  readonly train: Float64Array;
  readonly test: Float64Array;
  readonly trainVariance: Float64Array;
  readonly testVariance: Float64Array;
}

/** Outputs over time; row i is for `times[i]`. */
export interface NdkOutputs {
  /** On the training inputs, times × P. */
  readonly train: Matrix;
  /** On the test inputs, times × tests. */
  readonly test: Matrix;
}

/**
 * The gradient phase (T → 0 at t = O(1)): gradient flow under the tangent kernel Θ at σ0,
 * f̄ = Θ_x Θ⁻¹(I − e^{−Θt})y (theory page ndk, section 6).
 * @throws GGDLN_INPUT for parts that don't fit.
 */
export async function ndkGradientPhase(
  problem: NdkProblem,
  times: ArrayLike<number>,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<NdkOutputs> {
  const where = '@ggdln/theory ndkGradientPhase';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireTimes(where, 'times', times);
  const points = ndkPoints(where, problem, linalg);
  const all = kernelAt(points.all, twoTimeKernel(problem.network, points.all), 'tangent', 0, 0);
  const P = problem.X.rows;
  const { values, vectors } = linalg.symmetricEigen(matrix(P, P, all.data.slice(0, P * P)));
  const modes = linalg.gemm(vectors, columnVector(problem.y), { transA: true });
  const perTime = Array.from(times, (t) => {
    const grown = modes.data.map((mode, k) => mode * growth(values[k], t));
    return linalg.gemm(all, linalg.gemm(vectors, columnVector(grown))).data;
  });
  return splitOutputs(perTime, points);
}

/** (1 − e^{−λt})/λ, and t where λ = 0. */
export function growth(lambda: number, t: number): number {
  return lambda === 0 ? t : -Math.expm1(-lambda * t) / lambda;
}

/** Rows over all points as training and test parts. */
export function splitOutputs(rows: readonly ArrayLike<number>[], points: NdkPoints): NdkOutputs {
  const [P, count] = [points.train.gram.rows, points.all.gram.rows];
  const part = (from: number, to: number) => {
    const out = matrix(rows.length, to - from);
    rows.forEach((row, i) => {
      for (let j = from; j < to; j++) out.data[i * out.cols + j - from] = row[j];
    });
    return out;
  };
  return { train: part(0, P), test: part(P, count) };
}

/** (Q + T)⁻¹y and what it is made of, at equilibrium. */
interface EquilibriumState {
  /** The network started at equilibrium, σ0 = σ. */
  readonly stationary: NdkNetwork;
  /** Of all points with the training inputs. */
  readonly Q: Matrix;
  /** Cholesky factor of Q + T among training inputs. */
  readonly factor: Matrix;
  /** (Q + T)⁻¹y, P × 1. */
  readonly weights: Matrix;
}

/** @throws GGDLN_NUMERICAL where Q + T is singular. */
export function equilibriumState(problem: NdkProblem, points: NdkPoints, linalg: LinalgBackend): EquilibriumState {
  const { network, y } = problem;
  const stationary = { ...network, sigma0: network.sigma };
  const Q = kernelAt(points.all, twoTimeKernel(stationary, points.all), 'prior', 0, 0);
  const P = y.length;
  const among = matrix(P, P, Q.data.slice(0, P * P));
  const factor = linalg.cholesky(add(among, identity(P, network.temperature)));
  return { stationary, Q, factor, weights: linalg.choleskySolve(factor, columnVector(y)) };
}

/**
 * The limit t ≫ σ²/T: mean Q_x(Q + T)⁻¹y and variance Q_xx − Q_x(Q + T)⁻¹Q_xᵀ, whatever σ0 was (theory page ndk,
 * section 6).
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NUMERICAL where Q + T is singular (T = 0 and too few features).
 */
export async function ndkEquilibrium(
  problem: NdkProblem,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<NdkEquilibrium> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const points = ndkPoints('@ggdln/theory ndkEquilibrium', problem, linalg);
  const { stationary, Q, factor, weights } = equilibriumState(problem, points, linalg);
  const mean = linalg.gemm(Q, weights).data;
  const variance = kernelDiagonalAt(stationary, points.all.rowNorms, 'prior', 0);
  const whitened = linalg.triangularSolve(factor, transpose(Q));
  for (let k = 0; k < whitened.data.length; k++) variance[k % whitened.cols] -= whitened.data[k] ** 2;
  for (let i = 0; i < variance.length; i++) variance[i] = Math.max(0, variance[i]);
  const P = problem.y.length;
  return {
    train: mean.slice(0, P),
    test: mean.slice(P),
    trainVariance: variance.slice(0, P),
    testVariance: variance.slice(P),
  };
}
