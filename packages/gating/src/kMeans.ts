import {
  type BooleanOption,
  boolean,
  defineGating,
  type Gating,
  type GatingEntry,
  type IntegerOption,
  integer,
} from '@ggdln/core';
import { findClusters } from './clusters.ts';
import { columnMeans, requireCount, requireTrainingInputs } from './inputs.ts';
import type { HalfSpaces } from './openSides.ts';
import { openSides } from './openSides.ts';

const where = '@ggdln/gating k-means';

/** A centroid nearer than this to the mean of the inputs, relative to both, is at the mean: the rest is rounding. */
const ROUNDING = 1e-12;

export interface KMeansOptions {
  /** M, without the always-on gate: at least 2, as a single centroid is the mean. */
  readonly gates: number;
  /** Independent searches for the centroids, of which the best counts. Default 4. */
  readonly restarts?: number;
  /** Put a gate equal to 1 before the others. Default true. */
  readonly alwaysOn?: boolean;
}

/**
 * Half-spaces through the mean input x̄ that face the centroids c_m of k-means: Θ((c_m − x̄)·(x − x̄)/√N0) (theory page
 * ggdln, section 9). Fitted on inputs alone, so that the theory holds given the gates; the inputs may be more than the
 * training inputs. A cluster whose centroid is x̄ faces nowhere, and its gate stays closed.
 */
export function kMeans({ gates, restarts = 4, alwaysOn = true }: KMeansOptions): Gating<HalfSpaces> {
  return {
    async fit(X, { rng, signal }) {
      requireTrainingInputs(where, X);
      requireCount(where, 'gates', gates, 2, 'Give a whole number ≥ 2; the mean alone has no side');
      const mean = columnMeans(where, X);
      const { centroids } = await findClusters(X, { clusters: gates, restarts, ...(signal ? { signal } : {}) }, rng);
      return { V: centroids.map((centroid) => directionFrom(mean, centroid)), mean, threshold: 0, alwaysOn };
    },
    gates: (state, X) => openSides({ where, gate: 'cluster side' }, state, X),
  };
}

/** Options of the gatings that look for clusters. */
export const clusterOptions: {
  readonly gates: IntegerOption;
  readonly restarts: IntegerOption;
  readonly alwaysOn: BooleanOption;
} = {
  gates: integer({
    title: 'Gates',
    symbol: 'M',
    min: 2,
    default: 6,
    help: 'Number of clusters, without the always-on gate; at most that of the different inputs.',
    equation: 'ggdln/9',
  }),
  restarts: integer({
    title: 'Searches',
    min: 1,
    default: 4,
    help: 'Independent searches for the centroids, of which the best counts.',
  }),
  alwaysOn: boolean({
    title: 'Always-on gate',
    default: true,
    help: 'Put a gate equal to 1 before the others: all inputs then share a path.',
    equation: 'ggdln/9',
  }),
};

/** Half-spaces learned by k-means. */
export const kMeansEntry: GatingEntry = defineGating({
  title: 'Half-spaces from k-means',
  summary: 'A gate is open on the side of a cluster of the training inputs, seen from their mean.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449', 'Arthur & Vassilvitskii 2007, SODA, 1027–1035'],
  options: clusterOptions,
  create: kMeans,
});

function directionFrom(mean: readonly number[], centroid: readonly number[]): number[] {
  const direction = centroid.map((value, j) => value - mean[j]);
  const isRounding = direction.every(
    (value, j) => Math.abs(value) <= ROUNDING * (Math.abs(centroid[j]) + Math.abs(mean[j])),
  );
  return isRounding ? direction.map(() => 0) : direction;
}
