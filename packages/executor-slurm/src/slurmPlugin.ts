import { join } from 'node:path';
import { defineExecutor, type Plugin } from '@ggdln/core';
import { tasksPerElement } from './batches.ts';
import { batchScript, jobNameOf } from './batchScript.ts';
import { runFolder } from './runFolder.ts';
import { slurmExecutor } from './slurmExecutor.ts';
import { checkSlurmOptions, slurmOptions } from './slurmOptions.ts';

/** The executor `slurm`. */
export const slurmPlugin: Plugin = {
  name: '@ggdln/executor-slurm',
  contract: '1.0.0',
  executor: {
    slurm: defineExecutor({
      title: 'Slurm',
      summary: 'Job arrays of a Slurm cluster whose nodes see the run’s folder; resumes after kills and requeues.',
      options: slurmOptions,
      create: slurmExecutor,
      preview: (options, { folder, tasks = 1 }) => {
        checkSlurmOptions(options);
        return batchScript({
          jobName: jobNameOf(folder),
          folder: join(runFolder(folder).batches, 'BATCH'),
          elements: Math.ceil(tasks / tasksPerElement(tasks, options)),
          options,
        });
      },
    }),
  },
};
