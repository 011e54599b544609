import { type Chains, meanOf, pooledVariance, requireChains, varianceOf } from './chains.ts';

/**
 * Number of independent samples that would give the mean of these chains the same variance. Autocorrelations of all
 * chains are pooled (Vehtari et al. 2021, arXiv:1903.08008, section 3.2) and summed by Geyer's initial monotone sequence
 * (Geyer 1992, Statistical Science 7:473): pairs ρ_{2t} + ρ_{2t+1} as long as they are positive, never increasing.
 * At most S log10 S for S samples in all; S for chains that are constant up to rounding.
 * @throws GGDLN_INPUT for chains that are too short (4), of unequal length or not finite.
 */
export function effectiveSampleSize(chains: Chains): number {
  const length = requireChains('@ggdln/learning effectiveSampleSize', chains, 4);
  const samples = chains.length * length;
  const { within, pooled } = pooledVariance(chains);
  if (pooled <= roundingVariance(chains)) return samples;
  const centred = chains.map((chain) => {
    const mean = meanOf(chain);
    return Float64Array.from(chain, (value) => value - mean);
  });
  const correlation = (lag: number) =>
    1 - (within - meanOf(centred.map((chain) => autocovariance(chain, lag)))) / pooled;
  const tau = initialMonotoneSum(correlation, length);
  return Math.min(samples / tau, samples * Math.log10(samples));
}

/** What rounding alone does to a constant: a value that is computed exactly each time has no autocorrelation. */
function roundingVariance(chains: Chains): number {
  let largest = 0;
  for (const chain of chains) {
    for (let i = 0; i < chain.length; i++) largest = Math.max(largest, Math.abs(chain[i]));
  }
  return (1e-13 * largest) ** 2;
}

/** −1 + 2 Σ_t (ρ_{2t} + ρ_{2t+1}), the sum cut off and flattened as Geyer says. */
function initialMonotoneSum(correlation: (lag: number) => number, length: number): number {
  let sum = 0;
  let last = Number.POSITIVE_INFINITY;
  for (let lag = 0; lag + 1 < length; lag += 2) {
    const pair = (lag === 0 ? 1 : correlation(lag)) + correlation(lag + 1);
    if (pair <= 0) break;
    last = Math.min(last, pair);
    sum += last;
  }
  return Math.max(2 * sum - 1, Number.MIN_VALUE);
}

/** Scaled so that lag 0 is the unbiased variance. */
function autocovariance(centred: Float64Array, lag: number): number {
  if (lag === 0) return varianceOf(centred, 0);
  let sum = 0;
  for (let i = lag; i < centred.length; i++) sum += centred[i] * centred[i - lag];
  return sum / (centred.length - 1);
}
