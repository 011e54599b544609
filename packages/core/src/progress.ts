import { GgdlnError } from './errors.ts';

/** One report of a long computation. `done` counts towards `total` in `unit`s within `stage`. */
export interface Progress {
  /** What is being done, for people, e.g. `sampling N = 100, chain 2`. */
  readonly stage: string;
  readonly done: number;
  /** Absent when the end isn't known. */
  readonly total?: number;
  /** What is counted, plural: `sweeps`, `steps`, `iterations`, `bytes`. */
  readonly unit?: string;
  /** Something worth showing beside it: a residual, a running estimate. */
  readonly note?: string;
}

export type OnProgress = (progress: Progress) => void;

/** Throws `GGDLN_CANCELLED` if the signal has fired. Long loops call it once per step. */
export function throwIfCancelled(signal: AbortSignal | undefined, where: string): void {
  if (signal?.aborted) {
    throw new GgdlnError({ code: 'GGDLN_CANCELLED', where, problem: 'cancelled by the caller', cause: signal.reason });
  }
}

/**
 * Lets timers, signals (Ctrl-C) and messages be handled during a long computation: awaiting the returned function
 * is free until `everyMs` have passed since the last pause, then gives the event loop one turn.
 * Pauses never change results.
 */
export function createPacer(everyMs = 50): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < everyMs) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        last = performance.now();
        resolve();
      }, 0),
    );
  };
}
