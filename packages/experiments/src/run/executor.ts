import type { LearnerSnapshot, Progress, Warning } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';

/** A piece of an experiment's work that needs no other: a whole point, or one chain of its learner. */
export interface Task {
  readonly point: PlannedPoint;
  /** Which of the learner's chains (see `Learner.chains`); absent for all of the point. */
  readonly chain?: number;
}

/** Hears of a task's progress and warnings. */
export interface TaskListener {
  readonly onProgress: (progress: Progress, snapshot?: LearnerSnapshot) => void;
  readonly onWarning: (warning: Warning) => void;
  /** The task was lost by no fault of its own and is computed again; the reason is for people and is not stored. */
  readonly onRedo?: (reason: string) => void;
}

/**
 * Where tasks are computed: in this process, or in others. The numbers don't depend on it, since every task draws from
 * random streams of its own name.
 */
export interface Executor {
  /** For people, e.g. `2 workers`. */
  readonly description: string;
  /** Tasks that run at the same time. */
  readonly slots: number;
  /**
   * Computes a task: what its theory, its learner or one chain of its learner gives, as plain data.
   * @throws Whatever the task throws; GGDLN_WORKER where the process that computed it died; GGDLN_CANCELLED.
   */
  run(task: Task, listener: TaskListener, signal: AbortSignal): Promise<unknown>;
}
