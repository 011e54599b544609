import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearAxis, logAxis } from '../src/axis.ts';

const fromLabel = (label: string) => Number(label.replace('−', '-').replaceAll('\u2009', ''));

describe('linearAxis', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 8 });

  it('holds every value and has 4 to 6 ticks (4 to 5 where asked), whatever the values', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(5, 6), fc.constantFrom(true, false, undefined), (given, maxTicks, zero) => {
        const { domain, ticks } = linearAxis(given, { maxTicks, zero });
        expect(ticks.length).toBeGreaterThanOrEqual(4);
        expect(ticks.length).toBeLessThanOrEqual(maxTicks);
        for (const value of [...given, ...ticks.map((tick) => tick.value)]) {
          const slack = 1e-9 * (domain[1] - domain[0]);
          expect(value).toBeGreaterThanOrEqual(domain[0] - slack);
          expect(value).toBeLessThanOrEqual(domain[1] + slack);
        }
        if (zero) expect(domain[0] <= 0 && domain[1] >= 0).toBe(true);
      }),
    );
  });

  it('has ticks on whole numbers alone where things are counted', () => {
    const labels = (given: number[]) => linearAxis(given, { whole: true }).ticks.map(({ label }) => label);
    expect(labels([1, 2])).toEqual(['1', '2']);
    expect(labels([1, 2, 3, 5])).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(labels([3])).toEqual(['3']);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 5000 }), { minLength: 1, maxLength: 6 }), (given) => {
        const { domain, ticks } = linearAxis(given, { whole: true });
        for (const { value } of ticks) expect(Number.isInteger(value)).toBe(true);
        expect(ticks.length).toBeGreaterThan(0);
        for (const value of given) {
          expect(value).toBeGreaterThanOrEqual(domain[0]);
          expect(value).toBeLessThanOrEqual(domain[1]);
        }
      }),
    );
  });

  it('labels say the values of the ticks, times the common power of ten', () => {
    fc.assert(
      fc.property(values, (given) => {
        const { ticks, exponent } = linearAxis(given);
        const step = ticks[1].value - ticks[0].value;
        for (const { value, label } of ticks) {
          expect(Math.abs(fromLabel(label) * 10 ** exponent - value)).toBeLessThan(1e-6 * step);
        }
      }),
    );
  });

  it('takes a power of ten out of small numbers, not out of ordinary ones', () => {
    expect(linearAxis([-0.0042, 0.0031]).exponent).toBe(-3);
    expect(linearAxis([0.034, 0.097]).exponent).toBe(0);
    expect(linearAxis([0.812, 0.816]).ticks.map(({ label }) => label)).toContain('0.812');
    expect(linearAxis([0, 3e7]).exponent).toBe(6);
  });

  it('shows zero when that is cheap, and does not pad below it', () => {
    expect(linearAxis([0.1, 1]).domain[0]).toBe(0);
    expect(linearAxis([0.6, 1]).domain[0]).toBeGreaterThan(0.5);
  });
});

describe('logAxis', () => {
  it('labels decades and leaves what is between unlabelled', () => {
    const axis = logAxis([10, 30, 100, 1000, 10000]);
    expect(axis.ticks.map(({ label }) => label)).toEqual(['10¹', '10²', '10³', '10⁴']);
    expect(axis.minor).toContain(200);
    expect(axis.minor).not.toContain(100);
    expect(axis.domain[0]).toBeLessThan(10);
    expect(axis.domain[1]).toBeGreaterThan(10000);
  });

  it('names more than decades when there are fewer than two', () => {
    expect(logAxis([20, 60]).ticks.map(({ label }) => label)).toEqual(['20', '50']);
    expect(logAxis([0.001, 0.003]).ticks.length).toBeGreaterThanOrEqual(2);
  });

  it('keeps at most seven labels over many decades', () => {
    expect(logAxis([1e-12, 1e12]).ticks.length).toBeLessThanOrEqual(7);
  });
});
