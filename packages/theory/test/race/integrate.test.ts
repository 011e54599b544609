import { describe, expect, it } from 'vitest';
import { integrate, integrateDense } from '../../src/race/index.ts';

const range = (n: number, step: number) => Array.from({ length: n }, (_, i) => i * step);

describe('the integrator', () => {
  it('follows an oscillator for sixteen turns', () => {
    const times = range(101, 1);
    const states = integrate((_, [x, v], out) => out.set([v, -x]), [1, 0], times, { maxSteps: 12_000 });
    states.forEach(([x, v], i) => {
      expect(Math.abs(x - Math.cos(times[i]))).toBeLessThan(1e-10);
      expect(Math.abs(v + Math.sin(times[i]))).toBeLessThan(1e-10);
    });
  });

  it('reads the time in the equation, and starts at the first of the times', () => {
    const [first, last] = integrate((t, _, out) => out.set([2 * t * Math.cos(t * t)]), [Math.sin(1)], [1, 3]);
    expect(first[0]).toBe(Math.sin(1));
    expect(last[0]).toBeCloseTo(Math.sin(9), 11);
  });

  it('gets nearer to the solution as the tolerance falls, and gives the same where more times are asked', () => {
    const solve = (relative: number, times: number[]) =>
      integrate((_, [y], out) => out.set([y * (1 - y)]), [1e-4], times, { relative, absolute: relative * 1e-2 }).at(
        -1,
      )?.[0] ?? 0;
    const exact = 1 / (1 + (1e4 - 1) * Math.exp(-9));
    for (const relative of [1e-4, 1e-6, 1e-8, 1e-10]) {
      expect(Math.abs(solve(relative, [0, 9]) / exact - 1)).toBeLessThan(20 * relative);
    }
    expect(Math.abs(solve(1e-10, range(91, 0.1)) / exact - 1)).toBeLessThan(1e-8);
  });

  it('stays where nothing moves, and takes a time twice', () => {
    expect(integrate((_, __, out) => out.fill(0), [0, 2], [0, 5, 5])).toEqual(
      [0, 1, 2].map(() => Float64Array.of(0, 2)),
    );
  });

  it('says where a solution blows up', () => {
    expect(() => integrate((_, [y], out) => out.set([y * y]), [1], [0, 2])).toThrow(
      /could not be followed past t = 1|past t = 0\.99/,
    );
    expect(() => integrate((_, [y], out) => out.set([y]), [1], [0, 50], { maxSteps: 10 })).toThrow('11 steps');
  });

  it('takes times however close, and sees one component leave the numbers beside others that stay', () => {
    const close = [1, 1 + 2e-16, 1 + 4e-16, 1 + 1e-12];
    const states = integrate((_, [y], out) => out.set([y]), [1], close);
    expect(states.at(-1)?.[0]).toBeCloseTo(1 + 1e-12, 14);
    const tenths = range(301, 0.1);
    expect(integrate((_, __, out) => out.set([1]), [1], tenths).at(-1)?.[0]).toBeCloseTo(31, 10);
    const half = () => integrate((_, [a, b], out) => out.set([Math.sqrt(a), b]), [-1, 1], [0, 1]);
    expect(half).toThrow('could not be followed past t = 0');
  });

  it('refuses times that go back, starts and tolerances that make no sense', () => {
    const still = (_: number, __: Float64Array, out: Float64Array) => out.fill(0);
    expect(() => integrate(still, [1], [0, 2, 1])).toThrow('time 2 is 1 after 2. Times must ascend');
    expect(() => integrate(still, [Number.NaN], [0])).toThrow('the start is [NaN]. It must be finite');
    expect(() => integrate(still, [1], [0], { relative: 0 })).toThrow('tolerances are 0 and 1e-14');
  });
});

describe('dense output', () => {
  const oscillator = (_: number, [x, v]: Float64Array, out: Float64Array) => out.set([v, -x]);
  const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

  it('is off by about what steps are, at any time', () => {
    for (const relative of [1e-4, 1e-6, 1e-8, 1e-10, 1e-12]) {
      const solution = integrateDense(oscillator, [1, 0], 0, 20, { relative, absolute: relative });
      const errors = range(2001, 0.01).map((t) => solution.at(Math.min(t, 20))[0] - Math.cos(t));
      const ends = Array.from(solution.times, (t) => solution.at(t)[0] - Math.cos(t));
      expect(largest(errors)).toBeLessThan(1.5 * largest(ends) + 2 * relative);
    }
  });

  it('has an error that falls as the fifth power of the step, and slopes of the fourth', () => {
    // One step from a given start: tolerances so wide that its length is that of the whole time.
    const errorsOf = (h: number) => {
      const solution = integrateDense((t, [y], out) => out.set([-y + Math.sin(3 * t)]), [1], 0, h, { relative: 1e9 });
      expect(solution.times).toHaveLength(2);
      const exact = (t: number) => 1.3 * Math.exp(-t) + 0.1 * Math.sin(3 * t) - 0.3 * Math.cos(3 * t);
      const places = range(21, h / 20);
      return largest(places.map((t) => solution.at(Math.min(t, h))[0] - exact(t)));
    };
    const orders = [0.2, 0.1, 0.05].map((h) => Math.log2(errorsOf(h) / errorsOf(h / 2)));
    for (const order of orders) expect(order).toBeGreaterThan(4.8);
    for (const order of orders) expect(order).toBeLessThan(5.3);
  });

  it('meets the solution and its slope at both ends of every step', () => {
    const solution = integrateDense(oscillator, [1, 0], 0, 5, { relative: 1e-6 });
    const inner = solution.times.subarray(1, -1);
    expect(inner.length).toBeGreaterThan(5);
    for (const t of inner) {
      const [before, at, after] = [t - 1e-7, t, t + 1e-7].map((time) => solution.at(time));
      expect(Math.abs((at[0] - before[0]) / 1e-7 - at[1])).toBeLessThan(1e-6);
      expect(Math.abs((after[0] - at[0]) / 1e-7 - at[1])).toBeLessThan(1e-6);
    }
  });

  it('gives many times for the work of few, the same that single steps give', () => {
    let calls = 0;
    const counted = (t: number, y: Float64Array, out: Float64Array) => {
      calls++;
      oscillator(t, y, out);
    };
    const times = range(10_001, 0.001);
    const exact = integrate(counted, [1, 0], times);
    const each = calls;
    calls = 0;
    const dense = integrate(counted, [1, 0], times, { dense: true });
    expect(calls).toBeLessThan(each / 10);
    expect(largest(dense.map(([x], i) => x - exact[i][0]))).toBeLessThan(1e-11);
    const solution = integrateDense(oscillator, [1, 0], 0, 10);
    for (const [i, y] of dense.slice(0, -1).entries()) expect(solution.at(times[i])).toEqual(y);
  });

  it('has the start and the end exactly, also of no time at all, and nothing outside', () => {
    const solution = integrateDense(oscillator, [1, 0], 2, 3);
    expect(Array.from(solution.at(2))).toEqual([1, 0]);
    expect(Array.from(solution.at(3))).toEqual(Array.from(integrate(oscillator, [1, 0], [2, 3])[1]));
    expect(Array.from(integrateDense(oscillator, [1, 0], 2, 2).at(2))).toEqual([1, 0]);
    expect(() => solution.at(3.5)).toThrow('time 3.5 is asked of a solution from 2 to 3. Ask between');
    expect(() => solution.at(Number.NaN)).toThrow('time NaN');
  });
});
