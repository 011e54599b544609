import { createRandom } from '@ggdln/core';
import { type Matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { linearlySeparable } from '../../src/galu/index.ts';
import { gaussianMatrix } from '../helpers.ts';
import { linalg } from './helpers.ts';

describe('linear separability', () => {
  /** Feasible if some direction of a fine circle works. */
  function inThePlane(points: Matrix, labels: Float64Array): boolean {
    return Array.from({ length: 20_000 }, (_, i) => (2 * Math.PI * i) / 20_000).some((angle) =>
      labels.every(
        (label, row) =>
          label * (Math.cos(angle) * points.data[2 * row] + Math.sin(angle) * points.data[2 * row + 1]) > 0,
      ),
    );
  }

  it('is what a search over all directions of the plane finds', () => {
    const found = [0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const rng = createRandom(seed);
      const points = gaussianMatrix(rng, 4, 2);
      const labels = Float64Array.from({ length: 4 }, () => (rng.integer(2) === 0 ? 1 : -1));
      const separable = linearlySeparable(points, labels, linalg);
      expect(separable).toBe(inThePlane(points, labels));
      found[Number(separable)]++;
    }
    // Cover: 4 points in general position of the plane have 8 of 16 dichotomies.
    expect(Math.min(...found)).toBeGreaterThan(15);
  });

  it('holds for every labelling of independent vectors and for none with a zero vector', () => {
    const points = gaussianMatrix(createRandom(1), 12, 12);
    const labels = Float64Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? 1 : -1));
    expect(linearlySeparable(points, labels, linalg)).toBe(true);
    points.data.fill(0, 0, 12);
    expect(linearlySeparable(points, labels, linalg)).toBe(false);
  });

  it('fails for opposite vectors and for equal ones of different labels', () => {
    const ones = Float64Array.of(1, 1);
    expect(
      linearlySeparable(
        matrixFromRows([
          [1, 2],
          [-2, -4],
        ]),
        ones,
        linalg,
      ),
    ).toBe(false);
    expect(
      linearlySeparable(
        matrixFromRows([
          [1, 2],
          [1, 2],
        ]),
        Float64Array.of(1, -1),
        linalg,
      ),
    ).toBe(false);
    expect(
      linearlySeparable(
        matrixFromRows([
          [1, 2],
          [-2, -3.9],
        ]),
        ones,
        linalg,
      ),
    ).toBe(true);
  });

  it('follows the capacity of Cover: two labels a dimension', () => {
    const share = (m: number) => {
      let separable = 0;
      for (let seed = 0; seed < 20; seed++) {
        const rng = createRandom(`${m} ${seed}`);
        const labels = Float64Array.from({ length: m }, () => (rng.integer(2) === 0 ? 1 : -1));
        if (linearlySeparable(gaussianMatrix(rng, m, 30), labels, linalg)) separable++;
      }
      return separable / 20;
    };
    expect(share(44)).toBeGreaterThan(0.9);
    expect(share(76)).toBeLessThan(0.1);
  });
});
