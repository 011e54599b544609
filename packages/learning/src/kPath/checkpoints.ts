import { inputError } from '@ggdln/core';
import type { KPathState, KPathStore } from './state.ts';

const where = '@ggdln/learning learnKPath checkpoints';

/** Where and how often a run keeps its state. Whenever that is, the numbers are the same. */
export interface KPathCheckpoints {
  readonly store: KPathStore;
  /** Epochs between two states. */
  readonly every?: number;
  /** Steps between two states, in the middle of epochs too. */
  readonly everySteps?: number;
  /** Seconds between two states, in the middle of epochs too. */
  readonly everySeconds?: number;
  /** States of so many epochs are kept, the last ones. Default 1. */
  readonly keep?: number;
}

/** Writes states when they are due. */
export interface KPathKeeper {
  /** The newest state there is. */
  newest(): Promise<KPathState | undefined>;
  /** After a step within an epoch. */
  afterStep(steps: number, state: () => KPathState): Promise<void> | undefined;
  /** After an epoch. @param last Write it anyway: there is none after it. */
  afterEpoch(epoch: number, state: () => KPathState, last: boolean): Promise<void> | undefined;
  /** Now: the run is stopped. */
  stop(state: () => KPathState): Promise<void> | undefined;
}

/** @throws GGDLN_INPUT for intervals that aren't above 0. */
export function createKeeper(checkpoints: KPathCheckpoints | undefined): KPathKeeper {
  if (!checkpoints) {
    const nothing = () => undefined;
    return { newest: async () => undefined, afterStep: nothing, afterEpoch: nothing, stop: nothing };
  }
  const { store, every, everySteps, everySeconds, keep = 1 } = checkpoints;
  requireIntervals({ every, everySteps, keep: keep === Number.POSITIVE_INFINITY ? 1 : keep }, everySeconds);
  let [writtenAt, stepsAt] = [performance.now(), 0];
  const write = async (state: KPathState): Promise<void> => {
    await store.write(state);
    const kept = await store.epochs();
    for (const epoch of kept.slice(0, Math.max(0, kept.length - keep))) await store.remove(epoch);
    [writtenAt, stepsAt] = [performance.now(), state.steps];
  };
  const overdue = (): boolean => everySeconds !== undefined && performance.now() - writtenAt >= 1000 * everySeconds;
  return {
    newest: async () => {
      const epoch = (await store.epochs()).at(-1);
      const state = epoch === undefined ? undefined : await store.read(epoch);
      stepsAt = state?.steps ?? 0;
      return state;
    },
    afterStep: (steps, state) => {
      const due = everySteps !== undefined && steps - stepsAt >= everySteps;
      return due || overdue() ? write(state()) : undefined;
    },
    afterEpoch: (epoch, state, last) => {
      const due = every !== undefined && epoch % every === 0;
      return last || due || overdue() ? write(state()) : undefined;
    },
    stop: (state) => write(state()),
  };
}

function requireIntervals(counts: Readonly<Record<string, number | undefined>>, seconds: number | undefined): void {
  for (const [name, value] of Object.entries(counts)) {
    if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
    throw inputError(where, `${name} is ${value}`, 'It must be a whole number above 0');
  }
  if (seconds === undefined || seconds >= 0) return;
  throw inputError(where, `everySeconds is ${seconds}`, 'It must be at least 0');
}
