import { createPacer, type RunContext, type StudyResult, type StudySnapshot, throwIfCancelled } from '@ggdln/core';

/** A study shows what it has about this often, besides when it is asked. */
const SHOW_EVERY_MS = 100;

/** Where a study is. */
export interface StudyStep {
  readonly step: number;
  readonly total: number;
  readonly stage: string;
  /** What a step is, plural, e.g. `epochs`. */
  readonly unit: string;
}

/** Paces the steps of a study. */
export interface StudyWatch {
  /**
   * To be awaited after every step: gives the event loop its turns and says whether to show what there is now. Neither
   * changes a number.
   * @throws GGDLN_CANCELLED when the signal has fired.
   */
  after(step: StudyStep): Promise<boolean>;
}

/** @param where Name of the study, for messages. */
export function createWatch({ signal, onProgress, wantsSnapshot }: RunContext, where: string): StudyWatch {
  throwIfCancelled(signal, where);
  const pace = createPacer();
  let shown = performance.now();
  return {
    async after({ step, total, stage, unit }) {
      onProgress?.({ stage, done: step, total, unit });
      await pace();
      throwIfCancelled(signal, where);
      if (!wantsSnapshot?.() && performance.now() - shown < SHOW_EVERY_MS) return false;
      shown = performance.now();
      return true;
    },
  };
}

/** A step with what is known at it. */
export function snapshotAt({ step, total, stage }: StudyStep, result: StudyResult): StudySnapshot {
  return { step, total, stage, result };
}
