import { GgdlnError, inputError } from '@ggdln/core';

const where = '@ggdln/theory integrate';

/** Tolerances of `integrate`. */
export interface IntegrateOptions {
  /** Local error a step may make, relative to the largest of a component's values at its ends. Default 1e-12. */
  readonly relative?: number;
  /** Local error a step may make where the solution is near 0. Default 1e-14. */
  readonly absolute?: number;
  /** Steps, refused ones included, after which to give up. Default 1,000,000. */
  readonly maxSteps?: number;
}

/** Writes dy/dt at (t, y) into `out`. */
export type Derivative = (t: number, y: Float64Array, out: Float64Array) => void;

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

/**
 * Solves dy/dt = f(t, y) from y at the first of `times` and gives y at every one of them. Steps have the length that
 * keeps the error estimate of the Dormand–Prince 5(4) pair within tolerance, and end exactly at each asked time, so
 * that no interpolation error is added. For smooth problems that aren't stiff.
 * @throws GGDLN_INPUT for times that don't ascend or a start that isn't finite; GGDLN_NUMERICAL where the solution
 * blows up or too many steps are needed.
 */
export function integrate(
  derivative: Derivative,
  initial: ArrayLike<number>,
  times: ArrayLike<number>,
  options: IntegrateOptions = {},
): Float64Array[] {
  requireTimes(times);
  const y = Float64Array.from(initial);
  if (!y.every(Number.isFinite)) throw inputError(where, `the start is [${y.join(', ')}]`, 'It must be finite');
  const solver = createStepper(derivative, y, times[0] ?? 0, options);
  return Array.from(times, (time) => solver.advanceTo(time).slice());
}

function requireTimes(times: ArrayLike<number>): void {
  for (let i = 0; i < times.length; i++) {
    if (Number.isFinite(times[i]) && (i === 0 || times[i] >= times[i - 1])) continue;
    throw inputError(where, `time ${i} is ${times[i]} after ${times[i - 1] ?? 'no other'}`, 'Times must ascend');
  }
}

function createStepper(derivative: Derivative, y: Float64Array, start: number, options: IntegrateOptions) {
  const { relative = 1e-12, absolute = 1e-14, maxSteps = 1_000_000 } = options;
  if (!(relative > 0 && absolute > 0)) {
    throw inputError(where, `tolerances are ${relative} and ${absolute}`, 'Both must be above 0');
  }
  const k = nodes.map(() => new Float64Array(y.length));
  const next = new Float64Array(y.length);
  let [t, step, count] = [start, 0, 0];
  derivative(t, y, k[0]);

  /** Fills `next` and gives the error in units of what is allowed; not finite where the solution left the numbers. */
  const attempt = (h: number): number => {
    for (let stage = 1; stage < nodes.length; stage++) {
      for (let i = 0; i < y.length; i++) {
        let sum = 0;
        for (let j = 0; j < stage; j++) sum += stages[stage][j] * k[j][i];
        next[i] = y[i] + h * sum;
      }
      derivative(t + nodes[stage] * h, next, k[stage]);
    }
    let worst = 0;
    for (let i = 0; i < y.length; i++) {
      let error = 0;
      for (let j = 0; j < nodes.length; j++) error += errorWeights[j] * k[j][i];
      const ratio = Math.abs(h * error) / (absolute + relative * Math.max(Math.abs(y[i]), Math.abs(next[i])));
      if (Number.isNaN(ratio)) return ratio;
      worst = Math.max(worst, ratio);
    }
    return worst;
  };

  const advanceTo = (end: number): Float64Array => {
    if (step === 0 && end > t) step = firstStep(y, k[0], end - t, relative);
    while (t < end) {
      // Stretched a little rather than leaving a remainder of rounding size.
      const last = t + step * (1 + 1e-9) >= end;
      const h = last ? end - t : step;
      const error = attempt(h);
      if (error <= 1) {
        t = last ? end : t + h;
        y.set(next);
        k[0].set(k[nodes.length - 1]);
      } else if (!(h > 4 * Number.EPSILON * Math.abs(t)) || h < Number.MIN_VALUE * 1e10) throw failed(t, h, count);
      if (++count > maxSteps) throw failed(t, h, count);
      const factor = Number.isFinite(error) ? Math.min(5, Math.max(0.2, 0.9 * (error + 1e-12) ** -0.2)) : 0.1;
      // A step cut short by an asked time says nothing against the longer one before it.
      step = last && error <= 1 ? Math.max(step, h * factor) : h * factor;
    }
    return y;
  };
  return { advanceTo };
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
