import type { Frame, Residual, Series } from './figure.ts';
import { formatNumber } from './format.ts';
import { theoryFor } from './series.ts';
import { isSimulated, roleStyles } from './theme.ts';

/** The result of a frame in one or two sentences: where theory goes and how far the simulations are from it. */
export function describeFrame(frame: Pick<Frame, 'title' | 'series' | 'residual'>, x: string): string {
  const parts = frame.series.map((series) => describeSeries(series, frame, x)).filter((part) => part !== '');
  return `${frame.title}: ${parts.join('; ')}.`;
}

function describeSeries(series: Series, frame: Pick<Frame, 'series' | 'residual'>, x: string): string {
  const points = series.points.flatMap((point) => (point.value === null ? [] : [{ x: point.x, value: point.value }]));
  if (series.constant !== null) return `${nameOf(series)} is ${formatNumber(series.constant)}`;
  const first = points[0];
  if (!first) return '';
  const residuals = frame.residual?.residuals.filter(
    ({ role, source, group }) =>
      role === series.role && source === series.source && group?.index === series.group?.index,
  );
  if (isSimulated(series.role) && residuals && residuals.length > 0) {
    return describeResiduals(series, residuals, frame.series, x);
  }
  const last = points[points.length - 1];
  const from = `${formatNumber(first.value)} at ${x} = ${formatNumber(first.x)}`;
  if (points.length === 1) return `${nameOf(series)} is ${from}`;
  return `${nameOf(series)} goes from ${from} to ${formatNumber(last.value)} at ${formatNumber(last.x)}`;
}

/** The role, and with groups the group too, so that each sentence says what it is about. */
function nameOf({ label, group, role }: Series): string {
  return group === null ? label : `${roleStyles[role].label} for ${group.name}`;
}

function describeResiduals(series: Series, residuals: readonly Residual[], all: readonly Series[], x: string): string {
  const theory = theoryFor(series, all);
  const relative = residuals.map((residual) => {
    const value = theory?.points.find((point) => point.x === residual.x)?.value ?? 0;
    return { x: residual.x, size: value === 0 ? Number.NaN : Math.abs(residual.value / value) };
  });
  const count = `${residuals.length} value${residuals.length > 1 ? 's' : ''} of ${x}`;
  if (relative.some(({ size }) => Number.isNaN(size))) {
    const worst = residuals.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
    return `${nameOf(series)} differs from theory by at most ${formatNumber(Math.abs(worst.value), 2)} at ${count}`;
  }
  const worst = relative.reduce((a, b) => (b.size > a.size ? b : a));
  const largest = residuals.length > 1 ? `, most at ${formatNumber(worst.x)}` : ` (${formatNumber(worst.x)})`;
  return `${nameOf(series)} is within ${percent(worst.size)} of theory at ${count}${largest}`;
}

/** Rounded up, so that "within" holds. */
function percent(share: number): string {
  const value = 100 * share;
  const digits = value === 0 ? 0 : Math.max(0, 1 - Math.floor(Math.log10(value)));
  return `${formatNumber(Math.ceil(value * 10 ** digits - 1e-9) / 10 ** digits, 3)} %`;
}
