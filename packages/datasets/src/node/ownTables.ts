import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GgdlnError, throwIfCancelled } from '@ggdln/core';
import { ownFileKind, requireOwnSize } from '../ownFile.ts';
import { readIfPresent, withStorage } from './storage.ts';

const where = '@ggdln/datasets createFileSource';

/**
 * A user's own file, as the dataset `table` names it: inside the folder, or in the folder `table` in it.
 * @throws GGDLN_DATA for a name that leads out of the folder or is none of its formats, an absent file, or one that is
 * too large.
 */
export async function readOwnTable(folder: string, file: string, signal?: AbortSignal): Promise<Uint8Array> {
  throwIfCancelled(signal, where);
  ownFileKind(where, file);
  for (const path of [join(folder, 'table', file), join(folder, file)]) {
    const size = await stat(path).then(
      (info) => (info.isFile() ? info.size : undefined),
      () => undefined,
    );
    if (size === undefined) continue;
    requireOwnSize(where, file, size);
    const bytes = await withStorage(folder, () => readIfPresent(path));
    if (bytes) return bytes;
  }
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem: `${file} is not in ${folder}`,
    remedy: 'Put it there, or name the folder that has it with --data DIR',
  });
}
