import {
  type Axis,
  type Figure,
  isOffScale,
  isSimulated,
  labelFrame,
  type Point,
  type Rect,
  type Frame as ResultFrame,
  roleStyles,
  type Series,
  seriesColor,
} from '@ggdln/plot';
import { drawFrame, type Frame } from './frame.ts';
import { beyond, errorBar, levelMark, lineMark, roleMark } from './marks.ts';
import type { Palette } from './palette.ts';
import { clipped, label, type Svg, tag } from './svg.ts';

/** What the frames of one metric are drawn with. */
export interface CurveRequest {
  readonly frame: ResultFrame;
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly xLabel: string;
  readonly values: Rect;
  /** Below: simulation minus theory. */
  readonly residual: { readonly box: Rect; readonly axis: Axis } | null;
  readonly palette: Palette;
  readonly selected: number | undefined;
  readonly provisional: (source: string, x: number | null) => boolean;
  /** Not a solution yet, or stopped: by source and x. */
  readonly failed: (source: string, x: number | null) => boolean;
}

type Drawn = Pick<Point, 'x' | 'value' | 'stderr'>;

/** Values of a metric against the axis, and below them simulation minus theory. */
export function drawCurves(request: CurveRequest): Svg {
  const { frame, xAxis, values, residual, palette, xLabel } = request;
  const axes = { xAxis, palette, xLabel };
  const top = drawFrame({ ...axes, box: values, yAxis: request.yAxis, labelled: residual === null });
  const simulated = frame.series.filter(({ role }) => isSimulated(role)).sort(byLayer);
  const lines = frame.series.filter(({ role }) => !isSimulated(role));
  const parts = [
    selectionBand(top, request),
    top.svg,
    // Infinite width lies under the theory that leads to it.
    clipped(values, ...[...lines].reverse().map((series) => drawLine(series, top, request))),
    ...simulated.map((series) => drawPoints(series, series.points, top, request.yAxis, request, 4.5)),
    ...labels(inView(request), top, palette),
  ];
  if (residual) {
    const low = drawFrame({ ...axes, box: residual.box, yAxis: residual.axis, zero: palette.theory });
    const differences = simulated.map((series) => {
      const own = (frame.residual?.residuals ?? []).filter(
        ({ role, source, group }) =>
          role === series.role && source === series.source && group?.index === series.group?.index,
      );
      return drawPoints(series, own, low, residual.axis, request, 3.2);
    });
    parts.push(selectionBand(low, request), low.svg, ...differences);
  }
  return parts.join('');
}

/** From the bottom up: filled marks, then open ones, so that coinciding marks all show. */
const LAYERS = ['square', 'circle', 'star', 'diamond'];
const byLayer = (a: Series, b: Series): number => layerOf(a) - layerOf(b);
const layerOf = ({ role }: Series): number => LAYERS.indexOf(roleStyles[role].mark);

function selectionBand({ x, box }: Frame, { selected, palette, xAxis }: CurveRequest): Svg {
  if (selected === undefined || isOffScale(selected, xAxis)) return '';
  return tag('rect', { x: x(selected) - 11, y: box.y, width: 22, height: box.height, rx: 3, fill: palette.selected });
}

function drawLine(series: Series, { x, y, box }: Frame, { palette, failed, yAxis }: CurveRequest): Svg {
  const { role, source, faded, constant } = series;
  const style = { color: palette[seriesColor(series)], dashed: role === 'infinite-width', faded };
  if (constant !== null) return isOffScale(constant, yAxis) ? '' : levelMark(y(constant), box, style);
  const points = series.points.map((point) =>
    visible(point.value, yAxis) ? ([x(point.x), y(point.value)] as const) : null,
  );
  const open = series.points.map((point) => failed(source, point.x));
  if (!open.includes(true)) return lineMark(points, style);
  // What isn't a solution yet is dotted, up to the solutions beside it.
  const solved = points.map((point, i) => (open[i] ? null : point));
  const unsolved = points.flatMap((point, i) =>
    open[i] ? [null, points[i - 1] ?? null, point, points[i + 1] ?? null] : [],
  );
  const kept = unsolved.filter((point, i) => point !== null || i % 4 === 0);
  return lineMark(solved, style) + lineMark(kept, { ...style, dotted: true });
}

const visible = (value: number | null, axis: Axis): value is number =>
  value !== null && (axis.scale !== 'log' || value > 0);

function drawPoints(
  series: Series,
  points: readonly Drawn[],
  at: Frame,
  axis: Axis,
  request: CurveRequest,
  size: number,
): Svg {
  const { palette, selected } = request;
  const color = palette[seriesColor(series)];
  const ringed = request.frame.series.find(({ role }) => isSimulated(role));
  const [low, high] = axis.domain;
  const clamp = (value: number) => at.y(Math.min(high, Math.max(low, value)));
  return points
    .filter(({ x, value }) => visible(value, axis) && !isOffScale(x, request.xAxis))
    .map(({ x, value, stderr }) => {
      const here = at.x(x);
      const number = value ?? 0;
      if (isOffScale(number, axis)) return beyond(here, clamp(number), number > high, color, palette);
      const bar = stderr ? errorBar(here, clamp(number - stderr), clamp(number + stderr), color, series.faded) : '';
      const hollow = request.provisional(series.source, x);
      const style = { palette, color, hollow, faded: series.faded, size };
      const mark = request.failed(series.source, x)
        ? failedMark(here, clamp(number), palette)
        : roleMark(series.role, here, clamp(number), style);
      const ring =
        x === selected && series.source === ringed?.source
          ? tag('circle', { cx: here, cy: clamp(number), r: size + 3.2, ...ringOf(palette) })
          : '';
      return bar + mark + ring;
    })
    .join('');
}

const ringOf = (palette: Palette) => ({ fill: 'none', stroke: palette.text, 'stroke-width': 1.5 });

function failedMark(x: number, y: number, palette: Palette): Svg {
  const d = `M${x - 5} ${y - 5}l10 10m0 -10l-10 10`;
  return tag('path', { d, stroke: palette.error, 'stroke-width': 1.8, fill: 'none' });
}

/** A frame without the points and levels that lie out of view: nothing is named where it isn't. */
function inView({ frame, xAxis, yAxis }: CurveRequest): ResultFrame {
  const shown = frame.series.flatMap((series) => {
    if (series.constant !== null) return isOffScale(series.constant, yAxis) ? [] : [series];
    const seen = ({ x, value }: Drawn) => value !== null && !isOffScale(x, xAxis) && !isOffScale(value, yAxis);
    if (!series.points.some(seen)) return [];
    return [isSimulated(series.role) ? { ...series, points: series.points.filter(seen) } : series];
  });
  return { ...frame, series: shown };
}

/** Names beside the curves, in their colour; what finds no room is named by the legend. */
function labels(frame: ResultFrame, { x, y, box }: Frame, palette: Palette): Svg[] {
  // What is far out of a zoomed frame is as good as beside it.
  const near = (at: number, low: number, size: number) => Math.min(low + 2 * size, Math.max(low - size, at));
  const scales = {
    x: (value: number) => near(x(value), box.x, box.width),
    y: (value: number) => near(y(value), box.y, box.height),
  };
  return labelFrame(frame, scales, box, 12).map(({ series, rect }) => {
    const fill = series.role === 'infinite-width' && !series.group ? palette.muted : palette[seriesColor(series)];
    return label(rect.x, rect.y + 10, series.label, { fill, weight: 600, halo: palette.surface });
  });
}

/** The figure's legend: which roles and settings its frames have. */
export function legendOf(figure: Pick<Figure, 'frames'>): {
  roles: Series['role'][];
  groups: NonNullable<Series['group']>[];
} {
  const all = figure.frames.flatMap(({ series }) => series);
  const groups = new Map(all.flatMap(({ group }) => (group ? [[group.name, group] as const] : [])));
  const roles = (Object.keys(roleStyles) as Series['role'][]).filter((role) =>
    all.some((series) => series.role === role),
  );
  return { roles, groups: [...groups.values()] };
}
