import { join } from 'node:path';
import type { LearnerSnapshot, Progress, Task, TaskProgram } from '@ggdln/core';

/** What an array element says of itself, in a file, while it computes. */
export interface ElementState {
  /** Id of the task under way, or given up; `null` before the first and after the last. */
  readonly task: string | null;
  /** Tasks of the element that had an outcome when it began: those that it didn't have to compute again. */
  readonly resumed: number;
  /** Tasks that it has computed since it began. */
  readonly computed: number;
  /** How often Slurm has started the element again. */
  readonly restarts: number;
  /** The signal that made it stop before its last task. */
  readonly stoppedBy?: string;
  /** Of the task under way. */
  readonly progress?: Progress;
  readonly snapshot?: LearnerSnapshot;
}

/** The files of a run: everything that its processes tell each other. */
export interface RunFolder {
  readonly root: string;
  /** One file a task. */
  readonly outcomes: string;
  /** One folder a job array. */
  readonly batches: string;
}

/** The executor's part of a run's folder. */
export function runFolder(run: string): RunFolder {
  const root = join(run, 'slurm');
  return { root, outcomes: join(root, 'outcomes'), batches: join(root, 'batches') };
}

/** Outcome of a task. */
export function outcomeFile(outcomes: string, id: string): string {
  return join(outcomes, `${id}.outcome`);
}

/** An outcome that was delivered as a failure: not computed again by this run, but by the next. */
export function deliveredFile(outcomes: string, id: string): string {
  return join(outcomes, `${id}.failed`);
}

/** What an array element is to compute. */
export interface ElementPlan {
  readonly program: TaskProgram;
  /** Folder of outcomes. */
  readonly outcomes: string;
  readonly tasks: readonly Task[];
}

/** Names of files in a batch's folder. */
export const batchFiles = {
  script: 'submit.sh',
  /** What sbatch printed: the number of the job. */
  job: 'job',
  /** An {@link ElementPlan}. */
  plan: (element: number | string): string => `${element}.plan.json`,
  /** An {@link ElementState}. */
  state: (element: number | string): string => `${element}.state.json`,
  log: (element: number | string): string => `${element}.log`,
} as const;
