import { availableParallelism } from 'node:os';
import { defineExecutor, type ExecutorContext, integer, type Plugin } from '@ggdln/core';
import { inProcess } from '../run/inProcess.ts';
import { processPool } from './workerPool.ts';

/** The executors that need nothing but this machine: `in-process` and `workers`. */
export const executorsPlugin: Plugin = {
  name: '@ggdln/experiments',
  contract: '1.0.0',
  executor: {
    'in-process': defineExecutor({
      title: 'This process',
      summary: 'One task after the other, in the process that runs the experiment.',
      options: {},
      create: () => inProcess,
      preview: () => 'Nothing is started: tasks are computed one after the other in this process.\n',
    }),
    workers: defineExecutor({
      title: 'Worker processes',
      summary: 'Processes on the cores of this machine, one BLAS thread in each; one that dies takes nothing along.',
      options: {
        processes: integer({
          title: 'Processes',
          min: 0,
          default: 0,
          help: 'Processes that compute at the same time; 0: one a core, at most one a task',
        }),
      },
      create: ({ processes }, context) => {
        const workers = countOf(processes, context);
        const { program, memoryLimit } = context;
        return processPool({
          program,
          workers,
          memoryLimit: memoryLimit === undefined ? undefined : memoryLimit / workers,
        });
      },
      preview: ({ processes }, context) =>
        `${countOf(processes, context)} processes of ${process.execPath} on this machine, one BLAS thread in each.\n`,
    }),
  },
};

function countOf(processes: number, { tasks = Number.POSITIVE_INFINITY }: ExecutorContext): number {
  return processes > 0 ? processes : Math.max(1, Math.min(availableParallelism(), tasks));
}
