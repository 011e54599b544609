import { createPacer, inputError, type OnProgress, type Parameters, throwIfCancelled, type Warning } from '@ggdln/core';

/** All that an online learner knows. See `onlineStateToJson` for storing it. */
export interface OnlineState {
  readonly weights: Parameters;
  /** Examples learned from. */
  readonly steps: number;
}

/** A learner at work on weights of its own; the state that it was opened on stays as it was. */
export interface OnlineRun<Input, Target, Prediction> {
  /** Examples learned from. */
  readonly steps: number;
  /** Changes nothing. */
  predict(input: Input): Prediction;
  /** Predicts, then learns the target with step size `rate`. @returns The prediction made **before** learning. */
  step(input: Input, target: Target, rate: number): Prediction;
  /** The state so far. Later steps don't change it. */
  state(): OnlineState;
}

/** A rule that learns from one example at a time, each seen once. It has no state: states go in and come out. */
export interface OnlineLearner<Input, Target, Prediction> {
  init(): OnlineState;
  /** @throws GGDLN_INPUT for a state of another network. */
  open(
    state: OnlineState,
    watch?: { readonly onWarning?: (warning: Warning) => void },
  ): OnlineRun<Input, Target, Prediction>;
}

/** The step size: a number, or a function of the number of examples learned from before. */
export type StepSize = number | ((steps: number) => number);

/**
 * η_t = min(max, a/(1 + bt)) with t the number of examples learned from before. Use a constant where tasks change.
 * @param options `max` 0.003 for hundreds of inputs, 0.1–0.3 for a few. Defaults a = 1, b = 0.1.
 */
export function decayingStepSize(options: {
  readonly max: number;
  readonly a?: number;
  readonly b?: number;
}): (steps: number) => number {
  const { max, a = 1, b = 0.1 } = options;
  for (const [name, value] of Object.entries({ max, a, b })) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw inputError('@ggdln/learning decayingStepSize', `${name} = ${value}`, 'Give a finite number > 0');
    }
  }
  return (steps) => Math.min(max, a / (1 + b * steps));
}

export interface LearnOnlineOptions<Prediction> {
  readonly stepSize: StepSize;
  /** Called with each prediction, made before learning from its example, and the example's place in the stream. */
  readonly onPrediction?: (prediction: Prediction, index: number) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onWarning?: (warning: Warning) => void;
}

/**
 * Learns from a stream of examples in order, each seen once. Going on from the state that comes back gives the same
 * bits as a longer stream would: learn in parts to keep checkpoints.
 * @throws GGDLN_INPUT naming what is wrong with an example or step size; GGDLN_CANCELLED.
 */
export async function learnOnline<Input, Target, Prediction>(
  learner: OnlineLearner<Input, Target, Prediction>,
  state: OnlineState,
  examples: Iterable<OnlineExample<Input, Target>> | AsyncIterable<OnlineExample<Input, Target>>,
  options: LearnOnlineOptions<Prediction>,
): Promise<OnlineState> {
  const { stepSize, onPrediction, signal, onProgress, onWarning } = options;
  const run = learner.open(state, onWarning ? { onWarning } : {});
  const pause = createPacer();
  let done = 0;
  for await (const { input, target } of examples) {
    throwIfCancelled(signal, '@ggdln/learning learnOnline');
    const rate = typeof stepSize === 'function' ? stepSize(run.steps) : stepSize;
    const prediction = run.step(input, target, rate);
    onPrediction?.(prediction, done);
    done += 1;
    onProgress?.({ stage: 'learning online', done, unit: 'examples' });
    await pause();
  }
  return run.state();
}

/** One example of a stream. */
export interface OnlineExample<Input, Target> {
  readonly input: Input;
  readonly target: Target;
}
