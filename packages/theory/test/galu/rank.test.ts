import { createRandom } from '@ggdln/core';
import { type Matrix, matrix, matrixFromRows, selectMatrixRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { galuFeatureRank, galuGates, galuGenericRank } from '../../src/galu/index.ts';
import { gaussianMatrix } from '../helpers.ts';
import { linalg, onSphere } from './helpers.ts';

function rankOf(a: Matrix): number {
  return a.rows === 0 ? 0 : galuFeatureRank(a, matrix(a.rows, 1, new Float64Array(a.rows).fill(1)), linalg);
}

/** m − |S| + d rank(G_S). */
function lawAt(gates: Matrix, d: number, rows: readonly number[]): number {
  return gates.rows - rows.length + d * rankOf(selectMatrixRows(gates, rows));
}

describe('the rank of the features', () => {
  it('is the minimum of the page over all sets of inputs, and the rank at random inputs', () => {
    let deficient = 0;
    for (let seed = 0; seed < 40; seed++) {
      const rng = createRandom(seed);
      const [m, d, k] = [5 + rng.integer(4), 1 + rng.integer(3), 1 + rng.integer(4)];
      const gates = matrix(
        m,
        k,
        Float64Array.from({ length: m * k }, () => rng.integer(2)),
      );
      const { rank, bottleneck } = galuGenericRank(gates, d);
      let least = m;
      for (let set = 0; set < 1 << m; set++) {
        const rows = Array.from({ length: m }, (_, row) => row).filter((row) => (set >> row) & 1);
        least = Math.min(least, lawAt(gates, d, rows));
      }
      expect(rank).toBe(least);
      expect(lawAt(gates, d, bottleneck)).toBe(rank);
      expect(galuFeatureRank(gates, gaussianMatrix(rng, m, d), linalg)).toBe(rank);
      if (rank < Math.min(m, k * d)) deficient++;
    }
    expect(deficient).toBeGreaterThan(5);
  });

  it('is that of larger networks too', () => {
    for (const seed of [1, 2, 3]) {
      const X = onSphere(seed, 80, 6);
      const U = gaussianMatrix(createRandom(seed + 10), 10, 6);
      // A near-duplicate of a gate adds little.
      U.data.set(
        U.data.subarray(0, 6).map((value) => value * 1.01 + 0.01),
        6,
      );
      const gates = galuGates(X, U);
      const { rank } = galuGenericRank(gates, 6);
      expect(rank).toBe(galuFeatureRank(gates, X, linalg));
    }
  });

  it('counts two gates that disagree on r < d inputs as d + r', () => {
    const gates = matrixFromRows(Array.from({ length: 20 }, (_, row) => [1, row < 2 ? 0 : 1]));
    expect(galuGenericRank(gates, 5).rank).toBe(5 + 2);
  });

  it('loses inputs with no open gate, and all but d of one pattern', () => {
    expect(galuGenericRank(matrixFromRows([[0], [1], [0]]), 5)).toEqual({ rank: 1, bottleneck: [0, 2] });
    expect(galuGenericRank(matrixFromRows([[1], [1], [1]]), 2)).toEqual({ rank: 2, bottleneck: [0, 1, 2] });
    expect(galuGenericRank(matrixFromRows([[1], [1], [1]]), 3)).toEqual({ rank: 3, bottleneck: [] });
  });
});
