import type { PanelContext, PanelEntry, Registry, Selection } from '@ggdln/core';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { outputsOf } from '../compose/compatibility.ts';
import { optionAt } from '../compose/optionAt.ts';
import { whyNot } from '../compose/whyNot.ts';
import type { OwnFiles } from '../engine/ownFiles.ts';
import type { Session } from '../engine/session.ts';
import type { GalleryItem } from '../gallery/galleryItem.ts';
import type { LabSpec } from '../state/labState.ts';
import type { Preferences } from '../state/preferences.ts';
import type { Store } from '../state/store.ts';
import { createActions, type LabActions } from './actions.ts';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { readableOf, writableOf } from './readable.ts';
import { createRunner, followEdits, sameSpec } from './runner.ts';
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
export interface Lab extends LabParts, LabActions {
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
}

/** Ties the state of the page to the session: what is edited is opened, unless that would throw a run away. */
export function createLab(parts: LabParts): Lab {
  const { store, session } = parts;
  const announcer = createAnnouncer();
  const opened = signal<LabSpec | undefined>(undefined);
  const selection = signal<Selection>({});
  const runner = createRunner(parts, opened);
  const edit = followEdits(parts, opened, runner);
  followView(store, selection);
  const blocked = computed(() => {
    const [refused] = store.refused.value.values();
    return refused ?? whyNot(store.spec.value, parts.registry, outputsOf(session.problem.get()));
  });
  const item = computed(() => parts.items.find(({ id }) => id === store.state.value.item));
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
    ...createActions(parts, { announcer, opened, selection, runner, blocked }),
  };
}

/** The place on the axis is in the state of the page, so that links and Back have it. */
function followView(store: Store, selection: Signal<Selection>): void {
  effect(() => {
    const x = store.view.value.x;
    if (x !== selection.peek().x) selection.value = x === undefined ? {} : { x, pinned: true };
  });
  effect(() => {
    const { x, pinned } = selection.value;
    if (pinned && x !== undefined && x !== store.view.peek().x) store.look({ x });
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
