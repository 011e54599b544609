import {
  createPacer,
  GgdlnError,
  type GradientProgram,
  inputError,
  NotConvergedError,
  throwIfCancelled,
} from '@ggdln/core';

/** How far and how fast a task is learnt. */
export interface TaskDescent {
  /** Root mean square residual, relative to that of the targets, at which a task is learnt. Default 1e-4. */
  readonly tolerance?: number;
  /** Most steps of a task. Default 20000. */
  readonly steps?: number;
  /** Of Nesterov's method; 0 is plain gradient descent. Default 0.9. */
  readonly momentum?: number;
  readonly signal?: AbortSignal;
}

/** @throws GGDLN_INPUT for numbers that no descent can go by. */
export function requireDescent(where: string, { tolerance = 1e-4, steps = 20_000, momentum = 0.9 }: TaskDescent): void {
  if (!(tolerance > 0 && Number.isFinite(tolerance)))
    throw inputError(where, `tolerance is ${tolerance}`, 'Give a finite number > 0');
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw inputError(where, `steps is ${steps}`, 'Give a whole number ≥ 1');
  if (!(momentum >= 0 && momentum < 1)) throw inputError(where, `momentum is ${momentum}`, 'Give a number ≥ 0 and < 1');
}

/**
 * Moves θ down E in place, with step 1/μ_max, until the task is fitted. Momentum starts again where the energy rises, so
 * that it never diverges; it stays in the span of the gradients, and wide networks end where plain descent ends.
 * @param scale Σ y².
 * @returns Steps taken.
 * @throws NotConvergedError; GGDLN_NUMERICAL where the error leaves the range of numbers; GGDLN_CANCELLED.
 */
export async function learnTask(
  where: string,
  program: GradientProgram<Float64Array>,
  theta: Float64Array,
  scale: number,
  { tolerance = 1e-4, steps = 20_000, momentum = 0.9, signal }: TaskDescent,
): Promise<number> {
  const gradient = new Float64Array(theta.length);
  const velocity = new Float64Array(theta.length);
  const ahead = theta.slice();
  const rate = 1 / (1.05 * largestCurvature(program, theta));
  const goal = 0.5 * tolerance * tolerance * scale;
  const pace = createPacer();
  let before = Number.POSITIVE_INFINITY;
  for (let step = 0; step < steps; step++) {
    throwIfCancelled(signal, where);
    await pace();
    const energy = program.evaluate(ahead, gradient);
    if (!Number.isFinite(energy)) throw overflow(where, step, energy);
    if (energy <= goal) {
      theta.set(ahead);
      return step;
    }
    if (energy > before) {
      velocity.fill(0);
      ahead.set(theta);
      before = Number.POSITIVE_INFINITY;
      continue;
    }
    before = energy;
    for (let i = 0; i < theta.length; i++) {
      const next = ahead[i] - rate * gradient[i];
      velocity[i] = next - theta[i];
      theta[i] = next;
      ahead[i] = next + momentum * velocity[i];
    }
  }
  throw new NotConvergedError(
    {
      where,
      problem: `a task is not fitted to ${tolerance} after ${steps} steps, the error is ${before.toExponential(1)}`,
      remedy: 'Give more steps, a larger tolerance or a wider network; tasks with repeated inputs may have no fit',
    },
    { theta },
  );
}

function overflow(where: string, step: number, energy: number): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem: `the error is ${energy} at step ${step}`,
    remedy: 'Give targets, inputs and prior deviations whose squares are finite',
  });
}

/** Largest curvature of E near θ, by power iteration on differences of gradients. */
function largestCurvature(program: GradientProgram<Float64Array>, theta: Float64Array): number {
  const n = theta.length;
  const direction = new Float64Array(n);
  const [one, other] = [new Float64Array(n), new Float64Array(n)];
  // The gradient itself has a part along the steepest direction.
  program.evaluate(theta, direction);
  let curvature = 0;
  for (let iteration = 0; iteration < 20; iteration++) {
    const norm = Math.hypot(...chunks(direction));
    if (norm === 0) return curvature || 1;
    const step = 1e-4 / norm;
    const moved = theta.map((value, i) => value + step * direction[i]);
    program.evaluate(moved, one);
    for (let i = 0; i < n; i++) moved[i] = theta[i] - step * direction[i];
    program.evaluate(moved, other);
    for (let i = 0; i < n; i++) one[i] = (one[i] - other[i]) / (2 * step);
    curvature = Math.hypot(...chunks(one)) / norm;
    direction.set(one);
  }
  return curvature;
}

/** Norms of parts, as few as fit into a call. */
function chunks(values: Float64Array): number[] {
  const norms: number[] = [];
  for (let from = 0; from < values.length; from += 4096) {
    let sum = 0;
    for (const value of values.subarray(from, from + 4096)) sum += value * value;
    norms.push(Math.sqrt(sum));
  }
  return norms;
}
