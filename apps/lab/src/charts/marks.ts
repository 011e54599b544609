import type { SourceRole } from '@ggdln/core';
import { roleStyles } from '@ggdln/plot';
import { type Palette, roleColor } from './palette.ts';
import { pathThrough, px, type Svg, tag } from './svg.ts';

/** How a mark looks. */
export interface MarkStyle {
  readonly palette: Palette;
  /** Instead of the role's. */
  readonly color?: string;
  /** Not settled yet. */
  readonly hollow?: boolean;
  /** A further source of the same role. */
  readonly faded?: boolean;
  /** Radius of a circle; other marks follow. Default 4.5. */
  readonly size?: number;
}

type Place = readonly [x: number, y: number];

/** Width of the edge that sets a filled mark off from what is below. */
const EDGE = 1.2;

/** The mark of a simulated result at a place in px. */
export function roleMark(role: SourceRole, x: number, y: number, style: MarkStyle): Svg {
  return roleMarks(role, [[x, y]], style);
}

/** Such marks at many places, as one element: a browser lays out each element anew whenever they are drawn. */
export function roleMarks(role: SourceRole, places: readonly Place[], style: MarkStyle): Svg {
  if (places.length === 0) return '';
  const { palette, hollow = false, faded = false, size = 4.5 } = style;
  const color = style.color ?? roleColor(role, palette);
  const open = { fill: palette.surface, stroke: color, 'stroke-width': 1.8 };
  const opacity = faded && '0.5';
  const draw = (outline: (x: number, y: number, size: number) => string, hollowed: boolean) => {
    const d = (r: number) => places.map(([x, y]) => outline(x, y, r)).join('');
    if (hollowed) return tag('path', { d: d(size), ...open, opacity });
    // The edges of all lie below all marks: drawn with each other they would cover the marks of a crowd.
    const edge = tag('path', { d: d(size), fill: 'none', stroke: palette.surface, 'stroke-width': EDGE, opacity });
    return edge + tag('path', { d: d(size - EDGE / 2), fill: color, opacity });
  };
  switch (roleStyles[role].mark) {
    case 'diamond':
      return draw((x, y, r) => diamond(x, y, r * 1.25), true);
    case 'square':
      return draw(square, hollow);
    case 'star':
      return draw((x, y, r) => star(x, y, r * 1.5), hollow);
    case 'dashed':
      return crosses(places, palette.infiniteWidth, size * 0.75);
    case 'circle':
    case 'line':
      return draw(circle, hollow);
  }
}

/** × of infinite width. */
export const cross = (x: number, y: number, color: string): Svg => crosses([[x, y]], color);

/** Many ×, as one element. */
export function crosses(places: readonly Place[], color: string, size = 3.3): Svg {
  if (places.length === 0) return '';
  const [s, w] = [size, px(2 * size)];
  const d = places.map(([x, y]) => `M${px(x - s)} ${px(y - s)}l${w} ${w}m0 -${w}l-${w} ${w}`).join('');
  return tag('path', { d, stroke: color, 'stroke-width': 1.4, fill: 'none' });
}

const diamond = (x: number, y: number, r: number): string =>
  `M${px(x)} ${px(y - r)}l${px(r)} ${px(r)} ${px(-r)} ${px(r)} ${px(-r)} ${px(-r)}z`;

const square = (x: number, y: number, r: number): string =>
  `M${px(x - r)} ${px(y - r)}h${px(2 * r)}v${px(2 * r)}h${px(-2 * r)}z`;

const circle = (x: number, y: number, r: number): string =>
  `M${px(x - r)} ${px(y)}a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0z`;

function star(x: number, y: number, radius: number): string {
  const corners = Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 === 0 ? radius : 0.382 * radius;
    const angle = (Math.PI * i) / 5;
    return [x + r * Math.sin(angle), y - r * Math.cos(angle)] as const;
  });
  return `${pathThrough(corners)}z`;
}

/** An error bar in px, with caps where they can be told from its ends. */
export function errorBar(x: number, low: number, high: number, color: string, faded = false): Svg {
  return errorBars([[x, low, high]], color, faded);
}

/** Many error bars, as one element. */
export function errorBars(
  bars: readonly (readonly [x: number, low: number, high: number])[],
  color: string,
  faded = false,
): Svg {
  if (bars.length === 0) return '';
  const d = bars.map(([x, low, high]) => {
    const [top, bottom] = [Math.min(low, high), Math.max(low, high)];
    const caps = bottom - top > 8 ? `M${px(x - 3)} ${px(top)}h6M${px(x - 3)} ${px(bottom)}h6` : '';
    return `M${px(x)} ${px(top)}V${px(bottom)}${caps}`;
  });
  return tag('path', { d: d.join(''), stroke: color, 'stroke-width': 1.5, fill: 'none', opacity: faded && '0.5' });
}

/** Points at the edge of a frame for what lies beyond it: an open triangle. */
export function beyond(x: number, y: number, up: boolean, color: string, palette: Palette): Svg {
  const s = up ? -1 : 1;
  const d = `M${px(x - 4)} ${px(y - 6 * s)}h8l-4 ${px(6 * s)}z`;
  return tag('path', { d, fill: palette.surface, stroke: color, 'stroke-width': 1.5 });
}

/** How a line looks. */
export interface LineStyle {
  readonly color: string;
  readonly dashed?: boolean;
  /** Not a solution yet. */
  readonly dotted?: boolean;
  readonly faded?: boolean;
  readonly width?: number;
}

/** A line with gaps where there is nothing. A piece of a single point is a dot. */
export function lineMark(points: readonly (readonly [x: number, y: number] | null)[], style: LineStyle): Svg {
  const pieces: (readonly [number, number])[][] = [[]];
  for (const point of points) {
    if (point === null) pieces.push([]);
    else pieces[pieces.length - 1].push(point);
  }
  const look = {
    stroke: style.color,
    'stroke-width': style.width ?? (style.dashed ? 1.5 : 2),
    'stroke-dasharray': style.dashed ? '5 4' : style.dotted ? '2 4' : undefined,
    'stroke-linejoin': 'round',
    'stroke-linecap': style.dashed ? undefined : 'round',
    opacity: style.faded && '0.5',
    fill: 'none',
  };
  return pieces
    .filter((piece) => piece.length > 0)
    .map((piece) =>
      piece.length === 1
        ? tag('circle', { cx: piece[0][0], cy: piece[0][1], r: 3, fill: style.color, opacity: style.faded && '0.5' })
        : tag('path', { d: pathThrough(piece), ...look }),
    )
    .join('');
}

/** A horizontal line from side to side. */
export function levelMark(y: number, box: { readonly x: number; readonly width: number }, style: LineStyle): Svg {
  const ends: (readonly [number, number])[] = [box.x, box.x + box.width].map((x) => [x, y] as const);
  return lineMark(ends, style);
}

/** The picture of a role in a legend, 24 × 14. */
export function swatch(role: SourceRole, palette: Palette, color?: string): Svg {
  const paint = color ?? roleColor(role, palette);
  const mark = roleStyles[role].mark;
  const line = mark === 'line' || mark === 'dashed';
  const picture = line
    ? lineMark(
        [
          [1, 7],
          [23, 7],
        ],
        { color: paint, dashed: mark === 'dashed' },
      )
    : (mark === 'diamond' ? '' : errorBar(12, 0.5, 13.5, paint)) +
      roleMark(role, 12, 7, { palette, color: paint, size: 4 });
  return tag('svg', { viewBox: '0 0 24 14', width: '24', height: '14', 'aria-hidden': 'true' }, picture);
}
