// What every process of a pool runs: it opens a task program once and then computes one task after the other.
import { type ComputeTask, type OpenTaskProgram, packError, type Task } from '@ggdln/core';
import type { FromWorker, ToWorker } from './poolMessages.ts';

type SetUp = Extract<ToWorker, { type: 'set-up' }>;

let ready: Promise<ComputeTask> | undefined;
/** It never fires: whoever cancels ends the process. */
const { signal } = new AbortController();

// Ctrl-C reaches the whole group of processes; what happens then is for the one that started this.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToWorker) => {
  if (message.type === 'set-up') ready = setUp(message);
  else void compute(message.task);
});

async function setUp({ program, limits }: SetUp): Promise<ComputeTask> {
  const { openTaskProgram } = (await import(program.module)) as { readonly openTaskProgram: OpenTaskProgram };
  return openTaskProgram(program.data, limits);
}

async function compute(task: Task): Promise<void> {
  try {
    const computeTask = await (ready as Promise<ComputeTask>);
    const listener = {
      onProgress: (progress, snapshot) => tell({ type: 'progress', progress, ...(snapshot ? { snapshot } : {}) }),
      onWarning: (warning) => tell({ type: 'warning', warning }),
    } satisfies Parameters<ComputeTask>[1];
    // Without the start of this process, which says nothing of how long other tasks take.
    const started = performance.now();
    const result = await computeTask(task, listener, signal);
    tell({ type: 'done', result, seconds: (performance.now() - started) / 1000 });
  } catch (error) {
    tell({ type: 'failed', error: packError(error) });
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
