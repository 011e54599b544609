import type { Evaluation, State } from './evaluate.ts';

/** Steps that a search tries before it falls back on the monotone fixed point. */
export interface Proposals {
  /** Where to go from the last point that was accepted; `undefined` for the fixed-point step. */
  next(evaluation: Evaluation): State | undefined;
  /** The last proposal was refused. */
  refused(): void;
}
