import { describe, expect, it } from 'vitest';
import { between, falls, likeOneDraw, momentsOf, near, pageBand, rises } from '../src/checks.ts';

describe('checks', () => {
  it('asks whether a number lies in a range', () => {
    expect(between('x', { value: 2 }, 1, 3)).toMatchObject({ pass: true, found: 2, stderr: null });
    expect(between('x', { value: 3.01 }, 1, 3).pass).toBe(false);
    expect(between('x', { value: Number.NaN }, 1, 3).pass).toBe(false);
    expect(between('x', { value: 5 }, 1, Number.POSITIVE_INFINITY).expected).toBe('at least 1');
  });

  it('allows the tolerance and three standard errors around a target', () => {
    expect(near('x', { value: 1.13, stderr: 0.01 }, 1, 0.1).pass).toBe(true);
    expect(near('x', { value: 1.14, stderr: 0.01 }, 1, 0.1).pass).toBe(false);
    expect(near('x', { value: 1.13 }, 1, 0.1).pass).toBe(false);
  });

  it('allows what 99 % of new draws would show', () => {
    // Four draws of standard deviation 1: t(3, 99 %) √(1 + 1/4) = 5.841 · 1.118 = 6.53.
    const draws = [-1, 1, 1, -1].map((x) => 10 + (x * Math.sqrt(3)) / 2);
    expect(momentsOf(draws)).toEqual({ mean: expect.closeTo(10, 12), scatter: expect.closeTo(1, 12) });
    expect(likeOneDraw('x', draws, 16.5)).toMatchObject({ pass: true, stderr: expect.closeTo(0.5, 12) });
    expect(likeOneDraw('x', draws, 16.6).pass).toBe(false);
  });

  it('allows three standard errors of a difference of two means', () => {
    expect(pageBand(0.2, 4, 4)).toBeCloseTo(3 * 0.2 * Math.SQRT1_2, 12);
    expect(pageBand(0.2, 1e9, 1)).toBeCloseTo(0.6, 6);
  });

  it('approaches the normal quantile for many draws', () => {
    const draws = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(likeOneDraw('x', draws, 2.57).pass).toBe(true);
    expect(likeOneDraw('x', draws, 2.6).pass).toBe(false);
  });

  it('asks whether values go one way at every step, and says by how much they do at the worst', () => {
    expect(falls('x', [3, 2, 1.5])).toMatchObject({ pass: true, found: -0.5 });
    expect(falls('x', [3, 2, 2.5])).toMatchObject({ pass: false, found: 0.5 });
    expect(rises('x', [1, 2, 2.25])).toMatchObject({ pass: true, found: 0.25 });
    expect(rises('x', [1, 2, 2])).toMatchObject({ pass: false, found: expect.closeTo(0, 12) });
    expect(rises('x', [1, 2, 1.995], 0.01).pass).toBe(true);
  });
});
