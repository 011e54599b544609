import type { JsonObject } from '../json.ts';
import type { RandomStream } from '../random.ts';
import type { LinalgBackend, Matrix } from './linalg.ts';

/** The gates of some inputs: entry (μ, m) is g_m(x_μ). */
export interface Gates {
  /** P × G. */
  readonly values: Matrix;
  /** One name a column, e.g. `half-space 3`, `always on`. */
  readonly names: readonly string[];
}

export interface GatingFitContext {
  readonly rng: RandomStream;
  /** Task of each training input, length P; absent when there is one task. */
  readonly tasks?: Int32Array;
  /** For schemes that need it; the fastest portable backend when absent. */
  readonly linalg?: LinalgBackend;
  readonly signal?: AbortSignal;
}

/**
 * A gating scheme. `fit` draws or learns its state from inputs (never from targets, so that the theory holds given
 * the gates); `gates` is a deterministic function of state and input, and row-independent: the gates of an example
 * don't depend on which others are in the batch.
 */
export interface Gating<State extends JsonObject = JsonObject> {
  /** @param X Training inputs, P × N0. Returns plain JSON that can be stored and sent to workers. */
  fit(X: Matrix, context: GatingFitContext): State | Promise<State>;
  /** @param X Inputs, P × N0. @param tasks Task of each row, for task-conditioned schemes. */
  gates(state: State, X: Matrix, tasks?: Int32Array): Gates;
}
