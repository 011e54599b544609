import { isGgdlnError, type Matrix, type RandomStream, type Warning } from '@ggdln/core';
import { matrix, symmetrise } from '@ggdln/linalg';
import { spectralMap } from './chain.ts';
import { gatesOf, infiniteWidthScale, rangeAt, wholeInverseOf } from './dataTerms.ts';
import { fullOrderParameters, stateOf } from './evaluate.ts';
import { predictorAt } from './predictor.ts';
import { type PreparedGgdln, prepareGgdln } from './prepare.ts';
import { tryCholesky } from './range.ts';
import { DEFAULT_MAX_ITERATIONS, type Found, type SearchControl, type SearchMemory, search } from './search.ts';
import { capacity, infiniteWidthOrderParameters, statisticsOf } from './statistics.ts';
import type { GgdlnOptions, GgdlnProblem, GgdlnSetting, GgdlnSolution, SolveOptions } from './types.ts';
import { checkOrderParameters, checkSetting, checkSolveOptions } from './validate.ts';
import { roundingFloorWarning, warningsAfter, warningsBefore } from './warnings.ts';
import { giveBack, takeWorkspace, type Workspace } from './workspace.ts';

/** Residual at which a search ends unless told otherwise: order parameters are then right to about 1e-7. */
export const DEFAULT_TOLERANCE = 1e-9;

/**
 * The finite-width theory of a globally gated deep linear network of any depth: the saddle point of S(U_L, …, U_1) and
 * the predictor there (Li & Sompolinsky 2022, arXiv:2210.17449). P ≥ 0 examples, C ≥ 1 outputs, T ≥ 0.
 * @throws GGDLN_INPUT for bad shapes, ranges or numbers; NotConvergedError (its state is a GgdlnUnconverged);
 * GGDLN_NUMERICAL when K + TI can't be factorised; GGDLN_CANCELLED.
 */
export async function solveGgdln(problem: GgdlnProblem, options: GgdlnOptions = {}): Promise<GgdlnSolution> {
  const prepared = await prepareGgdln(problem, options);
  return solvePreparedGgdln(prepared, problem, options);
}

/**
 * `solveGgdln` on prepared data: for sweeps, from wide to narrow with `initial` the last solution's U.
 * @throws As `solveGgdln`.
 */
export async function solvePreparedGgdln(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  options: SolveOptions = {},
): Promise<GgdlnSolution> {
  const workspace = takeWorkspace(prepared.memory);
  try {
    return (await solveFrom(prepared, setting, options, { workspace, secants: [] })).solution;
  } finally {
    giveBack(prepared.memory, workspace);
  }
}

/** `solvePreparedGgdln` with the memory of an earlier search; `beyond` is a better guess of U where searches go on. */
export async function solveFrom(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  options: SolveOptions,
  memory: SearchMemory,
): Promise<{ readonly solution: GgdlnSolution; readonly beyond: readonly Matrix[] }> {
  const { initial, restarts = 0, rng } = options;
  checkSetting(setting, prepared.dimensions.length);
  const control = controlOf(options);
  checkSolveOptions({ ...control, restarts, hasRng: rng !== undefined });
  if (initial) {
    checkOrderParameters('initial', initial, prepared.dimensions, (u) => tryCholesky(u, prepared.linalg) !== undefined);
  }
  const warnings: Warning[] = [];
  const warn = (more: readonly Warning[]) => {
    for (const warning of more) {
      warnings.push(warning);
      options.onWarning?.(warning);
    }
  };
  warn(warningsBefore(prepared, setting));
  const start = initial ?? infiniteWidthOrderParameters(prepared, setting.sigma);
  const found = [await search(prepared, setting, stateOf(prepared, start), control, memory)];
  if (rng)
    found.push(
      ...(await restart(prepared, setting, control, { rng, count: restarts, warn, workspace: memory.workspace })),
    );
  const lowest = found.reduce((low, one) => (one.evaluation.action < low.evaluation.action ? one : low));
  const solution = describe(prepared, setting, found, lowest, memory.workspace, initial !== undefined);
  if (!lowest.withinTolerance) {
    warn([roundingFloorWarning(solution.residual, control.tolerance, solution.conditionNumber)]);
  }
  warn(warningsAfter(solution.conditionNumber));
  const { beyond: state, evaluation } = lowest;
  // The prior of one hidden layer is the same at every state, so the layers of the evaluation serve.
  const beyond = state ? fullOrderParameters(prepared, setting, { state, layers: evaluation.layers }) : solution.U;
  return { solution: { ...solution, warnings }, beyond };
}

function controlOf(options: SolveOptions): SearchControl {
  const { tolerance, maxIterations, acceleration, signal, onProgress } = options;
  return {
    tolerance: tolerance ?? DEFAULT_TOLERANCE,
    maxIterations: maxIterations ?? DEFAULT_MAX_ITERATIONS,
    acceleration: acceleration ?? true,
    signal,
    onProgress,
    stage: 'searching the saddle point',
  };
}

/** Searches from scattered starts. One that doesn't converge is reported, not fatal: the first search did. */
async function restart(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  control: SearchControl,
  restarts: {
    readonly rng: RandomStream;
    readonly count: number;
    readonly warn: (warnings: readonly Warning[]) => void;
    readonly workspace: Workspace;
  },
): Promise<Found[]> {
  const { rng, count, warn, workspace } = restarts;
  const found: Found[] = [];
  for (let k = 1; k <= count; k++) {
    const start = stateOf(prepared, scatteredStart(prepared, setting.sigma, rng.stream(`restart/${k}`)));
    try {
      const stage = `${control.stage}, restart ${k}`;
      found.push(await search(prepared, setting, start, { ...control, stage }, { workspace, secants: [] }));
    } catch (error) {
      const failed = isGgdlnError(error) && (error.code === 'GGDLN_NOT_CONVERGED' || error.code === 'GGDLN_NUMERICAL');
      if (!failed) throw error;
      warn([{ code: 'restart-failed', message: `restart ${k} of ${count} is left out: ${error.problem}` }]);
    }
  }
  return found;
}

/** σ^{2(L−l+1)} exp(S_l) with random symmetric S_l whose eigenvalues spread over about ±3. */
function scatteredStart(prepared: PreparedGgdln, sigma: number, rng: RandomStream): Matrix[] {
  return prepared.dimensions.map((size, t) => {
    const noise = matrix(size, size, rng.fillGaussian(new Float64Array(size * size), 2 / Math.sqrt(size)));
    return spectralMap(symmetrise(noise), (value) => infiniteWidthScale(t, sigma) * Math.exp(value), prepared.linalg);
  });
}

function describe(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  found: readonly Found[],
  lowest: Found,
  workspace: Workspace,
  warmStart: boolean,
) {
  const { data, layers } = lowest.evaluation;
  const { lambda } = layers[layers.length - 1];
  const H = () => wholeInverseOf(prepared, setting, lambda, data, workspace);
  const U = fullOrderParameters(prepared, setting, lowest.evaluation);
  return {
    U,
    predictor: predictorAt(prepared, setting.sigma, U[U.length - 1], { H, beta: data.beta }),
    iterations: lowest.iterations,
    evaluations: found.reduce((sum, one) => sum + one.evaluations, 0),
    actions: found.map((one) => one.evaluation.action),
    reductions: {
      gateSpace: gatesOf(prepared).cols,
      kernelSpace: rangeAt(prepared, setting)?.Q.cols ?? prepared.y.length,
      inputSpace: Math.min(prepared.examples, prepared.inputs),
      warmStart,
    },
    deadInputs: prepared.deadInputs,
    capacity: capacity(prepared, setting.widths),
    ...statisticsOf(prepared, setting, lowest.evaluation, workspace),
  };
}
