/** Time left that is calm to read. */
export interface Eta {
  /**
   * Takes a new guess of the seconds left.
   * @returns What to show: nothing while the first guesses come in, which may be off by far, then a time that jumps by
   * no more than 20 % between two readings.
   */
  update(seconds: number | undefined, now: number): number | undefined;
}

/** Largest change of what is shown from one reading to the next, beside the time that has passed. */
const LARGEST_JUMP = 0.2;
/** Milliseconds between readings that may jump: several guesses a second don't add up. */
const PACE_MS = 1000;
/** Milliseconds of guesses before one is shown. */
const HOLD_MS = 2000;

/** Makes an estimate that follows guesses gently and counts down with the clock between them. */
export function createEta(): Eta {
  let shown: number | undefined;
  let anchor = 0;
  let at = 0;
  let since: number | undefined;
  return {
    update(seconds, now) {
      if (seconds === undefined || !Number.isFinite(seconds)) {
        shown = undefined;
        since = undefined;
        return undefined;
      }
      since ??= now;
      if (now - since < HOLD_MS) return undefined;
      if (shown === undefined) {
        shown = seconds;
        anchor = seconds;
        at = now;
        return shown;
      }
      const passed = (now - at) / 1000;
      const expected = Math.max(0, anchor - passed);
      // The last second goes as it goes: a fifth of nothing would never end.
      const low = expected < 1 ? 0 : expected * (1 - LARGEST_JUMP);
      shown = Math.min(Math.max(seconds, low), Math.max(1, expected * (1 + LARGEST_JUMP)));
      if (now - at >= PACE_MS) {
        anchor = shown;
        at = now;
      }
      return shown;
    },
  };
}

/** `23 s left`, `2 min left`: what a person can read at a glance. */
export function timeLeft(seconds: number): string {
  if (seconds < 1) return 'less than 1 s left';
  if (seconds < 100) return `${Math.round(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}
