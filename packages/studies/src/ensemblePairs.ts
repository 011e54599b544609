import type { RunContext } from '@ggdln/core';
import {
  computeEnsemblePart,
  type EnsembleOptions,
  type EnsembleProblem,
  type EnsembleRun,
  ensembleModule,
  ensembleParts,
} from '@ggdln/learning';

/** Antithetic pairs of networks, one run each, in their order; by other processes where there are some. */
export async function* ensemblePairs(
  problem: EnsembleProblem,
  how: Pick<EnsembleOptions, 'pairs' | 'stepSize' | 'readAt' | 'frozenAt'>,
  { rng, linalg, signal, spreadWorks }: RunContext,
): AsyncGenerator<EnsembleRun, void, void> {
  const parts = ensembleParts(problem, { ...how, batch: 1, rng });
  if (spreadWorks) {
    yield* spreadWorks(parts, { module: ensembleModule, name: 'computeEnsemblePart', compute: computeEnsemblePart });
    return;
  }
  for (const { data } of parts) yield await computeEnsemblePart(data, { linalg, ...(signal ? { signal } : {}) });
}
