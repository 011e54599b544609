import type { Matrix } from '@ggdln/core';

/** What was read; every matrix has times × points columns, time after time, training points first. */
export interface EnsembleRun {
  /** Times of the reads, `readAt` times the step. */
  readonly times: Float64Array;
  readonly points: number;
  /** Outputs, 2·pairs × …; networks 2p and 2p + 1 are pair p. */
  readonly outputs: Matrix;
  /** Outputs of the same networks without data (+1 of each pair), pairs × …. */
  readonly free: Matrix;
  /** From `frozenAt` on (zeros before): outputs of the readout of that time, 2·pairs × …. */
  readonly frozen?: Matrix;
  /** Outputs of the best readout of each time's features: ridge regression with prior σ² and noise T. */
  readonly relearned?: Matrix;
  /** Similarity of a point's features with its own of `frozenAt`. */
  readonly similarity?: Matrix;
}
