import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '@ggdln/core/node';
import type { FailureRecord } from '../store/pointRecord.ts';
import type { RunStore } from '../store/runStore.ts';
import { lockFolder, type WaitOptions } from './folderLock.ts';
import { readManifest, writeManifest } from './manifestFile.ts';
import { listPointFiles, readFailure, readRecord, writeFailure, writeRecord } from './pointFiles.ts';
import { storageError } from './storageError.ts';
import { isUnfinished } from './writeAtomically.ts';

/** A run store in a folder. */
export interface FolderStore extends RunStore {
  /** The folder's full path. */
  readonly folder: string;
  /** Lets other processes have the folder. */
  close(): Promise<void>;
}

/**
 * Opens a folder as the store of one run, and makes it if needed. `run.json` says what is to be computed. Each finished
 * point is two files, `points/ID.json` and `points/ID.npz`; a failed one is `points/ID.failed.json`. All are written
 * atomically with checksums, so that a process killed at any time loses unfinished points only. Until `close` (or the
 * end of the process) no other process gets the folder.
 * @throws GGDLN_STORAGE when the folder can't be used, is of a later release, or another process has it (unless `wait`).
 */
export async function openFolderStore(dir: string, options: WaitOptions = {}): Promise<FolderStore> {
  const folder = resolve(dir);
  const points = join(folder, 'points');
  try {
    makeFolder(points);
  } catch (error) {
    throw storageError(folder, "results can't be kept", error);
  }
  const lock = await lockFolder(folder, options);
  try {
    await readManifest(folder);
    const { leftover } = await listPointFiles(points);
    const results = (await readdir(folder)).filter(isUnfinished);
    const useless = [...leftover.map((name) => join(points, name)), ...results.map((name) => join(folder, name))];
    await Promise.all(useless.map((path) => rm(path, { force: true })));
  } catch (error) {
    await lock.release();
    throw error;
  }
  const writing = async (what: string, write: Promise<void>) => {
    try {
      await write;
    } catch (error) {
      throw storageError(folder, `${what} can't be written`, error);
    }
  };
  return {
    folder,
    description: folder,
    ids: async () => (await listPointFiles(points)).stored,
    get: (id) => readRecord(points, id),
    put: (record) => writing(`point ${record.id}`, writeRecord(points, record)),
    failures: async () => (await readFailures(points)).failures,
    putFailure: (record) => writing(`the failure of point ${record.id}`, writeFailure(points, record)),
    begin: (manifest) => writing('run.json', writeManifest(folder, manifest)),
    close: () => lock.release(),
  };
}

/** Kept failures; a damaged one is as good as none, since its point is then tried again. */
export async function readFailures(
  points: string,
): Promise<{ readonly failures: readonly FailureRecord[]; readonly damaged: readonly string[] }> {
  const damaged: string[] = [];
  const { failed } = await listPointFiles(points);
  const read = await Promise.all(
    failed.map((id) =>
      readFailure(points, id).catch((error: Error) => {
        damaged.push(error.message);
        return undefined;
      }),
    ),
  );
  return { failures: read.filter((record) => record !== undefined), damaged };
}
