import { type ConformanceCase, inputError, type Json, type RunContext } from '@ggdln/core';
import { columnVector, type Matrix, toRows } from '@ggdln/linalg';
import { bpkrConformance } from './bpkr/conformance.ts';
import { continualConformance } from './continual/conformance.ts';
import { galuConformance } from './galu/conformance.ts';
import { ggdlnActionAt } from './ggdln/actionAt.ts';
import { gateKernels, saddleTaskCode } from './ggdln/gateConformance.ts';
import { oneGateLimit } from './ggdln/oneGateLimit.ts';
import { prepareGgdln } from './ggdln/prepare.ts';
import { readOrderParameters, readProblem } from './ggdln/readProblem.ts';
import { solveGgdln, solvePreparedGgdln } from './ggdln/solve.ts';
import { infiniteWidthOrderParameters } from './ggdln/statistics.ts';
import type { GgdlnProblem, GgdlnSolution } from './ggdln/types.ts';
import { nngpNtk } from './kernels/conformance.ts';
import { ndkConformance } from './ndk/conformance.ts';
import { raceConformance } from './race/conformance.ts';
import { readStored } from './readStored.ts';

/** Saddle points: any depth, any number of outputs (rows are (μ, c)), T ≥ 0. */
const saddle: ConformanceCase = async (stored, context) => saddleResults(readProblem(stored), context);

/** S, its gradients and one fixed-point step at given order parameters; lists over layers where L > 1. */
const actionAt: ConformanceCase = async (stored, { linalg }) => {
  const at = await ggdlnActionAt(readProblem(stored), readOrderParameters(stored), { linalg });
  const layers = (matrices: readonly Matrix[]) => (matrices.length === 1 ? toRows(matrices[0]) : matrices.map(toRows));
  return {
    kernel_row0: toRows(at.kernel)[0] ?? [],
    action: at.action,
    gradient: layers(at.gradients),
    mmNextU: layers(at.nextU),
    residual: at.residual,
  };
};

/** The deep linear network in closed form (T = 0), for one output (`y` gives `u`) and several (`Y` gives `U_outputs`). */
const oneGate: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const read = readStored('params', params);
  const stored = readStored('inputs', inputs);
  if (read.has('T') && read.number('T') !== 0) {
    throw inputError(
      '@ggdln/theory conformance',
      `params.T is ${params.T}`,
      'The closed form holds at T = 0; use ggdln.saddle',
    );
  }
  if (!stored.has('y') && !stored.has('Y')) {
    throw inputError('@ggdln/theory conformance', 'inputs.y and inputs.Y are absent', 'Give one of them');
  }
  const common = { X: stored.matrix('X'), width: read.number('N'), sigma: Math.sqrt(read.number('sigma2')) };
  const solve = (y: Matrix) => oneGateLimit({ ...common, y }, { linalg });
  return {
    ...(stored.has('y') ? { u: (await solve(columnVector(stored.numbers('y')))).data[0] } : {}),
    ...(stored.has('Y') ? { U_outputs: toRows(await solve(stored.matrix('Y'))) } : {}),
  };
};

/** The theory beside a sampled posterior; the sampler's numbers come from the package that samples. */
const posteriorTheory: ConformanceCase = async (stored, { linalg }) => {
  const { U, predictor } = await solveGgdln(readProblem(stored), { linalg });
  return {
    theoryU: toRows(U[0]),
    theoryMean: Array.from(predictor.mean.data),
    theoryVar: Array.from(predictor.variance.data),
  };
};

/** The theories' cases of a fixture file, by their `compute` field. */
export const conformance: Readonly<Record<string, ConformanceCase>> = {
  'ggdln.saddle': saddle,
  'ggdln.saddle-multi-output': saddle,
  'ggdln.action-at': actionAt,
  'ggdln.one-gate-limit': oneGate,
  'ggdln.posterior-statistics': posteriorTheory,
  'ggdln.gate-kernels': gateKernels,
  'ggdln.saddle-task-code': saddleTaskCode(saddle),
  ...galuConformance,
  'kernels.nngp-ntk': nngpNtk,
  ...bpkrConformance,
  ...ndkConformance,
  ...continualConformance,
  ...raceConformance,
};

async function saddleResults(problem: GgdlnProblem, context: RunContext): Promise<{ [key: string]: Json }> {
  const { linalg, signal, onProgress, onWarning } = context;
  const watchers = { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
  const prepared = await prepareGgdln(problem, { linalg });
  const solution = await solvePreparedGgdln(prepared, problem, { ...watchers, ...(onWarning ? { onWarning } : {}) });
  const gp = await ggdlnActionAt(problem, infiniteWidthOrderParameters(prepared, problem.sigma), { linalg });
  return {
    ...solutionResults(solution),
    gpMean: Array.from(gp.predictor.mean.data),
    gpVariance: Array.from(gp.predictor.variance.data),
    gpAction: gp.action,
  };
}

function solutionResults(solution: GgdlnSolution): { [key: string]: Json } {
  const { U, predictor, action, effectiveDof, yKinvKKinvy, logdet, yKinvy } = solution;
  return {
    U_topFirst: U.map(toRows),
    action,
    mean: Array.from(predictor.mean.data),
    variance: Array.from(predictor.variance.data),
    effectiveDof,
    yKinvKKinvy,
    logdet,
    yKinvy,
  };
}
