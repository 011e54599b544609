import { inputError, type Parameters } from '@ggdln/core';
import type { OnlineRun, OnlineState } from './online.ts';
import { requireOnlineState } from './stateJson.ts';

/** What a local rule needs of a network. */
interface Network<Input, Pass> {
  requireWeights(weights: Parameters): void;
  createPass(): Pass;
  forward(weights: Parameters, input: Input, pass: Pass): void;
}

/** One step of learning. */
export interface LocalStep {
  readonly target: number;
  readonly rate: number;
  /** 1 for the first example. */
  readonly count: number;
}

interface LocalRule<Pass, Prediction> {
  readonly where: string;
  /** @throws GGDLN_INPUT for a target that the rule can't learn. */
  requireTarget(target: number): void;
  /** Steps the weights in place; every error is that of the forward pass, from before the step. */
  learn(weights: Parameters, pass: Pass, step: LocalStep): void;
  /** What the pass predicted, in arrays of its own. */
  read(pass: Pass): Prediction;
}

/**
 * A network at work on a state: predict, then update. Weights are copied when they are first to be changed, so opening
 * a state to predict, and reading the state that a run is in, cost nothing.
 */
export function openLocalRun<Input, Pass, Prediction>(
  network: Network<Input, Pass>,
  state: OnlineState,
  rule: LocalRule<Pass, Prediction>,
): OnlineRun<Input, number, Prediction> {
  requireOnlineState(state, rule.where);
  network.requireWeights(state.weights);
  const pass = network.createPass();
  let { weights, steps } = state;
  let owned = false;
  return {
    get steps() {
      return steps;
    },
    state() {
      owned = false;
      return { weights, steps };
    },
    predict(input) {
      network.forward(weights, input, pass);
      return rule.read(pass);
    },
    step(input, target, rate) {
      rule.requireTarget(target);
      requireStepSize(rule.where, rate);
      network.forward(weights, input, pass);
      if (!owned) weights = copyOf(weights);
      owned = true;
      steps += 1;
      rule.learn(weights, pass, { target, rate, count: steps });
      return rule.read(pass);
    },
  };
}

/** @throws GGDLN_INPUT for a step size that is negative or not finite. */
function requireStepSize(where: string, rate: number): void {
  if (!(rate >= 0 && Number.isFinite(rate))) {
    throw inputError(where, `the step size is ${rate}`, 'Give a finite number ≥ 0');
  }
}

function copyOf(weights: Parameters): Parameters {
  return Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.slice()]));
}
