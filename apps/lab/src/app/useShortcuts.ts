import type { ReadonlySignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { switchTheme } from './Header.tsx';
import type { Lab } from './lab.ts';
import type { Route } from './route.ts';
import { type Action, actionOf } from './shortcuts.ts';

/** Actions that belong to the page and not to the experiment. */
export interface PageActions {
  share(): void;
  /** Closes what is open; else leaves the panel that has focus. */
  close(): void;
}

/** Makes the keys of the Keyboard page act, from the moment that there is a page and where it is by then. */
export function useShortcuts(lab: Lab, route: ReadonlySignal<Route>, page: PageActions): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A dialog has the keyboard to itself; Esc closes it without help.
      if (document.querySelector('dialog[open]')) return;
      const found = actionOf(event, lab.preferences.shortcuts.peek());
      if (!found || !act(found.action, found.key, lab, route.peek(), page)) return;
      if (found.action !== 'close') event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [lab, route, page]);
}

/** @returns Whether the key meant something here. */
function act(action: Action, key: string, lab: Lab, route: Route, page: PageActions): boolean {
  const runs = ['run', 'step', 'back', 'reset', 'stop', 'previous value', 'next value', 'stage'];
  if (runs.includes(action) && route.page !== 'lab' && route.page !== 'talk') return false;
  const { session } = lab;
  const table: { readonly [name in Action]: () => void } = {
    run: () => lab.toggle(),
    step: lab.step,
    back: () => lab.show(Math.max(0, session.view.get().snapshot.index - 1)),
    reset: () => lab.reset(),
    stop: () => session.cancel(),
    'previous value': () => lab.selectNext(-1),
    'next value': () => lab.selectNext(1),
    stage: () => openStage(Number(key)),
    gallery: () => go('#gallery'),
    export: () => document.querySelector<HTMLButtonElement>('[data-opens="export"]')?.click(),
    share: () => page.share(),
    theme: () => switchTheme(lab),
    undo: () => lab.store.undo(),
    redo: () => lab.store.redo(),
    shortcuts: () => go('#keyboard'),
    close: () => page.close(),
  };
  table[action]();
  return true;
}

function go(hash: string): void {
  window.location.hash = hash;
}

function openStage(number: number): void {
  const stage = document.querySelectorAll<HTMLDetailsElement>('#compose details')[number - 1];
  if (!stage) return;
  stage.open = true;
  stage.querySelector('summary')?.focus();
}
