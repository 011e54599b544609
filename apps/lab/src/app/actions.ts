import type { Selection } from '@ggdln/core';
import { isSimulated } from '@ggdln/plot';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Session } from '../engine/session.ts';
import type { GalleryItem } from '../gallery/galleryItem.ts';
import type { LabSpec, LabState } from '../state/labState.ts';
import type { Store } from '../state/store.ts';
import type { Announcer } from './announcer.ts';
import { type Runner, sameSpec } from './runner.ts';

/** What buttons, keys and links do. */
export interface LabActions {
  /** Opens an item of the gallery and runs it. */
  openItem(id: string, options?: { readonly run?: boolean }): void;
  /** Opens any state, e.g. of a link; it waits for Play. */
  openState(state: LabState): void;
  /** Play or pause; a changed experiment is opened first and runs as it is now. What can't run says why. */
  toggle(): void;
  /** One step on, where it can run. */
  step(): void;
  reset(): void;
  show(snapshot: number | 'live'): void;
  /** Moves the selection along the main axis. */
  selectNext(step: 1 | -1): void;
}

interface Parts {
  readonly store: Store;
  readonly session: Session;
  readonly items: readonly GalleryItem[];
}

interface Hands {
  readonly announcer: Announcer;
  /** What the session has. */
  readonly opened: ReadonlySignal<LabSpec | undefined>;
  readonly selection: Signal<Selection>;
  readonly runner: Runner;
  readonly blocked: ReadonlySignal<string | undefined>;
}

/** The actions of a page. */
export function createActions(
  { store, session, items }: Parts,
  { announcer, opened, selection, runner, blocked }: Hands,
): LabActions {
  /** @returns Whether it can run; says why where it can't. */
  const canRun = () => {
    const why = blocked.peek();
    if (why !== undefined) announcer.say(`It can't run. ${why}`);
    return why === undefined;
  };
  return {
    openItem(id, { run = true } = {}) {
      const found = items.find((candidate) => candidate.id === id);
      if (!found) return;
      selection.value = {};
      runner.open(found.spec, run);
      store.open({ spec: found.spec, view: {}, item: found.id });
      announcer.say(`${found.title} is open.`);
    },
    openState(state) {
      runner.open(state.spec, false);
      store.open(state);
    },
    toggle() {
      if (session.status.get().phase === 'running') session.pause();
      else if (canRun()) runner.run();
    },
    step() {
      if (canRun()) session.step();
    },
    reset() {
      store.look({ snapshot: undefined });
      if (sameSpec(store.spec.peek(), opened.peek())) session.reset();
      else runner.open(store.spec.peek(), false);
    },
    show(snapshot) {
      session.show(snapshot);
      store.look({ snapshot: snapshot === 'live' ? undefined : snapshot });
    },
    selectNext(step) {
      const next = neighbour(valuesOf(session), selection.peek().x, step);
      if (next !== undefined) selection.value = { ...selection.peek(), x: next, pinned: true };
    },
  };
}

/** Values of the main axis in order: those that are simulated; before anything is, all. */
function valuesOf(session: Session): number[] {
  const { axis, rows, points } = session.view.get();
  if (!axis) return [];
  const numbers = (cells: readonly unknown[]) =>
    [...new Set(cells.filter((cell) => typeof cell === 'number'))].sort((a, b) => a - b);
  const simulated = points.filter(({ role }) => isSimulated(role)).map(({ axes }) => axes[axis.column]);
  return simulated.length > 0 ? numbers(simulated) : numbers(rows.map((row) => row[axis.column]));
}

function neighbour(values: readonly number[], x: number | undefined, step: 1 | -1): number | undefined {
  if (x === undefined) return step === 1 ? values[0] : values.at(-1);
  return step === 1 ? values.find((value) => value > x) : values.findLast((value) => value < x);
}
