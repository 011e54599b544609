import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { inputError, type LinalgBackend } from '@ggdln/core';
import { countTasks, type PlannedPoint } from '@ggdln/experiments';
import { type WorkerPool, workerPool } from '@ggdln/experiments/node';
import type { Session } from './command.ts';
import { type Arguments, type Flag, flagValue } from './flags.ts';
import { memoryLimit } from './memory.ts';
import type { WorkerData } from './workerSetup.ts';

/** The flag that says how many processes compute. */
export const JOBS_FLAG: Flag = {
  name: 'jobs',
  value: 'N',
  help: 'Processes that compute at the same time; the numbers do not depend on it. 1 computes in this process',
  default: 'one a core, at most one a task',
};

/**
 * How many processes are to compute some points.
 * @throws GGDLN_INPUT for `--jobs` other than a whole number ≥ 1.
 */
export function jobsOf(args: Arguments, points: readonly PlannedPoint[], { registry }: Session): number {
  const given = flagValue(args, 'jobs');
  const tasks = Math.max(1, countTasks(points, registry));
  if (given === undefined) return Math.min(availableParallelism(), tasks);
  const jobs = Number(given);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw inputError('ggdln', `--jobs is ${given}`, 'Give a whole number ≥ 1');
  }
  return Math.min(jobs, tasks);
}

/**
 * Has native libraries use one thread, unless the user has said how many: with several tasks the cores are for them, and
 * the last bits of a result, which depend on the threads, must not depend on `--jobs`. To be called before a backend is
 * made.
 */
export function useOneThreadForEach(points: readonly PlannedPoint[], { registry }: Session): void {
  if (countTasks(points, registry) > 1) process.env.GGDLN_BLAS_THREADS ||= '1';
}

/** The workers of an experiment; `undefined` for one job, which needs none. */
export function startPool(
  jobs: number,
  args: Arguments,
  plugins: readonly string[],
  linalg: LinalgBackend,
  { cwd }: Session,
): WorkerPool | undefined {
  if (jobs === 1) return undefined;
  const file = args.positionals[0];
  const folder = flagValue(args, 'data');
  const data: WorkerData = {
    plugins: [
      ...(args.flags.get('plugin') ?? []).map((specifier) => ({ specifier, from: cwd })),
      ...plugins.map((specifier) => ({ specifier, from: file === undefined ? cwd : dirname(resolve(cwd, file)) })),
    ],
    linalg: linalg.name,
    data: folder === undefined ? null : resolve(cwd, folder),
    memoryLimit: memoryLimit(jobs),
  };
  return workerPool({ module: new URL('./workerSetup.js', import.meta.url), data, workers: jobs });
}
