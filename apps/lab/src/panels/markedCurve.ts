import type { Axis, Rect } from '@ggdln/plot';
import { isSimulated } from '@ggdln/plot';
import { drawFrame, tickMargin } from '../charts/frame.ts';
import { errorBar, lineMark, roleMark } from '../charts/marks.ts';
import { type Palette, roleColor } from '../charts/palette.ts';
import { clipped, isInside, label, px, type Svg, tag } from '../charts/svg.ts';
import type { ZoomFrame } from '../charts/zoom.ts';
import type { Result } from './run.ts';
import type { Zoom } from './zoomControl.ts';

/** Places of a curve that have a name. */
interface CurveMarks {
  readonly verticals: readonly { readonly x: number; readonly name: string }[];
  readonly levels: readonly { readonly y: number; readonly name: string }[];
  readonly points: readonly { readonly x: number; readonly y: number; readonly name: string }[];
}

/** What a curve with named places is drawn from. */
export interface MarkedCurveRequest {
  /** Rows of one metric. */
  readonly results: readonly Result[];
  readonly marks: CurveMarks;
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly xLabel: string;
  readonly palette: Palette;
  readonly width: number;
  readonly height?: number;
  readonly yName: string;
  /** The stretches of the axes that are shown. */
  readonly shown: Zoom['axis'];
}

/** A curve of theory with simulated points, and lines with names where something happens. */
export function markedCurve(request: MarkedCurveRequest): {
  readonly width: number;
  readonly height: number;
  readonly svg: Svg;
  readonly frames: readonly ZoomFrame[];
} {
  const { results, marks, xLabel, palette, width, shown, height = 230 } = request;
  const xAxis = shown('x', request.xAxis);
  const yAxis = shown('y', request.yAxis);
  const margin = tickMargin([yAxis]);
  const box = { x: margin, y: 22, width: width - margin - 12, height };
  const { x, y, svg } = drawFrame({ box, xAxis, yAxis, palette, xLabel });
  const scales = { x, y, box };
  const parts: Svg[] = [svg, ...levels(marks, scales, palette), ...verticals(marks, scales, palette)];
  parts.push(clipped(box, ...lines(results, x, y, palette)));
  const inView = results.filter((row) => row.x !== null && isInside(box, [x(row.x), y(row.value)]));
  parts.push(...points(inView, results, x, y, palette), ...named(marks, scales, palette));
  const axes = { x: { key: 'x', name: xLabel, axis: xAxis }, y: { key: 'y', name: request.yName, axis: yAxis } };
  return { width, height: box.y + box.height + 42, svg: parts.join(''), frames: [{ box, ...axes }] };
}

/** Where values are, and within what. */
interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly box: Rect;
}

const quietOf = (stroke: string) => ({ stroke, 'stroke-width': '1', 'stroke-dasharray': '3 3', fill: 'none' });

function levels({ levels: all }: CurveMarks, { y, box }: Scales, palette: Palette): Svg[] {
  return all.flatMap(({ y: value, name }) => {
    const at = y(value);
    if (!isInside(box, [box.x, at])) return [];
    const d = `M${px(box.x)} ${px(at)}H${px(box.x + box.width)}`;
    return [
      tag('path', { d, ...quietOf(palette.infiniteWidth) }),
      label(box.x + 4, at - 5, name, { fill: palette.muted, halo: palette.surface }),
    ];
  });
}

function verticals({ verticals: all }: CurveMarks, { x, box }: Scales, palette: Palette): Svg[] {
  const right = box.x + box.width;
  return all.flatMap(({ x: value, name }) => {
    const at = x(value);
    if (at < box.x - 1 || at > right + 1) return [];
    const anchor = at > right - 60 ? 'end' : at < box.x + 60 ? 'start' : 'middle';
    return [
      tag('path', { d: `M${px(at)} ${px(box.y)}V${px(box.y + box.height)}`, ...quietOf(palette.muted) }),
      label(at, 13, name, { fill: palette.text, anchor, weight: 600 }),
    ];
  });
}

function named({ points: all }: CurveMarks, { x, y, box }: Scales, palette: Palette): Svg[] {
  const bottom = box.y + box.height;
  return all.flatMap(({ x: px0, y: py0, name }) => {
    const [cx, cy] = [x(px0), y(py0)];
    if (!isInside(box, [cx, cy])) return [];
    const anchor = cx > box.x + box.width - 80 ? 'end' : 'middle';
    const style = { fill: palette.theory, anchor, weight: 600, halo: palette.surface } as const;
    return [
      tag('circle', { cx, cy, r: 5.5, fill: 'none', stroke: palette.theory, 'stroke-width': '2' }),
      label(cx, Math.min(bottom - 5, cy + 20), name, style),
    ];
  });
}

function lines(
  results: readonly Result[],
  x: (v: number) => number,
  y: (v: number) => number,
  palette: Palette,
): Svg[] {
  const theory = results.filter(({ role }) => role === 'theory');
  return [...new Set(theory.map(({ group }) => group))].map((group) => {
    const own = theory.flatMap((row) => (row.group === group && row.x !== null ? [[row.x, row.value] as const] : []));
    own.sort((a, b) => a[0] - b[0]);
    return lineMark(
      own.map(([at, value]) => [x(at), y(value)] as const),
      { color: palette.theory },
    );
  });
}

/** @param inView Those to draw. @param results All, by which settings are told apart. */
function points(
  inView: readonly Result[],
  results: readonly Result[],
  x: (v: number) => number,
  y: (v: number) => number,
  palette: Palette,
): Svg[] {
  const groups = [...new Set(results.filter(({ role }) => isSimulated(role)).map(({ group }) => group))];
  const simulated = inView.filter(({ role }) => isSimulated(role));
  return simulated.flatMap(({ x: at, value, stderr, role, group }) => {
    if (at === null) return [];
    // The first setting is the largest mark, so that those under it show.
    const size = 5.2 - 1.1 * Math.min(2, groups.indexOf(group));
    const color = roleColor(role, palette);
    const bar = stderr ? errorBar(x(at), y(value - stderr), y(value + stderr), color) : '';
    return [bar + roleMark(role, x(at), y(value), { palette, size, faded: groups.indexOf(group) > 0 })];
  });
}
