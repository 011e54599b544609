import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Executor, type ExecutorContext, GgdlnError } from '@ggdln/core';
import { submitBatch } from './batches.ts';
import { batchScript } from './batchScript.ts';
import { createElementWatch, type ElementWatch } from './elementWatch.ts';
import { createOffice, type Office } from './office.ts';
import { cancelJobs, slurmVersion } from './slurmCommands.ts';
import { checkSlurmOptions, type SlurmOptions } from './slurmOptions.ts';

/** Between two looks into the folder of outcomes. */
const LOOK_MS = 500;
/** Tasks that come within this time go into one job array. */
const GATHER_MS = 100;

/**
 * Computes tasks as elements of Slurm job arrays. All that its processes tell each other is in the run's folder, so that
 * a run which is killed and started again finds what was finished meanwhile, and waits for the jobs that still run.
 * @throws GGDLN_BACKEND where there is no Slurm; GGDLN_INPUT for options or a folder that it can't be told.
 */
export async function slurmExecutor(options: SlurmOptions, context: ExecutorContext): Promise<Executor> {
  checkSlurmOptions(options);
  const office = createOffice(options, context);
  const { run, jobName, book } = office;
  batchScript({ jobName, folder: run.batches, elements: 1, options });
  const version = await slurmVersion();
  const watch = createElementWatch(office);
  let closed = false;
  let loop: Promise<void> | undefined;
  const start = () => {
    loop ??= attend(office, watch, () => closed).finally(() => {
      loop = undefined;
      if (book.wanted().length > 0 && !closed) start();
    });
  };
  return {
    description: describe(version, options),
    slots: Number.POSITIVE_INFINITY,
    async run(task, listener, signal) {
      if (closed) throw ended(`${task.name} came after the executor was closed`);
      const outcome = book.wait(task, listener, signal);
      start();
      return outcome;
    },
    async close() {
      closed = true;
      for (const { task } of book.wanted()) book.reject(task.id, ended(`${task.name} was cancelled`));
      await loop;
      await office.collect();
      if (watch.anyLeft()) await cancelJobs(jobName);
      else if (!office.worthKeeping && !options.keep) {
        // A process that has delivered its last outcome may still be writing that it has.
        await rm(run.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      }
    },
  };
}

/** Submits what is wanted and hands over what comes, until nothing is wanted any more. */
async function attend(office: Office, watch: ElementWatch, closed: () => boolean): Promise<void> {
  const { run, jobName, options, context, book } = office;
  try {
    await sleep(GATHER_MS);
    await watch.adopt();
    while (book.wanted().length > 0 && !closed()) {
      await office.collect();
      const tasks = book.wanted().flatMap(({ task }) => (watch.covers(task.id) ? [] : [task]));
      if (tasks.length > 0 && !closed()) {
        watch.add(await submitBatch(tasks, { run, jobName, program: context.program, options }));
      }
      await watch.look();
      await sleep(LOOK_MS);
    }
  } catch (error) {
    office.worthKeeping = true;
    for (const { task } of book.wanted()) book.reject(task.id, error as Error);
  } finally {
    await watch.reap();
  }
}

function describe(version: string, { partition, throttle }: SlurmOptions): string {
  const place = partition ? `, partition ${partition}` : '';
  return `job arrays of ${version}${place}, at most ${throttle} elements at a time`;
}

function ended(problem: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_CANCELLED', where: 'executor slurm', problem });
}
