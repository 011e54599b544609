import { readFile, rename, writeFile } from 'node:fs/promises';
import type { ElementState } from './runFolder.ts';

/** Keeps the state of an element in a file that others read while it is written. */
export interface StateFile {
  /** Changes the state and waits until it is written. What the last task reported is forgotten. */
  set(change: Partial<ElementState>): Promise<void>;
  /** Changes the state; written within a second, when the event loop has time. Costs nothing. */
  report(change: Pick<ElementState, 'progress' | 'snapshot'>): void;
}

const INTERVAL_MS = 1000;

/** Opens the state file of an element. What can't be written is lost: it is there to be shown. */
export function openStateFile(path: string, initial: ElementState): StateFile {
  let state = initial;
  let last = performance.now();
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    last = performance.now();
    const text = JSON.stringify(state);
    writing = writing
      .then(() => writeFile(`${path}.new`, text))
      .then(() => rename(`${path}.new`, path))
      .catch(() => {});
    return writing;
  };
  return {
    set(change) {
      const { progress: _progress, snapshot: _snapshot, ...rest } = state;
      state = { ...rest, ...change };
      return write();
    },
    report(change) {
      state = { ...state, ...change };
      if (performance.now() - last > INTERVAL_MS) void write();
    },
  };
}

/** The state of an element; `undefined` where it has not begun. */
export async function readState(path: string): Promise<ElementState | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ElementState;
  } catch {
    return undefined;
  }
}
