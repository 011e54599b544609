import { createRandom, type Matrix } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { bitmapUrl } from '../src/charts/bitmap.ts';
import { roundLimit } from '../src/charts/heat.ts';
import { paletteOf, ramp } from '../src/charts/palette.ts';
import { axisOf, createGrowth, scaleOf, valueAt } from '../src/charts/scales.ts';
import { clipped, label, tag } from '../src/charts/svg.ts';
import { symmetricEigenvalues } from '../src/charts/symmetricEigenvalues.ts';
import { signed, signedPercent, withError } from '../src/panels/words.ts';

const square = (rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  cols: rows.length,
  data: Float64Array.from(rows.flat()),
});

describe('symmetricEigenvalues', () => {
  it('gives those of a chain of springs, 2 − 2 cos(kπ/(n + 1))', () => {
    const n = 20;
    const chain = square(
      Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
      ),
    );
    symmetricEigenvalues(chain).forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12);
    });
  });

  it('keeps trace, sum of squares and rank of a random Gram matrix', () => {
    const [n, k] = [40, 9];
    const A = createRandom(3).fillGaussian(new Float64Array(n * k));
    const data = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) for (let c = 0; c < k; c++) data[i * n + j] += A[i * k + c] * A[j * k + c];
    const values = symmetricEigenvalues({ rows: n, cols: n, data });
    const sum = (of: (value: number) => number) => values.reduce((total, value) => total + of(value), 0);
    const trace = Array.from({ length: n }, (_, i) => data[i * n + i]).reduce((a, b) => a + b, 0);
    expect(sum((value) => value)).toBeCloseTo(trace, 8);
    expect(sum((value) => value ** 2)).toBeCloseTo(
      data.reduce((a, b) => a + b * b, 0),
      6,
    );
    expect(values.filter((value) => value > 1e-9)).toHaveLength(k);
  });

  it('takes a diagonal, a single number, zeros and repeated values', () => {
    expect(
      [
        ...symmetricEigenvalues(
          square([
            [3, 0],
            [0, -1],
          ]),
        ),
      ].map((v) => Number(v.toFixed(12))),
    ).toEqual([-1, 3]);
    expect(symmetricEigenvalues(square([[5]]))[0]).toBeCloseTo(5, 12);
    expect([
      ...symmetricEigenvalues(
        square([
          [0, 0],
          [0, 0],
        ]),
      ),
    ]).toEqual([0, 0]);
    for (const value of symmetricEigenvalues(
      square([
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
      ]),
    ))
      expect(value).toBeCloseTo(2, 12);
  });
});

describe('scales', () => {
  it('go to px and back, linear and log', () => {
    for (const scale of ['linear', 'log'] as const) {
      const axis = axisOf([1, 30, 1000], { scale });
      for (const value of [1, 7, 1000])
        expect(valueAt(axis, 40, 300)(scaleOf(axis, 40, 300)(value))).toBeCloseTo(value, 8);
    }
  });

  it('leave numbers out that an axis has no place for', () => {
    expect(axisOf([0, -1, Number.NaN, 10, 100], { scale: 'log' }).domain[0]).toBeGreaterThan(0);
    expect(axisOf([Number.POSITIVE_INFINITY, 1, 2]).domain[1]).toBeLessThan(3);
    for (const end of axisOf([]).domain) expect(Number.isFinite(end)).toBe(true);
  });

  it('only grow until they begin anew', () => {
    const growth = createGrowth();
    growth.begin('run');
    expect(growth.hold('y', [1, 2])).toEqual([1, 2]);
    expect(growth.hold('y', [1.4, 1.6])).toEqual([1, 2]);
    expect(growth.hold('y', [0.5, Number.NaN])).toEqual([0.5, 2]);
    expect(growth.hold('x', [])).toEqual([]);
    growth.begin('run');
    expect(growth.hold('y', [])).toEqual([0.5, 2]);
    growth.begin('done');
    expect(growth.hold('y', [1.4, 1.6])).toEqual([1.4, 1.6]);
  });
});

describe('colours and limits', () => {
  it('reach the ends of a ramp and its middle, and nothing beyond', () => {
    const { diverging } = paletteOf('light');
    expect(ramp(diverging, 0)).toBe(diverging[0]);
    expect(ramp(diverging, 0.5)).toBe(diverging[3]);
    expect(ramp(diverging, 1)).toBe(diverging[6]);
    expect(ramp(diverging, 7)).toBe(diverging[6]);
    expect(ramp(diverging, -7)).toBe(diverging[0]);
  });

  it('round limits up to a number that can be read', () => {
    expect([0.87, 0.9, 1, 1.2, 43, 0.0021].map(roundLimit)).toEqual([1, 1, 1, 1.5, 50, 0.003]);
    expect(roundLimit(0)).toBe(1);
  });

  it('make a bitmap of every entry, rows padded to four bytes', () => {
    const matrix = { rows: 2, cols: 3, data: Float64Array.from([0, 1, 2, 3, 4, 5]) };
    const url = bitmapUrl(matrix, (value) => `#0000${value.toString(16).padStart(2, '0')}`);
    const bytes = Uint8Array.from(atob(url.split(',')[1]), (character) => character.charCodeAt(0));
    expect(String.fromCharCode(bytes[0], bytes[1])).toBe('BM');
    expect(bytes).toHaveLength(54 + 2 * 12);
    // Blue comes first.
    expect([bytes[54], bytes[57], bytes[60], bytes[66], bytes[69], bytes[72]]).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('text', () => {
  it('never becomes mark-up', () => {
    expect(label(1, 2, '<script>&"', { fill: 'red' })).toContain('&lt;script&gt;&amp;&quot;');
    expect(tag('rect', { x: 1.26, fill: '"><b>', hidden: undefined, ry: false })).toBe(
      '<rect x="1.3" fill="&quot;&gt;&lt;b&gt;"/>',
    );
  });

  it('writes numbers with their errors in the last digits', () => {
    expect(withError(0.81702, 0.00091)).toBe('0.8170(9)');
    expect(withError(0.96942, 0.0038)).toBe('0.9694(38)');
    expect(withError(-1234.5, 12)).toBe('−1\u2009235(12)');
    expect(withError(0.5, null)).toBe('0.5');
  });

  it('signs differences, and gives zero no sign', () => {
    expect([signed(0.3, 1), signed(-0.3, 1), signed(0.01, 1)]).toEqual(['+0.3', '−0.3', '0.0']);
    expect([signedPercent(-0.24), signedPercent(0.021), signedPercent(31.6)]).toEqual(['−0.2 %', '+0.02 %', '+32 %']);
  });
});

describe('clipped', () => {
  it('draws what lies in its box, and nothing where the box has no room', () => {
    expect(clipped({ x: 34, y: 28, width: 10, height: 196 }, 'inside')).toContain('inside');
    expect(clipped({ x: 34, y: 28, width: -10, height: 196 }, 'inside')).toBe('');
    expect(clipped({ x: 34, y: 28, width: 10, height: 0 }, 'inside')).toBe('');
  });
});
