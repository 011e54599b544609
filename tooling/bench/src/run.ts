import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ContestOptions, runContest } from './contest.ts';
import { type Job, NotHereError, type Row } from './job.ts';

/** Which of the jobs to run, and what to tell of them. */
export interface RunOptions extends Omit<ContestOptions, 'onNote'> {
  readonly jobs: readonly Job[];
  readonly size?: string;
  readonly onRows: (rows: readonly Row[]) => void;
  readonly onNote: (note: string) => void;
}

/** Runs the jobs one after the other; one that fails is named and the others go on. Resolves to how many failed. */
export async function runJobs({ jobs, size, onRows, onNote, ...options }: RunOptions): Promise<number> {
  let failed = 0;
  for (const job of jobs) {
    for (const entry of job.sizes) {
      if (size !== undefined && entry.size !== size) continue;
      const title = `${job.name} ${entry.size}, ${options.threads} thread${options.threads === 1 ? '' : 's'}`;
      const folder = mkdtempSync(join(tmpdir(), 'ggdln-bench-'));
      const ends: (() => void | Promise<void>)[] = [];
      try {
        const contest = await entry.prepare({ threads: options.threads, folder, onEnd: (end) => ends.push(end) });
        const notes = { onNote: (note: string) => onNote(`${title}: ${note}`) };
        onRows(await runContest({ job: job.name, size: entry.size }, contest, { ...options, ...notes }));
      } catch (error) {
        const absent = error instanceof NotHereError;
        if (!absent) failed++;
        onNote(
          `${title} ${absent ? 'is left out' : 'failed'}: ${error instanceof Error ? error.message : String(error)}`,
        );
      } finally {
        for (const end of ends.reverse()) await end();
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
  return failed;
}
