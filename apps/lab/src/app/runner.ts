import type { PanelContext } from '@ggdln/core';
import { effect, type Signal } from '@preact/signals';
import type { Session } from '../engine/session.ts';
import type { LabSpec } from '../state/labState.ts';
import type { Store } from '../state/store.ts';

interface Parts {
  readonly store: Store;
  readonly session: Session;
}

/** Opens experiments and runs them; the session waits by itself until they can run. */
export interface Runner {
  /** @param keep What was found before stays on screen until there are new numbers. Default false. */
  open(spec: LabSpec, run: boolean, keep?: boolean): void;
  /** Runs what is open; a changed experiment is opened first. */
  run(): void;
}

/** @param opened What the session has: it is set here. */
export function createRunner({ store, session }: Parts, opened: Signal<LabSpec | undefined>): Runner {
  const open: Runner['open'] = (spec, run, keep = false) => {
    opened.value = spec;
    session.open(spec, { keep });
    if (run) session.play();
  };
  const run = () => {
    if (!sameSpec(store.spec.peek(), opened.peek())) return open(store.spec.peek(), true, true);
    if (store.view.peek().snapshot !== undefined) store.look({ snapshot: undefined });
    session.play();
  };
  return { open, run };
}

/**
 * Opens what is edited, unless that would throw a run away.
 * @returns An edit that says itself what is opened, for panels.
 */
export function followEdits(
  { store, session }: Parts,
  opened: Signal<LabSpec | undefined>,
  runner: Runner,
): PanelContext['edit'] {
  let direct = false;
  const edit: PanelContext['edit'] = (changes, options) => {
    const wasRunning = ['running', 'done'].includes(session.status.get().phase);
    direct = true;
    const done = store.edit(changes, options);
    direct = false;
    if (!done) return;
    if (options?.passing) session.glance(store.spec.peek());
    else runner.open(store.spec.peek(), wasRunning);
    opened.value = store.spec.peek();
  };
  /** Its theory alone was asked for, while something passed by. */
  let glanced = false;
  effect(() => {
    const spec = store.spec.value;
    if (direct || (sameSpec(spec, opened.peek()) && !glanced)) return;
    // What has been simulated stays on screen, marked, until it is run again.
    if (!['opening', 'ready', 'failed'].includes(session.status.get().phase)) return;
    glanced = store.passing.peek();
    if (!glanced) return runner.open(spec, false);
    opened.value = spec;
    session.glance(spec);
  });
  return edit;
}

/** Whether two experiment files say the same. */
export const sameSpec = (a: LabSpec, b: LabSpec | undefined): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);
