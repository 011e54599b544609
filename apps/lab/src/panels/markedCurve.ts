import type { Axis } from '@ggdln/plot';
import { isSimulated } from '@ggdln/plot';
import { drawFrame, tickMargin } from '../charts/frame.ts';
import { errorBar, lineMark, roleMark } from '../charts/marks.ts';
import { type Palette, roleColor } from '../charts/palette.ts';
import { label, px, type Svg, tag } from '../charts/svg.ts';
import type { Result } from './run.ts';

/** Places of a curve that have a name. */
interface CurveMarks {
  readonly verticals: readonly { readonly x: number; readonly name: string }[];
  readonly levels: readonly { readonly y: number; readonly name: string }[];
  readonly points: readonly { readonly x: number; readonly y: number; readonly name: string }[];
}

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
}

/** A curve of theory with simulated points, and lines with names where something happens. */
export function markedCurve(request: MarkedCurveRequest): {
  readonly width: number;
  readonly height: number;
  readonly svg: Svg;
} {
  const { results, marks, xAxis, yAxis, xLabel, palette, width, height = 230 } = request;
  const margin = tickMargin([yAxis]);
  const box = { x: margin, y: 22, width: width - margin - 12, height };
  const { x, y, svg } = drawFrame({ box, xAxis, yAxis, palette, xLabel });
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  const quiet = { stroke: palette.muted, 'stroke-width': '1', 'stroke-dasharray': '3 3', fill: 'none' };
  const parts: Svg[] = [svg];
  for (const { y: value, name } of marks.levels) {
    const at = y(value);
    parts.push(tag('path', { d: `M${px(box.x)} ${px(at)}H${px(right)}`, ...quiet, stroke: palette.infiniteWidth }));
    parts.push(label(box.x + 4, at - 5, name, { fill: palette.muted, halo: palette.surface }));
  }
  for (const { x: value, name } of marks.verticals) {
    const at = x(value);
    if (at < box.x - 1 || at > right + 1) continue;
    parts.push(tag('path', { d: `M${px(at)} ${px(box.y)}V${px(bottom)}`, ...quiet }));
    const anchor = at > right - 60 ? 'end' : at < box.x + 60 ? 'start' : 'middle';
    parts.push(label(at, 13, name, { fill: palette.text, anchor, weight: 600 }));
  }
  parts.push(...lines(results, x, y, palette), ...points(results, x, y, palette));
  for (const { x: px0, y: py0, name } of marks.points) {
    const [cx, cy] = [x(px0), y(py0)];
    parts.push(tag('circle', { cx, cy, r: 5.5, fill: 'none', stroke: palette.theory, 'stroke-width': '2' }));
    const anchor = cx > right - 80 ? 'end' : 'middle';
    parts.push(
      label(cx, Math.min(bottom - 5, cy + 20), name, {
        fill: palette.theory,
        anchor,
        weight: 600,
        halo: palette.surface,
      }),
    );
  }
  return { width, height: bottom + 42, svg: parts.join('') };
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

function points(
  results: readonly Result[],
  x: (v: number) => number,
  y: (v: number) => number,
  palette: Palette,
): Svg[] {
  const simulated = results.filter(({ role }) => isSimulated(role));
  const groups = [...new Set(simulated.map(({ group }) => group))];
  return simulated.flatMap(({ x: at, value, stderr, role, group }) => {
    if (at === null) return [];
    // The first setting is the largest mark, so that those under it show.
    const size = 5.2 - 1.1 * Math.min(2, groups.indexOf(group));
    const color = roleColor(role, palette);
    const bar = stderr ? errorBar(x(at), y(value - stderr), y(value + stderr), color) : '';
    return [bar + roleMark(role, x(at), y(value), { palette, size, faded: groups.indexOf(group) > 0 })];
  });
}
