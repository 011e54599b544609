import { describe, expect, it } from 'vitest';
import { type Theme, type ThemeName, themes } from '../src/theme.ts';

/** Linear light of the three channels, 0 to 1. */
function linear(hex: string): number[] {
  return [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
}

/** Contrast ratio of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [dark, light] = [a, b]
    .map((hex) => linear(hex).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0))
    .sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** Dichromats' view in linear RGB: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, IEEE TVCG 15 (2009), severity 1. */
const VISION = {
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
  typical: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** CIE L*a*b* (D65) of a colour seen through one of the matrices. */
function lab(hex: string, matrix: readonly number[]): number[] {
  const rgb = linear(hex);
  const multiply = (m: readonly number[], v: readonly number[]) =>
    [0, 1, 2].map((i) => m[3 * i] * v[0] + m[3 * i + 1] * v[1] + m[3 * i + 2] * v[2]);
  const seen = multiply(matrix, rgb).map((c) => Math.min(1, Math.max(0, c)));
  const xyz = multiply([0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505], seen);
  const [x, y, z] = xyz.map((c, i) => {
    const t = c / [0.9505, 1, 1.089][i];
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const STATED: Record<ThemeName, readonly (readonly [keyof Theme, onSurface: number, onPage: number])[]> = {
  light: [
    ['text', 17.6, 16.3],
    ['muted', 6.6, 6.1],
    ['border', 3.6, 3.3],
    ['theory', 5.7, 5.3],
    ['sampled', 5.7, 5.2],
    ['gradientDescent', 9.0, 8.3],
    ['infiniteWidth', 4.8, 4.5],
    ['online', 13.3, 12.2],
  ],
  dark: [
    ['text', 14.3, 15.6],
    ['muted', 7.8, 8.5],
    ['border', 4.2, 4.5],
    ['theory', 6.6, 7.2],
    ['sampled', 7.4, 8.1],
    ['gradientDescent', 11.9, 12.9],
    ['infiniteWidth', 6.6, 7.2],
    ['online', 11.7, 12.8],
  ],
};

describe.each(['light', 'dark'] as const)('%s theme', (name) => {
  const theme = themes[name];

  it.each(STATED[name])('%s has a contrast of %d on surface and %d on page', (token, onSurface, onPage) => {
    // Stated to one decimal.
    expect(contrast(theme[token], theme.surface)).toBeGreaterThanOrEqual(onSurface - 0.05);
    expect(contrast(theme[token], theme.page)).toBeGreaterThanOrEqual(onPage - 0.05);
  });

  it.each(Object.keys(VISION) as (keyof typeof VISION)[])('A to E stay apart for %s vision', (vision) => {
    const colors = [theme.theory, theme.sampled, theme.gradientDescent, theme.infiniteWidth, theme.online];
    const seen = colors.map((color) => lab(color, VISION[vision]));
    const distances = seen.flatMap((a, i) =>
      seen.slice(i + 1).map((b) => Math.hypot(...a.map((value, k) => value - b[k]))),
    );
    expect(Math.min(...distances)).toBeGreaterThan(name === 'light' ? 19.5 : 23.5);
  });

  const groups = ['group1', 'group2', 'group3', 'group4', 'group5'] as const;

  it('has colours of settings that are read as text on the surface', () => {
    for (const group of groups) expect(contrast(theme[group], theme.surface)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.keys(VISION) as (keyof typeof VISION)[])(
    'the first three settings stay apart for %s vision',
    (vision) => {
      const seen = groups.slice(0, 3).map((group) => lab(theme[group], VISION[vision]));
      const distances = seen.flatMap((a, i) =>
        seen.slice(i + 1).map((b) => Math.hypot(...a.map((value, k) => value - b[k]))),
      );
      expect(Math.min(...distances)).toBeGreaterThan(19.5);
    },
  );
});
