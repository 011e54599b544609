import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import {
  type Executor,
  type ExecutorContext,
  type ExecutorEntry,
  inputError,
  type JsonObject,
  resolveOptions,
} from '@ggdln/core';
import { countTasks, type PlannedPoint } from '@ggdln/experiments';
import { taskProgram } from '@ggdln/experiments/node';
import { peekFlag, type Session, type Setting } from './command.ts';
import { schemaFlags, schemaValues } from './entryFlags.ts';
import { type Arguments, type Flag, flagValue } from './flags.ts';
import { memoryLimit } from './memory.ts';
import type { WorkerData } from './workerSetup.ts';

/** Options of the executor are flags under this name. */
const PREFIX = 'executor';

const FLAGS: readonly Flag[] = [
  {
    name: 'jobs',
    value: 'N',
    help: 'Processes that compute at the same time; the numbers do not depend on it. 1 computes in this process',
    default: 'one a core, at most one a task',
  },
  {
    name: 'executor',
    value: 'NAME',
    help: 'Where tasks are computed: in-process, workers, slurm, or a plugin’s',
    default: 'workers; in-process for one job',
  },
  { name: 'print-jobs', help: 'Show what the executor would start or submit, e.g. the batch script; compute nothing' },
];

/** Work that is to be computed. */
export interface WorkToCompute {
  /** All points, or those that are still to be computed. */
  readonly points: readonly PlannedPoint[];
  /** Tasks besides those of points. Default 0. */
  readonly parts?: number;
  /** The `plugins:` of the experiment file. */
  readonly plugins: readonly string[];
  /** Name of the backend that points were planned for. */
  readonly linalg: string;
  /** Folder of the run. */
  readonly folder: string;
  /** Hears what the executor has to say of itself. Default: a line on standard error. */
  readonly note?: (text: string) => void;
}

/** Flags that say where tasks are computed: `--jobs`, `--executor` with the options of the one named, `--print-jobs`. */
export function executorFlags(argv: readonly string[], { registry }: Setting): Flag[] {
  const name = peekFlag(argv, PREFIX);
  if (name === undefined) return [...FLAGS];
  return [...FLAGS, ...schemaFlags(registry.get('executor', name).options, PREFIX, `Options of the executor ${name}`)];
}

/** Whether a flag is one of {@link executorFlags}' options, which are no part of an experiment. */
export function isExecutorOption(flag: string): boolean {
  return flag.startsWith(`${PREFIX}.`);
}

/**
 * Opens the executor that the flags ask for. Close it when the work has ended, however it ended.
 * @throws GGDLN_INPUT for flags that don't fit; whatever the executor throws where it can't run.
 */
export async function openExecutor(
  work: WorkToCompute,
  args: Arguments,
  session: Session,
): Promise<Executor & { close(): Promise<void> }> {
  const { entry, options, context } = chooseExecutor(work, args, session);
  const executor = await entry.create(options, context);
  return {
    description: executor.description,
    slots: executor.slots,
    run: (...task) => executor.run(...task),
    close: async () => executor.close?.(),
  };
}

/** What {@link openExecutor} would start or submit, for people. Starts nothing. @throws GGDLN_INPUT likewise. */
export function previewExecutor(work: WorkToCompute, args: Arguments, session: Session): string {
  const { name, entry, options, context } = chooseExecutor(work, args, session);
  return entry.preview?.(options, context) ?? `The executor ${name} has no preview.\n`;
}

function chooseExecutor(work: WorkToCompute, args: Arguments, session: Session) {
  const { registry } = session;
  const tasks = Math.max(1, countTasks(work.points, registry) + (work.parts ?? 0));
  const jobs = jobsOf(args);
  const name =
    flagValue(args, PREFIX) ?? (Math.min(jobs ?? availableParallelism(), tasks) === 1 ? 'in-process' : 'workers');
  const entry: ExecutorEntry = registry.get('executor', name);
  const given = schemaValues(entry.options, args, PREFIX);
  if (jobs !== undefined && name !== 'workers' && flagValue(args, PREFIX) !== undefined) {
    throw inputError(
      'ggdln',
      `--jobs ${jobs} is given with --executor ${name}`,
      '--jobs is for the processes of this machine; set how many run at a time with the options of the executor (--help)',
    );
  }
  const processes: JsonObject = jobs === undefined ? {} : { processes: Math.min(jobs, tasks) };
  const options = resolveOptions(
    entry.options,
    name === 'workers' ? { ...processes, ...given } : given,
    `executor ${name}`,
  );
  return { name, entry, options, context: contextOf(work, tasks, args, session) };
}

/** `--jobs`, if given. @throws GGDLN_INPUT unless it is a whole number from 1. */
export function jobsOf(args: Arguments): number | undefined {
  const given = flagValue(args, 'jobs');
  if (given === undefined) return undefined;
  const jobs = Number(given);
  if (!Number.isInteger(jobs) || jobs < 1) throw inputError('ggdln', `--jobs is ${given}`, 'Give a whole number ≥ 1');
  return jobs;
}

function contextOf(
  { plugins, linalg, folder, note }: WorkToCompute,
  tasks: number,
  args: Arguments,
  { cwd, terminal }: Session,
): ExecutorContext {
  const file = args.positionals[0];
  const files = flagValue(args, 'data');
  const data: WorkerData = {
    plugins: [
      ...(args.flags.get('plugin') ?? []).map((specifier) => ({ specifier, from: cwd })),
      ...plugins.map((specifier) => ({ specifier, from: file === undefined ? cwd : dirname(resolve(cwd, file)) })),
    ],
    linalg,
    data: files === undefined ? null : resolve(cwd, files),
  };
  return {
    program: taskProgram({ module: new URL('./workerSetup.js', import.meta.url), data }),
    folder,
    tasks,
    memoryLimit: memoryLimit(),
    onWarning: ({ message }) => (note ?? ((text) => terminal.err(`${text}\n`)))(`  Warning: ${message}`),
  };
}

/**
 * Has native libraries use one thread, unless the user has said how many: with several tasks the cores are for them, and
 * the last bits of a result, which depend on the threads, must not depend on where it is computed. To be called before a
 * backend is made.
 */
export function useOneThreadForEach(points: readonly PlannedPoint[], { registry }: Session): void {
  if (countTasks(points, registry) > 1) process.env.GGDLN_BLAS_THREADS ||= '1';
}
