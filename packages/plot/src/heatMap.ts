import { inputError, type Json, type Matrix } from '@ggdln/core';
import { FIGURE_WIDTHS, type FigureWidth } from './figure.ts';
import { formatNumber } from './format.ts';
import type { ThemeName } from './theme.ts';

/** One matrix of a heat map; small ones show their numbers. */
export interface HeatMapPanel {
  readonly title: string;
  /** A few words below the title. */
  readonly note: string;
  readonly rows: number;
  readonly cols: number;
  /** Row-major. */
  readonly values: readonly number[];
  /** Names of rows and columns; empty for none. */
  readonly names: readonly string[];
  /** Names of the columns where they are others; an empty one is not shown. */
  readonly columnNames: readonly string[];
  readonly overlay: HeatMapOverlay;
}

/** A place on a matrix, in columns and rows from the upper left corner: the middle of the first cell is [0.5, 0.5]. */
type Place = readonly [column: number, row: number];

/** What is drawn over the cells, e.g. the boundary between two phases and their names. */
export interface HeatMapOverlay {
  readonly line?: readonly Place[];
  readonly labels?: readonly { readonly at: Place; readonly text: string }[];
}

/** Matrices in one row and on one colour scale, as plain data that survives JSON. */
export interface HeatMap {
  readonly format: 'ggdln-heat-map/1';
  readonly width: FigureWidth;
  readonly theme: ThemeName;
  readonly title: string;
  readonly subtitle: string;
  readonly description: string;
  readonly panels: readonly HeatMapPanel[];
  /** The most panels in a row. */
  readonly columns: number;
  /** Values are coloured from −limit to limit if any is negative, else from 0 to limit. */
  readonly scale: { readonly limit: number; readonly signed: boolean; readonly label: string };
  readonly caption: string;
  readonly footer: string;
  readonly spec: Json;
}

export interface HeatMapOptions {
  readonly title: string;
  readonly subtitle?: string;
  readonly panels: readonly {
    readonly title: string;
    readonly note?: string;
    readonly matrix: Matrix;
    readonly names?: readonly string[];
    readonly columnNames?: readonly string[];
    readonly overlay?: HeatMapOverlay;
  }[];
  /** The most panels in a row; fewer where they have no room. */
  readonly columns?: number;
  /** What the colours mean, e.g. `correlation, dimensionless`. */
  readonly label: string;
  readonly footer: string;
  readonly caption?: string;
  /** Pixels: 340, 700 or 1040 (default). */
  readonly width?: FigureWidth;
  /** Default `light`. */
  readonly theme?: ThemeName;
  readonly spec?: Json;
}

const WHERE = '@ggdln/plot heatMap';

/**
 * Matrices side by side on one colour scale, e.g. an order parameter at several widths.
 * @throws GGDLN_INPUT for no matrix, an empty one, entries that aren't finite, names or places
 * that don't fit, or a width that figures aren't made in.
 */
export function heatMap(options: HeatMapOptions): HeatMap {
  const width = options.width ?? 1040;
  if (!FIGURE_WIDTHS.includes(width)) {
    throw inputError(WHERE, `width is ${width} px`, `Figures are ${FIGURE_WIDTHS.join(', ')} px wide`);
  }
  if (options.panels.length === 0) throw inputError(WHERE, 'there are no panels', 'Give at least one matrix');
  const panels = options.panels.map(readPanel);
  const values = panels.flatMap((panel) => panel.values);
  const limit = Math.max(...values.map(Math.abs));
  return {
    format: 'ggdln-heat-map/1',
    width,
    theme: options.theme ?? 'light',
    title: options.title,
    subtitle: options.subtitle ?? '',
    description: panels.map((panel) => describePanel(panel)).join(' '),
    panels,
    columns: options.columns ?? panels.length,
    scale: { limit: limit > 0 ? limit : 1, signed: values.some((value) => value < 0), label: options.label },
    caption: options.caption ?? '',
    footer: options.footer,
    spec: options.spec ?? null,
  };
}

function readPanel(panel: HeatMapOptions['panels'][number]): HeatMapPanel {
  const { title, note = '', matrix, names = [], columnNames = names, overlay = {} } = panel;
  const { rows, cols, data } = matrix;
  if (rows < 1 || cols < 1) throw inputError(WHERE, `"${title}" is ${rows} × ${cols}`, 'Give one entry at least');
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const place = `row ${Math.floor(bad / cols)}, column ${bad % cols}`;
    throw inputError(WHERE, `"${title}" has ${data[bad]} in ${place}`, 'Entries are finite numbers');
  }
  requireNames(title, 'rows', names, rows);
  requireNames(title, 'columns', columnNames, cols);
  for (const [column, row] of [...(overlay.line ?? []), ...(overlay.labels ?? []).map(({ at }) => at)]) {
    if (column >= 0 && column <= cols && row >= 0 && row <= rows) continue;
    const place = `column ${column}, row ${row}`;
    throw inputError(WHERE, `"${title}" has something to draw at ${place}`, `Its ends are ${cols} and ${rows}`);
  }
  return { title, note, rows, cols, values: [...data], names, columnNames, overlay };
}

function requireNames(title: string, what: string, names: readonly string[], count: number): void {
  if (names.length === 0 || names.length === count) return;
  throw inputError(WHERE, `"${title}" has ${names.length} names for ${count} ${what}`, 'Give one for each, or none');
}

function describePanel({ title, rows, cols, values }: HeatMapPanel): string {
  const ends = [Math.min(...values), Math.max(...values)].map((value) => formatNumber(value));
  return `${title}: ${rows} × ${cols}, entries from ${ends[0]} to ${ends[1]}.`;
}
