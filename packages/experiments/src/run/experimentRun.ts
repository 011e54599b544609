import type { Executor, FileSource, GgdlnError, LinalgBackend, Registry, Warning } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import type { PointRecord } from '../store/pointRecord.ts';
import { createMemoryStore, type RunStore } from '../store/runStore.ts';
import type { ExperimentEvent, OnExperimentEvent, PointCounts } from './events.ts';
import type { PointFailure } from './experimentResult.ts';

/** What an experiment runs with. */
export interface RunOptions {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  /** Where finished points are kept and looked up. Default: in memory, for this run only. */
  readonly store?: RunStore;
  /** Where datasets get their files from. */
  readonly files?: FileSource;
  /** Where points are computed, e.g. a `workerPool`; its registry, files and backend must be the ones given here. Default: here. */
  readonly executor?: Executor;
  /** Bytes that a computation here may use; one that needs more is refused before it begins. */
  readonly memoryLimit?: number;
  /** Try points again that failed in an earlier run. Default: yes; otherwise they are reported as failed. */
  readonly retryFailed?: boolean;
  /**
   * Take every error of a point down as its failure and go on, also a defect. Default: only those of solves that don't
   * converge, of numbers that aren't finite, and of processes that died.
   */
  readonly keepGoing?: boolean;
  /** Compute the first and the last point of every learner and theory first, so that costs can be estimated soon. */
  readonly pilots?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: OnExperimentEvent;
}

type EventWithoutCounts = ExperimentEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'counts'>
    : never
  : never;

/** The state of an experiment that runs: what is finished, and who hears of it. */
export interface ExperimentRun {
  readonly points: readonly PlannedPoint[];
  readonly options: RunOptions & { readonly store: RunStore };
  readonly records: ReadonlyMap<string, PointRecord>;
  readonly failures: readonly PointFailure[];
  counts(): PointCounts;
  emit(event: EventWithoutCounts): void;
  /** Tells a warning once. */
  warn(warning: Warning, point?: PlannedPoint): void;
  /** Counts a record that was computed now. */
  keep(record: PointRecord): void;
  /** Takes a record that is there already, and says so. */
  reuse(point: PlannedPoint, record: PointRecord): void;
  /** Takes a failure down, and says so. */
  fail(point: PlannedPoint, error: GgdlnError, before?: boolean): void;
  setStale(count: number): void;
}

/** A run at its start. */
export function createExperimentRun(points: readonly PlannedPoint[], options: RunOptions): ExperimentRun {
  const tally = { reused: 0, computed: 0, stale: 0 };
  const records = new Map<string, PointRecord>();
  const failures: PointFailure[] = [];
  const told = new Set<string>();
  const counts = (): PointCounts => {
    const failed = failures.length;
    return { ...tally, total: points.length, failed, done: tally.reused + tally.computed + failed };
  };
  const emit = (event: EventWithoutCounts) => options.onEvent?.({ ...event, counts: counts() } as ExperimentEvent);
  const warn = (warning: Warning, point?: PlannedPoint) => {
    const key = `${warning.code}\n${warning.message}`;
    if (told.has(key)) return;
    told.add(key);
    emit({ type: 'warning', warning, ...(point ? { point } : {}) });
  };
  return {
    points,
    options: { ...options, store: options.store ?? createMemoryStore() },
    records,
    failures,
    counts,
    emit,
    warn,
    keep(record) {
      records.set(record.id, record);
      tally.computed += 1;
    },
    reuse(point, record) {
      records.set(record.id, record);
      tally.reused += 1;
      emit({ type: 'point-reused', point, record });
      for (const warning of record.warnings) warn(warning, point);
    },
    fail(point, error, before = false) {
      failures.push({ point, error });
      emit({ type: 'point-failed', point, error, before });
    },
    setStale(count) {
      tally.stale = count;
    },
  };
}
