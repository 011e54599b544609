import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from './folderLock.ts';
import { listPointFiles, readRecord } from './pointFiles.ts';
import { inspectRun } from './runFolder.ts';
import { storageError } from './storageError.ts';

/** What can go from a run's folder. */
export interface PruneReport {
  readonly folder: string;
  /** Stored points that the run's experiment doesn't have. */
  readonly stale: readonly string[];
  /** Stored points that can't be read any more. */
  readonly damaged: readonly string[];
  /** Kept failures, where they are to go. */
  readonly failures: readonly string[];
  /** Names of files that mean nothing. */
  readonly leftover: readonly string[];
  readonly bytes: number;
}

/** What to do. */
export interface PruneOptions {
  /** Forget failures too, so that their points are tried again. */
  readonly failures?: boolean;
  /** Delete; otherwise only say what would be. */
  readonly remove?: boolean;
}

/**
 * Finds, and with `remove` deletes, what a run's folder holds to no purpose. Finished points of the run stay.
 * @throws GGDLN_STORAGE for a folder that holds no run, or that another process uses.
 */
export async function pruneRun(
  dir: string,
  { failures = false, remove = false }: PruneOptions = {},
): Promise<PruneReport> {
  const { folder } = await inspectRun(dir);
  const lock = remove ? await lockFolder(folder) : undefined;
  try {
    // Looked at again: until now another process may have begun another experiment here.
    const { manifest } = await inspectRun(folder);
    const points = join(folder, 'points');
    const { stored, failed, leftover } = await listPointFiles(points);
    const planned = new Set(manifest?.points.map(({ id }) => id) ?? stored);
    const stale = stored.filter((id) => !planned.has(id));
    const damaged: string[] = [];
    for (const id of stored.filter((one) => planned.has(one))) {
      await readRecord(points, id).catch(() => damaged.push(id));
    }
    const forgotten = failed.filter((id) => failures || !planned.has(id));
    const names = [
      ...[...stale, ...damaged].flatMap((id) => [`${id}.json`, `${id}.npz`]),
      ...forgotten.map((id) => `${id}.failed.json`),
      ...leftover,
    ];
    const bytes = await removeFiles(points, names, remove);
    return { folder, stale, damaged, failures: forgotten, leftover, bytes };
  } finally {
    await lock?.release();
  }
}

/** @returns Bytes of the files. */
async function removeFiles(points: string, names: readonly string[], remove: boolean): Promise<number> {
  let bytes = 0;
  for (const name of names) {
    const path = join(points, name);
    bytes += await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    if (!remove) continue;
    await rm(path, { force: true }).catch((error) => {
      throw storageError(points, `${name} can't be deleted`, error);
    });
  }
  return bytes;
}
