import { readFileSync } from 'node:fs';
import { createRandom, type Matrix } from '@ggdln/core';
import { matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { drawHalfSpaces, halfSpaceGates } from '../src/index.ts';

const M = 100_000;

/** ∫ f by Simpson's rule. */
function integrate(f: (t: number) => number, from: number, to: number, panels = 400): number {
  const h = (to - from) / (2 * panels);
  let sum = f(from) + f(to);
  for (let i = 1; i < 2 * panels; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * h);
  return (sum * h) / 3;
}

const normalCdf = (h: number) => 0.5 + integrate((t) => Math.exp(-0.5 * t * t), 0, h) / Math.sqrt(2 * Math.PI);

/** P(V·x/√N0 > b and V·x'/√N0 > b) for V ~ N(0, I): Plackett's integral (theory page ggdln, section 9). */
function overlap(x: readonly number[], other: readonly number[], b: number): number {
  const product = (u: readonly number[], v: readonly number[]) => u.reduce((sum, value, j) => sum + value * v[j], 0);
  const h = -b / Math.sqrt(product(x, x) / x.length);
  const k = -b / Math.sqrt(product(other, other) / x.length);
  const rho = product(x, other) / Math.sqrt(product(x, x) * product(other, other));
  const integrand = (t: number) => Math.exp(-(h * h + k * k - 2 * h * k * Math.sin(t)) / (2 * Math.cos(t) ** 2));
  return normalCdf(h) * normalCdf(k) + integrate(integrand, 0, Math.asin(rho)) / (2 * Math.PI);
}

/** ΦΦᵀ/M of M random half-spaces, not centred, without the always-on gate. */
function sampledOverlap(X: Matrix, threshold: number): number[][] {
  const options = { gates: M, threshold, centre: false, alwaysOn: false };
  const { values } = halfSpaceGates(drawHalfSpaces(X, options, createRandom(17)), X);
  const row = (i: number) => values.data.subarray(i * M, (i + 1) * M);
  return Array.from({ length: X.rows }, (_, i) =>
    Array.from({ length: X.rows }, (_, j) => row(i).reduce((sum, g, m) => sum + g * row(j)[m], 0) / M),
  );
}

/** The largest of |sampled − expected| in standard errors of a share of M draws. */
function largestDeviation(sampled: readonly number[][], expected: (i: number, j: number) => number): number {
  const deviations = sampled.flatMap((row, i) =>
    row.map((value, j) => {
      const share = expected(i, j);
      return Math.abs(value - share) / Math.sqrt((share * (1 - share)) / M);
    }),
  );
  return Math.max(...deviations);
}

describe('the overlap of many random half-spaces', () => {
  const fixture = JSON.parse(readFileSync(new URL('../../../fixtures/ggdln.json', import.meta.url), 'utf8'));
  const { params, inputs, expected } = fixture.cases.find(
    (item: { name: string }) => item.name === 'gate_kernels_large_M',
  );
  const X = matrixFromRows(inputs.X);
  const b: number = params.bias;

  it('is (π − θ)/2π for b = 0', () => {
    const norm = (x: number[]) => Math.hypot(...x);
    const angle = (x: number[], other: number[]) =>
      Math.acos(Math.min(1, x.reduce((sum, value, j) => sum + value * other[j], 0) / (norm(x) * norm(other))));
    const kernel = (i: number, j: number) => (Math.PI - angle(inputs.X[i], inputs.X[j])) / (2 * Math.PI);
    expect(largestDeviation(sampledOverlap(X, 0), kernel)).toBeLessThan(4);
  });

  it("is Plackett's integral for b ≠ 0, of either sign", () => {
    for (const threshold of [b, -0.7]) {
      const kernel = (i: number, j: number) =>
        i === j ? overlapWithItself(inputs.X[i], threshold) : overlap(inputs.X[i], inputs.X[j], threshold);
      expect(largestDeviation(sampledOverlap(X, threshold), kernel)).toBeLessThan(4);
    }
  });

  it('agrees with reference kernels made elsewhere, which tell thresholds apart', () => {
    expect(largestDeviation(sampledOverlap(X, b), (i, j) => expected.gateBias[i][j])).toBeLessThan(4);
    expect(largestDeviation(sampledOverlap(X, 0), (i, j) => expected.gate0[i][j])).toBeLessThan(4);
    expect(largestDeviation(sampledOverlap(X, 0), (i, j) => expected.gateBias[i][j])).toBeGreaterThan(40);
  });
});

/** A half-space overlaps with itself as often as it is open; the integrand of the general formula ends at a pole. */
function overlapWithItself(x: readonly number[], b: number): number {
  return normalCdf(-b / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length));
}
