import { defineGating, type Gates, type Gating, type GatingEntry, inputError, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { withAlwaysOn } from './alwaysOn.ts';
import { findClusters, nearest } from './clusters.ts';
import { requireCount, requireSameDimension, requireTrainingInputs } from './inputs.ts';
import { clusterOptions } from './kMeans.ts';

const where = '@ggdln/gating nearest-centroid';

/**
 * One gate a centroid, open at the inputs that are nearer to it than to the others (the first of several), P × M.
 * @throws GGDLN_INPUT for inputs of another dimension than the centroids, or not finite.
 */
export function nearestCentroidGates(centroids: readonly (readonly number[])[], X: Matrix): Gates {
  requireCount(where, 'number of centroids', centroids.length, 1, 'Give at least one centroid');
  requireSameDimension(where, X, centroids[0].length);
  const values = matrix(X.rows, centroids.length);
  for (let i = 0; i < X.rows; i++) {
    const { index, square } = nearest(centroids, X.data.subarray(i * X.cols, (i + 1) * X.cols));
    if (!Number.isFinite(square)) {
      throw inputError(
        where,
        `row ${i} of X is at no finite distance from any centroid`,
        'Scale the inputs down, and use the state that fit returned',
      );
    }
    values.data[i * centroids.length + index] = 1;
  }
  return { values, names: centroids.map((_, m) => `cluster ${m + 1}`) };
}

export interface NearestCentroidOptions {
  /** M, without the always-on gate. */
  readonly gates: number;
  /** Independent searches for the centroids, of which the best counts. Default 4. */
  readonly restarts?: number;
  /** Put a gate equal to 1 before the others. Default true: without it, clusters share nothing at infinite width. */
  readonly alwaysOn?: boolean;
}

/** Centroids found by k-means. Plain JSON. */
export type Centroids = { readonly centroids: readonly (readonly number[])[]; readonly alwaysOn: boolean };

/** Hard competition: the gating of {@link nearestCentroidGates} with the centroids of k-means (section 9). */
export function nearestCentroid(options: NearestCentroidOptions): Gating<Centroids> {
  const { gates, restarts = 4, alwaysOn = true } = options;
  return {
    async fit(X, { rng, signal }) {
      requireTrainingInputs(where, X);
      const { centroids } = await findClusters(X, { clusters: gates, restarts, ...(signal ? { signal } : {}) }, rng);
      return { centroids, alwaysOn };
    },
    gates(state, X) {
      const gates = nearestCentroidGates(state.centroids, X);
      return state.alwaysOn ? withAlwaysOn(gates) : gates;
    },
  };
}

/** One gate a cluster. */
export const nearestCentroidEntry: GatingEntry = defineGating({
  title: 'Nearest centroid',
  summary: 'Each input opens the gate of its cluster alone; narrow networks learn what clusters share.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449', 'Arthur & Vassilvitskii 2007, SODA, 1027–1035'],
  options: { ...clusterOptions, gates: { ...clusterOptions.gates, min: 1 } },
  create: nearestCentroid,
});
