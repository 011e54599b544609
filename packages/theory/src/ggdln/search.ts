import {
  createPacer,
  GgdlnError,
  isGgdlnError,
  NotConvergedError,
  type OnProgress,
  throwIfCancelled,
} from '@ggdln/core';
import { type Evaluation, evaluate, fullOrderParameters, type State } from './evaluate.ts';
import { monotoneStep } from './mm.ts';
import type { PreparedGgdln } from './prepare.ts';
import { createProposals } from './proposals.ts';
import type { Secant } from './secants.ts';
import { conditionNumber } from './statistics.ts';
import type { GgdlnSetting, GgdlnUnconverged } from './types.ts';
import type { Workspace } from './workspace.ts';

const where = '@ggdln/theory ggdln';

/** Increases of S below this times its scale are rounding. */
const ACTION_ROUNDING = 1e-12;
/** Iterations after which a search gives up unless told otherwise. */
export const DEFAULT_MAX_ITERATIONS = 1000;
/** Steps without a new lowest residual after which the search asks whether rounding is to blame. */
const STALL = 30;

/** How one search runs. */
export interface SearchControl {
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly acceleration: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
  /** For progress reports. */
  readonly stage: string;
}

/** What searches hand on to each other. */
export interface SearchMemory {
  readonly workspace: Workspace;
  /** Curvature of the action in log U (one hidden layer): read and changed. */
  readonly secants: Secant[];
  /** Other searches follow: what the last step taught is kept, and where one more would lead (one hidden layer). */
  readonly goesOn?: boolean;
}

/** Where a search ended. */
export interface Found {
  readonly evaluation: Evaluation;
  readonly iterations: number;
  readonly evaluations: number;
  /** False when the residual stopped falling at the noise of the arithmetic, above the tolerance. */
  readonly withinTolerance: boolean;
  /** One more step, not evaluated: mostly nearer to the saddle point by another factor of ten. Where searches go on. */
  readonly beyond?: State;
}

/**
 * From the start to a saddle point by steps that never raise S. A proposed step that raises S (or that can't be
 * evaluated) is taken back, and the step of the monotone fixed point is taken instead (section 5).
 * @throws NotConvergedError with the last state; GGDLN_NUMERICAL when the kernel can't be factorised.
 */
export async function search(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  start: State,
  control: SearchControl,
  memory: SearchMemory,
): Promise<Found> {
  const pause = createPacer();
  const { workspace, secants } = memory;
  const proposals = control.acceleration ? createProposals(prepared, setting, secants) : undefined;
  let state = start;
  let current = evaluateOrExplain(prepared, setting, start, workspace);
  let evaluations = 1;
  let best = { evaluation: current, at: 0 };
  for (let iterations = 0; ; iterations++) {
    throwIfCancelled(control.signal, where);
    if (current.residual < best.evaluation.residual) best = { evaluation: current, at: iterations };
    report(control, iterations, current);
    if (current.residual < control.tolerance) {
      const beyond = memory.goesOn && state.length === 1 ? proposals?.next(current) : undefined;
      return { evaluation: current, iterations, evaluations, withinTolerance: true, ...(beyond ? { beyond } : {}) };
    }
    if ((iterations - best.at) % STALL === STALL - 1 && isRounding(prepared, setting, best.evaluation, workspace)) {
      return { evaluation: best.evaluation, iterations, evaluations, withinTolerance: false };
    }
    if (iterations >= control.maxIterations) throw notConverged(prepared, setting, current, iterations, control);

    const proposed = proposals?.next(current);
    const accepted = proposed && evaluateBelow(prepared, setting, proposed, current, workspace);
    evaluations += proposed && !accepted ? 2 : 1;
    if (proposed && !accepted) proposals?.refused();
    state = accepted && proposed ? proposed : monotoneStep(prepared, setting, current);
    current = accepted ?? evaluateOrExplain(prepared, setting, state, workspace);
    await pause();
  }
}

/** An evaluation, or `undefined` when it fails or S is above that of `current` by more than rounding. */
function evaluateBelow(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  state: State,
  current: Evaluation,
  workspace: Workspace,
): Evaluation | undefined {
  try {
    const evaluation = evaluate(prepared, setting, state, workspace);
    const scale = setting.widths.reduce((sum, width, t) => sum + width * prepared.dimensions[t], prepared.y.length);
    const slack = ACTION_ROUNDING * (scale + Math.abs(current.action));
    return evaluation.action <= current.action + slack ? evaluation : undefined;
  } catch (error) {
    if (isGgdlnError(error) && error.code === 'GGDLN_NUMERICAL') return undefined;
    throw error;
  }
}

function evaluateOrExplain(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  state: State,
  workspace: Workspace,
): Evaluation {
  try {
    return evaluate(prepared, setting, state, workspace);
  } catch (cause) {
    if (!isGgdlnError(cause) || cause.code !== 'GGDLN_NUMERICAL') throw cause;
    throw new GgdlnError({
      code: 'GGDLN_NUMERICAL',
      where,
      problem: `the kernel of ${prepared.y.length} targets can't be factorised at T = ${setting.temperature}: ${cause.problem}`,
      remedy: 'Raise the temperature, remove repeated inputs, or bring inputs and targets to order one',
      cause,
    });
  }
}

/** True when the residual is what rounding leaves of its terms ΛᵀAΛ and ΛᵀBΛ at this condition number. */
function isRounding(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  { data, residual, layers }: Evaluation,
  workspace: Workspace,
): boolean {
  const terms = 1 + (data.effectiveDof + data.yKinvKKinvy) / setting.widths[setting.widths.length - 1];
  const noise =
    Number.EPSILON * conditionNumber(prepared, setting, layers[layers.length - 1].lambda, data, workspace) * terms;
  return residual < Math.min(1e-5, 100 * noise);
}

function notConverged(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  evaluation: Evaluation,
  iterations: number,
  { tolerance, maxIterations }: SearchControl,
): NotConvergedError<GgdlnUnconverged> {
  const { residual, action } = evaluation;
  return new NotConvergedError(
    {
      where,
      problem: `no saddle point within ${iterations} iterations: residual ${residual.toExponential(2)}, tolerance ${tolerance}`,
      remedy: 'Raise maxIterations or the tolerance, or start from a solution at larger width (initial)',
      changes: { maxIterations: Math.max(DEFAULT_MAX_ITERATIONS, 10 * maxIterations) },
    },
    { U: fullOrderParameters(prepared, setting, evaluation), residual, action, iterations },
  );
}

function report({ onProgress, stage, maxIterations }: SearchControl, done: number, evaluation: Evaluation): void {
  const note = `residual ${evaluation.residual.toExponential(1)}, action ${evaluation.action.toPrecision(8)}`;
  onProgress?.({ stage, done, total: maxIterations, unit: 'iterations', note });
}
