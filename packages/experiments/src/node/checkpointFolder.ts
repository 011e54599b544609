import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { canonicalJson, GgdlnError, type Json, type JsonObject } from '@ggdln/core';
import { makeFolder } from '@ggdln/core/node';
import { lockFolder, type WaitOptions } from './folderLock.ts';
import { seal, unseal } from './recordFiles.ts';
import { storageError } from './storageError.ts';
import { isUnfinished, writeAtomically } from './writeAtomically.ts';

/** Numbered states of one long computation, as files of a folder. */
export interface CheckpointFolder {
  /** The folder's full path. */
  readonly folder: string;
  /** Numbers of the states, ascending. */
  numbers(): Promise<readonly number[]>;
  /** The bytes of a state. @throws GGDLN_STORAGE when it can't be read. */
  read(number: number): Promise<Uint8Array>;
  /** Takes the place of an earlier state of that number; a process killed at any time leaves one of the two whole. */
  write(number: number, state: Uint8Array): Promise<void>;
  remove(number: number): Promise<void>;
  /** The path of a state, for messages. */
  pathOf(number: number): string;
  /** Lets other processes have the folder. */
  close(): Promise<void>;
}

const MANIFEST = 'checkpoints.json';

/**
 * Opens a folder for the states of one computation, and makes it if needed. Until `close` (or the end of the process) no
 * other process gets it.
 * @param of What the states depend on; it is kept beside them.
 * @throws GGDLN_STORAGE when the folder can't be used, another process has it (unless `wait`), or it holds states of
 * another computation, naming what differs.
 */
export async function openCheckpointFolder(
  dir: string,
  of: JsonObject,
  options: WaitOptions = {},
): Promise<CheckpointFolder> {
  const folder = resolve(dir);
  const pathOf = (number: number) => join(folder, `${String(number).padStart(8, '0')}.npz`);
  try {
    makeFolder(folder);
  } catch (error) {
    throw storageError(folder, "checkpoints can't be kept", error);
  }
  const lock = await lockFolder(folder, options);
  const doing = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storageError(folder, what, error);
    }
  };
  try {
    await doing("checkpoints can't be kept", () => claim(folder, of));
  } catch (error) {
    await lock.release();
    throw error;
  }
  return {
    folder,
    numbers: () =>
      doing("checkpoints can't be listed", async () =>
        (await readdir(folder))
          .flatMap((name) => /^(\d+)\.npz$/.exec(name)?.[1] ?? [])
          .map(Number)
          .sort((a, b) => a - b),
      ),
    read: (number) => doing(`checkpoint ${number} can't be read`, () => readFile(pathOf(number))),
    write: (number, state) =>
      doing(`checkpoint ${number} can't be written`, () => writeAtomically(pathOf(number), state)),
    remove: (number) => doing(`checkpoint ${number} can't be removed`, () => rm(pathOf(number), { force: true })),
    pathOf,
    close: () => lock.release(),
  };
}

/** Makes the folder that of a computation, or finds that it is; clears away what killed processes left. */
async function claim(folder: string, of: JsonObject): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.filter(isUnfinished).map((name) => rm(join(folder, name), { force: true })));
  const path = join(folder, MANIFEST);
  if (!names.includes(MANIFEST)) {
    await writeAtomically(path, seal(of));
    return;
  }
  const kept = unseal(await readFile(path, 'utf8'));
  if (canonicalJson(kept) === canonicalJson(of)) return;
  throw new GgdlnError({
    code: 'GGDLN_STORAGE',
    where: '@ggdln/experiments/node',
    problem: `${folder} holds checkpoints of another run: ${differences(kept, of).join('; ')}`,
    remedy: 'Give another folder, or delete that one',
  });
}

/** Where two values differ: `learning.rate is 0.1 there, 0.2 here`. */
function differences(there: Json | undefined, here: Json | undefined, path: readonly string[] = []): string[] {
  if (isObject(there) && isObject(here)) {
    const names = [...new Set([...Object.keys(there), ...Object.keys(here)])];
    return names.flatMap((name) => differences(there[name], here[name], [...path, name]));
  }
  const [left, right] = [there, here].map((value) => (value === undefined ? 'absent' : canonicalJson(value)));
  return left === right ? [] : [`${path.join('.')} is ${left} there, ${right} here`];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
