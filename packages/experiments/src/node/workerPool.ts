import { type Executor, GgdlnError, inputError, type Task } from '@ggdln/core';
import { taskProgram, type WorkerSetup } from './taskProgram.ts';
import { startWorker, type WorkerOptions, type WorkerProcess } from './workerProcess.ts';

const where = '@ggdln/experiments workerPool';
/** A task is tried again once: what kills two processes kills the third. */
const ATTEMPTS = 2;

interface PoolSize {
  /** Number of processes, at least 1. */
  readonly workers: number;
}

/** Options of `workerPool`. */
export interface WorkerPoolOptions extends PoolSize, WorkerSetup, Omit<WorkerOptions, 'program'> {}

/** An executor that has processes of its own. */
export interface WorkerPool extends Executor {
  /** Ends all processes at once. Call it when the experiment has ended, however it ended. */
  close(): Promise<void>;
}

/**
 * Computes tasks in processes of their own, one task at a time in each. They are processes rather than threads, so that
 * one that crashes in native code or is ended for lack of memory takes nothing along. A task whose worker died is
 * reported and computed once more by a new one; when that dies too, the point fails with GGDLN_WORKER.
 * Needs the built package (Node can't run its TypeScript sources in a new process).
 * @throws GGDLN_INPUT for less than one worker.
 */
export function workerPool({ module, data, ...options }: WorkerPoolOptions): WorkerPool {
  return processPool({ ...options, program: taskProgram({ module, data }) });
}

/** The pool of {@link workerPool} for any task program. @throws GGDLN_INPUT for less than one worker. */
export function processPool(options: PoolSize & WorkerOptions): WorkerPool {
  const { workers } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw inputError(where, `workers is ${workers}`, 'Give a whole number ≥ 1');
  }
  const all = new Set<WorkerProcess>();
  const idle: WorkerProcess[] = [];
  const take = (): WorkerProcess => {
    for (let worker = idle.pop(); worker; worker = idle.pop()) {
      if (worker.alive) return worker;
      all.delete(worker);
    }
    const started = startWorker(options);
    all.add(started);
    return started;
  };
  return {
    description: `${workers} worker ${workers === 1 ? 'process' : 'processes'}`,
    slots: workers,
    async run(task, listener, signal) {
      for (let attempt = 1; ; attempt++) {
        const worker = take();
        const outcome = await worker.compute(task, listener, signal);
        if (outcome.type === 'died') {
          all.delete(worker);
          if (attempt === ATTEMPTS) throw deathOf(task, outcome.how);
          listener.onRedo?.(`A worker process ${outcome.how} while it computed ${task.name}. It is computed again.`);
          continue;
        }
        idle.push(worker);
        if (outcome.type === 'failed') throw outcome.error;
        return outcome.result;
      }
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.kill()));
      all.clear();
      idle.length = 0;
    },
  };
}

function deathOf({ name }: Task, how: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_WORKER',
    where,
    problem: `the worker process that computed ${name} ${how}, like the one before`,
    remedy:
      'Where memory ran out, use fewer workers (--jobs) or a smaller problem; with one job it runs in this process ' +
      'and shows where it stops',
  });
}
