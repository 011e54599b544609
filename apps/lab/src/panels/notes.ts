import type { PointView, RunView } from '@ggdln/core';
import { isSimulated } from '@ggdln/plot';
import { escapeText } from '../charts/svg.ts';
import { inWords, type OptionAt } from './cures.ts';
import { xOf } from './run.ts';
import { capital, counted, placeHtml } from './words.ts';

/** What to press while nothing has run. */
export function emptyNote(view: RunView): string {
  const samples = view.points.some(({ role }) => role === 'exact-sampling' || role === 'langevin');
  const verb = view.study !== undefined ? 'run' : samples || view.points.length === 0 ? 'sample' : 'train';
  return `<div class="note"><b>Press play, or Space, to ${verb}.</b>The line is theory; it needs no run.</div>`;
}

/** A point that failed: what happened, why, what to change. */
export interface Failure {
  readonly point: PointView;
  readonly html: string;
  readonly changes: NonNullable<PointView['error']>['changes'];
}

/** Points that failed: each source once for each kind of failure, with the cure that is enough for all its points. */
export function failuresOf(view: RunView, optionAt?: OptionAt): Failure[] {
  const kinds = new Map<string, PointView[]>();
  for (const point of view.points) {
    if (point.status !== 'failed' || !point.error) continue;
    const kind = `${point.source}\n${point.error.code}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), point]);
  }
  return [...kinds.values()].flatMap((points) => {
    const [point] = [...points].sort((a, b) => smallest(a) - smallest(b));
    const { error } = point;
    if (!error) return [];
    const told = (text: string) => inWords(text.replace(/\.?$/, '.'), error.changes, optionAt);
    const x = xOf(point, view);
    const others = points.length > 1 ? `, and at ${counted(points.length - 1, 'other place')}` : '';
    const where = `${escapeText(point.source)}${x === undefined ? '' : ` at ${placeHtml(view, x)}`}${others}`;
    const lead = error.code === 'GGDLN_NOT_CONVERGED' ? '<b>Not a solution yet.</b>' : '';
    const problem = escapeText(capital(told(error.problem)));
    const first = lead === '' ? `<b>${problem}</b>` : `${lead}${problem}`;
    const remedy = escapeText(told(error.remedy));
    const html = `${first}<p>${remedy}</p><p class="small muted">${where} · <code>${escapeText(error.code)}</code></p>`;
    return [{ point, html, changes: error.changes }];
  });
}

/** The smallest number of a cure: where steps are too large, the smallest step cures all. */
function smallest({ error }: PointView): number {
  const numbers = Object.values(error?.changes ?? {}).filter((value) => typeof value === 'number');
  return Math.min(Number.POSITIVE_INFINITY, ...numbers);
}

/** Whether a failure leaves a line to be drawn dotted rather than a learner that blew up. */
export const toneOf = ({ point }: Failure): 'warn' | 'err' => (isSimulated(point.role) ? 'err' : 'warn');
