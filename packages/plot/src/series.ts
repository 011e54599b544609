import { inputError, type SourceRole } from '@ggdln/core';
import type { Point, Residual, Series } from './figure.ts';
import { formatNumber } from './format.ts';
import type { Observation } from './observations.ts';
import { isSimulated, roleStyles, roles } from './theme.ts';

/**
 * Observations of one metric as series, one a source, in the order of the legend, each sorted by x.
 * @throws GGDLN_INPUT if one source has two values at one x.
 */
export function makeSeries(observations: readonly Observation[], metric: string): Series[] {
  return roles.flatMap((role) => {
    const own = observations.filter((observation) => observation.role === role);
    const sources = [...new Set(own.map(({ source }) => source))];
    return sources.map((source, index) => {
      const rows = own.filter((observation) => observation.source === source);
      const label = roleStyles[role].label;
      return {
        role,
        source,
        label: sources.length > 1 ? `${label}, ${source}` : label,
        faded: index > 0,
        ...(role === 'infinite-width' ? asConstant(rows) : { constant: null }),
        points: makePoints(rows, `${source} (${role}), metric "${metric}"`),
      };
    });
  });
}

/** An infinite-width result that is the same at every x, or was given without x, is one horizontal line. */
function asConstant(rows: readonly Observation[]): { constant: number | null } {
  const values = rows.flatMap(({ value }) => (value === null ? [] : [value]));
  const spread = Math.max(...values) - Math.min(...values);
  const same = values.length > 0 && spread <= 1e-9 * Math.max(...values.map(Math.abs));
  const everywhere = rows.length > 1 || rows[0].x === null;
  return { constant: same && everywhere ? values[0] : null };
}

function makePoints(rows: readonly Observation[], what: string): Point[] {
  const points = rows.flatMap(({ x, value, stderr }) => (x === null ? [] : [{ x, value, stderr }]));
  points.sort((a, b) => a.x - b.x);
  for (let i = 1; i < points.length; i++) {
    if (points[i].x !== points[i - 1].x) continue;
    throw inputError(
      '@ggdln/plot sweepFigure',
      `${what} has two values at x = ${formatNumber(points[i].x)}`,
      'A figure has one sweep axis: select the rows of one setting of the others first',
    );
  }
  return points;
}

/**
 * Simulation minus theory at every x where both were evaluated; errors are added in quadrature. With several theories,
 * the first is subtracted.
 */
export function makeResiduals(series: readonly Series[]): Residual[] {
  const theory = series.find(({ role }) => role === 'theory');
  if (!theory) return [];
  const at = new Map(theory.points.map((point) => [point.x, point]));
  return series
    .filter(({ role }) => isSimulated(role))
    .flatMap(({ role, source, points }) =>
      points.flatMap((point) => {
        const other = at.get(point.x);
        return point.value === null || !other || other.value === null
          ? []
          : [{ role, source, x: point.x, value: point.value - other.value, stderr: quadrature(point, other) }];
      }),
    );
}

function quadrature(a: Point, b: Point): number | null {
  return a.stderr === null && b.stderr === null ? null : Math.hypot(a.stderr ?? 0, b.stderr ?? 0);
}

/** What the residual frame shows, in words. */
export function residualTitle(residuals: readonly Residual[], series: readonly Series[]): string {
  const simulated = new Set<SourceRole>(residuals.map(({ role }) => role));
  const name = simulated.size === 1 ? roleStyles[[...simulated][0]].label : 'simulation';
  const theories = series.filter(({ role }) => role === 'theory');
  return `${name} − ${theories.length > 1 ? theories[0].source : 'theory'}`;
}
