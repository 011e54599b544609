import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BenchArguments } from './arguments.ts';
import { UsageError } from './arguments.ts';
import type { Job } from './job.ts';
import { jobs as ownJobs } from './jobs/index.ts';

/**
 * The jobs of this folder, then those of packages/<name>/bench/*.bench.js as compiled beside it.
 * @param onNote Told of a file that can't be loaded; the jobs of others run without it.
 */
export async function allJobs(
  onNote: (note: string) => void,
  packages: string = join(dirname(fileURLToPath(import.meta.url)), '../../../packages'),
): Promise<Job[]> {
  const jobs = [...ownJobs];
  for (const file of benchFiles(packages)) {
    try {
      const module = (await import(pathToFileURL(file).href)) as { readonly jobs?: readonly Job[] };
      if (!module.jobs) throw new Error('it exports no jobs; write `export const jobs: Job[] = […]`');
      jobs.push(...module.jobs);
    } catch (error) {
      onNote(`${file} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return jobs;
}

function benchFiles(packages: string): string[] {
  if (!existsSync(packages)) return [];
  return readdirSync(packages)
    .map((name) => join(packages, name, 'bench'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((file) => /\.bench\.[jt]s$/.test(file))
    .sort();
}

/** The jobs that were asked for. @throws UsageError for a name or size that no job has. */
export function selectJobs(
  jobs: readonly Job[],
  { only, size, all }: Pick<BenchArguments, 'only' | 'size' | 'all'>,
): Job[] {
  const unknown = only.find((name) => !jobs.some((job) => job.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no job "${unknown}"; the jobs are ${jobs.map((job) => job.name).join(', ')}`);
  }
  const chosen = jobs.filter((job) => (only.length > 0 ? only.includes(job.name) : all || !job.long));
  const sizes = chosen.flatMap((job) => job.sizes.map((entry) => entry.size));
  if (size !== undefined && !sizes.includes(size)) {
    throw new UsageError(`no job has the size "${size}"; the sizes are ${[...new Set(sizes)].join(' ')}`);
  }
  return chosen;
}
