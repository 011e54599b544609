import type { RoleNames, SourceRole } from '@ggdln/core';

export type ThemeName = 'light' | 'dark';

/** Colours of a figure. Contrast ratios on `surface` and `page` are checked by a test. */
export interface Theme {
  /** Behind the panels of an application. */
  readonly page: string;
  /** Behind the marks; also the halo of labels. */
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  /** Baselines and ticks. */
  readonly border: string;
  /** Grid lines. */
  readonly hair: string;
  /** Colour A: theory. */
  readonly theory: string;
  /** Colour B: anything that samples the posterior. */
  readonly sampled: string;
  /** Colour C. */
  readonly gradientDescent: string;
  /** Colour D. */
  readonly infiniteWidth: string;
  /** Colour E. */
  readonly online: string;
  /** Settings that a frame compares; there, colours say the setting and marks the role. */
  readonly group1: string;
  readonly group2: string;
  readonly group3: string;
  readonly group4: string;
  readonly group5: string;
}

/** Light is the default: figures are printed. Both sets keep their meaning everywhere. */
export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    page: '#f5f6f8',
    surface: '#ffffff',
    text: '#16191f',
    muted: '#555d6b',
    border: '#7f8795',
    hair: '#dadee5',
    theory: '#1565c0',
    sampled: '#b83d12',
    gradientDescent: '#00543c',
    infiniteWidth: '#6b7280',
    online: '#540a5e',
    group1: '#1565c0',
    group2: '#b83d12',
    group3: '#00543c',
    group4: '#7b2fa8',
    group5: '#7d6000',
  },
  dark: {
    page: '#0f1216',
    surface: '#171b21',
    text: '#e8eaee',
    muted: '#a7afbc',
    border: '#747d8c',
    hair: '#2c333d',
    theory: '#5aa2ff',
    sampled: '#ff8a5c',
    gradientDescent: '#9be7b0',
    infiniteWidth: '#98a1af',
    online: '#f2d51b',
    group1: '#5aa2ff',
    group2: '#ff8a5c',
    group3: '#9be7b0',
    group4: '#cf9bff',
    group5: '#e2c255',
  },
};

export type Mark = 'line' | 'circle' | 'square' | 'diamond' | 'star' | 'dashed';

/** How results of one role look and are called, in every figure. */
export interface RoleStyle {
  readonly color: keyof Theme;
  readonly mark: Mark;
  /** Direct label beside the curve. */
  readonly label: string;
  readonly legend: string;
}

/** Roles in the order of the legend (A, B, B, C, E, D). */
export const roleStyles: Readonly<Record<SourceRole, RoleStyle>> = {
  theory: { color: 'theory', mark: 'line', label: 'theory', legend: 'Theory' },
  'exact-sampling': {
    color: 'sampled',
    mark: 'circle',
    label: 'exact sampling',
    legend: 'Exact sampling ± 1 s.e.',
  },
  langevin: { color: 'sampled', mark: 'square', label: 'Langevin', legend: 'Langevin ± 1 s.e.' },
  'gradient-descent': {
    color: 'gradientDescent',
    mark: 'diamond',
    label: 'gradient descent',
    legend: 'Gradient descent',
  },
  online: { color: 'online', mark: 'star', label: 'online learning', legend: 'Online learning' },
  'infinite-width': { color: 'infiniteWidth', mark: 'dashed', label: 'infinite width', legend: 'Infinite width' },
};

/** What a sentence calls a role: as the legend does, without error bars. */
export function calledRole(role: SourceRole, names: RoleNames = {}): string {
  const [words] = (names[role] ?? roleStyles[role].label).split(' ± ');
  // `HMC` and `ReLU network` keep their capitals.
  return /^[A-Z][a-z]+(?![A-Za-z])/.test(words) && names[role] !== undefined
    ? words[0].toLowerCase() + words.slice(1)
    : words;
}

/** All roles, in the order of the legend. */
export const roles: readonly SourceRole[] = Object.keys(roleStyles) as SourceRole[];

/** Roles that are simulated: points with bars, compared with theory in the residual frame. */
export const isSimulated = (role: SourceRole): boolean => role !== 'theory' && role !== 'infinite-width';

/** Roles that sample the posterior which theory describes; they set the scale of the residual frame. */
export const isSampler = (role: SourceRole): boolean => role === 'exact-sampling' || role === 'langevin';

/** Inter if the reader has it, else what their system uses for its own text. */
export const fontFamily: string = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
