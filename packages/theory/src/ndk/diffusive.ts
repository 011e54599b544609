import { createPacer, GgdlnError, isGgdlnError, type LinalgBackend, throwIfCancelled } from '@ggdln/core';
import { chooseLinalg, columnVector, type Matrix } from '@ggdln/linalg';
import { type NdkOutputs, splitOutputs } from './limits.ts';
import { type NdkNetwork, requireTimes } from './network.ts';
import { heedLimits } from './plan.ts';
import { type NdkPoints, type NdkProblem, ndkPoints } from './problem.ts';
import { largest, type NdkOptions, refine, watchersOf } from './refine.ts';
import { rootMesh } from './timeMesh.ts';
import { kernelAt, twoTimeKernel } from './twoTime.ts';
import { type PlacePoints, solveVolterra } from './volterra.ts';

/** Outputs over τ. */
export interface NdkDiffusive extends NdkOutputs {
  /** By how much the last refinement changed any number, relative to the largest |y|. */
  readonly error: number;
}

const where = '@ggdln/theory ndkDiffusivePhase';

/**
 * The diffusive phase T → 0 at fixed τ = Tt: training outputs stay at y while test outputs drift from the converged
 * tangent-kernel predictor (τ = 0) to the Gaussian process predictor (τ ≫ σ²). Solves the equation of the first kind
 * for the residual y − f̄ = T u, u = u₀δ(τ) + w(τ)/√τ (theory page ndk, equation 3). The network's temperature plays no
 * part.
 * @param taus Times in units of 1/T, each ≥ 0.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NUMERICAL where Θ(0,0) is singular, and the limit doesn't exist;
 * GGDLN_NOT_CONVERGED; GGDLN_CANCELLED.
 */
export async function ndkDiffusivePhase(
  problem: NdkProblem,
  taus: ArrayLike<number>,
  options: NdkOptions = {},
): Promise<NdkDiffusive> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireTimes(where, 'taus', taus);
  const points = ndkPoints(where, problem, linalg);
  heedLimits(where, { problem, points, times: taus, solve: 'diffusive', separated: {} }, options, linalg);
  const network = { ...problem.network, temperature: 1 };
  const delta = gradientImpulse(network, points, problem.y, linalg);
  const scale = largest(problem.y);
  const list = Array.from(taus);
  const refined = await refine(
    where,
    options,
    () => scale,
    async (level) => outputsOver(network, points, problem.y, delta, list, level, linalg, options),
  );
  const count = points.all.gram.rows;
  const rows = list.map((_, i) => refined.values.slice(i * count, (i + 1) * count));
  return { ...splitOutputs(rows, points), error: refined.error };
}

/** u₀ with Θ(0,0) u₀ = y. */
function gradientImpulse(network: NdkNetwork, points: NdkPoints, y: Float64Array, linalg: LinalgBackend): Matrix {
  const theta = kernelAt(points.train, twoTimeKernel(network, points.train), 'tangent', 0, 0);
  const { values } = linalg.symmetricEigen(theta);
  if (!(values[0] > 1e-12 * values[values.length - 1])) {
    throw singular(`the tangent kernel has the eigenvalue ${values[0].toExponential(1)}`);
  }
  try {
    return linalg.choleskySolve(linalg.cholesky(theta), columnVector(y));
  } catch (error) {
    throw isGgdlnError(error) ? singular(error.problem) : error;
  }
}

function singular(problem: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem,
    remedy: 'Its limit T → 0 does not exist; use ndkMean, or gatedNdk for linear networks, at a small temperature',
  });
}

async function outputsOver(
  network: NdkNetwork,
  points: NdkPoints,
  y: Float64Array,
  delta: Matrix,
  taus: readonly number[],
  level: number,
  linalg: LinalgBackend,
  options: NdkOptions,
): Promise<number[]> {
  const fill = twoTimeKernel(network, points.train);
  const fillAll = twoTimeKernel(network, points.all);
  const [P, count] = [y.length, points.all.gram.rows];
  const kick = new Float64Array(P * P);
  const equation = {
    size: P,
    columns: 1,
    own: 0,
    kernel: (z: number, other: number, out: Float64Array) => fill('dynamical', z * z, other * other, out),
    source: (z: number, out: Float64Array) => {
      fill('dynamical', z * z, 0, kick);
      for (let mu = 0; mu < P; mu++) {
        out[mu] = y[mu];
        for (let nu = 0; nu < P; nu++) out[mu] -= kick[mu * P + nu] * delta.data[nu];
      }
    },
    place: placeBySine,
  } as const;
  const end = Math.sqrt(Math.max(0, ...taus));
  const path =
    end > 0 ? await solveVolterra(equation, rootMesh(network, end, level), linalg, watchersOf(options)) : undefined;
  const found: number[] = [];
  const pace = createPacer();
  for (const tau of taus) {
    throwIfCancelled(options.signal, where);
    await pace();
    const out = linalg.gemm(kernelAt(points.all, fillAll, 'dynamical', tau, 0), delta).data;
    const rest =
      tau === 0 || !path
        ? undefined
        : path.integral((z, other, block) => fillAll('dynamical', z * z, other * other, block), count, Math.sqrt(tau));
    out.forEach((value, i) => {
      found.push(value + (rest?.[i] ?? 0));
    });
  }
  return found;
}

/** z′ = z sin φ in z = √τ: smooth at both ends for every activation; u dτ′ = 2w dz′. */
const placeBySine: PlacePoints = (rule, z, from, to, visit) => {
  const [low, high] = [Math.asin(from / z), Math.asin(Math.min(1, to / z))];
  rule.nodes.forEach((node, k) => {
    const angle = low + (high - low) * node;
    visit(z * Math.sin(angle), 2 * z * Math.cos(angle) * (high - low) * rule.weights[k]);
  });
};
