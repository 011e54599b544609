import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Outcome, readOutcome } from './outcomeFile.ts';
import { deliveredFile, outcomeFile } from './runFolder.ts';

const OUTCOME = '.outcome';
const FAILED = '.failed';

/** Makes the folder of outcomes. Failures that an earlier process has delivered are forgotten: they are tried again. */
export async function openOutcomes(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.endsWith(FAILED)) await rm(join(folder, name), { force: true });
  }
}

/** Ids of the tasks that have an outcome, whole or damaged. */
export async function finishedTasks(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder).catch((error: { readonly code?: string }) => {
    if (error.code === 'ENOENT') return []; // nothing was ever begun
    throw error;
  });
  return new Set(names.filter((name) => name.endsWith(OUTCOME)).map((name) => name.slice(0, -OUTCOME.length)));
}

/**
 * The outcome of a task. A failure counts as delivered then; a damaged file is removed, so that the task is computed
 * again.
 * @returns `undefined` where the file is damaged.
 */
export async function takeOutcome(folder: string, id: string): Promise<Outcome | undefined> {
  const file = outcomeFile(folder, id);
  const outcome = await readOutcome(file);
  if (!outcome) await rm(file, { force: true });
  if (outcome?.type === 'failed') await rename(file, deliveredFile(folder, id));
  return outcome;
}
