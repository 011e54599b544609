import type { SourceRole } from '@ggdln/core';
import type { Figure, FigureWidth, Frame, SeriesGroup } from './figure.ts';
import type { Rect } from './placement.ts';
import { seriesColor } from './seriesColor.ts';
import { textWidth, wrapText } from './textWidth.ts';
import { isSimulated, roleStyles, roles, type Theme } from './theme.ts';

/** A line of text; `y` is its baseline. */
export interface TextItem {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly color: keyof Theme;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
}

export interface FrameLayout {
  readonly frame: Frame;
  readonly plot: Rect;
  readonly residual: Rect | null;
}

export interface LegendItem {
  readonly role: SourceRole;
  /** Set for the colour of a setting; `null` for the mark of a role. */
  readonly group: SeriesGroup | null;
  /** The role's own colour, or a neutral one where colours say settings. */
  readonly color: keyof Theme;
  /** Left end of the swatch and its middle height. */
  readonly x: number;
  readonly y: number;
}

/** Where everything of a figure goes, in px. */
export interface Layout {
  readonly height: number;
  readonly sizes: Sizes;
  readonly texts: readonly TextItem[];
  readonly frames: readonly FrameLayout[];
  readonly legend: readonly LegendItem[];
  /** Height of the hair line above the footer. */
  readonly footerRule: number;
}

/** Sizes of a figure's parts, in px. */
export interface Sizes {
  readonly padding: number;
  readonly gutter: number;
  readonly columns: number;
  readonly title: number;
  readonly frameTitle: number;
  /** Everything else; never below 12. */
  readonly text: number;
}

const SIZES: Readonly<Record<FigureWidth, Sizes>> = {
  340: { padding: 16, gutter: 0, columns: 1, title: 17, frameTitle: 13, text: 12 },
  700: { padding: 24, gutter: 28, columns: 2, title: 20, frameTitle: 14, text: 12 },
  1040: { padding: 32, gutter: 40, columns: 3, title: 24, frameTitle: 16, text: 14 },
};

/** Paddings and font sizes of figures of a width. */
export const textSizes = (width: FigureWidth): Sizes => SIZES[width];

/** Length of a legend swatch: lines are longer than marks. */
export const swatchWidth = (role: SourceRole): number => (isSimulated(role) ? 14 : 26);

/** Where everything of a figure goes; pure arithmetic, so the same everywhere. */
export function layoutFigure(figure: Figure): Layout {
  const sizes = SIZES[figure.width];
  const texts: TextItem[] = [];
  let y = wrappedText(texts, figure.width, figure.title, sizes.padding, {
    size: sizes.title,
    bold: true,
    color: 'text',
  });
  y = wrappedText(texts, figure.width, figure.subtitle, y + 2, { size: sizes.text + 1, color: 'muted' });
  const frames: FrameLayout[] = [];
  const columns = Math.min(sizes.columns, figure.frames.length);
  for (let first = 0; first < figure.frames.length; first += columns) {
    y = layoutRow(figure, figure.frames.slice(first, first + columns), columns, y + sizes.text * 1.5, texts, frames);
  }
  const legend: LegendItem[] = [];
  y = layoutLegend(figure, y + sizes.text * 1.4, texts, legend);
  y = wrappedText(texts, figure.width, figure.caption, y + 6, { size: sizes.text, color: 'muted' });
  const footerRule = Math.round(y + sizes.text) + 0.5;
  y = wrappedText(texts, figure.width, figure.footer, footerRule + 4, {
    size: Math.max(12, sizes.text - 2),
    color: 'muted',
  });
  return { height: Math.ceil(y + sizes.padding * 0.75), sizes, texts, frames, legend, footerRule };
}

/** Wrapped lines from `top` down; returns where they end. */
export function wrappedText(
  texts: TextItem[],
  width: FigureWidth,
  text: string,
  top: number,
  style: Pick<TextItem, 'size' | 'bold' | 'color'>,
): number {
  const { padding } = SIZES[width];
  const lines = wrapText(text, width - 2 * padding, style.size, style.bold ? 600 : 400);
  for (const [i, line] of lines.entries()) {
    texts.push({ ...style, x: padding, y: top + style.size * (1 + 1.35 * i), text: line });
  }
  return top + (lines.length === 0 ? 0 : style.size * (1.3 + 1.35 * (lines.length - 1)));
}

/** Room for the tick labels left of a frame, the same for all frames. */
function tickMargin(figure: Figure): number {
  const { text } = SIZES[figure.width];
  const ticks = figure.frames.flatMap(({ y, residual }) => [...y.ticks, ...(residual?.y.ticks ?? [])]);
  return Math.ceil(Math.max(...ticks.map(({ label }) => textWidth(label, text)))) + 10;
}

function layoutRow(
  figure: Figure,
  row: readonly Frame[],
  columns: number,
  top: number,
  texts: TextItem[],
  frames: FrameLayout[],
): number {
  const { padding, gutter, frameTitle, text } = SIZES[figure.width];
  const cell = (figure.width - 2 * padding - (columns - 1) * gutter) / columns;
  const margin = tickMargin(figure);
  const width = cell - margin - 8;
  const height = Math.round(Math.min(400, Math.max(190, 0.62 * width)));
  const below = Math.round(Math.max(84, 0.3 * height));
  const gap = Math.round(3.2 * text);
  // A note that has no room opposite its title goes below it, in all frames of the row alike.
  const noteBelow = row.some(
    ({ title, note }) => textWidth(title, frameTitle, 600) + textWidth(note, text) + 12 > cell - 8,
  );
  const noteLine = noteBelow ? text * 1.4 : 0;
  const plotTop = Math.round(top + frameTitle * 1.2 + noteLine + text * 2.6);
  const anyResidual = row.some(({ residual }) => residual !== null);
  const bottom = plotTop + height + (anyResidual ? gap + below : 0);
  for (const [i, frame] of row.entries()) {
    const x = Math.round(padding + i * (cell + gutter));
    const left = x + margin;
    const full = { x: left, y: plotTop, width, height: bottom - plotTop };
    const residual = frame.residual ? { x: left, y: bottom - below, width, height: below } : null;
    frames.push({ frame, plot: residual ? { ...full, height } : full, residual });
    const right = noteBelow ? { x } : { x: left + width, anchor: 'end' as const };
    texts.push({ x, y: top + frameTitle, text: frame.title, size: frameTitle, bold: true, color: 'text' });
    texts.push({ ...right, y: top + frameTitle + noteLine, text: frame.note, size: text, color: 'muted' });
    texts.push({ x, y: plotTop - text * 1.1, text: frame.label, size: text, color: 'muted' });
    if (residual && frame.residual) {
      texts.push({ x, y: residual.y - text * 0.95, text: frame.residual.title, size: text, color: 'muted' });
    }
    const middle = { x: left + width / 2, anchor: 'middle' as const };
    texts.push({ ...middle, y: bottom + 9 + text * 2.5, text: figure.x.label, size: text, color: 'muted' });
  }
  return bottom + 9 + text * 2.8;
}

function layoutLegend(figure: Figure, top: number, texts: TextItem[], legend: LegendItem[]): number {
  const { padding, text } = SIZES[figure.width];
  let x = padding;
  let y = top + text * 0.6;
  for (const { label, ...item } of legendItems(figure)) {
    const { role } = item;
    const swatch = swatchWidth(role) + 7;
    const length = swatch + textWidth(label, text);
    if (x > padding && x + length > figure.width - padding) {
      x = padding;
      y += text * 1.9;
    }
    legend.push({ ...item, x, y });
    texts.push({ x: x + swatch, y: y + text * 0.36, text: label, size: text, color: 'muted' });
    x += length + 20;
  }
  return y + text * 0.8;
}

/** Settings by colour, if frames compare any; then roles by mark. */
function legendItems({
  frames,
  guide,
  names = {},
}: Figure): (Omit<LegendItem, 'x' | 'y'> & { readonly label: string })[] {
  const all = frames.flatMap(({ series }) => series);
  const groups = new Map(all.flatMap(({ group }) => (group ? [[group.name, group] as const] : [])));
  const present = roles.filter((role) => all.some((candidate) => candidate.role === role));
  return [
    ...[...groups.values()].map((group) => {
      const role = 'theory' as const;
      return { role, group, color: seriesColor({ role, group }), label: group.name };
    }),
    ...present.map((role) => {
      const { color, legend } = roleStyles[role];
      const label = role === 'theory' && guide !== undefined ? capital(guide) : (names[role] ?? legend);
      // Colours say the setting, where there is one.
      const isSet = all.some((series) => series.role === role && series.group !== null);
      return { role, group: null, color: isSet ? ('muted' as const) : color, label };
    }),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
