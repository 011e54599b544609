import { join } from 'node:path';
import type { Element } from './batches.ts';
import { describeLoss, type LostElement, lossError, suspects } from './lostElement.ts';
import type { Office } from './office.ts';
import { batchFiles } from './runFolder.ts';
import { describeEnd } from './slurmCommands.ts';
import { readState } from './stateFile.ts';

/**
 * Finds out why an element has ended before its tasks were finished. Those that nothing covers now are submitted again,
 * except what killed too many processes, and what somebody cancelled.
 */
export async function buryElement(office: Office, element: Element): Promise<void> {
  const { book, options } = office;
  const { job, index, folder } = element;
  const unfinished = element.tasks.filter((id) => book.get(id) !== undefined);
  if (unfinished.length === 0) return;
  const state = await readState(join(folder, batchFiles.state(index)));
  const lost: LostElement = { element, end: await describeEnd(job, index), state, unfinished };
  const cancelled = lost.end.state === 'CANCELLED';
  const blamed = cancelled ? unfinished : suspects(lost);
  office.worthKeeping ||= blamed.length > 0;
  for (const id of blamed) {
    const wanted = book.get(id);
    if (!wanted) continue;
    wanted.deaths += 1;
    if (cancelled || wanted.deaths > options.retries) {
      book.reject(id, await lossError(lost, wanted.task.name, wanted.deaths));
    } else {
      const reason = `${describeLoss(lost)} while it computed ${wanted.task.name}. It is computed again.`;
      book.tell(id, (listener) => listener.onRedo?.(`${reason[0].toUpperCase()}${reason.slice(1)}`));
    }
  }
}
