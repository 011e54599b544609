import type { Parameters } from './architecture.ts';
import type { RunContext } from './context.ts';
import type { Matrix } from './linalg.ts';
import type { Problem } from './problem.ts';

/** A quantity estimated from samples. `stderr` has the shape of `value`; absent where there is no sampling noise. */
export interface Estimate {
  readonly value: Matrix;
  readonly stderr?: Matrix;
}

/**
 * Moments of the output on the test inputs, one row a batch of consecutive samples (all chains), one column an output
 * (μC + c). Error bars of anything computed from the predictor come from these rows.
 */
export interface PredictorBatches {
  /** Mean of f over the batch, B × (P_test·C). */
  readonly mean: Matrix;
  /** Mean of f² over the batch, B × (P_test·C). */
  readonly square: Matrix;
}

/** Mean and variance of the network output on the test inputs, each P_test × C. */
export interface SampledPredictor {
  readonly mean: Estimate;
  readonly variance: Estimate;
  readonly batches?: PredictorBatches;
}

/** What a learner shows while it runs. */
export interface LearnerSnapshot {
  /** Sweeps, steps or epochs done (per chain). */
  readonly step: number;
  readonly total: number;
  /** Running values worth plotting against `step`, e.g. `{ trainError, effectiveSampleSize }`. */
  readonly scalars: { readonly [name: string]: number };
  /**
   * The result as it would be if the work stopped here, error bars included; `undefined` while there is none. Absent
   * where it isn't cheap. Holds until the next snapshot is asked for.
   */
  readonly partial?: () => Promise<LearnerResult | undefined>;
}

export interface LearnerResult {
  readonly predictor: SampledPredictor;
  readonly orderParameters: { readonly [name: string]: Estimate };
  /** Single numbers with their standard errors where they have one, e.g. `{ rhat: { value }, virial: { value, stderr } }`. */
  readonly diagnostics: { readonly [name: string]: { readonly value: number; readonly stderr?: number } };
  /**
   * Numbers about the predictor that only the learner can tell, e.g. `{ 'log loss': { value } }` of predicted
   * probabilities: metrics of results beside those that come from mean and variance.
   */
  readonly metrics?: { readonly [name: string]: { readonly value: number; readonly stderr?: number } };
  /** Final parameters of each chain or run. */
  readonly parameters: readonly Parameters[];
}

/**
 * The work of a learner in independent pieces, one for each chain, which may run in any order, at the same time and in
 * other processes. Every call gets the learner's own context, and each chain draws from a named substream of its `rng`,
 * so that joining the chains gives the result of `Learner.run`, bit for bit.
 */
export interface LearnerChains {
  readonly count: number;
  /** Runs chain `index` (from 0). What it returns is plain data that can be cloned to another thread. */
  run(index: number, problem: Problem, context: RunContext): Promise<unknown>;
  /** The result of all chains, in their order. @param ends What `run` returned for 0, 1, …. */
  join(ends: readonly unknown[], problem: Problem, context: RunContext): LearnerResult;
}

/** Produces trained or sampled networks. */
export interface Learner {
  /** Present where the work falls into chains that share nothing. */
  readonly chains?: LearnerChains;
  /** Yields snapshots while it works; returns the result. Stopping the iteration cancels the work. */
  run(problem: Problem, context: RunContext): AsyncGenerator<LearnerSnapshot, LearnerResult, void>;
}
