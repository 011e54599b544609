import type { Json, RoleNames, SourceRole } from '@ggdln/core';
import type { Axis } from './axis.ts';
import type { ThemeName } from './theme.ts';

/** Widths that figures are made in: a phone or one column, a page, a slide. */
export const FIGURE_WIDTHS = [340, 700, 1040] as const;
export type FigureWidth = (typeof FIGURE_WIDTHS)[number];

/** One result. A `null` value is a gap in a line; `stderr` is `null` where there is no sampling noise. */
export interface Point {
  readonly x: number;
  readonly value: number | null;
  readonly stderr: number | null;
}

/** One of the settings that a frame compares, e.g. `σ² = 0.5`. */
export interface SeriesGroup {
  readonly name: string;
  /** Its place among them, from 0: which of the theme's colours it has. */
  readonly index: number;
}

/** Results of one source, sorted by x. */
export interface Series {
  readonly role: SourceRole;
  readonly source: string;
  /** Direct label. */
  readonly label: string;
  /** A further source of the same role: same hue at half opacity. */
  readonly faded: boolean;
  /** Which setting it belongs to, where a frame compares several; its colour then says the setting, its mark the role. */
  readonly group: SeriesGroup | null;
  readonly points: readonly Point[];
  /** The value of a result that doesn't depend on x: a horizontal line over the whole frame. */
  readonly constant: number | null;
}

/** Simulation minus theory at one x. */
export interface Residual {
  readonly role: SourceRole;
  readonly source: string;
  readonly group: SeriesGroup | null;
  readonly x: number;
  readonly value: number;
  readonly stderr: number | null;
}

export interface ResidualFrame {
  readonly title: string;
  readonly y: Axis;
  readonly residuals: readonly Residual[];
}

/** One quantity against x. */
export interface Frame {
  readonly metric: string;
  readonly title: string;
  readonly note: string;
  /** Axis label: name, symbol, unit. */
  readonly label: string;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly residual: ResidualFrame | null;
}

/** A figure as plain data: survives JSON, holds every number that is drawn. */
export interface Figure {
  readonly format: 'ggdln-figure/1';
  readonly width: FigureWidth;
  readonly theme: ThemeName;
  readonly title: string;
  readonly subtitle: string;
  /** The result in words, for readers who don't see the picture. */
  readonly description: string;
  readonly x: Axis & { readonly label: string };
  readonly frames: readonly Frame[];
  readonly caption: string;
  readonly footer: string;
  /** What lines are, where not theory. */
  readonly guide?: string;
  /** What the legend calls roles, where not by their own names. */
  readonly names?: RoleNames;
  /** What the figure was made from; written into the SVG. */
  readonly spec: Json;
}
