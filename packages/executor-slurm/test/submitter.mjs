// Submits three tasks in a folder and waits: the process that a test kills.
import { resolveOptions } from '@ggdln/core';
import { slurmPlugin } from '@ggdln/executor-slurm';

const folder = process.argv[2];
const { slurm } = slurmPlugin.executor;
const executor = await slurm.create(resolveOptions(slurm.options, { poll: 1, throttle: 1 }, 'slurm'), {
  program: { module: new URL('./program.mjs', import.meta.url).href, data: { folder } },
  folder,
});
const listener = { onProgress: () => {}, onWarning: () => {} };
const { signal } = new AbortController();
await Promise.all(
  [1, 2, 3].map((value) =>
    executor.run(
      { id: `square-${value}`, name: `the square of ${value}`, work: { value, seconds: 3 } },
      listener,
      signal,
    ),
  ),
);
