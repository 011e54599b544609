import type { Axis, Rect } from '@ggdln/plot';
import { textWidth } from '@ggdln/plot';
import type { Palette } from './palette.ts';
import { type Scale, scaleOf } from './scales.ts';
import { label, px, type Svg, tag } from './svg.ts';

/** A frame with its axes: where values are in px, and the grid, ticks and labels as SVG. */
export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly box: Rect;
  readonly svg: Svg;
}

/** What a frame is drawn with. */
export interface FrameRequest {
  readonly box: Rect;
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly palette: Palette;
  /** Labels of x stand below this frame. Default true. */
  readonly labelled?: boolean;
  /** Under the tick labels. */
  readonly xLabel?: string;
  /** Colour of the line at 0 instead of the grid's. */
  readonly zero?: string;
}

/** Horizontal grid, baseline, ticks; no frame. */
export function drawFrame({ box, xAxis, yAxis, palette, labelled = true, xLabel, zero }: FrameRequest): Frame {
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  const x = scaleOf(xAxis, box.x, right);
  const y = scaleOf(yAxis, bottom, box.y);
  const crisp = { 'stroke-width': 1, fill: 'none', 'shape-rendering': 'crispEdges' };
  const parts: Svg[] = [];
  for (const { value, label: text } of yAxis.ticks) {
    const at = y(value);
    const stroke = zero !== undefined && value === 0 ? zero : palette.hair;
    parts.push(tag('path', { d: `M${px(box.x)} ${px(at)}H${px(right)}`, stroke, ...crisp }));
    parts.push(label(box.x - 7, at + 4, text, { fill: palette.muted, anchor: 'end' }));
  }
  const ticks = xAxis.ticks.map(({ value }) => `M${px(x(value))} ${px(bottom)}v5`);
  const minor = xAxis.minor.map((value) => `M${px(x(value))} ${px(bottom)}v3`);
  const baseline = `M${px(box.x)} ${px(bottom)}H${px(right)}`;
  parts.push(tag('path', { d: [baseline, ...ticks, ...minor].join(''), stroke: palette.border, ...crisp }));
  if (labelled) {
    parts.push(...tickLabels(xAxis, x, box, palette));
    if (xLabel) {
      const middle = { fill: palette.muted, anchor: 'middle' as const };
      parts.push(label(box.x + box.width / 2, bottom + 36, xLabel, middle));
    }
  }
  return { x, y, box, svg: parts.join('') };
}

/** Labels that would run into the one before, or off the side, are left out or moved in. */
function tickLabels(axis: Axis, x: Scale, box: Rect, palette: Palette): Svg[] {
  let free = Number.NEGATIVE_INFINITY;
  return axis.ticks.flatMap(({ value, label: text }) => {
    const width = textWidth(text, 12);
    const at = Math.min(x(value), box.x + box.width + 8 - width / 2);
    if (at - width / 2 < free) return [];
    free = at + width / 2 + 6;
    return [label(at, box.y + box.height + 18, text, { fill: palette.muted, anchor: 'middle' })];
  });
}

/** Room for the tick labels left of frames that stand above each other. */
export function tickMargin(axes: readonly Axis[]): number {
  const widths = axes.flatMap(({ ticks }) => ticks.map(({ label: text }) => textWidth(text, 12)));
  return Math.ceil(Math.max(24, ...widths)) + 10;
}

/** The power of ten that tick labels leave out, e.g. ` (×10⁻³)`. */
export function exponentSuffix({ exponent }: Axis, superscript: (integer: number) => string): string {
  return exponent === 0 ? '' : ` (×10${superscript(exponent)})`;
}
