import type { Matrix } from '@ggdln/core';
import { bitmapUrl } from './bitmap.ts';
import { type Palette, ramp } from './palette.ts';
import { label, type Svg, tag } from './svg.ts';

/** What a heat map is drawn with. */
export interface HeatRequest {
  readonly matrix: Matrix;
  /** Colour of a value. */
  readonly color: (value: number) => string;
  /** Short names of rows and columns; empty for none. */
  readonly names: readonly string[];
  /** Px from side to side, names included. */
  readonly width: number;
  readonly palette: Palette;
  /** Row and column that are outlined; one number outlines both. */
  readonly marked: readonly number[] | undefined;
}

/** A heat map as it was drawn. */
export interface Heat {
  readonly width: number;
  readonly height: number;
  readonly svg: Svg;
  /** The cell at a pixel. */
  readonly cellAt: (at: readonly [number, number]) => readonly [row: number, col: number] | undefined;
}

/** Above this many rows cells are pixels of one picture. */
const MOST_CELLS = 24;

/** A matrix as coloured cells, names left and above. */
export function drawHeat(request: HeatRequest): Heat {
  const { matrix, names, width, palette } = request;
  const margin = names.length > 0 ? 22 : 0;
  const cell = (width - margin) / Math.max(1, matrix.cols);
  const height = margin + cell * matrix.rows;
  const parts = [matrix.rows > MOST_CELLS ? pixels(request, margin) : cells(request, margin, cell)];
  names.forEach((name, i) => {
    const middle = margin + (i + 0.5) * cell;
    const style = { fill: palette.muted, size: cell < 17 ? 11 : 12 };
    parts.push(label(margin - 5, middle + 4, name, { ...style, anchor: 'end' }));
    parts.push(label(middle, margin - 6, name, { ...style, anchor: 'middle' }));
  });
  parts.push(outline(request, margin, cell));
  const cellAt = ([x, y]: readonly [number, number]) => {
    const [row, col] = [Math.floor((y - margin) / cell), Math.floor((x - margin) / cell)];
    return row >= 0 && col >= 0 && row < matrix.rows && col < matrix.cols ? ([row, col] as const) : undefined;
  };
  return { width, height, svg: parts.join(''), cellAt };
}

function cells({ matrix, color }: HeatRequest, margin: number, cell: number): Svg {
  const gap = cell > 12 ? 1 : cell > 6 ? 0.5 : 0;
  let svg = '';
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < matrix.cols; j++) {
      const box = { x: margin + j * cell, y: margin + i * cell, width: cell - gap, height: cell - gap };
      svg += tag('rect', { ...box, rx: cell > 12 ? 2 : 0, fill: color(matrix.data[i * matrix.cols + j]) });
    }
  }
  return svg;
}

function pixels({ matrix, color, width }: HeatRequest, margin: number): Svg {
  const side = width - margin;
  const box = { x: margin, y: margin, width: side, height: (side * matrix.rows) / matrix.cols };
  return tag('image', {
    ...box,
    href: bitmapUrl(matrix, color),
    preserveAspectRatio: 'none',
    style: 'image-rendering:pixelated',
  });
}

function outline({ matrix, marked, palette }: HeatRequest, margin: number, cell: number): Svg {
  const [row, col] = marked ?? [];
  const style = { fill: 'none', stroke: palette.text, 'stroke-width': 1.5, 'pointer-events': 'none' };
  if (row === undefined || row >= matrix.rows) return '';
  if (col === undefined) {
    const across = { x: margin, y: margin + row * cell, width: cell * matrix.cols, height: cell };
    const down = { x: margin + row * cell, y: margin, width: cell, height: cell * matrix.rows };
    return [across, down].map((box) => tag('rect', { ...box, ...style, rx: 2 })).join('');
  }
  if (col >= matrix.cols) return '';
  const place = { x: margin + col * cell - 0.5, y: margin + row * cell - 0.5, width: cell, height: cell };
  return tag('rect', { ...place, ...style, rx: 3 });
}

/** Colours symmetric about zero, from −limit to limit. */
export const divergingColor =
  (limit: number, palette: Palette) =>
  (value: number): string =>
    ramp(palette.diverging, (value / limit + 1) / 2);

/** Colours from zero up to a limit; less than zero is shown as zero. */
export const sequentialColor =
  (limit: number, palette: Palette) =>
  (value: number): string =>
    ramp(palette.sequential, value / limit);

/** The smallest of 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ that isn't below a number; 1 for 0. */
export function roundLimit(largest: number): number {
  if (!(largest > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(largest));
  const mantissa = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((m) => m * unit >= largest * (1 - 1e-9)) ?? 10;
  return Number((mantissa * unit).toPrecision(3));
}

/** The stops of a colour bar as a CSS gradient. */
export const gradientOf = (stops: readonly string[]): string => `linear-gradient(90deg,${stops.join(',')})`;
