import type { Matrix } from '@ggdln/core';
import type { GibbsPlan } from './plan.ts';

/** Output moments on the test inputs at one sweep. */
export interface SweepMoments {
  /** Mean of f given what the estimator conditions on, length P_test. */
  readonly mean: Float64Array;
  /** Variance of f given the same; 0 for the sampled f. */
  readonly variance: Float64Array;
}

/** Traces are kept of at most this many test outputs: R̂ and ESS don't need more, memory would. */
const MONITORED = 64;

/** What is kept of one chain after burn-in. */
export interface ChainRecord {
  /** Batch means of f and f², batches × P_test. */
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** Batch means of the order parameters, batches × entries. */
  readonly orderParameters: { readonly [name: string]: Float64Array };
  /** Conditional (or sampled) f of evenly spaced test inputs, and the virial, sweep by sweep. */
  readonly traces: readonly Float64Array[];
  readonly virial: Float64Array;
}

/** An empty record; shapes of order parameters are taken from an example. */
export function createChainRecord(
  plan: GibbsPlan,
  outputs: number,
  orderParameters: { readonly [name: string]: Matrix },
): ChainRecord {
  const { batchesPerChain, batchLength } = plan;
  const kept = batchesPerChain * batchLength;
  return {
    mean: new Float64Array(batchesPerChain * outputs),
    square: new Float64Array(batchesPerChain * outputs),
    orderParameters: Object.fromEntries(
      Object.entries(orderParameters).map(([name, u]) => [name, new Float64Array(batchesPerChain * u.data.length)]),
    ),
    traces: Array.from({ length: Math.min(outputs, MONITORED) }, () => new Float64Array(kept)),
    virial: new Float64Array(kept),
  };
}

/**
 * The record up to its last full batch, as a view; `undefined` before every chain has one.
 * @param counted Sweeps recorded so far.
 */
export function fullBatches(
  record: ChainRecord,
  plan: GibbsPlan,
  counted: number,
): { readonly record: ChainRecord; readonly plan: GibbsPlan } | undefined {
  const batches = Math.floor(counted / plan.batchLength);
  const kept = batches * plan.batchLength;
  if (batches === 0 || kept < 4) return undefined;
  const share = (rows: Float64Array) => rows.subarray(0, (rows.length / plan.batchesPerChain) * batches);
  return {
    plan: { ...plan, batchesPerChain: batches },
    record: {
      mean: share(record.mean),
      square: share(record.square),
      orderParameters: Object.fromEntries(
        Object.entries(record.orderParameters).map(([name, rows]) => [name, share(rows)]),
      ),
      traces: record.traces.map((trace) => trace.subarray(0, kept)),
      virial: record.virial.subarray(0, kept),
    },
  };
}

/** Adds a sweep. @param index Sweeps since the end of burn-in. */
export function recordSweep(
  record: ChainRecord,
  index: number,
  batchLength: number,
  sweep: {
    readonly moments: SweepMoments;
    readonly orderParameters: { readonly [name: string]: Matrix };
    readonly virial: number;
  },
): void {
  const { mean, variance } = sweep.moments;
  const batch = Math.floor(index / batchLength);
  const share = 1 / batchLength;
  for (let i = 0, at = batch * mean.length; i < mean.length; i++, at++) {
    record.mean[at] += share * mean[i];
    record.square[at] += share * (variance[i] + mean[i] * mean[i]);
  }
  for (const [name, u] of Object.entries(sweep.orderParameters)) {
    const sums = record.orderParameters[name];
    for (let i = 0, at = batch * u.data.length; i < u.data.length; i++, at++) sums[at] += share * u.data[i];
  }
  const spacing = mean.length / record.traces.length;
  for (const [k, trace] of record.traces.entries()) trace[index] = mean[Math.floor(k * spacing)];
  record.virial[index] = sweep.virial;
}
