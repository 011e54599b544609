import { useEffect, useState } from 'preact/hooks';
import type { Store } from '../state/store.ts';

/** What is typed and not taken yet, and why it can't be taken. */
export interface Draft {
  readonly text: string;
  readonly problem: string | undefined;
  type(text: string): void;
  /** Keeps what was typed and says what is wrong with it. */
  refuse(text: string, problem: string): void;
  /** Escape brings back the value that was taken; where nothing was typed the key is the page's. */
  escape(event: KeyboardEvent): void;
}

/** Whose field it is: the page knows by it what stands there and can't be taken. */
export interface DraftField {
  readonly store: Pick<Store, 'refuse'>;
  readonly path: string;
  /** For people. */
  readonly title: string;
}

/**
 * Text in a field that is edited before it is taken. It follows the value when that changes from elsewhere (undo, a
 * slider), and is never lost by being wrong.
 * @param taken The value as text.
 */
export function useDraft(taken: string, { store, path, title }: DraftField): Draft {
  const [state, setState] = useState<{ taken: string; text: string; problem: string | undefined }>({
    taken,
    text: taken,
    problem: undefined,
  });
  const current = state.taken === taken ? state : { taken, text: taken, problem: undefined };
  if (current !== state) setState(current);
  const { text, problem } = current;
  useEffect(() => store.refuse(path, problem && `${title}: ${problem}`), [store, path, title, problem]);
  // A field that is gone has nothing in it.
  useEffect(() => () => store.refuse(path, undefined), [store, path]);
  return {
    text,
    problem,
    type: (typed) => setState({ taken, text: typed, problem: undefined }),
    refuse: (typed, words) => setState({ taken, text: typed, problem: words }),
    escape(event) {
      if (event.key !== 'Escape' || text === taken) return;
      event.preventDefault();
      setState({ taken, text: taken, problem: undefined });
    },
  };
}
