import { createPacer, type FlatArray, type LearnerSnapshot, type RandomStream, throwIfCancelled } from '@ggdln/core';
import { divergenceError, hasDiverged } from './divergence.ts';
import type { LossNetwork } from './lossNetwork.ts';
import { NesterovWalker, type Point } from './nesterov.ts';
import { StepSize } from './stepSize.ts';

export interface DescentOptions {
  /** η; 0 chooses 1/λ, λ the largest curvature, estimated anew at steps 32, 64, 128, … */
  readonly learningRate: number;
  /** μ of Nesterov's momentum, 0 ≤ μ < 1. */
  readonly momentum: number;
  /** Most steps. */
  readonly steps: number;
  /** Stops when |∇U| is below this times |∇U| at the start. */
  readonly tolerance: number;
}

/** Where a descent stands. */
interface DescentState extends Point {
  readonly step: number;
}

/** The end of a descent. */
export interface DescentResult extends DescentState {
  readonly theta: FlatArray;
  readonly converged: boolean;
  readonly learningRate: number;
  /** Largest curvature at the last estimate. */
  readonly curvature: number;
}

export interface DescentContext {
  readonly where: string;
  readonly rng: RandomStream;
  readonly signal?: AbortSignal | undefined;
  /** What to show of a state, if anything; its weights are the descent's own array, changed by the next step. */
  readonly report: (state: DescentResult) => LearnerSnapshot | undefined;
}

/**
 * Full-batch gradient descent on U with Nesterov momentum, from `start`. An automatic step goes back and halves itself
 * when U has doubled since the last estimate of the curvature.
 * @throws GGDLN_NUMERICAL when the loss leaves all proportion; the message has the step size to use.
 */
export async function* descend(
  network: LossNetwork,
  start: FlatArray,
  options: DescentOptions,
  { where, rng, signal, report }: DescentContext,
): AsyncGenerator<LearnerSnapshot, DescentResult, void> {
  const pace = createPacer();
  const walker = await NesterovWalker.create(network, start, options.momentum);
  const initial = walker.now;
  const ended = () => walker.now.gradientNorm <= options.tolerance * initial.gradientNorm;
  const rate = await StepSize.create({ network, walker, rng }, options.learningRate);
  let step = 0;
  const state = (): DescentResult => {
    const { value: learningRate, curvature } = rate;
    return { step, ...walker.now, theta: walker.weights, converged: ended(), learningRate, curvature };
  };
  while (step < options.steps && !ended()) {
    throwIfCancelled(signal, where);
    await pace();
    await walker.step(rate.value);
    step++;
    if (!(await rate.follow(step))) {
      const scale = Math.max(initial.energy, network.energyScale);
      if (hasDiverged(scale, walker.now.energy)) throw diverged(where, step, options, rate, initial, walker.now);
    }
    const snapshot = report(state());
    if (snapshot) yield snapshot;
  }
  return state();
}

function diverged(
  where: string,
  step: number,
  { momentum }: DescentOptions,
  rate: StepSize,
  start: Point,
  now: Point,
): Error {
  // Nesterov's iteration on a quadratic of curvature λ is stable for ηλ < (2 + 2μ)/(1 + 2μ).
  const factor = (2 + 2 * momentum) / (1 + 2 * momentum);
  const curvature = rate.curvatureAtStart;
  return divergenceError({
    where,
    step,
    loss: { start: start.energy, now: now.energy },
    size: rate.value,
    option: 'learningRate',
    limit: { value: factor / curvature, formula: `${Number(factor.toPrecision(3))}/λ` },
    curvature,
  });
}
