import type { RunStatus } from './session.ts';

/** How fast a run goes: time run, rate and time left. */
export interface Pulse {
  start(): void;
  stop(): void;
  /** @param progress Steps and share of all the work that are done. */
  read(progress: {
    readonly step: number;
    readonly total: number;
    readonly unit: string;
    readonly share: number;
  }): Pick<RunStatus, 'step' | 'total' | 'unit' | 'secondsLeft' | 'rate' | 'seconds'>;
}

/** Rates are taken over this time. */
const WINDOW_MS = 2000;
/** The time left is told again when it is off by more than this share. */
const STEADY = 0.2;

/** @param now Milliseconds; for tests. */
export function createPulse(now: () => number = () => performance.now()): Pulse {
  let marks: { readonly time: number; readonly step: number; readonly share: number }[] = [];
  let ran = 0;
  let since: number | undefined;
  let left: number | undefined;
  return {
    start() {
      since ??= now();
      marks = [];
    },
    stop() {
      if (since !== undefined) ran += now() - since;
      since = undefined;
      marks = [];
      left = undefined;
    },
    read({ step, total, unit, share }) {
      const time = now();
      marks.push({ time, step, share });
      while (marks.length > 2 && time - marks[1].time > WINDOW_MS) marks.shift();
      const elapsed = (time - marks[0].time) / 1000;
      const seconds = (ran + (since === undefined ? 0 : time - since)) / 1000;
      const known = since !== undefined && elapsed > 0.2;
      const speed = (share - marks[0].share) / elapsed;
      if (known && speed > 0) left = steady(left, (1 - share) / speed);
      return {
        step,
        total,
        unit,
        seconds,
        secondsLeft: known ? left : undefined,
        rate: known ? (step - marks[0].step) / elapsed : undefined,
      };
    },
  };
}

/** Moves at most 20 % at a time, so that it doesn't jump. */
function steady(before: number | undefined, found: number): number {
  if (before === undefined) return found;
  return Math.min(Math.max(found, before * (1 - STEADY)), before * (1 + STEADY));
}
