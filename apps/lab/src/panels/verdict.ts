import type { RunView } from '@ggdln/core';
import { formatFixed, formatNumber } from '@ggdln/plot';
import { type Agreement, type AgreementRow, fallOf, largestZ, worstPercent } from './agreement.ts';
import { symbolOf } from './run.ts';
import { percentAtMost } from './words.ts';

/** What the numbers of an agreement say, in words. */
export interface Verdict {
  readonly tone: 'ok' | 'warn' | 'plain';
  readonly lead: string;
  readonly rest: string;
}

/** Below this many standard errors a difference is what noise gives. */
const NOISE = 2.5;

/** The verdict on a metric, made from its numbers alone. */
export function verdictOf(agreement: Agreement, view: RunView): Verdict {
  const settled = { ...agreement, rows: agreement.rows.filter(({ provisional }) => !provisional) };
  if (settled.rows.length === 0) {
    return {
      tone: 'plain',
      lead: 'Still settling.',
      rest: 'Fewer than 20 batches, or batches that are too short: no z yet.',
    };
  }
  const { lead, close } = leadOf(settled, view);
  const rest = restOf(settled, view);
  return { tone: close ? 'ok' : rest.explained ? 'plain' : 'warn', lead, rest: rest.text };
}

/** The widest range of x over which theory and simulation are close, and how close. */
function leadOf(agreement: Agreement, view: RunView): { lead: string; close: boolean } {
  const places = [...new Set(agreement.rows.map(({ x }) => x))].sort((a, b) => a - b);
  const symbol = view.axis ? symbolOf(view.axis) : 'x';
  for (const limit of [1, 2, 5]) {
    // A single place at the end is no range, unless there is only one.
    const from = places
      .slice(0, Math.max(1, places.length - 1))
      .find((x) => (worstPercent(agreement, x)?.percent ?? 100) <= limit + 1e-9);
    if (from === undefined) continue;
    const worst = percentAtMost(worstPercent(agreement, from)?.percent ?? 0);
    if (places.length === 1) return { lead: `Within ${worst} at ${symbol} = ${formatNumber(from)}.`, close: true };
    const range = from === places[0] ? `at every ${symbol}` : `from ${symbol} = ${formatNumber(from)} on`;
    return { lead: `Within ${worst} ${range}.`, close: true };
  }
  const worst = worstPercent(agreement);
  if (!worst) {
    const gap = Math.max(...agreement.rows.map(({ difference }) => Math.abs(difference)));
    return { lead: `At most ${formatNumber(gap, 2)} apart.`, close: false };
  }
  return {
    lead: `Up to ${percentAtMost(worst.percent)} apart, most at ${symbol} = ${formatNumber(worst.x)}.`,
    close: false,
  };
}

function restOf(agreement: Agreement, view: RunView): { text: string; explained: boolean } {
  const z = largestZ(agreement);
  if (z !== undefined && z <= NOISE) {
    return { text: `What is left is noise: the largest |z| is ${formatFixed(z, 1)}.`, explained: true };
  }
  const isWidth = view.axis?.column.endsWith('width') === true;
  const fall = isWidth ? fallOf(agreement) : undefined;
  if (fall !== undefined && fall < -0.4) {
    const law = fall > -1.6 ? 'roughly like 1/N' : 'faster than 1/N';
    const side = sideOf(agreement.rows);
    const noise = z === undefined ? '' : ', so z grows with the number of sweeps';
    return { text: `${side} falls ${law} and is the finite-width correction${noise}.`, explained: true };
  }
  if (z === undefined) {
    return agreement.samples
      ? { text: 'Error bars come with more samples.', explained: true }
      : { text: 'It has no sampling noise: what is left is a difference of the two.', explained: false };
  }
  const text = `The largest |z| is ${formatFixed(z, 1)}: more than noise${isWidth ? ', and not falling with N yet' : ''}.`;
  return { text, explained: false };
}

function sideOf(rows: readonly AgreementRow[]): string {
  if (rows.every(({ difference }) => difference > 0)) return 'Sampling lies above theory; the gap';
  if (rows.every(({ difference }) => difference < 0)) return 'Sampling lies below theory; the gap';
  return 'What is left';
}
