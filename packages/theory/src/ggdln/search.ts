import {
  createPacer,
  GgdlnError,
  isGgdlnError,
  type Matrix,
  NotConvergedError,
  type OnProgress,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { createAndersonMixing } from './anderson.ts';
import { spectralMap } from './chain.ts';
import { type Evaluation, evaluate, fullOrderParameters, type State } from './evaluate.ts';
import { monotoneStep } from './mm.ts';
import type { PreparedGgdln } from './prepare.ts';
import { conditionNumber } from './statistics.ts';
import type { GgdlnSetting, GgdlnUnconverged } from './types.ts';

const where = '@ggdln/theory ggdln';

/** Increases of S below this times its scale are rounding. */
const ACTION_ROUNDING = 1e-12;
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

/** Where a search ended. */
export interface Found {
  readonly evaluation: Evaluation;
  readonly iterations: number;
  readonly evaluations: number;
  /** False when the residual stopped falling at the noise of the arithmetic, above the tolerance. */
  readonly withinTolerance: boolean;
}

/** A point of the search in both its forms: matrices, and their logarithms in one vector. */
interface Point {
  readonly state: State;
  readonly logs: Float64Array;
}

/**
 * The monotone fixed point with Anderson mixing on the matrix logarithms (section 5). A mixed step that raises S (or
 * that can't be evaluated) is taken back: the history is dropped and the plain step taken.
 * @throws NotConvergedError with the last state; GGDLN_NUMERICAL when the kernel can't be factorised.
 */
export async function search(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  start: State,
  control: SearchControl,
): Promise<Found> {
  const pause = createPacer();
  const mixing = control.acceleration ? createAndersonMixing(prepared.linalg) : undefined;
  let point: Point = { state: start, logs: mixing ? logarithms(prepared, start) : new Float64Array(0) };
  let current = evaluateOrExplain(prepared, setting, start);
  let evaluations = 1;
  let best = { evaluation: current, at: 0 };
  for (let iterations = 0; ; iterations++) {
    throwIfCancelled(control.signal, where);
    if (current.residual < best.evaluation.residual) best = { evaluation: current, at: iterations };
    report(control, iterations, current);
    if (current.residual < control.tolerance) {
      return { evaluation: current, iterations, evaluations, withinTolerance: true };
    }
    if ((iterations - best.at) % STALL === STALL - 1 && isRounding(prepared, setting, best.evaluation)) {
      return { evaluation: best.evaluation, iterations, evaluations, withinTolerance: false };
    }
    if (iterations >= control.maxIterations) throw notConverged(prepared, setting, current, iterations, control);

    const plainState = monotoneStep(prepared, setting, current);
    const plain: Point = { state: plainState, logs: mixing ? logarithms(prepared, plainState) : point.logs };
    const mixedLogs = mixing?.next(point.logs, plain.logs) ?? plain.logs;
    const mixed = mixedLogs === plain.logs ? undefined : exponentials(prepared, mixedLogs, start);
    const accepted = mixed && evaluateBelow(prepared, setting, mixed.state, current);
    evaluations += mixed && !accepted ? 2 : 1;
    if (mixed && !accepted) mixing?.reset();
    point = accepted && mixed ? mixed : plain;
    current = accepted ?? evaluateOrExplain(prepared, setting, plain.state);
    await pause();
  }
}

/** An evaluation, or `undefined` when it fails or S is above that of `current` by more than rounding. */
function evaluateBelow(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  state: State,
  current: Evaluation,
): Evaluation | undefined {
  try {
    const evaluation = evaluate(prepared, setting, state);
    const scale = setting.widths.reduce((sum, width, t) => sum + width * prepared.dimensions[t], prepared.y.length);
    const slack = ACTION_ROUNDING * (scale + Math.abs(current.action));
    return evaluation.action <= current.action + slack ? evaluation : undefined;
  } catch (error) {
    if (isGgdlnError(error) && error.code === 'GGDLN_NUMERICAL') return undefined;
    throw error;
  }
}

function evaluateOrExplain(prepared: PreparedGgdln, setting: GgdlnSetting, state: State): Evaluation {
  try {
    return evaluate(prepared, setting, state);
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
function isRounding(prepared: PreparedGgdln, setting: GgdlnSetting, { data, residual }: Evaluation): boolean {
  const terms = 1 + (data.effectiveDof + data.yKinvKKinvy) / setting.widths[setting.widths.length - 1];
  const noise = Number.EPSILON * conditionNumber(prepared, setting.temperature, data) * terms;
  return residual < Math.min(1e-5, 100 * noise);
}

function notConverged(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  evaluation: Evaluation,
  iterations: number,
  { tolerance }: SearchControl,
): NotConvergedError<GgdlnUnconverged> {
  const { residual, action } = evaluation;
  return new NotConvergedError(
    {
      where,
      problem: `no saddle point within ${iterations} iterations: residual ${residual.toExponential(2)}, tolerance ${tolerance}`,
      remedy: 'Raise maxIterations or the tolerance, or start from a solution at larger width (initial)',
    },
    { U: fullOrderParameters(prepared, setting, evaluation), residual, action, iterations },
  );
}

function report({ onProgress, stage, maxIterations }: SearchControl, done: number, evaluation: Evaluation): void {
  const note = `residual ${evaluation.residual.toExponential(1)}, action ${evaluation.action.toPrecision(8)}`;
  onProgress?.({ stage, done, total: maxIterations, unit: 'iterations', note });
}

/** The matrix logarithms, one after the other. */
function logarithms({ linalg }: PreparedGgdln, state: State): Float64Array {
  const logs = state.map((u) => spectralMap(u, (value) => Math.log(Math.max(value, Number.MIN_VALUE)), linalg).data);
  const out = new Float64Array(logs.reduce((sum, log) => sum + log.length, 0));
  let at = 0;
  for (const log of logs) {
    out.set(log, at);
    at += log.length;
  }
  return out;
}

/** The state with these logarithms. @param like A state of the same shapes. */
function exponentials({ linalg }: PreparedGgdln, logs: Float64Array, like: State): Point {
  let at = 0;
  const state = like.map((u): Matrix => {
    const log = matrix(u.rows, u.cols, logs.slice(at, at + u.data.length));
    at += u.data.length;
    // Far extrapolations must stay finite to be judged; they are far above in S.
    return spectralMap(log, (value) => Math.exp(Math.min(300, Math.max(-300, value))), linalg);
  });
  return { state, logs };
}
