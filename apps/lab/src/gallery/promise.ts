import type { Json, RunView } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { agreementOf, worstPercent } from '../panels/agreement.ts';
import { percentAtMost, uncapital } from '../panels/words.ts';
import type { GalleryItem } from './galleryItem.ts';

/** Whether a finished run shows what its item promised. */
export interface Promised {
  readonly kept: boolean;
  /** Largest |simulated − theory| in percent, where the promise holds. */
  readonly percent: number;
  readonly sentence: string;
}

/** @returns `undefined` until the run has ended, or where theory and simulation share no place. */
export function promiseOf({ agreement: promise, spec }: GalleryItem, view: RunView): Promised | undefined {
  if (view.status !== 'done' || !view.snapshot.live || !contains(view.spec, spec)) return undefined;
  const found = agreementOf(view, promise.metric);
  const worst = found && worstPercent(found, promise.from);
  if (!worst) return undefined;
  const kept = worst.percent <= promise.percent;
  const where =
    promise.from === undefined ? '' : ` from ${view.axis?.label ?? 'x'} = ${formatNumber(promise.from, 3)} on`;
  const title = view.metrics.find(({ metric }) => metric === promise.metric)?.title ?? promise.metric;
  const size = kept ? percentAtMost(worst.percent) : `${formatNumber(worst.percent, 2)} %`;
  const sentence = kept
    ? `Theory and simulation agree: ${uncapital(title)} within ${size}${where} (expected: ${promise.percent} %).`
    : `${title} is up to ${size} off${where}, more than the ${promise.percent} % expected.`;
  return { kept, percent: worst.percent, sentence };
}

/** Is everything that a file says in another one, which may say more? */
function contains(full: Json | undefined, part: Json): boolean {
  if (typeof part !== 'object' || part === null) return full === part;
  if (typeof full !== 'object' || full === null || Array.isArray(full) !== Array.isArray(part)) return false;
  return Object.entries(part).every(([key, value]) => contains((full as { [key: string]: Json })[key], value));
}
