import { inputError } from '@ggdln/core';

/** Where the exact sampler takes its estimate of f from. */
export type GibbsEstimator = 'conditional' | 'sampled';

/** Options of `blockGibbs`. */
export interface BlockGibbsOptions {
  /** Sweeps of every chain, burn-in included. Default 2000. */
  readonly sweeps?: number;
  /** Independent chains, at least 2 (R̂ needs them). Default 2. */
  readonly chains?: number;
  /** Share of the sweeps that is thrown away at the start. Default 0.1. */
  readonly burnIn?: number;
  /**
   * `conditional`: mean and variance of f given the weights above the first layer, which is integrated out (low noise,
   * default); `sampled`: f of the sampled weights.
   */
  readonly estimator?: GibbsEstimator;
  /** Batches for error bars, all chains together, at least 20; rounded up to a multiple of the chains. Default 20. */
  readonly batches?: number;
}

/** Options with defaults, and how sweeps fall into burn-in and batches. */
export interface GibbsPlan {
  readonly sweeps: number;
  readonly chains: number;
  readonly estimator: GibbsEstimator;
  /** Sweeps thrown away at the start of each chain; at least the asked share. */
  readonly burnIn: number;
  readonly batchesPerChain: number;
  /** Sweeps in a batch. */
  readonly batchLength: number;
}

interface PlanNames {
  readonly where: string;
  readonly sweeps: string;
  readonly burnIn: string;
}
const GIBBS_NAMES: PlanNames = { where: '@ggdln/learning blockGibbs', sweeps: 'sweeps', burnIn: 'burnIn' };

/**
 * @param names What options are called in messages, and who complains.
 * @throws GGDLN_INPUT for options out of range, or too few sweeps to fill the batches.
 */
export function planGibbs(options: BlockGibbsOptions, names: PlanNames = GIBBS_NAMES): GibbsPlan {
  const { where } = names;
  const { sweeps = 2000, chains = 2, burnIn = 0.1, estimator = 'conditional', batches = 20 } = options;
  requireWhole(where, names.sweeps, sweeps, 1);
  requireWhole(where, 'chains', chains, 2);
  requireWhole(where, 'batches', batches, 20);
  if (!(burnIn >= 0 && burnIn < 1))
    throw inputError(where, `${names.burnIn} is ${burnIn}`, 'Give a share from 0 to below 1');
  const batchesPerChain = Math.ceil(batches / chains);
  const batchLength = Math.floor((sweeps - Math.floor(burnIn * sweeps)) / batchesPerChain);
  if (batchLength * batchesPerChain < 4) {
    throw inputError(
      where,
      `${sweeps} ${names.sweeps} leave no room for ${batchesPerChain} batches a chain after a burn-in of ${burnIn}`,
      `Give at least ${Math.ceil(Math.max(batchesPerChain, 4) / (1 - burnIn))} ${names.sweeps}`,
    );
  }
  return { sweeps, chains, estimator, batchesPerChain, batchLength, burnIn: sweeps - batchesPerChain * batchLength };
}

function requireWhole(where: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw inputError(where, `${name} is ${value}`, `Give a whole number ≥ ${least}`);
  }
}
