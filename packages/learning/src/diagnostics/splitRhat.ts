import { type Chains, halves, pooledVariance, requireChains } from './chains.ts';

/**
 * Split R̂: √(var⁺/W) over the halves of all chains; 1 for chains that have forgotten where they began, more where
 * they disagree or drift (Gelman et al., Bayesian Data Analysis, 3rd ed., section 11.4; Vehtari et al. 2021,
 * arXiv:1903.08008, equation 4). Constant chains that agree give 1, constant chains that differ give Infinity.
 * @param chains At least one chain of at least 4 samples.
 * @throws GGDLN_INPUT for chains that are too short, of unequal length or not finite.
 */
export function splitRhat(chains: Chains): number {
  requireChains('@ggdln/learning splitRhat', chains, 4);
  const { within, pooled } = pooledVariance(halves(chains));
  return pooled === 0 ? 1 : Math.sqrt(pooled / within);
}
