import { createRandom, type Matrix } from '@ggdln/core';
import { matrix, matrixFromRows, selectMatrixRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { findClusters, kMeans, nearestCentroid, nearestCentroidGates } from '../src/index.ts';
import { randomInputs, rowOf } from './samples.ts';

const square = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, j) => sum + (value - b[j]) ** 2, 0);

function meanOf(X: Matrix, rows: readonly number[]): number[] {
  return Array.from({ length: X.cols }, (_, j) => rows.reduce((sum, i) => sum + rowOf(X, i)[j], 0) / rows.length);
}

/** The least Σ |x − c|² over all partitions into at most `clusters` parts, by trying them all. */
function bestInertia(X: Matrix, clusters: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let code = 0; code < clusters ** X.rows; code++) {
    const parts: number[][] = Array.from({ length: clusters }, () => []);
    for (let i = 0; i < X.rows; i++) parts[Math.floor(code / clusters ** i) % clusters].push(i);
    const inertia = parts.reduce((sum, rows) => {
      const mean = meanOf(X, rows);
      return sum + rows.reduce((part, i) => part + square(rowOf(X, i), mean), 0);
    }, 0);
    best = Math.min(best, inertia);
  }
  return best;
}

describe('findClusters', () => {
  it('finds the best of all partitions where all can be tried', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const X = randomInputs(8, 2, seed);
      const { inertia } = await findClusters(X, { clusters: 3, restarts: 20 }, createRandom(seed));
      expect(inertia).toBeCloseTo(bestInertia(X, 3), 12);
    }
  });

  it('ends where centroids are the means of the inputs nearest to them, and none is idle', async () => {
    // Seeds 171 and 1062 are rare ones on whose way a cluster runs empty.
    for (const seed of [...Array(100).keys(), 171, 1062]) {
      const X = randomInputs(20, 2, seed);
      const clusters = seed < 100 ? 1 + (seed % 12) : 8;
      const { centroids, assignments, inertia } = await findClusters(X, { clusters, restarts: 1 }, createRandom(seed));
      for (let m = 0; m < clusters; m++) {
        const rows = [...assignments.keys()].filter((i) => assignments[i] === m);
        expect(rows.length).toBeGreaterThan(0);
        expect(square(centroids[m], meanOf(X, rows))).toBeLessThan(1e-25);
      }
      const distances = Array.from(assignments, (own, i) => square(rowOf(X, i), centroids[own]));
      assignments.forEach((_, i) => {
        for (const centroid of centroids) {
          expect(distances[i]).toBeLessThanOrEqual(square(rowOf(X, i), centroid) * (1 + 1e-12));
        }
      });
      expect(inertia).toBeCloseTo(
        distances.reduce((sum, value) => sum + value, 0),
        12,
      );
    }
  });

  it('tells far groups apart in one search, however many there are of each', async () => {
    const rng = createRandom(4);
    const groups = Int32Array.from({ length: 120 }, (_, i) => (i < 100 ? 0 : i < 115 ? 1 : 2));
    const X = matrix(
      120,
      3,
      Float64Array.from({ length: 360 }, (_, at) => 100 * groups[Math.floor(at / 3)] + rng.gaussian()),
    );
    const { assignments } = await findClusters(X, { clusters: 3, restarts: 1 }, rng);
    const names = new Map(Array.from(groups, (group, i) => [group, assignments[i]]));
    expect(new Set(names.values()).size).toBe(3);
    expect(Array.from(groups, (group) => names.get(group))).toEqual(Array.from(assignments));
  });

  it('gives each input its own cluster when there are as many, repeated ones sharing theirs', async () => {
    const X = matrixFromRows([[1], [5], [1], [9], [5]]);
    const { inertia, assignments } = await findClusters(X, { clusters: 3 }, createRandom(1));
    expect(inertia).toBe(0);
    expect([assignments[0], assignments[1]]).toEqual([assignments[2], assignments[4]]);
    await expect(findClusters(X, { clusters: 4 }, createRandom(1))).rejects.toThrow(
      /4 centroids for 5 inputs of which only 3 differ/,
    );
  });

  it('does no worse with more searches and the same for the same stream', async () => {
    const X = randomInputs(60, 4);
    const search = (restarts: number) => findClusters(X, { clusters: 7, restarts }, createRandom(3));
    expect(await search(5)).toEqual(await search(5));
    expect((await search(12)).inertia).toBeLessThanOrEqual((await search(1)).inertia);
  });

  it('refuses more centroids than inputs, no clusters, and distances that overflow', async () => {
    const X = randomInputs(4, 2);
    const rng = createRandom(1);
    await expect(findClusters(X, { clusters: 5 }, rng)).rejects.toThrow(/5 centroids for 4 inputs.*at most as many/);
    await expect(findClusters(X, { clusters: 0 }, rng)).rejects.toThrow(/clusters = 0/);
    await expect(findClusters(X, { clusters: 2, restarts: 0 }, rng)).rejects.toThrow(/restarts = 0/);
    const huge = matrixFromRows([[1e200], [-1e200]]);
    await expect(findClusters(huge, { clusters: 2 }, rng)).rejects.toThrow(/add up to Infinity.*Scale the inputs down/);
  });

  it('stops when cancelled, before and during the search', async () => {
    const X = randomInputs(3000, 20);
    const stopped = findClusters(X, { clusters: 2, signal: AbortSignal.abort() }, createRandom(1));
    await expect(stopped).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    const controller = new AbortController();
    const running = findClusters(X, { clusters: 60, restarts: 1000, signal: controller.signal }, createRandom(1));
    setTimeout(() => controller.abort(), 20);
    await expect(running).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });
});

describe('k-means', () => {
  const X = randomInputs(40, 5);
  const context = { rng: createRandom(2) };

  it('opens the gates of the clusters that lie on the side of the input', async () => {
    const gating = kMeans({ gates: 4, alwaysOn: false });
    const state = await gating.fit(X, context);
    const { centroids } = await findClusters(X, { clusters: 4 }, createRandom(2));
    const mean = meanOf(X, [...Array(40).keys()]);
    const expected = Array.from({ length: 40 }, (_, i) =>
      centroids.map((c) =>
        c.reduce((sum, value, j) => sum + (value - mean[j]) * (rowOf(X, i)[j] - mean[j]), 0) > 0 ? 1 : 0,
      ),
    );
    const { values, names } = gating.gates(state, X);
    expect(values).toEqual(matrixFromRows(expected));
    expect(names).toEqual([1, 2, 3, 4].map((m) => `cluster side ${m}`));
    expect(values.data.includes(0)).toBe(true);
  });

  it('is unmoved by a shift of all inputs', async () => {
    const gating = kMeans({ gates: 5 });
    const shifted = { ...X, data: X.data.map((x) => x + 16) };
    expect(gating.gates(await gating.fit(shifted, context), shifted)).toEqual(
      gating.gates(await gating.fit(X, context), X),
    );
  });

  it('keeps the gate of a cluster at the mean closed, rather than on the side that rounding says', async () => {
    const line = matrixFromRows([-1, 0, 1].map((t) => [0.1 + t * 0.3, 0.7 - t * 0.9]));
    const gating = kMeans({ gates: 3, alwaysOn: false });
    const state = await gating.fit(line, context);
    const still = [...state.V.keys()].filter((m) => state.V[m].every((value) => value === 0));
    expect(still).toHaveLength(1);
    const around = gating.gates(state, randomInputs(30, 2)).values;
    for (let i = 0; i < 30; i++) expect(rowOf(around, i)[still[0]]).toBe(0);
  });

  it('refuses a single gate, more gates than inputs, and inputs of another dimension', async () => {
    await expect(kMeans({ gates: 1 }).fit(X, context)).rejects.toThrow(/gates = 1\..*≥ 2/);
    await expect(kMeans({ gates: 41 }).fit(X, context)).rejects.toThrow(/41 centroids for 40 inputs/);
    const gating = kMeans({ gates: 2 });
    const state = await gating.fit(X, context);
    expect(() => gating.gates(state, randomInputs(2, 4))).toThrow(/X is 2 × 4, but .* dimension 5/);
  });
});

describe('nearest-centroid', () => {
  const X = randomInputs(50, 3);

  it('opens the gate of the cluster of each input and no other', async () => {
    const gating = nearestCentroid({ gates: 6, alwaysOn: false });
    const { values, names } = gating.gates(await gating.fit(X, { rng: createRandom(8) }), X);
    const { assignments } = await findClusters(X, { clusters: 6 }, createRandom(8));
    for (let i = 0; i < 50; i++) {
      expect([...rowOf(values, i)]).toEqual(Array.from({ length: 6 }, (_, m) => (m === assignments[i] ? 1 : 0)));
    }
    expect(names[5]).toBe('cluster 6');
  });

  it('puts an always-on gate first', async () => {
    const gating = nearestCentroid({ gates: 2 });
    const { values, names } = gating.gates(await gating.fit(X, { rng: createRandom(8) }), X);
    expect(names).toEqual(['always on', 'cluster 1', 'cluster 2']);
    for (let i = 0; i < 50; i++) expect(rowOf(values, i).reduce((sum, g) => sum + g, 0)).toBe(2);
  });

  it('takes the first of centroids that are equally near', () => {
    const gates = nearestCentroidGates(
      [
        [0, 1],
        [0, -1],
      ],
      matrixFromRows([
        [5, 0],
        [5, -0.1],
      ]),
    );
    expect([...gates.values.data]).toEqual([1, 0, 0, 1]);
  });

  it('gates inputs that it was not fitted on alone as in a batch', async () => {
    const gating = nearestCentroid({ gates: 4 });
    const state = await gating.fit(X, { rng: createRandom(8) });
    const others = randomInputs(9, 3, 'others');
    const all = gating.gates(state, others).values;
    expect(gating.gates(state, selectMatrixRows(others, [7])).values).toEqual(selectMatrixRows(all, [7]));
  });

  it('refuses more centroids than inputs, none, and inputs at no finite distance', async () => {
    await expect(nearestCentroid({ gates: 51 }).fit(X, { rng: createRandom(1) })).rejects.toThrow(
      /51 centroids for 50 inputs/,
    );
    expect(() => nearestCentroidGates([], X)).toThrow(/number of centroids = 0/);
    expect(() => nearestCentroidGates([[0, 0]], X)).toThrow(/X is 50 × 3, but .* dimension 2/);
    expect(() => nearestCentroidGates([[0]], matrixFromRows([[1e300]]))).toThrow(/row 0 of X is at no finite distance/);
  });
});
