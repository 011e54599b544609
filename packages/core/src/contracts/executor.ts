import type { JsonObject } from '../json.ts';
import type { Progress } from '../progress.ts';
import type { Warning } from './context.ts';
import type { LearnerSnapshot } from './learner.ts';

/** A piece of an experiment's work that needs no other. Plain JSON, so that it crosses processes and machines. */
export interface Task {
  /** The same work has the same id, also in another run; letters, digits, `.`, `_` and `-`, so that files can bear it. */
  readonly id: string;
  /** For people, e.g. `block-gibbs, chain 2 at architecture.width = 60`. */
  readonly name: string;
  /** What is to be computed; only what computes tasks understands it. */
  readonly work: JsonObject;
}

/** Hears of a task's progress and warnings. */
export interface TaskListener {
  readonly onProgress: (progress: Progress, snapshot?: LearnerSnapshot) => void;
  readonly onWarning: (warning: Warning) => void;
  /** The task was lost by no fault of its own and is computed again; the reason is for people and is not stored. */
  readonly onRedo?: (reason: string) => void;
  /** How long it took where it was computed, without waiting in queues; told before the result, where that is known. */
  readonly onComputed?: (seconds: number) => void;
}

/**
 * Computes a task: what its theory, its learner or one chain of its learner gives, as plain data that can be cloned.
 * @throws Whatever the task throws; GGDLN_CANCELLED when the signal fires.
 */
export type ComputeTask = (task: Task, listener: TaskListener, signal: AbortSignal) => Promise<unknown>;

/** How processes other than the experiment's own compute its tasks. Plain JSON, as tasks are. */
export interface TaskProgram {
  /** URL of a module that exports an {@link OpenTaskProgram} by the name `openTaskProgram`. */
  readonly module: string;
  /** What it is given. */
  readonly data: JsonObject;
}

/**
 * Makes what computes tasks in a new process; called once in each.
 * @param limits `memoryLimit`: bytes that this process may use, where whoever started it knows; see `RunContext`.
 */
export type OpenTaskProgram = (
  data: JsonObject,
  limits: { readonly memoryLimit?: number },
) => ComputeTask | Promise<ComputeTask>;

/** What an executor is made with. */
export interface ExecutorContext {
  /** For executors with processes of their own. */
  readonly program: TaskProgram;
  /**
   * Absolute path of the run's folder, which every process sees that computes for it. An executor keeps its files in a
   * subfolder named after itself, and removes it when nothing in it is of use any more.
   */
  readonly folder: string;
  /** How many tasks there are at most, where that is known: more processes than tasks are of no use. */
  readonly tasks?: number;
  /** Bytes that all computations on this machine together may use. */
  readonly memoryLimit?: number;
  /** Hears of what concerns no task of its own, e.g. that the scheduler doesn't answer. */
  readonly onWarning?: (warning: Warning) => void;
}

/**
 * Where tasks are computed: in this process, in others, on other machines. The numbers don't depend on it, since every
 * task draws from random streams of its own name.
 */
export interface Executor {
  /** For people, e.g. `2 worker processes`. */
  readonly description: string;
  /** Tasks that it takes at the same time; `Infinity` where it queues them itself. */
  readonly slots: number;
  /**
   * Computes a task, or has it computed.
   * @param here Computes it in this process.
   * @throws Whatever the task throws; GGDLN_WORKER where the process that computed it died; GGDLN_CANCELLED.
   */
  run(task: Task, listener: TaskListener, signal: AbortSignal, here: ComputeTask): Promise<unknown>;
  /** Ends at once what still computes, and frees what it holds. Called when the work has ended, however it ended. */
  close?(): Promise<void>;
}
