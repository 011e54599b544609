import type { BernoulliInput } from '@ggdln/architectures';
import { inputError } from '@ggdln/core';
import type { BernoulliPrediction } from './bernoulli.ts';
import { onceForEachCode } from './onceForEachCode.ts';
import type { OnlineLearner, OnlineState } from './online.ts';

const where = '@ggdln/learning oneVsAllLearner';

/** What one network a class makes of an example. */
export interface OneVsAllPrediction {
  /** Class of the largest logit; clipped probabilities would tie. The first of equals. */
  readonly label: number;
  /** p(this class) of each network; they don't sum to 1. */
  readonly probabilities: Float64Array;
  /** Logits of the outputs before clipping. */
  readonly logits: Float64Array;
}

/**
 * Several classes by one network each, which learns its own class (target 1) against all others (0). Targets are class
 * indices. Give every network half-spaces of its own: sharing them is less accurate. Weights are named `0/W1`, ….
 * @throws GGDLN_INPUT for less than two networks.
 */
export function oneVsAllLearner(
  members: readonly OnlineLearner<BernoulliInput, number, BernoulliPrediction>[],
): OnlineLearner<BernoulliInput, number, OneVsAllPrediction> {
  if (members.length < 2) {
    throw inputError(where, `there are ${members.length} networks`, 'Give one a class, at least two');
  }
  return {
    init: () =>
      joinStates(
        members.map((member) => member.init()),
        0,
      ),
    open(state, { onWarning } = {}) {
      const warn = onWarning && onceForEachCode(onWarning);
      const runs = members.map((member, label) => member.open(stateOf(state, label), warn ? { onWarning: warn } : {}));
      return {
        get steps() {
          return runs[0].steps;
        },
        state: () =>
          joinStates(
            runs.map((run) => run.state()),
            runs[0].steps,
          ),
        predict: (input) => choose(runs.map((run) => run.predict(input))),
        step(input, target, rate) {
          if (!Number.isInteger(target) || target < 0 || target >= runs.length) {
            const remedy = `Give the index of a class, from 0 to ${runs.length - 1}`;
            throw inputError(where, `the target is ${target}`, remedy);
          }
          return choose(runs.map((run, label) => run.step(input, label === target ? 1 : 0, rate)));
        },
      };
    },
  };
}

function choose(predictions: readonly BernoulliPrediction[]): OneVsAllPrediction {
  const logits = Float64Array.from(predictions, ({ logit }) => logit);
  const label = logits.reduce((best, logit, k) => (logit > logits[best] ? k : best), 0);
  return { label, probabilities: Float64Array.from(predictions, ({ probability }) => probability), logits };
}

function joinStates(states: readonly OnlineState[], steps: number): OnlineState {
  const weights = states.flatMap((state, label) =>
    Object.entries(state.weights).map(([name, values]) => [`${label}/${name}`, values] as const),
  );
  return { weights: Object.fromEntries(weights), steps };
}

function stateOf({ weights, steps }: OnlineState, label: number): OnlineState {
  const prefix = `${label}/`;
  const own = Object.entries(weights).filter(([name]) => name.startsWith(prefix));
  return { weights: Object.fromEntries(own.map(([name, values]) => [name.slice(prefix.length), values])), steps };
}
