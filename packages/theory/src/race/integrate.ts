import { inputError } from '@ggdln/core';
import { createStepper, type Derivative, readStep, type StepInterpolant, type Tolerances } from './stepper.ts';

const where = '@ggdln/theory integrate';

/** Tolerances of `integrate`, and how it comes by the asked times. */
export interface IntegrateOptions extends Tolerances {
  /**
   * Steps are as long as the tolerance allows, and the asked times are read from the pair's interpolant, whose error is
   * of the order of what a step may make. For many times. Default: steps end at each of them, which adds no error.
   */
  readonly dense?: boolean;
}

/** A solution between two times. */
export interface DenseSolution {
  readonly from: number;
  readonly to: number;
  /** Ends of the steps, ascending, `from` first. */
  readonly times: Float64Array;
  /** The solution at any time between. @throws GGDLN_INPUT for times outside. */
  at(time: number): Float64Array;
}

/**
 * Solves dy/dt = f(t, y) from y at the first of `times` and gives y at every one of them. Steps have the length that
 * keeps the error estimate of the Dormand–Prince 5(4) pair within tolerance. For smooth problems that aren't stiff.
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
  const stepper = createStepper(derivative, initial, times[0] ?? 0, options);
  const end = times[times.length - 1] ?? 0;
  let step: StepInterpolant | undefined;
  return Array.from(times, (time) => {
    while (stepper.time() < time) {
      stepper.step(options.dense ? end : time);
      step = undefined;
    }
    if (stepper.time() === time) return stepper.y.slice();
    step ??= stepper.interpolant();
    const y = new Float64Array(stepper.y.length);
    readStep(step, time, y);
    return y;
  });
}

/**
 * The same solution at all times between `from` and `to`: every step with the pair's interpolant, a polynomial of degree
 * 4 that meets values and slopes at both ends, after Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations
 * I, section II.6. Its error falls as the fifth power of the step, as the error estimate that tolerances bound.
 * @throws As `integrate`.
 */
export function integrateDense(
  derivative: Derivative,
  initial: ArrayLike<number>,
  from: number,
  to: number,
  options: Tolerances = {},
): DenseSolution {
  requireTimes([from, to]);
  const stepper = createStepper(derivative, initial, from, options);
  const steps: StepInterpolant[] = [];
  while (stepper.time() < to) {
    stepper.step(to);
    steps.push(stepper.interpolant());
  }
  const last = stepper.y.slice();
  return {
    from,
    to,
    times: Float64Array.from([...steps.map((step) => step.from), to]),
    at: (time) => {
      if (!(time >= from && time <= to)) {
        throw inputError(where, `time ${time} is asked of a solution from ${from} to ${to}`, 'Ask between');
      }
      if (time === to) return last.slice();
      const y = new Float64Array(last.length);
      readStep(stepAt(steps, time), time, y);
      return y;
    },
  };
}

/** The last step that begins by a time. */
function stepAt(steps: readonly StepInterpolant[], time: number): StepInterpolant {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (steps[middle].from <= time) low = middle;
    else high = middle - 1;
  }
  return steps[low];
}

function requireTimes(times: ArrayLike<number>): void {
  for (let i = 0; i < times.length; i++) {
    if (Number.isFinite(times[i]) && (i === 0 || times[i] >= times[i - 1])) continue;
    throw inputError(where, `time ${i} is ${times[i]} after ${times[i - 1] ?? 'no other'}`, 'Times must ascend');
  }
}
