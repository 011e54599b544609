import { identity, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  balancedStrength,
  competingPathways,
  escapeTime,
  integrate,
  unbalancedStrength,
} from '../../src/race/index.ts';

const times = Array.from({ length: 13 }, (_, i) => i * 0.5);
const ones = (n: number) => matrix(n, n, new Float64Array(n * n).fill(1));

describe('a pathway of two layers', () => {
  it.each([
    [1.7, 0.6, 0.05, 0.4],
    [0.3, 2, 1.4, 0.1],
    [1.1, 1, -0.3, 0.7],
    [1.1, 1, -0.3, 0.3],
    [1.1, 1, -0.3, 0.3001],
    [1.1, 1, -0.3, 0.3 + 1e-9],
    [2, 1, 0.5, 0],
    [1, 1, 0, 0],
  ])('follows its equation (s %s, d %s) from (%s, %s)', (s, d, c1, c2) => {
    const tau = 1.3;
    const flow = integrate(
      (_, [b1, b2], out) => out.set([(b2 * (s - d * b1 * b2)) / tau, (b1 * (s - d * b1 * b2)) / tau]),
      [c1, c2],
      times,
    );
    times.forEach((t, i) => {
      const expected = flow[i][0] * flow[i][1];
      expect(Math.abs(unbalancedStrength({ s, d, tau, c1, c2 }, t) - expected)).toBeLessThan(1e-10);
    });
  });

  it('loses no digits where its layers are almost alike', () => {
    const [s, d, a0] = [1.7, 0.6, 0.01];
    for (const difference of [0, 1e-300, 1e-14, 1e-9]) {
      // c2² − c1² = difference at c1 c2 = a0.
      const c2 = Math.sqrt(difference / 2 + Math.hypot(difference / 2, a0));
      const alike = { s, d, c1: a0 / c2, c2 };
      for (const t of times)
        expect(unbalancedStrength(alike, t) / balancedStrength({ s, d, a0 }, t) - 1).toBeCloseTo(0, 13);
    }
  });

  it.each([
    [Math.SQRT2 / 4, 0.5, 9.277],
    [0.5, 0.5, 6.907],
    [1, 1, 3.453],
  ])('with s %s and d %s is half strong at the published time', (s, d, time) => {
    const a0 = 1e-3;
    expect(balancedStrength({ s, d, a0 }, time)).toBeCloseTo(s / d / 2, 3);
    expect(escapeTime({ s, d, a0, depth: 2 })).toBeCloseTo(time, 2);
  });

  it('refuses what has no course', () => {
    expect(() => balancedStrength({ s: 1, a0: 0 }, 1)).toThrow('a0 is 0. It must be above 0');
    expect(() => balancedStrength({ s: 1, a0: 1 }, Number.NaN)).toThrow('t is NaN');
    expect(() => unbalancedStrength({ s: -1, c1: 1, c2: 1 }, 1)).toThrow('s is -1. It must be above 0');
    expect(() => unbalancedStrength({ s: 1, c1: Number.NaN, c2: 1 }, 1)).toThrow('c1 is NaN');
  });
});

describe('competing pathways', () => {
  it('run alone where their gates do not overlap', () => {
    const [s, a0] = [
      [0.7, 1.2],
      [0.01, 0.002],
    ];
    const course = competingPathways({ s, D: identity(2, 0.5), a0, depth: 2 }, times);
    times.forEach((t, i) => {
      for (const j of [0, 1]) expect(course[i][j]).toBeCloseTo(balancedStrength({ s: s[j], d: 0.5, a0: a0[j] }, t), 11);
    });
  });

  it('keep the exponential law of their ratio where they overlap fully', () => {
    const [s, a0, tau] = [[0.7, 1.2, 1.2], [0.02, 0.01, 0.03], 0.8];
    const course = competingPathways({ s, D: ones(3), a0, depth: 2, tau }, times);
    times.forEach((t, i) => {
      const [first, second, third] = course[i];
      expect(first / second / (2 * Math.exp((2 * (s[0] - s[1]) * t) / tau))).toBeCloseTo(1, 9);
      expect(third / second).toBeCloseTo(3, 9);
    });
    expect(course.at(-1)?.[0]).toBeLessThan(0.01);
  });

  it.each([3, 4])('of %i layers keep a^−(1−2/N) apart, so that the stronger grows away', (depth) => {
    const power = 2 / depth - 1;
    const course = competingPathways({ s: [1, 1], D: ones(2), a0: [0.05, 0.04], depth }, times);
    const apart = course.map(([first, second]) => first ** power - second ** power);
    for (const value of apart) expect(value / apart[0]).toBeCloseTo(1, 9);
    expect((course.at(-1)?.[0] ?? 0) / (course.at(-1)?.[1] ?? 1)).toBeGreaterThan(1.5);
  });

  it.each([3, 5])('of %i layers leave a small start at the escape time', (depth) => {
    const [s, a0] = [1.3, 1e-6];
    const time = escapeTime({ s, a0, depth });
    const [, before, after] = competingPathways({ s: [s], D: ones(1), a0: [a0], depth }, [0, time * 0.9, time * 1.1]);
    expect(before[0]).toBeLessThan(0.1 * s);
    expect(after[0]).toBeGreaterThan(0.9 * s);
  });

  it('of one layer are a linear filter', () => {
    const course = competingPathways({ s: [2], D: ones(1), a0: [0.5], depth: 1 }, times);
    times.forEach((t, i) => {
      expect(course[i][0]).toBeCloseTo(2 - 1.5 * Math.exp(-t), 11);
    });
  });

  it('refuse shapes that do not fit', () => {
    const race = { s: [1, 2], D: ones(2), a0: [0.1, 0.1], depth: 2 };
    expect(() => competingPathways({ ...race, D: ones(3) }, times)).toThrow('D is 3 × 3. It should be 2 × 2');
    expect(() => competingPathways({ ...race, a0: [1] }, times)).toThrow('a0 has 1 strengths. Give 2');
    expect(() => competingPathways({ ...race, a0: [1, -1] }, times)).toThrow('a0[1] is -1');
    expect(() => competingPathways({ ...race, depth: 1.5 }, times)).toThrow('depth is 1.5');
  });
});
