import type { ConformanceCase, Json, RunContext } from '@ggdln/core';
import { columnVector, toRows } from '@ggdln/linalg';
import { bpkrConformance } from './bpkr/conformance.ts';
import { galuConformance } from './galu/conformance.ts';
import { ggdlnActionAt } from './ggdln/actionAt.ts';
import { gateKernels, saddleTaskCode } from './ggdln/gateConformance.ts';
import { oneGateLimit } from './ggdln/oneGateLimit.ts';
import { prepareGgdln } from './ggdln/prepare.ts';
import { readProblem, readSetting } from './ggdln/readProblem.ts';
import { solvePreparedGgdln } from './ggdln/solve.ts';
import { infiniteWidthOrderParameters } from './ggdln/statistics.ts';
import type { GgdlnProblem, GgdlnSolution } from './ggdln/types.ts';
import { nngpNtk } from './kernels/conformance.ts';
import { readStored } from './readStored.ts';

/** Single-output saddle points: any depth, T ≥ 0. */
const saddle: ConformanceCase = async (stored, context) => saddleResults(readProblem(stored), context);

/** Several outputs; rows are (μ, c). */
const saddleMultiOutput: ConformanceCase = async ({ params, inputs }, context) => {
  const stored = readStored('inputs', inputs);
  const problem: GgdlnProblem = {
    X: stored.matrix('X'),
    y: stored.matrix('Y'),
    gates: [stored.matrix('gates')],
    test: { X: stored.matrix('Xtest'), gates: [stored.matrix('gatesTest')] },
    ...readSetting(params),
  };
  return saddleResults(problem, context);
};

/** S, its gradient and one fixed-point step at a given U of one hidden layer. */
const actionAt: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const stored = readStored('inputs', inputs);
  const problem: GgdlnProblem = {
    X: stored.matrix('X'),
    y: Float64Array.from(stored.numbers('y')),
    gates: stored.matrices('gatesTopFirst'),
    ...readSetting(params),
  };
  const at = await ggdlnActionAt(problem, [stored.matrix('U')], { linalg });
  return {
    kernel_row0: toRows(at.kernel)[0] ?? [],
    action: at.action,
    gradient: toRows(at.gradients[0]),
    mmNextU: toRows(at.nextU[0]),
    residual: at.residual,
  };
};

/** The deep linear network in closed form, for one output (`u`) and for several (`U_outputs`). */
const oneGate: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const read = readStored('params', params);
  const stored = readStored('inputs', inputs);
  const common = { X: stored.matrix('X'), width: read.number('N'), sigma: Math.sqrt(read.number('sigma2')) };
  const single = await oneGateLimit({ ...common, y: columnVector(stored.numbers('y')) }, { linalg });
  const several = await oneGateLimit({ ...common, y: stored.matrix('Y') }, { linalg });
  return { u: single.data[0], U_outputs: toRows(several) };
};

/** The theories' cases of a fixture file, by their `compute` field. */
export const conformance: Readonly<Record<string, ConformanceCase>> = {
  'ggdln.saddle': saddle,
  'ggdln.saddle-multi-output': saddleMultiOutput,
  'ggdln.action-at': actionAt,
  'ggdln.one-gate-limit': oneGate,
  'ggdln.gate-kernels': gateKernels,
  'ggdln.saddle-task-code': saddleTaskCode(saddle),
  ...galuConformance,
  'kernels.nngp-ntk': nngpNtk,
  ...bpkrConformance,
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
