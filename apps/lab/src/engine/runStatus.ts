import type { RunStatus } from './session.ts';

/** Phases in which there is work that can be ended. */
export const STOPPABLE: readonly RunStatus['phase'][] = ['running', 'paused'];

/** Of a run of which nothing is known yet. */
export const openingStatus: RunStatus = {
  phase: 'opening',
  word: 'Opening',
  progress: 0,
  step: 0,
  total: 0,
  unit: 'steps',
  secondsLeft: undefined,
  rate: undefined,
  seconds: 0,
};
