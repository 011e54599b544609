import { isGgdlnError } from '@ggdln/core';
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { withNeeds } from '../ownPlugins/needs.ts';
import type { LabState } from '../state/labState.ts';
import { isLink, readLink, writeLink } from '../state/urlState.ts';
import type { Lab } from './lab.ts';
import { type Route, readRoute } from './route.ts';

/** Where the state is kept while a page other than the lab has the address. It ends with the tab. */
const KEPT = 'ggdln-lab-state';
/** The address follows edits, but not each move of a slider. */
const SETTLE_MS = 300;

/** What the address says when the page opens. */
export interface Arrival {
  /** A state that came with the address, or that this tab had before it was reloaded. */
  readonly state: LabState | undefined;
  readonly notice: string | undefined;
}

/** Reads the state that the page is opened with. */
export function arrive(window: Window): Arrival {
  const { hash } = window.location;
  if (isLink(hash)) return stateOf(hash);
  const kept = keptLink(window);
  return kept === undefined ? { state: undefined, notice: undefined } : { ...stateOf(kept), notice: undefined };
}

/**
 * Keeps the address and the page together: links to pages and to runs that are followed are opened, and on the lab the
 * address is the link to what it shows.
 */
export function followAddress(lab: Lab, window: Window): ReadonlySignal<Route> {
  const route = signal(readRoute(window.location.hash));
  let written = '';
  window.addEventListener('hashchange', () => {
    const { hash } = window.location;
    // An address that was written while this event was on its way is what the lab shows already.
    if (isLink(hash) && hash !== written) open(lab, hash);
    route.value = readRoute(hash);
  });
  const initial = lab.store.state.peek();
  let timer = 0;
  effect(() => {
    const state = lab.store.state.value;
    const shown = route.value;
    window.clearTimeout(timer);
    if (state === initial) return;
    timer = window.setTimeout(() => {
      const link = keep(lab, state, window);
      // A page that was asked for has the address before it is shown: writing over it would take the page away.
      if (link === undefined || !isLab(shown) || !isLab(readRoute(window.location.hash))) return;
      window.history.replaceState(null, '', link);
      written = link;
    }, SETTLE_MS);
  });
  return route;
}

const isLab = (route: Route): boolean => route.page === 'lab' && !route.over;

function open(lab: Lab, hash: string): void {
  const { state, notice } = stateOf(hash);
  lab.notice.value = notice;
  if (state) lab.openState(state);
}

function stateOf(hash: string): Arrival {
  try {
    const { state, notes } = readLink(hash);
    return { state, notice: notes.length > 0 ? notes.join(' ') : undefined };
  } catch (error) {
    if (!isGgdlnError(error)) throw error;
    return { state: undefined, notice: error.message };
  }
}

/** @returns The link to the state, kept for a reload; nothing if it is too long for one. */
function keep({ version, registry }: Lab, state: LabState, window: Window): string | undefined {
  let link: string;
  try {
    link = writeLink(withNeeds(state, registry), version);
  } catch {
    return undefined; // the share dialog says so to who asks
  }
  try {
    window.sessionStorage.setItem(KEPT, link);
  } catch {
    // refused or full: a reload of another page than the lab begins anew
  }
  return link;
}

function keptLink(window: Window): string | undefined {
  try {
    return window.sessionStorage.getItem(KEPT) ?? undefined;
  } catch {
    return undefined;
  }
}
