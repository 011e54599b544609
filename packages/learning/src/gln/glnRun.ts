import type { Gln } from '@ggdln/architectures';
import { inputError, type NetworkDimensions, type Parameters, type Warning } from '@ggdln/core';
import { type BernoulliLearnerOptions, bernoulliLearner, bernoulliLoss } from './bernoulli.ts';
import { gaussianLearner, gaussianLoss } from './gaussian.ts';
import { onceForEachCode } from './onceForEachCode.ts';
import type { OnlineState } from './online.ts';

const where = '@ggdln/learning online';

/** What networks, one an output, say of one input. */
export interface GlnPrediction {
  /** Expected targets. */
  readonly outputs: readonly number[];
  /** Predicted variances of the targets. */
  readonly variances: readonly number[];
  /** Mean over the outputs of the loss that each output neuron descends. */
  loss(targets: Float64Array): number;
  /** 1 for the right class, 0 for a wrong one, ½ for undecided; `undefined` where there are no classes. */
  right(targets: Float64Array): number | undefined;
}

/** All networks of an architecture at work. Inputs and targets are those of the problem. */
export interface GlnRun {
  readonly steps: number;
  predict(x: Float64Array): GlnPrediction;
  /** @returns What was predicted before learning. */
  step(x: Float64Array, targets: Float64Array, rate: number): GlnPrediction;
  /** Weights and half-spaces, and the number of examples learned from. */
  state(): OnlineState;
}

interface RunOptions extends Pick<BernoulliLearnerOptions, 'clipGradient'> {
  readonly onWarning?: (warning: Warning) => void;
}

/** Goes on from a state, one of the architecture's `start` with steps 0 or one that `state` gave. */
export function openGlnRun(
  gln: Gln,
  { weights: parameters, steps }: OnlineState,
  dimensions: NetworkDimensions,
  options: RunOptions,
): GlnRun {
  const { onWarning, clipGradient } = options;
  const watch = onWarning ? { onWarning: onceForEachCode(onWarning) } : {};
  if (gln.kind === 'bernoulli') {
    const rule = clipGradient === undefined ? {} : { clipGradient };
    const runs = gln.members(parameters, dimensions).map(({ network, weights, prefix }) => ({
      prefix,
      run: bernoulliLearner(network, rule).open({ weights, steps }, watch),
    }));
    const say = (all: readonly { probability: number; logit: number }[]) => sayBernoulli(all, gln.coding);
    return {
      get steps() {
        return runs[0].run.steps;
      },
      predict(x) {
        const input = gln.read(x);
        return say(runs.map(({ run }) => run.predict(input)));
      },
      step(x, targets, rate) {
        const input = gln.read(x);
        const yes = yesOrNo(targets, gln.coding);
        return say(runs.map(({ run }, c) => run.step(input, yes[c], rate)));
      },
      state: () => joinStates(parameters, runs),
    };
  }
  const runs = gln.members(parameters, dimensions).map(({ network, weights, prefix }) => ({
    prefix,
    run: gaussianLearner(network).open({ weights, steps }),
  }));
  return {
    get steps() {
      return runs[0].run.steps;
    },
    predict(x) {
      const input = gln.read(x);
      return sayGaussian(runs.map(({ run }) => run.predict(input)));
    },
    step(x, targets, rate) {
      const input = gln.read(x);
      return sayGaussian(runs.map(({ run }, c) => run.step(input, targets[c], rate)));
    },
    state: () => joinStates(parameters, runs),
  };
}

function sayBernoulli(
  all: readonly { readonly probability: number; readonly logit: number }[],
  coding: Gln['coding'],
): GlnPrediction {
  const scale = coding === 'plus-minus' ? 2 : 1;
  return {
    outputs: all.map(({ probability: p }) => (coding === 'plus-minus' ? 2 * p - 1 : p)),
    variances: all.map(({ probability: p }) => scale * scale * p * (1 - p)),
    loss(targets) {
      const yes = yesOrNo(targets, coding);
      return all.reduce((sum, { probability }, c) => sum + bernoulliLoss(probability, yes[c]), 0) / all.length;
    },
    right: (targets) => rightClass(all, yesOrNo(targets, coding)),
  };
}

/** By logits: clipped probabilities would tie. */
function rightClass(all: readonly { readonly logit: number }[], yes: Float64Array): number | undefined {
  if (all.length === 1) return (1 + Math.sign(all[0].logit) * (2 * yes[0] - 1)) / 2;
  const label = yes.indexOf(1);
  if (label < 0 || yes.indexOf(1, label + 1) >= 0) return undefined;
  return all.every(({ logit }, c) => c === label || logit < all[label].logit) ? 1 : 0;
}

function sayGaussian(all: readonly { readonly mean: number; readonly variance: number }[]): GlnPrediction {
  return {
    outputs: all.map(({ mean }) => mean),
    variances: all.map(({ variance }) => variance),
    loss: (targets) =>
      all.reduce((sum, { mean, variance }, c) => sum + gaussianLoss(mean, variance, targets[c]), 0) / all.length,
    right: () => undefined,
  };
}

/** Targets as 0 and 1. @throws GGDLN_INPUT for any that aren't of the coding. */
function yesOrNo(targets: Float64Array, coding: Gln['coding']): Float64Array {
  const no = coding === 'plus-minus' ? -1 : 0;
  return targets.map((target) => {
    if (target === 1 || target === no) return target === 1 ? 1 : 0;
    throw inputError(
      where,
      `a target is ${target}, and with the coding ${coding} targets are ${no} and 1`,
      `Set the architecture's coding to ${coding === 'plus-minus' ? 'zero-one' : 'plus-minus'} for the other way to say no, its kind to gaussian for numbers, or the dataset's task to classes`,
    );
  });
}

/** The parameters that learning began with, with the weights of now. */
function joinStates(
  parameters: Parameters,
  runs: readonly { readonly prefix: string; readonly run: { state(): OnlineState } }[],
): OnlineState {
  const states = runs.map(({ prefix, run }) => ({ prefix, ...run.state() }));
  const learned = states.flatMap(({ prefix, weights }) =>
    Object.entries(weights).map(([name, values]) => [prefix + name, values] as const),
  );
  return { weights: { ...parameters, ...Object.fromEntries(learned) }, steps: states[0].steps };
}
