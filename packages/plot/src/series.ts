import { inputError, type RoleNames, type SourceRole } from '@ggdln/core';
import type { Point, Residual, Series, SeriesGroup } from './figure.ts';
import { formatNumber } from './format.ts';
import type { Observation } from './observations.ts';
import { calledRole, isSimulated, roles } from './theme.ts';

/** What series are called. */
interface Naming {
  /** What lines of theory are. */
  readonly lines: string;
  readonly names?: RoleNames | undefined;
  /** Sources of a role are draws of the same: named once, none of them pale. */
  readonly alike?: boolean;
}

/**
 * Observations of one metric as series, one a source (and group, where observations have one), in the order of the
 * legend, each sorted by x.
 * @throws GGDLN_INPUT if one source has two values at one x.
 */
export function makeSeries(
  observations: readonly Observation[],
  metric: string,
  { lines, names, alike = false }: Naming,
): Series[] {
  const groups = groupsOf(observations);
  return groups.flatMap((group) => seriesOf(group, observations, metric, { lines, names, alike }));
}

/** In order of appearance; last `null`, where there are observations of no group. */
function groupsOf(observations: readonly Observation[]): (SeriesGroup | null)[] {
  const names = [...new Set(observations.map(({ group }) => group))];
  const named = names.filter((name) => name !== null).map((name, index) => ({ name, index }));
  return names.includes(null) ? [...named, null] : named;
}

function seriesOf(
  group: SeriesGroup | null,
  observations: readonly Observation[],
  metric: string,
  { lines, names, alike }: Naming,
): Series[] {
  const members = observations.filter((observation) => observation.group === (group?.name ?? null));
  const made = roles.flatMap((role) => {
    const own = members.filter((observation) => observation.role === role);
    const sources = [...new Set(own.map(({ source }) => source))];
    return sources.map((source, index) => {
      const rows = own.filter((observation) => observation.source === source);
      const label = role === 'theory' ? lines : calledRole(role, names);
      return {
        role,
        source,
        label: alike ? (index === 0 ? label : '') : sources.length > 1 ? `${label}, ${source}` : label,
        faded: index > 0 && !alike,
        group,
        ...(role === 'infinite-width' ? asConstant(rows) : { constant: null }),
        points: makePoints(rows, `${source} (${role}), metric "${metric}"`),
      };
    });
  });
  // A group is named once, beside the first of its series; its other series share the colour.
  return group === null ? made : made.map((series, i) => ({ ...series, label: i === 0 ? group.name : '' }));
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
      'A figure has one sweep axis: select the rows of one setting of the others first, or group by it',
    );
  }
  return points;
}

/**
 * Simulation minus theory of the same group at every x where both were evaluated; errors are added in quadrature. With
 * several theories, the first is subtracted.
 */
export function makeResiduals(series: readonly Series[]): Residual[] {
  return series
    .filter(({ role }) => isSimulated(role))
    .flatMap(({ role, source, group, points }) => {
      const theory = theoryFor({ group }, series);
      const at = new Map(theory?.points.map((point) => [point.x, point]));
      return points.flatMap((point) => {
        const other = at.get(point.x);
        return point.value === null || !other || other.value === null
          ? []
          : [{ role, source, group, x: point.x, value: point.value - other.value, stderr: quadrature(point, other) }];
      });
    });
}

/** The theory that a series is compared with: the first of its group. */
export function theoryFor({ group }: Pick<Series, 'group'>, all: readonly Series[]): Series | undefined {
  return all.find((other) => other.role === 'theory' && other.group?.index === group?.index);
}

function quadrature(a: Point, b: Point): number | null {
  return a.stderr === null && b.stderr === null ? null : Math.hypot(a.stderr ?? 0, b.stderr ?? 0);
}

/** What the residual frame shows, in words. */
export function residualTitle(residuals: readonly Residual[], series: readonly Series[], names?: RoleNames): string {
  const simulated = new Set<SourceRole>(residuals.map(({ role }) => role));
  const name = simulated.size === 1 ? calledRole([...simulated][0], names) : 'simulation';
  const sources = new Set(series.filter(({ role }) => role === 'theory').map(({ source }) => source));
  return `${name} − ${sources.size > 1 ? [...sources][0] : 'theory'}`;
}
