import type { PointView, RunView } from '@ggdln/core';
import { isSimulated } from '@ggdln/plot';
import { escapeText } from '../charts/svg.ts';
import { placesOf, xOf } from './run.ts';
import { capital, counted, placeHtml } from './words.ts';

/** What to press while nothing has run. */
export function emptyNote(view: RunView): string {
  const samples = view.points.some(({ role }) => role === 'exact-sampling' || role === 'langevin');
  const places = placesOf(view).length;
  const what = places > 1 ? `${counted(places, 'point')} of the axis` : '';
  const verb = view.study !== undefined ? 'run' : samples || view.points.length === 0 ? 'sample' : 'train';
  return `<div class="note"><b>Press Space to ${verb}.</b>Theory is there already${what === '' ? '' : `; ${what}`}.</div>`;
}

/** A point that failed: what happened, why, what to change. */
export interface Failure {
  readonly point: PointView;
  readonly html: string;
  readonly changes: NonNullable<PointView['error']>['changes'];
}

/** Points that failed, each said once. */
export function failuresOf(view: RunView): Failure[] {
  const told = new Set<string>();
  return view.points.flatMap((point) => {
    const { error } = point;
    if (point.status !== 'failed' || !error || told.has(error.problem)) return [];
    told.add(error.problem);
    const x = xOf(point, view);
    const where = `${escapeText(point.source)}${x === undefined ? '' : ` at ${placeHtml(view, x)}`}`;
    const lead = error.code === 'GGDLN_NOT_CONVERGED' ? '<b>Not a solution yet.</b>' : '';
    const problem = escapeText(capital(error.problem).replace(/\.?$/, '.'));
    const first = lead === '' ? `<b>${problem}</b>` : `${lead}${problem}`;
    const remedy = escapeText(error.remedy.replace(/\.?$/, '.'));
    const html = `${first}<p>${remedy}</p><p class="small muted">${where} · <code>${escapeText(error.code)}</code></p>`;
    return [{ point, html, changes: error.changes }];
  });
}

/** Whether a failure leaves a line to be drawn dotted rather than a learner that blew up. */
export const toneOf = ({ point }: Failure): 'warn' | 'err' => (isSimulated(point.role) ? 'err' : 'warn');
