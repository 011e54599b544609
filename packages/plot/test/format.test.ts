import { describe, expect, it } from 'vitest';
import { formatFixed, formatNumber, superscript } from '../src/format.ts';
import { textWidth, wrapText } from '../src/textWidth.ts';

describe('numbers', () => {
  it('have true minus signs, thin spaces and at most four digits', () => {
    expect(formatNumber(-0.72361)).toBe('−0.7236');
    expect(formatNumber(10000)).toBe('10\u2009000');
    expect(formatNumber(123456)).toBe('123\u2009500');
    expect(formatNumber(0.5)).toBe('0.5');
    expect(formatNumber(0)).toBe('0');
    expect(formatFixed(-0.0001, 2)).toBe('0.00');
  });

  it('use powers of ten where plain digits would be long', () => {
    expect(formatNumber(1.5e-7)).toBe('1.5 × 10⁻⁷');
    expect(formatNumber(-2.34567e9)).toBe('−2.346 × 10⁹');
    expect(superscript(-123)).toBe('⁻¹²³');
  });
});

describe('text', () => {
  it('is wider in bold, and wraps within the width', () => {
    const text = 'Odd against even digits of MNIST, P = 100; six half-space gates and one always on';
    expect(textWidth(text, 12, 600)).toBeGreaterThan(textWidth(text, 12));
    const lines = wrapText(text, 200, 12);
    expect(lines.join(' ')).toBe(text);
    expect(Math.max(...lines.map((line) => textWidth(line, 12)))).toBeLessThanOrEqual(200);
  });

  it('never starts a line with a separating dot', () => {
    const lines = wrapText('seed 11 · float64 · wasm · 2 chains · 1 500 sweeps', 70, 12);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => line.startsWith('·'))).toEqual([]);
  });
});
