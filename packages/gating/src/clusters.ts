import { createPacer, inputError, type Matrix, type RandomStream, throwIfCancelled } from '@ggdln/core';
import { requireCount, requireTrainingInputs } from './inputs.ts';

const where = '@ggdln/gating k-means';

/** Lloyd's iteration ends by itself, most often within some ten steps; a bound all the same. */
const MAX_ITERATIONS = 300;

export interface ClusterOptions {
  /** Number of clusters, at most that of the different inputs. */
  readonly clusters: number;
  /** Independent searches, of which the best counts. Default 4. */
  readonly restarts?: number;
  readonly signal?: AbortSignal;
}

/** A partition of inputs by their nearest centroid. */
export interface Clusters {
  /** Means of the clusters, none of which is empty. */
  readonly centroids: readonly (readonly number[])[];
  /** Cluster of each input. */
  readonly assignments: Int32Array;
  /** Σ |x − c|² over the inputs and their centroids. */
  readonly inertia: number;
}

/**
 * k-means: Lloyd's iteration from centroids that are seeded far apart (Arthur and Vassilvitskii 2007, k-means++). A
 * cluster that runs empty takes over the input that is farthest from its centroid. Deterministic given `rng`.
 * @param X Inputs, P × N0, labelled or not.
 * @throws GGDLN_INPUT for more clusters than different inputs, or inputs that aren't finite; GGDLN_CANCELLED.
 */
export async function findClusters(X: Matrix, options: ClusterOptions, rng: RandomStream): Promise<Clusters> {
  const { clusters, restarts = 4, signal } = options;
  requireTrainingInputs(where, X);
  requireCount(where, 'clusters', clusters, 1, 'Give a whole number ≥ 1');
  requireCount(where, 'restarts', restarts, 1, 'Give a whole number ≥ 1');
  if (clusters > X.rows) {
    throw inputError(where, `${clusters} centroids for ${X.rows} inputs`, 'Give at most as many as there are inputs');
  }
  const pause = createPacer();
  const step = async () => {
    throwIfCancelled(signal, where);
    await pause();
  };
  let best: Clusters | undefined;
  for (let restart = 0; restart < restarts; restart++) {
    const found = await search(X, await seed(X, clusters, rng.stream(`restart/${restart}`), step), step);
    if (!best || found.inertia < best.inertia) best = found;
  }
  return best!;
}

/** Index of the nearest centroid and the squared distance to it; the first of several that are equally near. */
export function nearest(centroids: readonly ArrayLike<number>[], x: Float64Array): { index: number; square: number } {
  let index = 0;
  let square = Number.POSITIVE_INFINITY;
  for (let m = 0; m < centroids.length; m++) {
    const distance = squareDistance(x, centroids[m]);
    if (distance < square) [index, square] = [m, distance];
  }
  return { index, square };
}

/** One input after the other as centroid, each with a chance that grows as its squared distance to those before. */
async function seed(
  X: Matrix,
  clusters: number,
  rng: RandomStream,
  step: () => Promise<void>,
): Promise<readonly ArrayLike<number>[]> {
  const chosen = [rowOf(X, rng.integer(X.rows))];
  const squares = new Float64Array(X.rows).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < clusters) {
    await step();
    const last = chosen[chosen.length - 1];
    for (let i = 0; i < X.rows; i++) squares[i] = Math.min(squares[i], squareDistance(rowOf(X, i), last));
    const total = squares.reduce((sum, square) => sum + square, 0);
    if (!Number.isFinite(total)) {
      throw inputError(where, `distances between rows of X add up to ${total}`, 'Scale the inputs down');
    }
    if (total === 0) {
      throw inputError(
        where,
        `${clusters} centroids for ${X.rows} inputs of which only ${chosen.length} differ`,
        'Give at most as many as there are different inputs',
      );
    }
    chosen.push(rowOf(X, draw(squares, total * rng.uniform())));
  }
  return chosen;
}

/** Where a running sum of the weights passes `level`. */
function draw(weights: Float64Array, level: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i];
    last = i;
    if (sum > level) break;
  }
  return last;
}

async function search(X: Matrix, seeds: readonly ArrayLike<number>[], step: () => Promise<void>): Promise<Clusters> {
  let centroids = seeds;
  let assignments = new Int32Array(X.rows).fill(-1);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const next = new Int32Array(X.rows);
    const squares = new Float64Array(X.rows);
    for (let i = 0; i < X.rows; i++) {
      await step();
      const { index, square } = nearest(centroids, rowOf(X, i));
      next[i] = index;
      squares[i] = square;
    }
    fillEmpty(next, squares, centroids.length);
    const isSettled = next.every((cluster, i) => cluster === assignments[i]);
    assignments = next;
    if (isSettled) break;
    centroids = means(X, assignments, centroids.length);
  }
  const inertia = assignments.reduce((sum, cluster, i) => sum + squareDistance(rowOf(X, i), centroids[cluster]), 0);
  return { centroids: centroids.map((centroid) => Array.from(centroid)), assignments, inertia };
}

/** Moves into each empty cluster the input that is farthest from its centroid and not alone with it. */
function fillEmpty(assignments: Int32Array, squares: Float64Array, clusters: number): void {
  const sizes = new Int32Array(clusters);
  for (const cluster of assignments) sizes[cluster]++;
  for (let empty = sizes.indexOf(0); empty >= 0; empty = sizes.indexOf(0)) {
    let farthest = -1;
    for (let i = 0; i < assignments.length; i++) {
      if (sizes[assignments[i]] > 1 && (farthest < 0 || squares[i] > squares[farthest])) farthest = i;
    }
    sizes[assignments[farthest]]--;
    sizes[empty]++;
    assignments[farthest] = empty;
    squares[farthest] = 0;
  }
}

function means(X: Matrix, assignments: Int32Array, clusters: number): Float64Array[] {
  const sums = Array.from({ length: clusters }, () => new Float64Array(X.cols));
  const sizes = new Int32Array(clusters);
  for (let i = 0; i < X.rows; i++) {
    const sum = sums[assignments[i]];
    sizes[assignments[i]]++;
    for (let j = 0; j < X.cols; j++) sum[j] += X.data[i * X.cols + j];
  }
  return sums.map((sum, m) => sum.map((value) => value / sizes[m]));
}

function rowOf(X: Matrix, i: number): Float64Array {
  return X.data.subarray(i * X.cols, (i + 1) * X.cols);
}

function squareDistance(a: Float64Array, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) {
    const difference = a[j] - b[j];
    sum += difference * difference;
  }
  return sum;
}
