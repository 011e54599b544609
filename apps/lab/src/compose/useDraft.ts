import { useState } from 'preact/hooks';

/** What is typed and not taken yet, and why it can't be taken. */
export interface Draft {
  readonly text: string;
  readonly problem: string | undefined;
  type(text: string): void;
  /** Keeps what was typed and says what is wrong with it. */
  refuse(text: string, problem: string): void;
}

/**
 * Text in a field that is edited before it is taken. It follows the value when that changes from elsewhere (undo, a
 * slider), and is never lost by being wrong.
 * @param taken The value as text.
 */
export function useDraft(taken: string): Draft {
  const [state, setState] = useState<{ taken: string; text: string; problem: string | undefined }>({
    taken,
    text: taken,
    problem: undefined,
  });
  const current = state.taken === taken ? state : { taken, text: taken, problem: undefined };
  if (current !== state) setState(current);
  return {
    text: current.text,
    problem: current.problem,
    type: (text) => setState({ taken, text, problem: undefined }),
    refuse: (text, problem) => setState({ taken, text, problem }),
  };
}
