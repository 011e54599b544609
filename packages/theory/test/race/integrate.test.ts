import { describe, expect, it } from 'vitest';
import { integrate } from '../../src/race/index.ts';

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
