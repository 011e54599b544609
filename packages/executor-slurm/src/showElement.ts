import { join } from 'node:path';
import type { Element } from './batches.ts';
import type { Office } from './office.ts';
import { batchFiles } from './runFolder.ts';
import { elementName } from './slurmCommands.ts';
import { readState } from './stateFile.ts';

/** An element that waits or runs. */
export interface Watched {
  readonly element: Element;
  /** Tasks of it may be asked for yet. */
  readonly ofEarlierProcess: boolean;
  /** How many times in a row Slurm did not know it. */
  missed: number;
  /** How often Slurm is known to have started it again. */
  restarts: number;
}

/** Tells what an element says of itself: the progress of its task, and that it was started again. */
export async function showElement({ book, warn }: Office, one: Watched): Promise<void> {
  const { job, index, folder } = one.element;
  const state = await readState(join(folder, batchFiles.state(index)));
  if (!state) return;
  if (state.restarts > one.restarts) {
    one.restarts = state.restarts;
    const which = `the job ${elementName(job, index)} again (${state.restarts})`;
    warn('slurm-requeued', `Slurm started ${which}; it goes on after ${state.resumed} finished tasks`);
  }
  const { task, progress, snapshot } = state;
  const wanted = task === null ? undefined : book.get(task);
  const report = JSON.stringify([progress, snapshot]);
  if (!wanted || !progress || wanted.told === report) return;
  wanted.told = report;
  book.tell(wanted.task.id, (listener) => listener.onProgress(progress, snapshot));
}
