import { join, resolve } from 'node:path';
import { makeFolder } from '@ggdln/core/node';
import { storageError } from './storageError.ts';
import { writeAtomically } from './writeAtomically.ts';

/** A file's name and what it holds. */
export type NamedFile = readonly [name: string, content: string | Uint8Array];

/**
 * Writes files into a folder, each atomically, and makes the folder if needed.
 * @returns The full paths, in this order.
 * @throws GGDLN_STORAGE naming the folder and what was written before.
 */
export async function writeFiles(dir: string, files: readonly NamedFile[]): Promise<string[]> {
  const folder = resolve(dir);
  const written: string[] = [];
  try {
    makeFolder(folder);
    for (const [name, content] of files) {
      const path = join(folder, name);
      await writeAtomically(path, content);
      written.push(path);
    }
  } catch (error) {
    const before = written.length === 0 ? 'nothing was written' : `${written.length} of ${files.length} files were`;
    throw storageError(folder, `results can't be written (${before})`, error);
  }
  return written;
}
