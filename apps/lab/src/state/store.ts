import { isGgdlnError, type Json } from '@ggdln/core';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { editSpec } from './editSpec.ts';
import type { LabSpec, LabState, ViewState } from './labState.ts';

/** How an edit enters the history. */
interface EditOptions {
  /** It passes by, as while something is dragged: passing edits, and the edit that ends them, are one step of undo. */
  readonly passing?: boolean;
}

/** Values by path, as in `--set`: `gating.gates`, `learners.block-gibbs.sweeps`, `temperature`, `seed`, `sweep`, … */
export type Changes = { readonly [path: string]: Json };

/** The state of the page with its history. One a page. */
export interface Store {
  readonly state: ReadonlySignal<LabState>;
  readonly spec: ReadonlySignal<LabSpec>;
  readonly view: ReadonlySignal<ViewState>;
  /** Whether the last edit passes by: the theory alone is worth computing. */
  readonly passing: ReadonlySignal<boolean>;
  readonly canUndo: ReadonlySignal<boolean>;
  readonly canRedo: ReadonlySignal<boolean>;
  /** The last edit that couldn't be made, in words; absent after one that could. */
  readonly refusal: ReadonlySignal<string | undefined>;
  /** What stands in fields and can't be taken, in words, by path: the experiment is as it was before. */
  readonly refused: ReadonlySignal<ReadonlyMap<string, string>>;
  /** Remembers, or with `undefined` forgets, that what stands in the field of a path can't be taken. */
  refuse(path: string, words: string | undefined): void;
  /**
   * Changes the experiment; what is not there is left to the schemas to refuse.
   * @returns Whether the change could be made: not for a path that starts at nothing, see `refusal`.
   */
  edit(changes: Changes, options?: EditOptions): boolean;
  /** Changes how it is looked at; never a step of undo of its own, but undo brings back the view of its state. */
  look(changes: Partial<ViewState>): void;
  /** Another experiment: from the gallery, from a link, from a file. A step of undo. */
  open(state: LabState): void;
  undo(): void;
  redo(): void;
}

interface History {
  readonly past: readonly LabState[];
  readonly present: LabState;
  readonly future: readonly LabState[];
  /** Paths of the passing edits that the next edit of the same paths joins. */
  readonly open: string | undefined;
}

/** Steps that undo can go back. */
export const HISTORY_LIMIT = 200;

/**
 * Makes the store of a page. A step of undo is a whole state; edits that change nothing are none.
 * @param initial What the page shows first.
 */
export function createStore(initial: LabState): Store {
  const history = signal<History>({ past: [], present: initial, future: [], open: undefined });
  const passing = signal(false);
  const refusal = signal<string | undefined>(undefined);
  const refused = signal<ReadonlyMap<string, string>>(new Map());
  const state = computed(() => history.value.present);

  const move = (next: History | undefined) => {
    if (!next) return;
    passing.value = false;
    refusal.value = undefined;
    history.value = next;
  };
  return {
    state,
    spec: computed(() => state.value.spec),
    view: computed(() => state.value.view),
    passing,
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),
    refusal,
    refused,
    refuse(path, words) {
      if (refused.peek().get(path) === words) return;
      const others = [...refused.peek()].filter(([other]) => other !== path);
      refused.value = new Map(words === undefined ? others : [...others, [path, words]]);
    },
    edit(changes, options = {}) {
      try {
        const before = history.peek();
        const spec = editSpec(before.present.spec, changes);
        refusal.value = undefined;
        passing.value = options.passing ?? false;
        history.value = recorded(before, { ...before.present, spec }, Object.keys(changes), options);
        return true;
      } catch (error) {
        if (!isGgdlnError(error)) throw error;
        refusal.value = [error.problem, error.remedy].filter(Boolean).join('. ');
        return false;
      }
    },
    look(changes) {
      const now = history.peek();
      const view = withoutAbsent({ ...now.present.view, ...changes });
      history.value = { ...now, present: { ...now.present, view } };
    },
    open(next) {
      move(recorded(history.peek(), next, [], {}));
    },
    undo: () => move(steppedBack(history.peek())),
    redo: () => move(steppedForward(history.peek())),
  };
}

function recorded(
  history: History,
  next: LabState,
  paths: readonly string[],
  { passing = false }: EditOptions,
): History {
  const key = [...paths].sort().join('\n');
  const joins = history.open !== undefined && history.open === key;
  const open = passing ? key : undefined;
  if (joins) return { ...history, present: next, future: [], open };
  if (JSON.stringify(next) === JSON.stringify(history.present)) return { ...history, open: undefined };
  const past = [...history.past, history.present].slice(-HISTORY_LIMIT);
  return { past, present: next, future: [], open };
}

function steppedBack({ past, present, future }: History): History | undefined {
  const previous = past.at(-1);
  return previous && { past: past.slice(0, -1), present: previous, future: [present, ...future], open: undefined };
}

function steppedForward({ past, present, future }: History): History | undefined {
  const [next, ...rest] = future;
  return next && { past: [...past, present], present: next, future: rest, open: undefined };
}

/** Keys that are set to `undefined` are taken away, so that equal views give equal links. */
function withoutAbsent(view: { readonly [Key in keyof ViewState]?: ViewState[Key] | undefined }): ViewState {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined)) as ViewState;
}
