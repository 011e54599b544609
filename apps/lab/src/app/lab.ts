import type { PanelContext, PanelEntry, Registry, Selection } from '@ggdln/core';
import { isSimulated } from '@ggdln/plot';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { outputsOf } from '../compose/compatibility.ts';
import { optionAt } from '../compose/optionAt.ts';
import { whyNot } from '../compose/whyNot.ts';
import type { OwnFiles } from '../engine/ownFiles.ts';
import type { Session } from '../engine/session.ts';
import type { GalleryItem } from '../gallery/galleryItem.ts';
import type { LabSpec, LabState } from '../state/labState.ts';
import type { Preferences } from '../state/preferences.ts';
import type { Store } from '../state/store.ts';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { readableOf, writableOf } from './readable.ts';
import type { ThemeName } from './theme.ts';

/** What the page is made of; `main.tsx` hands it in, tests hand in doubles. */
export interface LabParts {
  readonly store: Store;
  readonly session: Session;
  readonly registry: Registry;
  readonly items: readonly GalleryItem[];
  readonly panels: { readonly [name: string]: PanelEntry };
  readonly ownFiles: OwnFiles;
  readonly preferences: Preferences;
  readonly theme: ReadonlySignal<ThemeName>;
  /** Version of ggdln. */
  readonly version: string;
}

/** The page as its parts see it. One a page. */
export interface Lab extends LabParts {
  readonly announcer: Announcer;
  readonly selection: Signal<Selection>;
  readonly context: PanelContext;
  /** The experiment was changed after it ran: what is on screen is the old one's. */
  readonly stale: ReadonlySignal<boolean>;
  /** Why it can't run as it stands: what a field says that can't be taken, or the first thing that needs a change. */
  readonly blocked: ReadonlySignal<string | undefined>;
  /** The item that it began as. */
  readonly item: ReadonlySignal<GalleryItem | undefined>;
  readonly title: ReadonlySignal<string>;
  readonly lead: ReadonlySignal<string>;
  /** Something to know that belongs to no part, e.g. of a link that could not be opened. */
  readonly notice: Signal<string | undefined>;
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

/** Ties the state of the page to the session: what is edited is opened, unless that would throw a run away. */
export function createLab(parts: LabParts): Lab {
  const { store, session } = parts;
  const announcer = createAnnouncer();
  const opened = signal<LabSpec | undefined>(undefined);
  const selection = signal<Selection>({});
  const runner = createRunner(parts, opened);
  const blocked = computed(() => {
    const [refused] = store.refused.value.values();
    return refused ?? whyNot(store.spec.value, parts.registry, outputsOf(session.problem.get()));
  });
  /** @returns Whether it can run; says why where it can't. */
  const canRun = () => {
    const why = blocked.peek();
    if (why !== undefined) announcer.say(`It can't run. ${why}`);
    return why === undefined;
  };
  const item = computed(() => parts.items.find(({ id }) => id === store.state.value.item));

  /** An edit that says itself what is opened. */
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
  effect(() => {
    const x = store.view.value.x;
    if (x !== selection.peek().x) selection.value = x === undefined ? {} : { x, pinned: true };
  });
  effect(() => {
    const { x, pinned } = selection.value;
    if (pinned && x !== undefined && x !== store.view.peek().x) store.look({ x });
  });

  return {
    ...parts,
    // Both change while the page is open: its user may give it plugins.
    get registry() {
      return parts.registry;
    },
    get panels() {
      return parts.panels;
    },
    announcer,
    selection,
    notice: signal(undefined),
    context: {
      view: session.view,
      selection: writableOf(selection),
      theme: readableOf(parts.theme),
      edit,
      announce: announcer.say,
      optionAt: (path) => optionAt(path, store.spec.peek(), parts.registry)?.option,
    },
    stale: computed(() => opened.value !== undefined && !sameSpec(store.spec.value, opened.value)),
    blocked,
    item,
    title: computed(
      () => item.value?.title ?? textOf(store.spec.value.title) ?? textOf(store.spec.value.name) ?? 'Lab',
    ),
    lead: computed(() => item.value?.lead ?? textOf(store.spec.value.description) ?? ''),
    openItem(id, { run = true } = {}) {
      const found = parts.items.find((candidate) => candidate.id === id);
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

/** Opens experiments and runs them; the session waits by itself until they can run. */
function createRunner({ store, session }: LabParts, opened: Signal<LabSpec | undefined>) {
  /** @param keep What was found before stays on screen until there are new numbers. */
  const open = (spec: LabSpec, run: boolean, keep = false) => {
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

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const sameSpec = (a: LabSpec, b: LabSpec | undefined): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
