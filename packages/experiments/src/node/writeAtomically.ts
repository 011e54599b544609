import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How unfinished files are called; whatever is called so after a crash can be deleted. */
const TEMPORARY = '.unfinished-';

/** Is this the name of a file that a killed process left unfinished? */
export function isUnfinished(fileName: string): boolean {
  return fileName.startsWith(TEMPORARY);
}

/**
 * Writes a file so that at every moment, also after `kill -9` or a power cut, either the whole new file is there or
 * what was there before: a temporary file in the same folder, flushed to the disk, then renamed.
 */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  await replaceFile(path, content);
  await flushFolder(dirname(path));
}

/** Writes files of one folder, each atomically and in this order; the folder is flushed once, at the end. */
export async function writeInOrder(
  folder: string,
  files: readonly (readonly [name: string, content: Uint8Array | string])[],
): Promise<void> {
  for (const [name, content] of files) await replaceFile(join(folder, name), content);
  await flushFolder(folder);
}

async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `${TEMPORARY}${randomUUID()}-${basename(path)}`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Makes the rename itself last. Systems that can't open a folder (Windows) do without. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file's content is safe already.
  }
}
