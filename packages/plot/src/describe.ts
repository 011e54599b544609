import type { RoleNames } from '@ggdln/core';
import type { Frame, Residual, Series } from './figure.ts';
import { formatNumber } from './format.ts';
import { theoryFor } from './series.ts';
import { calledRole, isSimulated } from './theme.ts';

/** The result of a frame in one or two sentences: where theory goes and how far the simulations are from it. */
export function describeFrame(
  frame: Pick<Frame, 'title' | 'series' | 'residual'>,
  x: string,
  names?: RoleNames,
): string {
  const parts = frame.series.map((series) => describeSeries(series, frame, x, names)).filter((part) => part !== '');
  return `${frame.title}: ${parts.join('; ')}.`;
}

function describeSeries(
  series: Series,
  frame: Pick<Frame, 'series' | 'residual'>,
  x: string,
  names?: RoleNames,
): string {
  const name = nameOf(series, names);
  const points = series.points.flatMap((point) => (point.value === null ? [] : [{ x: point.x, value: point.value }]));
  if (series.constant !== null) return `${name} is ${formatNumber(series.constant)}`;
  const first = points[0];
  if (!first) return '';
  const residuals = frame.residual?.residuals.filter(
    ({ role, source, group }) =>
      role === series.role && source === series.source && group?.index === series.group?.index,
  );
  if (isSimulated(series.role) && residuals && residuals.length > 0) {
    return describeResiduals(name, series, residuals, frame.series, x);
  }
  const last = points[points.length - 1];
  const from = `${formatNumber(first.value)} at ${x} = ${formatNumber(first.x)}`;
  if (points.length === 1) return `${name} is ${from}`;
  return `${name} goes from ${from} to ${formatNumber(last.value)} at ${formatNumber(last.x)}`;
}

/** The role, and with groups the group too, so that each sentence says what it is about. */
function nameOf({ label, group, role }: Series, names?: RoleNames): string {
  return group === null ? label : `${calledRole(role, names)} for ${group.name}`;
}

function describeResiduals(
  name: string,
  series: Series,
  residuals: readonly Residual[],
  all: readonly Series[],
  x: string,
): string {
  const theory = theoryFor(series, all);
  const relative = residuals.map((residual) => {
    const value = theory?.points.find((point) => point.x === residual.x)?.value ?? 0;
    return { x: residual.x, size: value === 0 ? Number.NaN : Math.abs(residual.value / value) };
  });
  const count = `${residuals.length} value${residuals.length > 1 ? 's' : ''} of ${x}`;
  if (relative.some(({ size }) => Number.isNaN(size))) {
    const worst = residuals.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
    return `${name} differs from theory by at most ${formatNumber(Math.abs(worst.value), 2)} at ${count}`;
  }
  const worst = relative.reduce((a, b) => (b.size > a.size ? b : a));
  const largest = residuals.length > 1 ? `, most at ${formatNumber(worst.x)}` : ` (${formatNumber(worst.x)})`;
  return `${name} is within ${percent(worst.size)} of theory at ${count}${largest}`;
}

/** Rounded up, so that "within" holds. */
function percent(share: number): string {
  const value = 100 * share;
  const digits = value === 0 ? 0 : Math.max(0, 1 - Math.floor(Math.log10(value)));
  return `${formatNumber(Math.ceil(value * 10 ** digits - 1e-9) / 10 ** digits, 3)} %`;
}
