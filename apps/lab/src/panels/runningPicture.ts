import { type Axis, formatNumber, isOffScale, type Rect, superscript } from '@ggdln/plot';
import { drawFrame, exponentSuffix, type Frame, tickMargin } from '../charts/frame.ts';
import { errorBar, levelMark, lineMark, roleMark } from '../charts/marks.ts';
import { faint, type Palette, roleColor } from '../charts/palette.ts';
import { axisOf } from '../charts/scales.ts';
import { clipped, label, pathThrough, px, type Svg, tag } from '../charts/svg.ts';
import type { ZoomFrame } from '../charts/zoom.ts';
import { stepName } from './run.ts';
import { type Running, runningExtent } from './running.ts';
import { capital, plusMinus } from './words.ts';
import type { Zoom } from './zoomControl.ts';

const TOP = 20;
const HEIGHT = 226;

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly svg: Svg;
  readonly sentence: string;
  readonly frames: readonly ZoomFrame[];
}

/**
 * An estimate against its steps with ± 2 s.e., and theory. Before the first estimate theory stands alone.
 * @param hold For a scale that only grows: gives the ends to show.
 */
export function runningPicture(
  running: Running,
  palette: Palette,
  width: number,
  hold: (values: readonly number[]) => readonly number[],
  shown: Zoom['axis'],
): Picture {
  const { theory, point, values } = running;
  const unitName = `${stepName(point.role)}s`;
  const xAxis = shown('x', stepAxis(running));
  const yAxis = shown('y', axisOf(hold(runningExtent(running)), { zero: false }));
  const margin = tickMargin([yAxis]);
  const box = { x: margin, y: TOP, width: width - margin - 12, height: HEIGHT };
  const frame = drawFrame({ box, xAxis, yAxis, palette, xLabel: unitName });
  const cut = (value: number) => Math.min(box.y + box.height, Math.max(box.y, frame.y(value)));
  const unit = exponentSuffix(yAxis, superscript).trim();
  const parts: Svg[] = [frame.svg, unit === '' ? '' : label(0, 10, unit, { fill: palette.muted })];
  if (values.length > 0) parts.push(clipped(box, estimate(running, frame, xAxis, cut, palette)));
  const theoryAt = theory === undefined || isOffScale(theory, yAxis) ? undefined : cut(theory);
  if (theoryAt !== undefined) parts.push(levelMark(theoryAt, box, { color: palette.theory }));
  if (values.length > 0) parts.push(newest(running, frame, xAxis, cut, palette));
  parts.push(names(running, { frame, xAxis, box, theoryAt, cut }, palette));
  const axes = { x: { key: 'x', name: unitName, axis: xAxis }, y: { key: 'y', name: running.metric, axis: yAxis } };
  const frames = [{ box, ...axes }];
  return { width, height: TOP + HEIGHT + 42, svg: parts.join(''), sentence: describe(running), frames };
}

/** Samplers count their sweeps; descents whose snapshots spread over decades have a log axis. */
function stepAxis({ steps, samples, point }: Running): Axis {
  const positive = steps.filter((step) => step > 0);
  const log = !samples && positive.length > 3 && positive[positive.length - 1] / positive[0] > 50;
  if (log) return axisOf([...positive, point.total], { scale: 'log' });
  const end = Math.max(1, point.total);
  return { ...axisOf([0, end], { maxTicks: 5 }), domain: [0, end] };
}

type Cut = (value: number) => number;

/** The band and the line of the estimate. */
function estimate(
  { steps, values, stderrs, point }: Running,
  { x }: Frame,
  xAxis: Axis,
  cut: Cut,
  palette: Palette,
): Svg {
  const color = roleColor(point.role, palette);
  const shown = steps.flatMap((step, i) => (xAxis.scale === 'log' && step <= 0 ? [] : [i]));
  const at = (value: (i: number) => number) => shown.map((i) => [x(steps[i]), cut(value(i))] as const);
  const line = lineMark(
    at((i) => values[i]),
    { color, width: 1.75 },
  );
  if (!shown.some((i) => stderrs[i] > 0)) return line;
  const band = [...at((i) => values[i] + 2 * stderrs[i]), ...at((i) => values[i] - 2 * stderrs[i]).reverse()];
  return tag('path', { d: `${pathThrough(band)}Z`, fill: faint(color, 0.18) }) + line;
}

/** Where the run stands: a cursor, and the newest estimate with its error. */
function newest(running: Running, { x, box }: Frame, xAxis: Axis, cut: Cut, palette: Palette): Svg {
  const { point, values, stderrs } = running;
  const last = values.length - 1;
  const at = newestAt(running, x, xAxis);
  if (at === undefined) return '';
  const look = { stroke: palette.text, 'stroke-width': 1, 'stroke-dasharray': '2 2' };
  const cursor = tag('path', { d: `M${px(at)} ${box.y}V${box.y + box.height}`, ...look });
  const error = stderrs[last];
  const color = roleColor(point.role, palette);
  const bar = error > 0 ? errorBar(at, cut(values[last] - error), cut(values[last] + error), color) : '';
  return cursor + bar + roleMark(point.role, at, cut(values[last]), { palette, hollow: point.provisional });
}

/** Where the newest estimate is, if it is in view. */
function newestAt({ steps }: Running, x: Frame['x'], { scale, domain }: Axis): number | undefined {
  const last = steps[steps.length - 1];
  if (last === undefined) return undefined;
  const step = scale === 'log' && last <= 0 ? domain[0] : last;
  return step < domain[0] || step > domain[1] ? undefined : x(step);
}

interface Places {
  readonly frame: Frame;
  readonly xAxis: Axis;
  readonly box: Rect;
  readonly theoryAt: number | undefined;
  readonly cut: Cut;
}

/** The two numbers, where there is room: theory beside its line, the estimate away from it. */
function names(running: Running, { frame, xAxis, box, theoryAt, cut }: Places, palette: Palette): Svg {
  const { point, values, stderrs, theory } = running;
  const last = values.length - 1;
  const below = theoryAt === undefined || last < 0 || cut(values[last]) >= theoryAt;
  const halo = { halo: palette.surface, weight: 600 };
  const parts: Svg[] = [];
  if (theory !== undefined && theoryAt !== undefined) {
    const y = below ? Math.max(box.y + 10, theoryAt - 8) : Math.min(box.y + box.height - 6, theoryAt + 17);
    const text = `theory ${formatNumber(theory)}`;
    parts.push(label(box.x + box.width, y, text, { fill: palette.theory, anchor: 'end', ...halo }));
  }
  const at = newestAt(running, frame.x, xAxis);
  if (at === undefined) return parts.join('');
  const left = at > box.x + 0.55 * box.width;
  const text = `${running.samples ? 'sampled' : 'trained'} ${plusMinus(values[last], stderrs[last] || null)}`;
  const style = { fill: roleColor(point.role, palette), ...halo };
  const y = below ? box.y + box.height - 14 : box.y + 14;
  return parts.join('') + label(at + (left ? -10 : 10), y, text, { ...style, anchor: left ? 'end' : 'start' });
}

function describe({ metric, values, stderrs, theory, point, steps }: Running): string {
  const last = values.length - 1;
  const beside = theory === undefined ? '' : `; theory is ${formatNumber(theory)}`;
  if (last < 0) return `${capital(metric)} has no estimate yet${beside}.`;
  const after = `${formatNumber(steps[last], 6)} ${stepName(point.role)}s`;
  return `${capital(metric)} after ${after}: ${plusMinus(values[last], stderrs[last] || null)}${beside}.`;
}
