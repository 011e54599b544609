import { createPacer, type LinalgBackend, throwIfCancelled } from '@ggdln/core';
import { chooseLinalg, type Matrix, matrix } from '@ggdln/linalg';
import { requireTimes } from './network.ts';
import type { VolterraKernel } from './panelKernel.ts';
import { heedLimits } from './plan.ts';
import { type NdkPoints, type NdkProblem, ndkPoints } from './problem.ts';
import { gaussLegendre } from './quadrature.ts';
import { largest, type NdkOptions, refine, watchersOf } from './refine.ts';
import type { SeparatedKernel } from './separated.ts';
import { memoryOf, timeMesh } from './timeMesh.ts';
import { kernelDiagonalAt, twoTimeKernel } from './twoTime.ts';
import { placeBehind, solveVolterra, type VolterraSolution, type Watchers } from './volterra.ts';
import { type NdkSeparated, separateKernels } from './work.ts';

const where = '@ggdln/theory ndkVariance';

/** Of the test outputs; each times × tests. */
export interface NdkVariance {
  readonly mean: Matrix;
  readonly variance: Matrix;
  /** Without data: Q_L(x, x; t, t). */
  readonly freeVariance: Matrix;
  /** By how much the last refinement changed any number, relative to its scale. */
  readonly error: number;
}

/**
 * Mean and variance of the test outputs over the ensemble of networks, at given times under Langevin learning, by the
 * resolvent rows of the Volterra equation, solved backwards from each time (theory page ndk, section 5). One integral
 * equation a time; the mean is found without `ndkMean` and checks it.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NOT_CONVERGED with the last result; GGDLN_CANCELLED.
 */
export async function ndkVariance(
  problem: NdkProblem,
  times: ArrayLike<number>,
  options: NdkOptions = {},
): Promise<NdkVariance> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireTimes(where, 'times', times);
  const points = ndkPoints(where, problem, linalg);
  const asked = { problem, points, times, solve: 'variance' } as const;
  const separated = separateKernels(asked, options, linalg);
  heedLimits(where, { ...asked, separated }, options, linalg);
  const tests = points.test.gram.rows;
  const freeVariance = matrix(times.length, tests);
  Array.from(times).forEach((t, i) => {
    freeVariance.data.set(kernelDiagonalAt(problem.network, points.test.rowNorms, 'prior', t), i * tests);
  });
  const [meanScale, scale, count] = [largest(problem.y), largest(freeVariance.data), times.length * tests];
  const { values, error } = await refine(
    where,
    options,
    (index) => (index < count ? meanScale : scale),
    async (level) => {
      const parts = [];
      for (const t of Array.from(times))
        parts.push(await atTime(problem, points, t, level, linalg, options, separated));
      return [
        ...parts.flatMap((part) => part.mean),
        ...parts.flatMap(({ drop }, i) => drop.map((value, c) => freeVariance.data[i * tests + c] - value)),
      ];
    },
  );
  const part = (from: number) => matrix(times.length, tests, Float64Array.from(values.slice(from, from + count)));
  return { mean: part(0), variance: part(count), freeVariance, error };
}

/** Means, and by how much data lower the variances, at one time. */
async function atTime(
  problem: NdkProblem,
  points: NdkPoints,
  t: number,
  level: number,
  linalg: LinalgBackend,
  options: NdkOptions,
  separated: NdkSeparated,
): Promise<{ mean: number[]; drop: number[] }> {
  const { network, y } = problem;
  const tests = points.test.gram.rows;
  if (t === 0 || tests === 0) return { mean: new Array(tests).fill(0), drop: new Array(tests).fill(0) };
  const fill = twoTimeKernel(network, points.train);
  const fillTest = twoTimeKernel(network, points.test);
  const flat = new Float64Array(tests * y.length);
  const equation = {
    size: y.length,
    columns: tests,
    own: 1,
    // In the lag u = t − s; the transpose of K(t − u′, t − u) is K(t − u, t − u′).
    kernel:
      backwards(separated.train, t) ??
      ((u: number, other: number, out: Float64Array) => fill('dynamical', t - u, t - other, out)),
    source: (u: number, out: Float64Array) => {
      fillTest('dynamical', t, t - u, flat);
      transposeInto(flat, tests, out);
    },
    place: placeBehind(memoryOf(network)),
  } as const;
  const mesh = timeMesh(network, points, Math.min(t, memoryOf(network)), level, linalg, [0, t]);
  const rows = await solveVolterra(equation, mesh, linalg, watchersOf(options));
  const prior =
    backwards(separated.prior, t) ??
    ((u: number, other: number, out: Float64Array) => fill('prior', t - u, t - other, out));
  const covariances = {
    withTest: (u: number) => {
      fillTest('prior', t, t - u, flat);
      return flat;
    },
    withTrain: (u: number) => rows.integral(prior, y.length, u),
  };
  return integrateRows(rows, y, tests, covariances, watchersOf(options));
}

/** In lags from t: the larger lag is the earlier time. */
function backwards(kernel: SeparatedKernel | undefined, t: number): VolterraKernel | undefined {
  return kernel && { ...kernel, factors: (u, other, out) => kernel.factors(t - other, t - u, out) };
}

/** The single and double integrals over the rows G, by Gauss–Legendre points on each panel. */
async function integrateRows(
  rows: VolterraSolution,
  y: Float64Array,
  tests: number,
  prior: { withTest(u: number): Float64Array; withTrain(u: number): Float64Array },
  { signal, onProgress }: Watchers,
): Promise<{ mean: number[]; drop: number[] }> {
  const { edges, order } = rows.mesh;
  const rule = gaussLegendre(order);
  const mean = new Array<number>(tests).fill(0);
  const drop = new Array<number>(tests).fill(0);
  const pace = createPacer();
  for (let p = 0; p + 1 < edges.length; p++) {
    const width = edges[p + 1] - edges[p];
    for (let q = 0; q < order; q++) {
      throwIfCancelled(signal, where);
      await pace();
      const u = edges[p] + width * rule.nodes[q];
      const [G, direct, history] = [rows.at(u), prior.withTest(u), prior.withTrain(u)];
      for (let c = 0; c < tests; c++) {
        for (let mu = 0; mu < y.length; mu++) {
          const weight = width * rule.weights[q] * G[mu * tests + c];
          mean[c] += weight * y[mu];
          drop[c] += 2 * weight * (direct[c * y.length + mu] - history[mu * tests + c]);
        }
      }
    }
    onProgress?.({ stage: 'variance', done: p + 1, total: edges.length - 1, unit: 'panels' });
  }
  return { mean, drop };
}

function transposeInto(a: Float64Array, rows: number, out: Float64Array): void {
  const cols = a.length / rows;
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j];
}
