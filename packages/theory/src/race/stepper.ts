import { GgdlnError, inputError } from '@ggdln/core';

const where = '@ggdln/theory integrate';

/** Writes dy/dt at (t, y) into `out`. */
export type Derivative = (t: number, y: Float64Array, out: Float64Array) => void;

/** How exactly an equation is followed. */
export interface Tolerances {
  /** Local error a step may make, relative to the largest of a component's values at its ends. Default 1e-12. */
  readonly relative?: number;
  /** Local error a step may make where the solution is near 0. Default 1e-14. */
  readonly absolute?: number;
  /** Steps, refused ones included, after which to give up. Default 1,000,000. */
  readonly maxSteps?: number;
}

/** Nodes, stages and error weights (fifth minus fourth order) of Dormand and Prince; the last stage gives the step. */
const nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const stages = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const errorWeights = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

/** Stage weights of the pair's interpolant: Hairer, Nørsett and Wanner, Solving ODEs I, section II.6. */
const interpolantWeights = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
];

/** Numbers that a component has in an interpolant. */
const DEGREES = 5;

/** The solution within one step, a polynomial of degree 4 in time that meets values and slopes at both ends. */
export interface StepInterpolant {
  readonly from: number;
  readonly length: number;
  /** Its coefficients, five a component. */
  readonly coefficients: Float64Array;
}

/** Follows an equation step by step. */
export interface Stepper {
  time(): number;
  /** The solution at `time()`; overwritten by the next step. */
  readonly y: Float64Array;
  /** Makes one step that keeps the tolerance, at most to `end`. @throws GGDLN_NUMERICAL where it can't. */
  step(end: number): void;
  /** The last step from within; to be asked before the next one. */
  interpolant(): StepInterpolant;
}

/** @throws GGDLN_INPUT for tolerances that aren't above 0 or a start that isn't finite. */
export function createStepper(
  derivative: Derivative,
  initial: ArrayLike<number>,
  start: number,
  { relative = 1e-12, absolute = 1e-14, maxSteps = 1_000_000 }: Tolerances,
): Stepper {
  const y = Float64Array.from(initial);
  if (!y.every(Number.isFinite)) throw inputError(where, `the start is [${y.join(', ')}]`, 'It must be finite');
  if (!(relative > 0 && absolute > 0)) {
    throw inputError(where, `tolerances are ${relative} and ${absolute}`, 'Both must be above 0');
  }
  const k = nodes.map(() => new Float64Array(y.length));
  const [next, before, slopeBefore] = [y.slice(), y.slice(), y.slice()];
  let [t, wanted, from, length, count] = [start, 0, start, 0, 0];
  derivative(t, y, k[0]);

  /** Gives the error in units of what is allowed; not finite where the solution left the numbers. */
  const attempt = (h: number): number => {
    runStages(derivative, t, y, h, k, next);
    let worst = 0;
    for (let i = 0; i < y.length; i++) {
      const allowed = absolute + relative * Math.max(Math.abs(y[i]), Math.abs(next[i]));
      const ratio = Math.abs(h * weighted(errorWeights, k, i)) / allowed;
      if (Number.isNaN(ratio)) return ratio;
      worst = Math.max(worst, ratio);
    }
    return worst;
  };
  const accept = (h: number, end: number): void => {
    [from, length, t] = [t, h, end];
    before.set(y);
    slopeBefore.set(k[0]);
    y.set(next);
    k[0].set(k[nodes.length - 1]);
  };
  const step = (end: number): void => {
    if (wanted === 0) wanted = firstStep(y, k[0], end - t, relative);
    for (let error = Number.POSITIVE_INFINITY; !(error <= 1); ) {
      // Stretched a little rather than leaving a remainder of rounding size.
      const last = t + wanted * (1 + 1e-9) >= end;
      const h = last ? end - t : wanted;
      error = attempt(h);
      if (error <= 1) accept(h, last ? end : t + h);
      else if (!(h > 4 * Number.EPSILON * Math.abs(t)) || h < Number.MIN_VALUE * 1e10) throw failed(t, h, count);
      if (++count > maxSteps) throw failed(t, h, count);
      const factor = Number.isFinite(error) ? Math.min(5, Math.max(0.2, 0.9 * (error + 1e-12) ** -0.2)) : 0.1;
      // A step cut short by an asked time says nothing against the longer one before it.
      wanted = last && error <= 1 ? Math.max(wanted, h * factor) : h * factor;
    }
  };
  return {
    time: () => t,
    y,
    step,
    interpolant: () => ({ from, length, coefficients: readInterpolant(before, slopeBefore, y, k, length) }),
  };
}

/** Fills the stages of one step, and `next`, where it ends. */
function runStages(
  derivative: Derivative,
  t: number,
  y: Float64Array,
  h: number,
  k: readonly Float64Array[],
  next: Float64Array,
): void {
  for (let stage = 1; stage < nodes.length; stage++) {
    for (let i = 0; i < y.length; i++) {
      let sum = 0;
      for (let j = 0; j < stage; j++) sum += stages[stage][j] * k[j][i];
      next[i] = y[i] + h * sum;
    }
    derivative(t + nodes[stage] * h, next, k[stage]);
  }
}

function weighted(weights: readonly number[], k: readonly Float64Array[], i: number): number {
  let sum = 0;
  for (let j = 0; j < weights.length; j++) sum += weights[j] * k[j][i];
  return sum;
}

/** In the nested form of Hairer, Nørsett and Wanner; `k[0]` already has the slope at the end of the step. */
function readInterpolant(
  before: Float64Array,
  slope: Float64Array,
  after: Float64Array,
  k: readonly Float64Array[],
  h: number,
): Float64Array {
  const coefficients = new Float64Array(DEGREES * before.length);
  for (let i = 0; i < before.length; i++) {
    const difference = after[i] - before[i];
    const bend = h * slope[i] - difference;
    const rest = h * (weighted(interpolantWeights, k, i) + interpolantWeights[0] * (slope[i] - k[0][i]));
    const last = difference - h * k[nodes.length - 1][i] - bend;
    coefficients.set([before[i], difference, bend, last, rest], DEGREES * i);
  }
  return coefficients;
}

/** Writes the solution at a time within a step. */
export function readStep({ from, length, coefficients }: StepInterpolant, time: number, out: Float64Array): void {
  const u = length > 0 ? (time - from) / length : 0;
  for (let i = 0; i < out.length; i++) {
    const at = DEGREES * i;
    const inner = coefficients[at + 3] + (1 - u) * coefficients[at + 4];
    out[i] = coefficients[at] + u * (coefficients[at + 1] + (1 - u) * (coefficients[at + 2] + u * inner));
  }
}

function firstStep(y: Float64Array, slope: Float64Array, span: number, relative: number): number {
  const [size, speed] = [Math.hypot(...y), Math.hypot(...slope)];
  return speed > 0 && size > 0 ? Math.min(span, (relative ** 0.2 * size) / speed) : span * 1e-3;
}

function failed(t: number, h: number, count: number): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem: `the solution could not be followed past t = ${t} (step ${h}, ${count} steps)`,
    remedy: 'It blows up there or is stiff; end earlier, or ask for a larger tolerance',
  });
}
