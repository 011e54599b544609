import type { GgdlnError, LearnerSnapshot, Progress, Warning } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import type { PointRecord } from '../store/pointRecord.ts';

/** How many points are in which state. `done` = reused + computed + failed. */
export interface PointCounts {
  readonly total: number;
  readonly done: number;
  readonly reused: number;
  readonly computed: number;
  readonly failed: number;
  /** Stored points that the spec no longer contains; kept, never merged. */
  readonly stale: number;
}

/** What an experiment tells while it runs. Every event carries the counts as they are after it. */
export type ExperimentEvent = { readonly counts: PointCounts } & (
  | { readonly type: 'planned'; readonly points: readonly PlannedPoint[] }
  | { readonly type: 'preparing'; readonly what: string; readonly progress?: Progress }
  | { readonly type: 'point-started'; readonly point: PlannedPoint }
  | {
      readonly type: 'point-progress';
      readonly point: PlannedPoint;
      readonly progress: Progress;
      readonly snapshot?: LearnerSnapshot;
    }
  | {
      readonly type: 'point-finished';
      readonly point: PlannedPoint;
      readonly record: PointRecord;
      /** From its beginning to its end. */
      readonly seconds: number;
      /** What it cost: seconds of its tasks one after the other, and a guess at the bytes that it needed. */
      readonly work: { readonly seconds: number; readonly bytes: number };
    }
  | { readonly type: 'point-reused'; readonly point: PlannedPoint; readonly record: PointRecord }
  | {
      readonly type: 'point-failed';
      readonly point: PlannedPoint;
      readonly error: GgdlnError;
      /** It failed in an earlier run, and was not tried again. */
      readonly before: boolean;
    }
  | { readonly type: 'warning'; readonly warning: Warning; readonly point?: PlannedPoint }
);

/** Hears what happens in an experiment. */
export type OnExperimentEvent = (event: ExperimentEvent) => void;
