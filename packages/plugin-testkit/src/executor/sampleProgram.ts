// What processes of an executor under test compute: a task program of a few lines.
import { type ComputeTask, GgdlnError, NotConvergedError, type OpenTaskProgram, type Task } from '@ggdln/core';

/** What a sample task does. */
export type SampleWork =
  | { readonly do: 'square'; readonly values: readonly number[] }
  | { readonly do: 'warn' }
  | { readonly do: 'fail' }
  | { readonly do: 'throw' }
  | { readonly do: 'wait' };

/** Opens the sample program, in this process or another. */
export const openTaskProgram: OpenTaskProgram = () => computeSample;

/** Computes a sample task. */
export const computeSample: ComputeTask = async ({ id, work }: Task, listener, signal) => {
  const job = work as SampleWork;
  switch (job.do) {
    case 'square':
      return { id, squares: Float64Array.from(job.values, (value) => value ** 2) };
    case 'warn':
      listener.onProgress({ stage: 'warning', done: 1, total: 2, unit: 'steps' });
      listener.onWarning({ code: 'sample-warning', message: 'This is only a test' });
      listener.onWarning({ code: 'sample-warning', message: 'So is this' });
      return { id };
    case 'fail':
      throw new NotConvergedError({ where: 'sample task', problem: 'no convergence', remedy: 'Wait' }, { U: 1 });
    case 'throw':
      throw new TypeError('x is not a function');
    case 'wait':
      return waitFor(signal);
    default:
      return job satisfies never;
  }
};

function waitFor(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new GgdlnError({ code: 'GGDLN_CANCELLED', where: 'sample task', problem: 'stopped' }));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    // Keeps a process alive that has nothing else to do.
    const clock = setInterval(() => {}, 1000);
    signal.addEventListener('abort', () => clearInterval(clock), { once: true });
  });
}
