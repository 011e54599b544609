import * as Plot from '@observablehq/plot';
import { type Axis, isOffScale } from './axis.ts';
import type { Figure, Frame, Series } from './figure.ts';
import { labelFrame, type Scales } from './labels.ts';
import type { FrameLayout } from './layout.ts';
import { barMarks, type DrawnPoint, lineMark, pointMark } from './marks.ts';
import type { Rect } from './placement.ts';
import { seriesColor } from './seriesColor.ts';
import { element } from './svg.ts';
import { isSimulated, type Mark, roleStyles, type Theme } from './theme.ts';

/** What a frame is drawn with. */
export interface Pen {
  readonly document: Document;
  readonly theme: Theme;
  readonly size: number;
  readonly height: number;
}

/** The frame of values: lines, then bars, then filled marks, then open ones, then direct labels. */
export function drawValues({ frame, plot: box, residual }: FrameLayout, figure: Figure, pen: Pen): SVGGElement {
  const lines = frame.series.filter(({ role }) => !isSimulated(role));
  const simulated = simulatedSeries(frame);
  const points = simulated.flatMap((series) => series.points.flatMap((point) => drawnPoint(series, point, frame.y)));
  const marks = [
    // Infinite width lies under the theory that leads to it.
    ...[...lines].reverse().map((series) => lineMark(series, figure.x.domain, pen.theme)),
    ...barMarks(points, pen.theme),
    ...simulated.map((series) => pointMark(points, series, pen.theme)),
  ];
  const { group, scales } = drawPanel(`values ${frame.metric}`, marks, figure, frame.y, box, pen, residual === null);
  for (const { series, rect } of labelFrame(frame, scales, box, pen.size)) {
    const color = seriesColor(series);
    const position = { x: rect.x, y: rect.y + 0.86 * rect.height, 'font-size': pen.size, 'font-weight': 600 };
    const halo = { stroke: pen.theme.surface, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };
    const attributes = { class: `label ${series.role}`, ...position, fill: pen.theme[color], ...halo };
    group.appendChild(element(pen.document, 'text', { ...attributes, 'text-anchor': 'start' }, [series.label]));
  }
  return group;
}

/** The frame of simulation minus theory. */
export function drawResiduals({ frame, residual: box }: FrameLayout, figure: Figure, pen: Pen): SVGGElement | null {
  if (!box || !frame.residual) return null;
  const { y, residuals } = frame.residual;
  const simulated = simulatedSeries(frame);
  const points = simulated.flatMap((series) =>
    residuals.filter((residual) => sameSource(residual, series)).flatMap((residual) => drawnPoint(series, residual, y)),
  );
  const zero = Plot.ruleY([0], { stroke: pen.theme.theory, strokeWidth: 1.5, className: 'zero' });
  const marks = [
    zero,
    ...barMarks(points, pen.theme),
    ...simulated.map((series) => pointMark(points, series, pen.theme)),
  ];
  return drawPanel(`residuals ${frame.metric}`, marks, figure, y, box, pen, true).group;
}

const sameSource = (a: Pick<Series, 'role' | 'source' | 'group'>, b: typeof a): boolean =>
  a.role === b.role && a.source === b.source && a.group?.index === b.group?.index;

/** From the bottom up: the larger filled mark, the smaller one, open ones. So coinciding marks all show. */
const LAYERS: readonly Mark[] = ['square', 'circle', 'star', 'diamond'];

function simulatedSeries(frame: Frame): Series[] {
  const layer = ({ role }: Series) => LAYERS.indexOf(roleStyles[role].mark);
  return frame.series.filter(({ role }) => isSimulated(role)).sort((a, b) => layer(a) - layer(b));
}

/** A point as it is drawn: kept within the axis, with what was cut off noted. */
function drawnPoint(series: Series, point: { x: number; value: number | null; stderr: number | null }, y: Axis) {
  if (point.value === null) return [];
  const [low, high] = y.domain;
  const clamp = (value: number) => Math.min(high, Math.max(low, value));
  const stderr = point.stderr ?? 0;
  const off = isOffScale(point.value, y) ? (point.value > high ? 'above' : 'below') : null;
  const bar = stderr > 0 && off === null ? [clamp(point.value - stderr), clamp(point.value + stderr)] : null;
  const drawn: DrawnPoint = { series, x: point.x, y: clamp(point.value), bar, off };
  return [drawn];
}

function drawPanel(
  name: string,
  marks: readonly Plot.Markish[],
  figure: Figure,
  y: Axis,
  box: Rect,
  pen: Pen,
  labelled: boolean,
): { group: SVGGElement; scales: Scales } {
  const { theme, document } = pen;
  const svg = Plot.plot({
    document,
    width: figure.width,
    height: pen.height,
    marginLeft: box.x,
    marginTop: box.y,
    marginRight: figure.width - box.x - box.width,
    marginBottom: pen.height - box.y - box.height,
    x: { type: figure.x.scale, domain: [...figure.x.domain], axis: null },
    y: { type: y.scale, domain: [...y.domain], axis: null },
    marks: [...axisMarks(figure.x, y, theme, pen.size, labelled), ...marks],
  });
  const attributes = { class: name, 'font-size': pen.size, 'text-anchor': 'middle' };
  const group = element(
    document,
    'g',
    attributes,
    [...svg.childNodes].filter(({ nodeName }) => nodeName !== 'style'),
  );
  return { group, scales: { x: scaleOf(svg, 'x'), y: scaleOf(svg, 'y') } };
}

function scaleOf(svg: ReturnType<typeof Plot.plot>, name: 'x' | 'y'): (value: number) => number {
  const scale = svg.scale(name);
  return (value) => Number(scale?.apply(value));
}

/**
 * Horizontal grid, baseline, ticks; the labels of x stand below the lowest frame alone. Labels are text, not formats of
 * ticks: on log scales formats leave out labels such as 5.
 */
function axisMarks(x: Axis, y: Axis, theme: Theme, size: number, labelled: boolean): Plot.Markish[] {
  const yLabels = new Map(y.ticks.map(({ value, label }) => [value, label]));
  const xLabels = new Map(x.ticks.map(({ value, label }) => [value, label]));
  const text = { fill: theme.muted, fontSize: size, label: null };
  const ticks = { stroke: theme.border, fill: 'none', label: null };
  return [
    Plot.gridY([...yLabels.keys()], { stroke: theme.hair, strokeOpacity: 1, className: 'grid' }),
    Plot.axisY([...yLabels.keys()], {
      ...text,
      stroke: 'none',
      tickSize: 0,
      tickPadding: 8,
      text: (value: number) => yLabels.get(value) ?? '',
    }),
    Plot.frame({ anchor: 'bottom', stroke: theme.border, className: 'baseline' }),
    Plot.axisX([...xLabels.keys()], { ...ticks, tickSize: 5 }),
    Plot.axisX([...x.minor], { ...ticks, tickSize: 3 }),
    ...(labelled
      ? [
          Plot.axisX([...xLabels.keys()], {
            ...text,
            stroke: 'none',
            tickSize: 5,
            tickPadding: 4,
            text: (value: number) => xLabels.get(value) ?? '',
          }),
        ]
      : []),
  ];
}
