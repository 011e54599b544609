import * as Plot from '@observablehq/plot';
import type { Series } from './figure.ts';
import { seriesColor } from './seriesColor.ts';
import { roleStyles, type Theme } from './theme.ts';

/** A point ready to draw. */
export interface DrawnPoint {
  readonly series: Series;
  readonly x: number;
  readonly y: number;
  /** Ends of the bar, if there is one. */
  readonly bar: readonly number[] | null;
  /** Set if the point itself lies outside its frame. */
  readonly off: 'above' | 'below' | null;
}

const CAP = 6;

const style = (series: Series, theme: Theme) => ({
  color: theme[seriesColor(series)],
  opacity: series.faded ? 0.5 : 1,
});

/** Theory and infinite width: a line through where they were evaluated; gaps stay gaps. */
export function lineMark(series: Series, domain: readonly [number, number], theme: Theme): Plot.Markish {
  const { color, opacity } = style(series, theme);
  const named = { className: `mark ${series.role}`, strokeOpacity: opacity };
  const dashed = series.role === 'infinite-width';
  const points =
    series.constant === null ? series.points : domain.map((x) => ({ x, value: series.constant, stderr: null }));
  if (points.length === 1) {
    return Plot.dot(points, { x: 'x', y: 'value', symbol: dashed ? 'times' : 'circle', stroke: color, r: 4, ...named });
  }
  return Plot.line(points, {
    x: 'x',
    y: (point: { value: number | null }) => point.value ?? Number.NaN,
    stroke: color,
    strokeWidth: dashed ? 1.5 : 2,
    ...(dashed ? { strokeDasharray: '5 4' } : { strokeLinejoin: 'round', strokeLinecap: 'round' }),
    ...named,
  });
}

/** ± 1 s.e. with caps, for all series at once, so that no bar lies over another's mark. */
export function barMarks(points: readonly DrawnPoint[], theme: Theme): Plot.Markish[] {
  const bars = points.flatMap(({ series, x, bar }) => (bar ? [{ series, x, low: bar[0], high: bar[1] }] : []));
  if (bars.length === 0) return [];
  const look = {
    stroke: ({ series }: { series: Series }) => style(series, theme).color,
    strokeOpacity: ({ series }: { series: Series }) => style(series, theme).opacity,
    strokeWidth: 1.5,
    className: 'bars',
  };
  // A cap is a rule from x to x that sticks out on both sides.
  const cap = { x1: 'x', x2: 'x', insetLeft: -CAP / 2, insetRight: -CAP / 2, ...look, className: 'caps' };
  return [
    Plot.ruleX(bars, { x: 'x', y1: 'low', y2: 'high', ...look }),
    Plot.ruleY(bars, { y: 'low', ...cap }),
    Plot.ruleY(bars, { y: 'high', ...cap }),
  ];
}

/** The marks of one simulated series; points outside the frame are open triangles at its edge. */
export function pointMark(all: readonly DrawnPoint[], series: Series, theme: Theme): Plot.Markish {
  const points = all.filter((point) => point.series === series);
  const { color, opacity } = style(series, theme);
  const named = { x: 'x', y: 'y', className: `mark ${series.role}`, opacity };
  const inside = points.filter(({ off }) => off === null);
  const open = { fill: 'none', stroke: color, strokeWidth: 1.75 };
  const filled = { fill: color, stroke: theme.surface, strokeWidth: 1.25 };
  const off = (['above', 'below'] as const).map((side) => {
    const sign = side === 'above' ? 1 : -1;
    const shape = { symbol: 'triangle' as const, r: 4, dy: 6 * sign, rotate: side === 'above' ? 0 : 180 };
    return Plot.dot(
      points.filter((point) => point.off === side),
      { ...named, ...open, ...shape },
    );
  });
  switch (roleStyles[series.role].mark) {
    case 'diamond':
      return [...off, Plot.dot(inside, { ...named, ...open, symbol: 'diamond2', r: 5.5 })];
    case 'star':
      return [...off, Plot.dot(inside, { ...named, ...filled, strokeWidth: 1, symbol: 'star', r: 6 })];
    case 'square':
      return [...off, Plot.dot(inside, { ...named, ...filled, symbol: 'square', r: 6.5 })];
    default:
      return [...off, Plot.dot(inside, { ...named, ...filled, r: 4.25 })];
  }
}
