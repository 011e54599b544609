import { createTable, type RoleNames, type Row, type RunView } from '@ggdln/core';
import { type Axis, type Figure, isSampler, isSimulated, sweepFigure } from '@ggdln/plot';
import { axisOf, type createGrowth } from '../charts/scales.ts';
import { provisionalPlaces, type Result, resultsOf } from './run.ts';

/** The curves of a run with scales that hold still while it runs. */
export interface CurveFigure {
  readonly frames: readonly {
    readonly frame: Figure['frames'][number];
    readonly y: Axis;
    readonly residual: Axis | null;
  }[];
  readonly x: Axis;
  readonly xLabel: string;
  readonly description: string;
  /** What the legend calls roles, where not by their own names. */
  readonly names: RoleNames;
}

/**
 * The figure of a run as it stands.
 * @returns `undefined` while there is no number to draw.
 * @throws GGDLN_INPUT for rows that no figure has, e.g. two values of one source at one place.
 */
export function curveFigure(view: RunView, growth: ReturnType<typeof createGrowth>): CurveFigure | undefined {
  const { axis } = view;
  if (!axis) return undefined;
  const rows = resultsOf(view).filter((row) => drawable(row, axis.scale));
  const metrics = view.metrics.filter(({ metric }) => rows.some((row) => row.metric === metric && row.x !== null));
  if (metrics.length === 0) return undefined;
  growth.begin(`${JSON.stringify(view.spec)}${view.status === 'done' ? 'done' : ''}`);
  const group = view.groupBy;
  const table = createTable(
    rows.map(({ x, group: of, ...row }): Row => ({ ...row, x, ...(group === undefined ? {} : { group: of }) })),
    ['x', 'source', 'role', 'metric', 'value', 'stderr', ...(group === undefined ? [] : ['group'])],
  );
  const figure = sweepFigure(table, {
    title: view.title,
    x: { column: 'x', label: axis.label, scale: axis.scale, unit: axis.unit ?? '' },
    // Scales are made below, as they may not shrink while numbers come in.
    frames: metrics.map((metric) => ({ ...metric, scale: 'linear' })),
    ...(group === undefined ? {} : { groupBy: 'group' }),
    ...(view.roleNames === undefined ? {} : { names: view.roleNames }),
    footer: '',
  });
  const provisional = provisionalPlaces(view);
  return {
    frames: figure.frames.map((frame, i) => ({
      frame,
      y: valueAxis(frame, metrics[i], provisional, growth),
      residual: residualAxis(frame, provisional, growth),
    })),
    x: axisOf(
      growth.hold(
        'x',
        rows.flatMap(({ x }) => (x === null ? [] : [x])),
      ),
      { scale: axis.scale, zero: false },
    ),
    xLabel: figure.x.label,
    description: figure.description,
    names: view.roleNames ?? {},
  };
}

/** A single descent ends in one place: its variance of 0 says nothing and would flatten the scale. */
export const isTelling = ({ role, metric, value, stderr }: Result): boolean =>
  !(role === 'gradient-descent' && metric === 'variance' && value === 0 && stderr === null);

const drawable = (result: Result, scale: 'linear' | 'log'): boolean =>
  isTelling(result) && (result.x === null ? result.role === 'infinite-width' : scale !== 'log' || result.x > 0);

type Provisional = ReturnType<typeof provisionalPlaces>;
type Growth = ReturnType<typeof createGrowth>;

function valueAxis(
  frame: Figure['frames'][number],
  metric: RunView['metrics'][number],
  provisional: Provisional,
  growth: Growth,
): Axis {
  const settled: number[] = [];
  const loose: number[] = [];
  for (const { constant, source, points } of frame.series) {
    if (constant !== null) settled.push(constant);
    for (const { x, value, stderr } of points) {
      if (value === null) continue;
      if (provisional(source, x)) loose.push(value);
      else settled.push(value, value - (stderr ?? 0), value + (stderr ?? 0));
    }
  }
  const known = settled.length > 0 ? settled : loose;
  // A first estimate may lie anywhere: it widens the scale by its own height at most.
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = high - low;
  const near = loose.map((value) => Math.min(high + room, Math.max(low - room, value)));
  const values = growth.hold(`${metric.metric} y`, [...known, ...near]);
  return axisOf(metric.scale === 'log' ? values.filter((value) => value > 0) : values, metric);
}

/** Samplers set the scale: a learner that ends elsewhere doesn't flatten what theory is meant to describe. */
function residualAxis(frame: Figure['frames'][number], provisional: Provisional, growth: Growth): Axis | null {
  if (!frame.residual) return null;
  const simulated = frame.residual.residuals.filter(({ role }) => isSimulated(role));
  const settled = simulated.filter(({ source, x }) => !provisional(source, x));
  const sampled = settled.filter(({ role }) => isSampler(role));
  const chosen = [sampled, settled, simulated].find((list) => list.length > 0) ?? [];
  const ends = chosen.flatMap(({ value, stderr }) => [value - (stderr ?? 0), value + (stderr ?? 0)]);
  const held = growth.hold(`${frame.metric} residual ${settled.length > 0}`, [0, ...ends]);
  const [low, high] = [Math.min(...held), Math.max(...held)];
  const band = 0.2 * (high - low);
  const off = (test: (value: number) => boolean) => simulated.some(({ value }) => test(value));
  return axisOf([off((v) => v < low) ? low - band : low, off((v) => v > high) ? high + band : high], {
    zero: true,
    maxTicks: 5,
  });
}
