import { inputError, type LinalgBackend } from '@ggdln/core';
import { chooseLinalg } from '@ggdln/linalg';
import { equilibriumState, type NdkOutputs, splitOutputs } from './limits.ts';
import { solveResidual } from './mean.ts';
import { decayRate, requireTimes, weightCovariance } from './network.ts';
import { type NdkPoints, type NdkProblem, ndkPoints } from './problem.ts';
import { gaussLegendre } from './quadrature.ts';
import { largest, type NdkOptions, refine, watchersOf } from './refine.ts';
import { twoTimeKernel } from './twoTime.ts';
import { gradedEdges } from './volterra.ts';

/** Outputs over lags; row i is for `lags[i]`. */
export interface NdkDrift extends NdkOutputs {
  /** By how much the last refinement changed any number, relative to the largest |y|. */
  readonly error: number;
}

/**
 * Representational drift: mean output of the features of time t0 + lag read out with the readout of time t0, while the
 * whole network keeps learning (theory page ndk, equation 4).
 * @param lags Each ≥ 0; at 0 it is the mean output at t0.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NOT_CONVERGED with the last result; GGDLN_CANCELLED.
 */
export async function ndkFrozenReadout(
  problem: NdkProblem,
  t0: number,
  lags: ArrayLike<number>,
  options: NdkOptions = {},
): Promise<NdkDrift> {
  const where = '@ggdln/theory ndkFrozenReadout';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireTimes(where, 'lags', lags);
  if (!(t0 > 0 && Number.isFinite(t0))) throw inputError(where, `t0 is ${t0}`, 'Give a finite time > 0');
  const points = ndkPoints(where, problem, linalg);
  const scale = largest(problem.y);
  const list = Array.from(lags);
  const refined = await refine(
    where,
    options,
    () => scale,
    (level) => readFrozen(problem, points, t0, list, level, linalg, options),
  );
  const count = points.all.gram.rows;
  const rows = list.map((_, i) => refined.values.slice(i * count, (i + 1) * count));
  return { ...splitOutputs(rows, points), error: refined.error };
}

async function readFrozen(
  problem: NdkProblem,
  points: NdkPoints,
  t0: number,
  lags: readonly number[],
  level: number,
  linalg: LinalgBackend,
  options: NdkOptions,
): Promise<number[]> {
  const { network } = problem;
  const rate = decayRate(network);
  const fill = twoTimeKernel(network, points.all);
  const end = t0 + Math.max(0, ...lags);
  // Features of ReLU never forget altogether, so that no part of the path may be left out.
  const settings = { level, memory: Number.POSITIVE_INFINITY, linalg, ...watchersOf(options) };
  const { solution } = await solveResidual(problem, points, end, settings);
  if (!solution) return [];
  const weighted =
    (kind: 'features' | 'hidden', weight: (other: number, t: number) => number) =>
    (t: number, other: number, out: Float64Array) => {
      fill(kind, t, other, out);
      const factor = weight(other, t);
      for (let k = 0; k < out.length; k++) out[k] *= factor;
    };
  const readout = weighted('features', (other) => Math.exp(-rate * (t0 - other)));
  const hidden = weighted('hidden', (other, t) => Math.exp(-rate * (t - other)) * weightCovariance(network, t0, other));
  const count = points.all.gram.rows;
  return lags.flatMap((lag) => {
    const t = t0 + lag;
    const parts = [
      solution.integral(readout, count, t, 0, t0),
      solution.integral(hidden, count, t, 0, t0),
      solution.integral(hidden, count, t, t0, t),
    ];
    return Array.from(parts[0], (value, i) => value + parts[1][i] + parts[2][i]);
  });
}

/**
 * The same at equilibrium, t0 ≫ σ²/T, in closed form up to one integral over the lag (theory page ndk, section 7). For
 * odd activations the output is lost at large lags; for ReLU a function of the input's norm remains.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NUMERICAL where Q + T is singular.
 */
export async function ndkFrozenReadoutEquilibrium(
  problem: NdkProblem,
  lags: ArrayLike<number>,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<NdkOutputs> {
  const where = '@ggdln/theory ndkFrozenReadoutEquilibrium';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireTimes(where, 'lags', lags);
  const points = ndkPoints(where, problem, linalg);
  const { stationary, weights } = equilibriumState(problem, points, linalg);
  const fill = twoTimeKernel(stationary, points.all);
  const { rows, cols } = points.all.gram;
  const block = new Float64Array(rows * cols);
  const perLag = Array.from(lags, (lag) => {
    const out = new Float64Array(rows);
    readoutMemory(lag, decayRate(stationary), (age, weight) => {
      fill('features', age, 0, block);
      const factor = weight * stationary.sigma * stationary.sigma;
      for (let i = 0; i < rows; i++) {
        for (let mu = 0; mu < cols; mu++) out[i] += factor * block[i * cols + mu] * weights.data[mu];
      }
    });
    return out;
  });
  return splitOutputs(perLag, points);
}

/** Ages v of features and their weights e^{−Δ/τc} δ(v) + e^{−(Δ−v)/τc}/τc; points at v = w², for ReLU's v^{3/2}. */
function readoutMemory(lag: number, rate: number, visit: (age: number, weight: number) => void): void {
  visit(0, Math.exp(-rate * lag));
  if (lag === 0 || rate === 0) return;
  const edges = gradedEdges(lag, 0.05 / rate, 1.5, 0.5 / rate);
  const rule = gaussLegendre(12);
  for (let p = 0; p + 1 < edges.length; p++) {
    const [from, to] = [Math.sqrt(edges[p]), Math.sqrt(edges[p + 1])];
    rule.nodes.forEach((node, q) => {
      const w = from + (to - from) * node;
      visit(w * w, 2 * w * (to - from) * rule.weights[q] * rate * Math.exp(-rate * (lag - w * w)));
    });
  }
}
