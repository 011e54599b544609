import type { SourceRole } from '@ggdln/core';
import { blend, roleStyles, type Theme, type ThemeName, themes } from '@ggdln/plot';

/** Colours of charts: those of figures and what a page adds. Charts carry their colours, so that they can be saved. */
export interface Palette extends Theme {
  readonly name: ThemeName;
  readonly sunken: string;
  readonly accent: string;
  /** Behind what is selected. */
  readonly selected: string;
  readonly error: string;
  /** From zero up, for kernels. */
  readonly sequential: readonly string[];
  /** Symmetric about its middle, for U. */
  readonly diverging: readonly string[];
  /** Classes and tasks, in this order, labelled. */
  readonly nominal: readonly string[];
}

const nominal = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

const palettes: Readonly<Record<ThemeName, Palette>> = {
  light: {
    ...themes.light,
    name: 'light',
    sunken: '#eef0f4',
    accent: '#1257ad',
    selected: '#e6effb',
    error: '#b3261e',
    sequential: ['#f1f4f8', '#c6d4e8', '#8fb0d6', '#5285bf', '#27599c', '#0f2f63'],
    diverging: ['#62308e', '#9670bb', '#cbb8de', '#f3f3f5', '#b5d9bb', '#4a965f', '#0e5a30'],
    nominal,
  },
  dark: {
    ...themes.dark,
    name: 'dark',
    sunken: '#1f242c',
    accent: '#78b4ff',
    selected: '#1b2a3f',
    error: '#ff8a80',
    sequential: ['#1f242c', '#24405f', '#2f6394', '#4d8bc4', '#86b5e6', '#d3e6fb'],
    diverging: ['#dfbcf5', '#a67acc', '#553a70', '#242a32', '#254c33', '#4b9a62', '#8fdb9f'],
    nominal,
  },
};

/** The colours of a theme. */
export const paletteOf = (theme: ThemeName): Palette => palettes[theme];

/** The colour of everything that comes from a role. */
export const roleColor = (role: SourceRole, palette: Palette): string => palette[roleStyles[role].color];

const SHADES = 256;
const tables = new WeakMap<readonly string[], readonly string[]>();

/** The colour a share (0 to 1) of the way through some stops, to one of 257 shades. */
export function ramp(stops: readonly string[], share: number): string {
  const table = tables.get(stops) ?? shadesOf(stops);
  tables.set(stops, table);
  return table[Math.round(Math.min(1, Math.max(0, share)) * SHADES)];
}

function shadesOf(stops: readonly string[]): string[] {
  return Array.from({ length: SHADES + 1 }, (_, k) => {
    const place = (k / SHADES) * (stops.length - 1);
    const from = Math.min(stops.length - 2, Math.floor(place));
    return blend(stops[from], stops[from + 1], place - from);
  });
}

/** A colour with an opacity, as CSS. */
export function faint(color: string, opacity: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgba(${channels.join(',')},${opacity})`;
}
