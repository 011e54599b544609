import { inputError, type Json, type RoleNames, type Table, unknownNameError } from '@ggdln/core';
import { type Axis, isOffScale, linearAxis, logAxis, type ScaleType } from './axis.ts';
import { describeFrame } from './describe.ts';
import {
  FIGURE_WIDTHS,
  type Figure,
  type FigureWidth,
  type Frame,
  type Residual,
  type ResidualFrame,
  type Series,
} from './figure.ts';
import { superscript } from './format.ts';
import { readObservations } from './observations.ts';
import { makeResiduals, makeSeries, residualTitle } from './series.ts';
import { isSampler, roleStyles, type ThemeName, themes } from './theme.ts';

const WHERE = '@ggdln/plot sweepFigure';

/** The sweep axis. */
export interface SweepAxis {
  /** Column of the table, e.g. `architecture.width`. */
  readonly column: string;
  /** Name and symbol, e.g. `hidden width N`. */
  readonly label: string;
  /** Default `dimensionless`; an empty text leaves it out. */
  readonly unit?: string;
  readonly scale: ScaleType;
  /** Ticks of a linear axis on whole numbers alone, e.g. of layers or tasks. Default false. */
  readonly whole?: boolean;
}

/** One frame of the figure: one metric of the table. */
export interface FrameOptions {
  /** Value of the table's `metric` column, e.g. `bias`. */
  readonly metric: string;
  readonly title: string;
  /** A few words opposite the title, e.g. `targets ±1`. */
  readonly note?: string;
  /** Name and symbol of the y axis. */
  readonly label: string;
  /** Default `dimensionless`; an empty text leaves it out. */
  readonly unit?: string;
  /** Default `linear`. */
  readonly scale?: ScaleType;
  /** Whether a linear axis shows zero. Default: when it costs less than a quarter of the frame. */
  readonly zero?: boolean;
}

export interface SweepFigureOptions {
  readonly title: string;
  readonly subtitle?: string;
  readonly x: SweepAxis;
  readonly frames: readonly FrameOptions[];
  /**
   * Column of the settings that each frame compares, e.g. `architecture.sigma`: each has its colour, in order of
   * appearance, and is named by its cell. At most five are told apart.
   */
  readonly groupBy?: string;
  /** Frames of simulation minus theory below, where both exist. Default true. */
  readonly residuals?: boolean;
  /**
   * What lines are that no theory says, e.g. `guide, falls as 1/√N`: so they are called beside them, in the legend and in the
   * sentence on lines. Default: theory.
   */
  readonly guide?: string;
  /** What the legend and sentences call roles here instead, e.g. { 'exact-sampling': 'Exact ridge regression' }. */
  readonly names?: RoleNames;
  /** Sources of one role are draws of the same thing, e.g. random starts: named once, none of them pale. Default false. */
  readonly alike?: boolean;
  /** One value axis for all frames, which then compare by eye; they have one scale and one unit. Default false. */
  readonly sameScale?: boolean;
  /** Where the figure comes from: experiment, seed, versions, backend. */
  readonly footer: string;
  /** Said before the sentence on lines and bars that every figure ends with. */
  readonly caption?: string;
  /** Pixels: 340, 700 (default) or 1040. */
  readonly width?: FigureWidth;
  /** Default `light`. */
  readonly theme?: ThemeName;
  /** What the figure was made from; written into the SVG as metadata. */
  readonly spec?: Json;
}

/**
 * A figure of a sweep: theory as a line, infinite width dashed, simulations as points with ± 1 s.e. bars, and below
 * each frame what is left after subtracting theory.
 *
 * @param table Tidy results: `role`, `metric`, `value`, the x column, and `source` and `stderr` where there are any.
 * @throws GGDLN_INPUT for an empty table, no finite value, x ≤ 0 on a log axis, two values of one source at one x, frames of
 * different scales on one axis, or a width that figures aren't made in; GGDLN_UNKNOWN_NAME for a metric, column, role or theme that doesn't exist.
 */
export function sweepFigure(table: Table, options: SweepFigureOptions): Figure {
  const width = options.width ?? 700;
  if (!FIGURE_WIDTHS.includes(width)) {
    throw inputError(WHERE, `width is ${width} px`, `Figures are ${FIGURE_WIDTHS.join(', ')} px wide`);
  }
  const theme = options.theme ?? 'light';
  if (!Object.hasOwn(themes, theme)) throw unknownNameError(WHERE, 'theme', theme, Object.keys(themes));
  if (options.frames.length === 0) throw inputError(WHERE, 'frames is empty', 'Name at least one metric to draw');
  const columns = options.frames.map((frame) => ({
    frame,
    series: makeSeries(readObservations(table, frame.metric, options.x, options.groupBy), frame.metric, {
      lines: options.guide ?? roleStyles.theory.label,
      names: options.names,
      alike: options.alike === true,
    }),
  }));
  const x = xAxis(
    columns.flatMap(({ series }) => series),
    options.x,
  );
  const scales = [...new Set(options.frames.map(({ scale = 'linear' }) => scale))];
  if (options.sameScale && scales.length > 1) {
    throw inputError(WHERE, `sameScale with ${scales.join(' and ')} frames`, 'Give all frames the same scale');
  }
  const all = options.sameScale ? columns.flatMap(({ series }) => series) : undefined;
  const frames = columns.map(({ frame, series }) => makeFrame(frame, { series, onAxis: all ?? series }, options));
  return {
    format: 'ggdln-figure/1',
    width,
    theme,
    title: options.title,
    subtitle: options.subtitle ?? '',
    description: frames.map((frame) => describeFrame(frame, options.x.label, options.names)).join(' '),
    x,
    frames,
    caption: [options.caption ?? '', legendSentence(frames, options.guide)].filter((part) => part !== '').join(' '),
    footer: options.footer,
    ...(options.guide === undefined ? {} : { guide: options.guide }),
    ...(options.names === undefined ? {} : { names: options.names }),
    spec: options.spec ?? null,
  };
}

function xAxis(series: readonly Series[], options: SweepAxis): Figure['x'] {
  const values = series.flatMap(({ points }) => points.map((point) => point.x));
  if (values.length === 0) {
    throw inputError(WHERE, `no row has a value of ${options.column}`, 'Give theory or simulation at one x at least');
  }
  // There is no layer 0 and no task 0.
  const linear = options.whole ? { whole: true, zero: false } : {};
  const axis = options.scale === 'log' ? logAxis(values) : linearAxis(values, linear);
  return { ...axis, label: axisLabel(options.label, options.unit, axis) };
}

function makeFrame(
  options: FrameOptions,
  { series, onAxis }: { readonly series: readonly Series[]; readonly onAxis: readonly Series[] },
  { residuals = true, names }: SweepFigureOptions,
): Frame {
  const y = yAxis(options, onAxis);
  return {
    metric: options.metric,
    title: options.title,
    note: options.note ?? '',
    label: axisLabel(options.label, options.unit, y),
    y,
    series,
    residual: residuals ? residualFrame(series, names) : null,
  };
}

function yAxis(options: FrameOptions, series: readonly Series[]): Axis {
  const values: number[] = series.flatMap(({ constant }) => (constant === null ? [] : [constant]));
  const ends: number[] = [];
  for (const { value, stderr } of series.flatMap(({ points }) => points)) {
    if (value === null) continue;
    values.push(value);
    if (stderr !== null) ends.push(value - stderr, value + stderr);
  }
  if (options.scale !== 'log') return linearAxis([...values, ...ends], { zero: options.zero });
  const wrong = values.find((value) => value <= 0);
  if (wrong !== undefined) {
    throw inputError(
      WHERE,
      `metric "${options.metric}" has the value ${wrong} on a log axis`,
      "Use scale 'linear' for a quantity that can be 0 or negative",
    );
  }
  // A bar that reaches below zero is cut at the lower end of the axis.
  return logAxis([...values, ...ends.filter((end) => end > 0)]);
}

function residualFrame(series: readonly Series[], names?: RoleNames): ResidualFrame | null {
  const residuals = makeResiduals(series);
  if (residuals.length === 0) return null;
  const y = linearAxis(residualExtent(residuals), { zero: true, maxTicks: 5 });
  return { title: residualTitle(residuals, series, names) + scaleSuffix(y), y, residuals };
}

/**
 * Samplers set the scale, so that a learner that ends elsewhere doesn't flatten what theory is meant to describe. Where
 * such a learner leaves the scale, an empty band is kept for the triangles that say so.
 */
function residualExtent(residuals: readonly Residual[]): [number, number] {
  const sampled = residuals.filter(({ role }) => isSampler(role));
  const ends = (sampled.length > 0 ? sampled : residuals).flatMap(({ value, stderr }) => [
    value - (stderr ?? 0),
    value + (stderr ?? 0),
  ]);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const band = 0.2 * (high - low);
  const beyond = (sign: number, end: number) => residuals.some(({ value }) => sign * value > sign * end);
  return [beyond(-1, low) ? low - band : low, beyond(1, high) ? high + band : high];
}

function axisLabel(label: string, unit = 'dimensionless', axis: Axis): string {
  return `${unit === '' ? label : `${label}, ${unit}`}${scaleSuffix(axis)}`;
}

const scaleSuffix = ({ exponent }: Axis): string => (exponent === 0 ? '' : ` (×10${superscript(exponent)})`);

function legendSentence(frames: readonly Frame[], guide?: string): string {
  const series = frames.flatMap((frame) => frame.series);
  const parts: string[] = [];
  if (series.some(({ role }) => role === 'theory'))
    parts.push(guide === undefined ? 'Lines: theory where it was evaluated.' : `Lines: ${guide}.`);
  if (series.some(({ points }) => points.some(({ stderr }) => stderr !== null))) {
    parts.push('Bars: ±\u00a01 standard error, under the mark where smaller.');
  }
  const off = frames.some(({ residual }) => residual?.residuals.some(({ value }) => isOffScale(value, residual.y)));
  if (off) parts.push('Open triangles: off the lower scale.');
  return parts.join(' ');
}
