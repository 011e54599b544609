import { inputError } from '@ggdln/core';
import { sigmoid } from './arithmetic.ts';
import type { BernoulliInput } from './bernoulli.ts';
import type { GaussianInput } from './gaussian.ts';

/**
 * An input with its own mean subtracted, divided by its own deviation: x̃ = (x − x̄)/std(x); zeros where all entries are
 * equal. Half-spaces near the origin then cut the data.
 */
export function standardiseInput(x: Float64Array): Float64Array {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length);
  // Rounding of the mean leaves a deviation that is not quite 0.
  return deviation <= 1e-12 * Math.abs(mean) ? new Float64Array(x.length) : x.map((v) => (v - mean) / deviation);
}

/** @throws GGDLN_INPUT where so few entries can't be standardised one by one. */
export function requireStandardisable(inputs: number, where: string): void {
  if (inputs >= 3) return;
  throw inputError(
    where,
    `each input has ${inputs === 1 ? '1 entry' : `${inputs} entries`}, and standardising leaves no information in it`,
    'Set standardise to false for so few inputs',
  );
}

/** z = x and p⁰ = σ(x): what Bernoulli networks read. */
export function bernoulliInput(x: Float64Array): BernoulliInput {
  return { side: x, base: x.map(sigmoid) };
}

/** z = x and Gaussians of mean x_j and variance 1: what Gaussian networks read. */
export function gaussianInput(x: Float64Array): GaussianInput {
  return { side: x, means: x, variances: new Float64Array(x.length).fill(1) };
}
