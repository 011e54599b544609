import { createRandom } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { gaussLegendre, normalCdf, owenT } from '../../src/ggdln/normal.ts';
import { halfSpaceOverlap } from '../../src/index.ts';

/** ∫ f over [from, to] by a composite rule that has nothing to do with the one under test. */
function integrate(f: (t: number) => number, from: number, to: number, panels = 4000): number {
  const h = (to - from) / (2 * panels);
  let sum = f(from) + f(to);
  for (let i = 1; i < 2 * panels; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * h);
  return (sum * h) / 3;
}

describe('the normal distribution', () => {
  it('has the tabulated values, each to all its digits', () => {
    const known = [
      [-37, 5.725571222524577e-300],
      [-10, 7.619853024160527e-24],
      [-6, 9.865876450376981e-10],
      [-2.5758293035489004, 0.005],
      [-2.5, 0.006209665325776132],
      [-1.959963984540054, 0.025],
      [-1, 0.15865525393145707],
      [0, 0.5],
    ];
    for (const [h, p] of known) {
      expect(Math.abs(normalCdf(h) / p - 1)).toBeLessThan(1e-13);
      expect(normalCdf(h) + normalCdf(-h)).toBeCloseTo(1, 15);
    }
    expect([normalCdf(Number.NEGATIVE_INFINITY), normalCdf(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
  });

  it('is continuous where its series hands over to the continued fraction', () => {
    for (const h of [-2.5, 2.5]) expect(normalCdf(h - 1e-13)).toBeCloseTo(normalCdf(h + 1e-13), 13);
  });
});

describe('Gauss–Legendre quadrature', () => {
  it('is exact for polynomials of degree 2n − 1 and no further', () => {
    for (const n of [1, 2, 5, 20]) {
      const { points, weights } = gaussLegendre(n);
      const moment = (degree: number) => points.reduce((sum, x, i) => sum + weights[i] * x ** degree, 0);
      for (let degree = 0; degree < 2 * n; degree++) expect(moment(degree)).toBeCloseTo(1 / (degree + 1), 14);
      if (n < 20) expect(Math.abs(moment(2 * n) - 1 / (2 * n + 1))).toBeGreaterThan(1e-8);
    }
  });
});

describe("Owen's function", () => {
  const rule = gaussLegendre(20);

  it('has its closed forms: h = 0, a = 1 and a = ∞', () => {
    for (const a of [-3, -0.4, 0, 0.7, 1, 2, 1e9])
      expect(owenT(0, a, rule)).toBeCloseTo(Math.atan(a) / (2 * Math.PI), 15);
    for (const h of [-3, -0.5, 0.2, 1, 4]) {
      expect(owenT(h, 1, rule)).toBeCloseTo(0.5 * normalCdf(h) * normalCdf(-h), 15);
      expect(owenT(h, Number.POSITIVE_INFINITY, rule)).toBeCloseTo(0.5 * normalCdf(-Math.abs(h)), 15);
      expect(owenT(h, -2, rule)).toBe(-owenT(h, 2, rule));
    }
  });

  it('is its integral, on both sides of the reflection', () => {
    for (const h of [0.3, 1.2, 2.4, 5]) {
      for (const a of [0.2, 0.9, 1.5, 4]) {
        const direct = integrate((x) => Math.exp(-0.5 * h * h * (1 + x * x)) / (1 + x * x), 0, a) / (2 * Math.PI);
        expect(Math.abs(owenT(h, a, rule) - direct)).toBeLessThan(1e-15);
      }
    }
  });
});

describe('halfSpaceOverlap', () => {
  const rng = createRandom(3);
  /** Variances and a correlation, from far apart to nearly parallel. */
  const covariances = [-0.95, -0.6, -0.1, 0, 0.3, 0.8, 0.99].map((rho) => {
    const [k11, k22] = [0.2 + 2 * rng.uniform(), 0.2 + 2 * rng.uniform()];
    return [k11, rho * Math.sqrt(k11 * k22), k22] as const;
  });
  const thresholds = [-2, -0.7, -0.01, 0.05, 0.4, 1.5];

  it('is (π − θ)/2π for b = 0', () => {
    const overlap = halfSpaceOverlap(0);
    expect(overlap(2, 2, 2)).toBe(0.5);
    expect(overlap(4, 0, 9)).toBe(0.25);
    expect(overlap(4, -6, 9)).toBe(0);
    expect(overlap(4, 3, 9)).toBeCloseTo(1 / 3, 15);
  });

  it("is Plackett's integral for b ≠ 0, of either sign", () => {
    for (const b of thresholds) {
      for (const [k11, k12, k22] of covariances) {
        const [h, k] = [-b / Math.sqrt(k11), -b / Math.sqrt(k22)];
        const density = (t: number) => Math.exp(-(h * h + k * k - 2 * h * k * Math.sin(t)) / (2 * Math.cos(t) ** 2));
        const angle = Math.asin(k12 / Math.sqrt(k11 * k22));
        const plackett = normalCdf(h) * normalCdf(k) + integrate(density, 0, angle) / (2 * Math.PI);
        expect(Math.abs(halfSpaceOverlap(b)(k11, k12, k22) - plackett)).toBeLessThan(1e-13);
      }
    }
  });

  it('obeys κ(b) = κ(−b) + 1 − P(u < b) − P(v < b), and lies between its bounds', () => {
    for (const b of thresholds) {
      for (const [k11, k12, k22] of covariances) {
        const [below, belowOther] = [normalCdf(b / Math.sqrt(k11)), normalCdf(b / Math.sqrt(k22))];
        const value = halfSpaceOverlap(b)(k11, k12, k22);
        expect(value).toBeCloseTo(halfSpaceOverlap(-b)(k11, k12, k22) + 1 - below - belowOther, 14);
        expect(value).toBeGreaterThanOrEqual(Math.max(0, 1 - below - belowOther) - 1e-15);
        expect(value).toBeLessThanOrEqual(1 - Math.max(below, belowOther) + 1e-15);
        expect(halfSpaceOverlap(b)(k22, k12, k11)).toBeCloseTo(value, 15);
      }
    }
  });

  it('joins its limits: independent, parallel and opposite inputs, b → 0, b → ±∞', () => {
    for (const b of thresholds) {
      const open = normalCdf(-b / Math.sqrt(0.8));
      expect(halfSpaceOverlap(b)(0.8, 0, 1.7)).toBeCloseTo(open * normalCdf(-b / Math.sqrt(1.7)), 15);
      expect(halfSpaceOverlap(b)(0.8, 0.8, 0.8)).toBeCloseTo(open, 15);
      expect(halfSpaceOverlap(b)(0.8, 0.8 * (1 - 1e-14), 0.8)).toBeCloseTo(open, 7);
      expect(halfSpaceOverlap(b)(0.8, -0.8, 0.8)).toBeCloseTo(Math.max(0, 2 * open - 1), 15);
      // Twice the input: parallel, so that one half-space contains the other.
      const wider = normalCdf(-b / Math.sqrt(4 * 0.8));
      expect(halfSpaceOverlap(b)(0.8, 1.6, 3.2)).toBeCloseTo(Math.min(open, wider), 7);
    }
    for (const [k11, k12, k22] of covariances) {
      const at = (b: number) => halfSpaceOverlap(b)(k11, k12, k22);
      expect(at(1e-9)).toBeCloseTo(at(0), 8);
      expect(at(-1e-9)).toBeCloseTo(at(0), 8);
      expect([at(1e3), at(-1e3)]).toEqual([0, 1]);
    }
  });

  it('has no open gate at 0 unless the boundary lies beyond it', () => {
    for (const b of [0, 0.3]) expect(halfSpaceOverlap(b)(0, 0, 1.5)).toBe(0);
    expect(halfSpaceOverlap(-0.3)(0, 0, 1.5)).toBeCloseTo(normalCdf(0.3 / Math.sqrt(1.5)), 15);
    expect(halfSpaceOverlap(-0.3)(1.5, 0, 0)).toBe(halfSpaceOverlap(-0.3)(0, 0, 1.5));
    expect(halfSpaceOverlap(-0.3)(0, 0, 0)).toBe(1);
  });
});
