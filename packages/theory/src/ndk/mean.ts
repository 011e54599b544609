import { createPacer, type LinalgBackend, throwIfCancelled } from '@ggdln/core';
import { chooseLinalg } from '@ggdln/linalg';
import { type NdkOutputs, splitOutputs } from './limits.ts';
import { requireTimes } from './network.ts';
import { heedLimits } from './plan.ts';
import { type NdkPoints, type NdkProblem, ndkPoints } from './problem.ts';
import { largest, type NdkOptions, refine, watchersOf } from './refine.ts';
import { memoryOf, timeMesh } from './timeMesh.ts';
import { twoTimeKernel } from './twoTime.ts';
import { placeBehind, solveVolterra, type VolterraSolution, type Watchers } from './volterra.ts';
import { type NdkSeparated, separateKernels } from './work.ts';

/** Outputs over time. */
export interface NdkMean extends NdkOutputs {
  /** By how much the last refinement of the mesh changed any number, relative to the largest |y|. */
  readonly error: number;
}

const where = '@ggdln/theory ndkMean';

/**
 * Mean output of a wide network over time under Langevin learning, by the Volterra equation of the neural dynamical
 * kernel (theory page ndk, equation 1 and section 8 A), on meshes that get finer until the result settles. Source:
 * Avidan, Li, Sompolinsky, arXiv:2309.04522.
 * @param times In units of t, each ≥ 0, in any order.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_NOT_CONVERGED with the last result; GGDLN_CANCELLED.
 */
export async function ndkMean(
  problem: NdkProblem,
  times: ArrayLike<number>,
  options: NdkOptions = {},
): Promise<NdkMean> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  requireTimes(where, 'times', times);
  const points = ndkPoints(where, problem, linalg);
  const asked = { problem, points, times, solve: 'mean' } as const;
  const separated = separateKernels(asked, options, linalg);
  heedLimits(where, { ...asked, separated }, options, linalg);
  const end = Math.max(0, ...Array.from(times));
  const scale = largest(problem.y);
  const refined = await refine(
    where,
    options,
    () => scale,
    async (level) => {
      const path = await solveResidual(problem, points, end, {
        level,
        memory: memoryOf(problem.network),
        linalg,
        separated,
        ...watchersOf(options),
      });
      const found: number[] = [];
      const pace = createPacer();
      for (const t of Array.from(times)) {
        throwIfCancelled(options.signal, where);
        await pace();
        found.push(...(t === 0 ? new Float64Array(points.all.gram.rows) : path.output(t)));
      }
      return found;
    },
  );
  const count = points.all.gram.rows;
  const rows = Array.from(times, (_, i) => refined.values.slice(i * count, (i + 1) * count));
  return { ...splitOutputs(rows, points), error: refined.error };
}

/** y − f̄(X, ·) as a piecewise polynomial, and the outputs that follow from it. */
export interface ResidualPath {
  readonly solution: VolterraSolution | undefined;
  /** f̄ on all points at a time up to the end. */
  output(t: number): Float64Array;
}

/** Solves equation 1 on [0, end]; integrals over the path reach back by `memory`. */
export async function solveResidual(
  { network, y }: NdkProblem,
  points: NdkPoints,
  end: number,
  options: {
    readonly level: number;
    readonly memory: number;
    readonly linalg: LinalgBackend;
    readonly separated?: NdkSeparated;
  } & Watchers,
): Promise<ResidualPath> {
  const { level, memory, linalg, separated } = options;
  if (end === 0) return { solution: undefined, output: () => new Float64Array(points.all.gram.rows) };
  const fill = twoTimeKernel(network, points.train);
  const fillAll = twoTimeKernel(network, points.all);
  const equation = {
    size: y.length,
    columns: 1,
    own: 1,
    kernel: separated?.train ?? ((t: number, other: number, out: Float64Array) => fill('dynamical', t, other, out)),
    source: (_t: number, out: Float64Array) => out.set(y),
    place: placeBehind(memory),
  } as const;
  const mesh = timeMesh(network, points, end, level, linalg, [0, end]);
  const solution = await solveVolterra(equation, mesh, linalg, options);
  return {
    solution,
    output: (t) =>
      solution.integral(separated?.all ?? ((a, b, out) => fillAll('dynamical', a, b, out)), points.all.gram.rows, t),
  };
}
