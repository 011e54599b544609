import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { GgdlnError } from '@ggdln/core';
import type { PointRecord } from '../store/pointRecord.ts';
import type { RunStore } from '../store/runStore.ts';
import { lockFolder } from './folderLock.ts';
import { decodeRecord, encodeRecord } from './recordFiles.ts';
import { storageError } from './storageError.ts';
import { isUnfinished, writeAtomically } from './writeAtomically.ts';

/** A run store in a folder. */
export interface FolderStore extends RunStore {
  /** The folder's full path. */
  readonly folder: string;
  /** Lets other processes have the folder. */
  close(): Promise<void>;
}

/**
 * Makes a folder and those above it, one by one: a recursive mkdir never returns where the system refuses folders
 * without saying that they exist (`/proc` on Linux).
 */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * Opens a folder as the store of one run, and makes it if needed. Each finished point is two files, `points/ID.json`
 * and `points/ID.npz`, written atomically with checksums, so that a process killed at any time loses unfinished
 * points only. Until `close` (or the end of the process) no other process gets the folder.
 * @throws GGDLN_STORAGE when the folder can't be used, or another process has it.
 */
export async function openFolderStore(dir: string): Promise<FolderStore> {
  const folder = resolve(dir);
  const points = join(folder, 'points');
  try {
    await makeFolder(points);
  } catch (error) {
    throw storageError(folder, "results can't be kept", error);
  }
  const lock = await lockFolder(folder);
  await removeUnfinished(points);
  return {
    folder,
    description: folder,
    ids: () => listIds(points),
    get: (id) => readRecord(points, id),
    put: async (record) => {
      const { json, npz } = encodeRecord(record);
      try {
        // The JSON file comes last: a point counts as stored when it is there.
        await writeAtomically(join(points, `${record.id}.npz`), npz);
        await writeAtomically(join(points, `${record.id}.json`), json);
      } catch (error) {
        throw storageError(folder, `point ${record.id} can't be written`, error);
      }
    },
    close: () => lock.release(),
  };
}

async function removeUnfinished(points: string): Promise<void> {
  const names = await readdir(points).catch(() => []);
  await Promise.all(names.filter(isUnfinished).map((name) => rm(join(points, name), { force: true })));
}

async function listIds(points: string): Promise<string[]> {
  try {
    const names = await readdir(points);
    return names.flatMap((name) => /^([0-9a-f]{24})\.json$/.exec(name)?.[1] ?? []).sort();
  } catch (error) {
    throw storageError(points, "stored points can't be listed", error);
  }
}

async function readRecord(points: string, id: string): Promise<PointRecord | undefined> {
  const path = join(points, `${id}.json`);
  try {
    const json = await readFile(path, 'utf8');
    return decodeRecord(id, json, await readFile(join(points, `${id}.npz`)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !(await exists(path))) return undefined;
    throw new GgdlnError({
      code: 'GGDLN_STORAGE',
      where: '@ggdln/experiments/node',
      problem: `the stored point ${path} can't be used: ${error instanceof Error ? error.message : String(error)}`,
      cause: error,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
