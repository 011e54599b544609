import { inputError } from '@ggdln/core';

/** Traces of one quantity, one array a chain, all equally long. */
export type Chains = readonly ArrayLike<number>[];

/** @throws GGDLN_INPUT for no chains, unequal or too short ones, or an entry that isn't finite. */
export function requireChains(where: string, chains: Chains, least: number): number {
  const length = chains[0]?.length ?? 0;
  if (chains.length === 0 || length < least) {
    throw inputError(where, `there are ${chains.length} chains of ${length} samples`, `Give at least ${least} samples`);
  }
  for (const [index, chain] of chains.entries()) {
    if (chain.length !== length) {
      throw inputError(
        where,
        `chain ${index} has ${chain.length} samples, chain 0 has ${length}`,
        'Give equal lengths',
      );
    }
    for (let i = 0; i < length; i++) {
      if (!Number.isFinite(chain[i])) {
        throw inputError(
          where,
          `chain ${index} has ${chain[i]} at sample ${i}`,
          'Every sample must be a finite number',
        );
      }
    }
  }
  return length;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Unbiased sample variance (divided by n − 1). */
export function varianceOf(values: ArrayLike<number>, mean: number = meanOf(values)): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2;
  return sum / (values.length - 1);
}

/** First and second half of every chain; the middle sample of an odd length is left out. */
export function halves(chains: Chains): Float64Array[] {
  const half = Math.floor(chains[0].length / 2);
  return chains.flatMap((chain) => {
    const values = Float64Array.from(chain);
    return [values.subarray(0, half), values.subarray(values.length - half)];
  });
}

/** W, the mean of the variances within chains, and var⁺, the pooled estimate of the variance of the target. */
export function pooledVariance(chains: Chains): { readonly within: number; readonly pooled: number } {
  const n = chains[0].length;
  const means = chains.map(meanOf);
  const within = meanOf(chains.map((chain, i) => varianceOf(chain, means[i])));
  const between = chains.length > 1 ? varianceOf(means) : 0;
  return { within, pooled: ((n - 1) / n) * within + between };
}
