import { inputError } from '@ggdln/core';
import type { GibbsEstimator, GibbsPlan } from '../gibbs/plan.ts';
import { type GradientOptions, readGradientOptions } from './createLossNetwork.ts';

/** How weights move: with inertia, or without. */
export type LangevinDynamics = 'underdamped' | 'overdamped';

/** Options of `langevin`. */
export interface LangevinOptions extends GradientOptions {
  /**
   * `underdamped` (default): kinetic Langevin dynamics, which crosses flat directions in a time ∝ σ/√T;
   * `overdamped`: θ ← θ − η∇U + √(2ηT) ξ, whose flat directions need a time σ²/T.
   */
  readonly dynamics?: LangevinDynamics;
  /** Steps of every chain, burn-in included. Default 10 000. */
  readonly steps?: number;
  /** Size of a step; 0 (default) chooses 0.8/√λ (underdamped) or 0.1/λ (overdamped), λ the largest curvature of U. */
  readonly stepSize?: number;
  /** Friction γ of the underdamped dynamics; 0 (default) chooses √T/σ, the frequency of the flattest direction. */
  readonly friction?: number;
  /** A sample is taken every so many steps. Default 10. */
  readonly thin?: number;
  /** Independent chains, at least 2 (R̂ needs them). Default 2. */
  readonly chains?: number;
  /** Share of the steps that is thrown away at the start. Default 0.1. */
  readonly burnIn?: number;
  /** `sampled` (default): f of the sampled weights; `conditional`: first layer integrated out, in float64. */
  readonly estimator?: GibbsEstimator;
  /** Batches for error bars, all chains together, at least 20; rounded up to a multiple of the chains. Default 20. */
  readonly batches?: number;
}

/** Options with defaults, and how steps fall into burn-in, samples and batches. */
export interface LangevinPlan extends Required<GradientOptions> {
  readonly dynamics: LangevinDynamics;
  readonly steps: number;
  readonly stepSize: number;
  readonly friction: number;
  readonly thin: number;
  /** Steps thrown away at the start of each chain; at least the asked share. */
  readonly burnIn: number;
  /** The samples: as many as fill the batches. */
  readonly samples: GibbsPlan;
}

const where = '@ggdln/learning langevin';

/** @throws GGDLN_INPUT for options out of range, or too few steps to fill the batches. */
export function planLangevin(options: LangevinOptions): LangevinPlan {
  const { dynamics = 'underdamped', steps = 10_000, stepSize = 0, friction = 0, thin = 10 } = options;
  const { chains = 2, burnIn = 0.1, estimator = 'sampled', batches = 20 } = options;
  for (const [name, value, least] of [
    ['steps', steps, 1],
    ['thin', thin, 1],
    ['chains', chains, 2],
    ['batches', batches, 20],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw inputError(where, `${name} is ${value}`, `Give a whole number ≥ ${least}`);
    }
  }
  for (const [name, value] of [
    ['stepSize', stepSize],
    ['friction', friction],
  ] as const) {
    if (!(value >= 0 && Number.isFinite(value))) {
      throw inputError(where, `${name} is ${value}`, 'Give a positive number, or 0 to have it chosen');
    }
  }
  if (!(burnIn >= 0 && burnIn < 1)) throw inputError(where, `burnIn is ${burnIn}`, 'Give a share from 0 to below 1');
  const batchesPerChain = Math.ceil(batches / chains);
  const kept = Math.floor((steps - Math.floor(burnIn * steps)) / thin);
  const batchLength = Math.floor(kept / batchesPerChain);
  const sweeps = batchLength * batchesPerChain;
  if (sweeps < 4) {
    const least = Math.ceil((Math.max(batchesPerChain, 4) * thin) / (1 - burnIn));
    throw inputError(
      where,
      `${steps} steps leave no room for ${batchesPerChain} batches a chain after a burn-in of ${burnIn}, thinned by ${thin}`,
      `Give at least ${least} steps`,
    );
  }
  const samples: GibbsPlan = { sweeps, chains, estimator, burnIn: 0, batchesPerChain, batchLength };
  const gradients = readGradientOptions(where, options);
  return { ...gradients, dynamics, steps, stepSize, friction, thin, burnIn: steps - sweeps * thin, samples };
}
