import type { PointRecord } from '@ggdln/experiments';
import { toLabError } from './labError.ts';
import type { PointPlace, PointState } from './messages.ts';

/** Fewer batches than these, or shorter ones (in autocorrelation times), understate the error. */
const ENOUGH_BATCHES = 20;
const ENOUGH_TIMES = 5;

/** Where a point is in its work. */
interface Stage {
  readonly status: PointState['status'];
  readonly step: number;
  readonly total: number;
}

/** A point before it has anything to show. */
export function emptyState(stage: Stage): PointState {
  return { ...stage, provisional: true, metrics: [], arrays: {}, diagnostics: {} };
}

/** What the page gets of a record; batches stay here, they are only for error bars. */
export function stateOf(record: PointRecord, stage: Stage): PointState {
  const { batches_mean: batches, batches_square: _, ...arrays } = record.arrays;
  const times = record.diagnostics.batchAutocorrelationTimes?.value ?? ENOUGH_TIMES;
  const provisional = batches !== undefined && (batches.rows < ENOUGH_BATCHES || times < ENOUGH_TIMES);
  return { ...stage, provisional, metrics: record.metrics, arrays, diagnostics: record.diagnostics };
}

/** @param part Where the options of what failed stand, e.g. `learners.gradient-descent`. */
export function failedState(before: PointState, error: unknown, part: string): PointState {
  const { code, problem, remedy, changes } = toLabError(error);
  const cure = Object.entries(changes ?? {}).map(([option, value]) => [`${part}.${option}`, value]);
  return {
    ...before,
    status: 'failed',
    error: { code, problem, remedy, ...(cure.length > 0 ? { changes: Object.fromEntries(cure) } : {}) },
  };
}

export function placeOf({ id, source, role, axes }: PointPlace): PointPlace {
  return { id, source, role, axes };
}
