import type { BernoulliGln, BernoulliInput, BernoulliPass } from '@ggdln/architectures';
import { inputError, type Parameters, type Warning } from '@ggdln/core';
import { type LocalStep, openLocalRun } from './localRun.ts';
import type { OnlineLearner } from './online.ts';

const where = '@ggdln/learning bernoulliLearner';

export interface BernoulliLearnerOptions {
  /** Weights are clipped to [−weightMax, weightMax] after a step. Default 200. */
  readonly weightMax?: number;
  /** Of every weight at the start. Default 1/fan-in; 0 works, but slower. */
  readonly initialWeight?: number;
  /**
   * What a neuron whose prediction was clipped does: `paper` (default) steps by the clipped prediction's error, `stop`
   * differentiates through the clip and so doesn't learn, even when it is confidently wrong.
   */
  readonly clipGradient?: 'paper' | 'stop';
}

/** What all neurons of a Bernoulli network predict; the last one is its output. Lists are over layers, inputs first. */
export interface BernoulliPrediction {
  /** p(y = 1), clipped to [ε, 1 − ε]. */
  readonly probability: number;
  /** The logit of the output before clipping. */
  readonly logit: number;
  readonly probabilities: readonly Float64Array[];
  readonly contexts: readonly Int32Array[];
}

/** −ln p(y), y = 0 or 1: the loss that every neuron descends on its own. */
export function bernoulliLoss(probability: number, target: number): number {
  return target === 1 ? -Math.log(probability) : -Math.log1p(-probability);
}

/**
 * Local online learning of a Bernoulli gated linear network (theory page gln, section 1): every neuron steps down the
 * gradient (p − y)ℓ of its own log loss in its active weight vector. No error is propagated. Targets are 0 or 1.
 * @throws GGDLN_INPUT for bounds and options that don't make sense.
 */
export function bernoulliLearner(
  network: BernoulliGln,
  options: BernoulliLearnerOptions = {},
): OnlineLearner<BernoulliInput, number, BernoulliPrediction> {
  const { weightMax = 200, initialWeight, clipGradient = 'paper' } = options;
  if (!(weightMax > 0 && weightMax <= 1e100)) {
    throw inputError(where, `weightMax = ${weightMax}`, 'Give a number > 0, at most 1e100');
  }
  if (clipGradient !== 'paper' && clipGradient !== 'stop') {
    throw inputError(where, `clipGradient = ${JSON.stringify(clipGradient)}`, 'Give "paper" or "stop"');
  }
  const stopAt = clipGradient === 'stop' ? Math.log((1 - network.epsilon) / network.epsilon) : Number.POSITIVE_INFINITY;
  return {
    init: () => ({ weights: network.initialWeights(initialWeight), steps: 0 }),
    open(state, { onWarning } = {}) {
      const watchStep = stepWatcher(onWarning);
      return openLocalRun(network, state, {
        where,
        requireTarget(target) {
          if (target !== 0 && target !== 1) throw inputError(where, `the target is ${target}`, 'Give 0 or 1');
        },
        learn(weights, pass, step) {
          watchStep?.(pass, step);
          descend(network, weights, pass, { ...step, weightMax, stopAt });
        },
        read: readPrediction,
      });
    },
  };
}

interface BernoulliStep extends LocalStep {
  readonly weightMax: number;
  /** Size of a logit beyond which a neuron doesn't learn. */
  readonly stopAt: number;
}

/** Steps the active weights of all neurons, in place. */
function descend(network: BernoulliGln, weights: Parameters, pass: BernoulliPass, step: BernoulliStep): void {
  const { target, rate, weightMax, stopAt } = step;
  for (let i = 0; i < network.layers.length; i++) {
    const { name, neurons, contexts, fanIn } = network.layers[i];
    const values = weights[name];
    const { inputs, logits, probabilities } = pass[i];
    for (let neuron = 0; neuron < neurons; neuron++) {
      if (Math.abs(logits[neuron]) > stopAt) continue;
      const factor = rate * (probabilities[neuron] - target);
      stepAt(values, (neuron * contexts + pass[i].contexts[neuron]) * fanIn, inputs, factor, weightMax);
    }
  }
}

/** w ← clip(w − factor ℓ); four weights at a time take three quarters of the time of one by one. */
function stepAt(values: Float64Array, from: number, inputs: Float64Array, factor: number, weightMax: number): void {
  const count = inputs.length;
  const whole = count - (count % 4);
  for (let j = 0; j < whole; j += 4) {
    const a = values[from + j] - factor * inputs[j];
    const b = values[from + j + 1] - factor * inputs[j + 1];
    const c = values[from + j + 2] - factor * inputs[j + 2];
    const d = values[from + j + 3] - factor * inputs[j + 3];
    values[from + j] = Math.min(Math.max(a, -weightMax), weightMax);
    values[from + j + 1] = Math.min(Math.max(b, -weightMax), weightMax);
    values[from + j + 2] = Math.min(Math.max(c, -weightMax), weightMax);
    values[from + j + 3] = Math.min(Math.max(d, -weightMax), weightMax);
  }
  for (let j = whole; j < count; j++) {
    values[from + j] = Math.min(Math.max(values[from + j] - factor * inputs[j], -weightMax), weightMax);
  }
}

function readPrediction(pass: BernoulliPass): BernoulliPrediction {
  const output = pass[pass.length - 1];
  return {
    probability: output.probabilities[0],
    logit: output.logits[0],
    probabilities: pass.map((layer) => layer.probabilities.slice()),
    contexts: pass.map((layer) => layer.contexts.slice()),
  };
}

/** Warns once when a step may overshoot: the loss has curvature of at most |ℓ|²/4, so η|ℓ|²/4 should stay below 2. */
function stepWatcher(onWarning: ((warning: Warning) => void) | undefined) {
  if (!onWarning) return undefined;
  let warned = false;
  return (pass: BernoulliPass, { rate, count }: LocalStep) => {
    for (let i = 0; i < pass.length && !warned; i++) {
      const square = pass[i].inputs.reduce((sum, logit) => sum + logit * logit, 0);
      if (rate * square < 8) continue;
      warned = true;
      onWarning({
        code: 'step-size-unstable',
        message:
          `Step ${count}: step size ${rate} is beyond ${(8 / square).toPrecision(2)}, the stability limit 8/|ℓ|² of ` +
          `layer ${i + 1}, whose input logits have |ℓ|² = ${square.toPrecision(3)}. Use smaller steps or a larger ε.`,
      });
    }
  };
}
