import { inputError } from '@ggdln/core';
import type { Activation } from '../kernels/activation.ts';

/**
 * A bias-free network of L wide hidden layers under Langevin learning, dΘ = −(∇E + (T/σ²)Θ)dt + √(2T)dB with
 * E = ½ Σ_μ (f(x_μ) − y_μ)², from Θ(0) ~ N(0, σ0²); the same σ and σ0 in every layer (theory page ndk, section 1).
 */
export interface NdkNetwork {
  readonly activation: Activation;
  /** L ≥ 1 hidden layers. */
  readonly depth: number;
  /** σ > 0: standard deviation of the weights under the prior. */
  readonly sigma: number;
  /** σ0 > 0: standard deviation of the weights at the start. */
  readonly sigma0: number;
  /** T ≥ 0; the weights' correlation time is σ²/T. */
  readonly temperature: number;
}

/** T/σ², one over the correlation time of the weights. */
export function decayRate({ temperature, sigma }: NdkNetwork): number {
  return temperature / (sigma * sigma);
}

/** s(t): variance of a weight without data at time t. */
export function weightVariance(network: NdkNetwork, t: number): number {
  const { sigma, sigma0 } = network;
  return sigma * sigma + (sigma0 * sigma0 - sigma * sigma) * Math.exp(-2 * decayRate(network) * t);
}

/** m(t, t′): covariance of a weight without data at two times; exactly s(t) where they are equal. */
export function weightCovariance(network: NdkNetwork, t: number, other: number): number {
  return Math.exp(-decayRate(network) * Math.abs(t - other)) * weightVariance(network, Math.min(t, other));
}

/** @throws GGDLN_INPUT for a network that is none. */
export function requireNetwork(where: string, network: NdkNetwork): void {
  const { activation, depth, sigma, sigma0, temperature } = network;
  if (typeof activation?.moment !== 'function' || typeof activation.derivativeMoment !== 'function') {
    throw inputError(
      where,
      'activation has no Gaussian moments',
      'Give reluActivation, scaledErfActivation() or your own',
    );
  }
  if (!Number.isSafeInteger(depth) || depth < 1) {
    throw inputError(where, `depth is ${depth}`, 'Give the number of hidden layers, a whole number ≥ 1');
  }
  for (const [name, value] of Object.entries({ sigma, sigma0 })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw inputError(where, `${name} is ${value}`, 'Give a finite number > 0');
  }
  if (!(temperature >= 0 && Number.isFinite(temperature))) {
    throw inputError(where, `temperature is ${temperature}`, 'Give a finite number ≥ 0');
  }
}

/** @throws GGDLN_INPUT for a time that is negative or not finite. */
export function requireTimes(where: string, name: string, times: ArrayLike<number>): void {
  for (let i = 0; i < times.length; i++) {
    if (!(times[i] >= 0 && Number.isFinite(times[i]))) {
      throw inputError(where, `${name}[${i}] is ${times[i]}`, 'A time is a finite number ≥ 0');
    }
  }
}
