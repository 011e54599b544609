import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GgdlnError } from '@ggdln/core';
import type { DataFile } from './catalogue.ts';

/** What is known of a file in the cache. */
export type FileState = 'ok' | 'absent' | 'wrong-size' | 'wrong-checksum';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file of that name is in the way',
};

/** A `GGDLN_STORAGE` that names the folder and says why it can't be used. */
export function storageError(folder: string, cause: unknown): GgdlnError {
  const { code = '', message = String(cause) } = (cause ?? {}) as { code?: string; message?: string };
  return new GgdlnError({
    code: 'GGDLN_STORAGE',
    where: '@ggdln/datasets/node',
    problem: `the data folder ${folder} can't be used: ${REASONS[code] ?? message}${code ? ` (${code})` : ''}`,
    remedy: 'Make room or set permissions there, or set GGDLN_DATA_DIR to another folder',
    cause,
  });
}

/** Runs work on files in `folder`; what goes wrong with the file system becomes a `storageError`. */
export async function withStorage<Value>(folder: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GgdlnError || !(error instanceof Error && 'code' in error)) throw error;
    throw storageError(folder, error);
  }
}

/** The bytes of a file; `undefined` when there is none. */
export async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Compares bytes with what they should be: size always, checksum unless told otherwise. */
export function stateOf(bytes: Uint8Array | undefined, expected: DataFile, hash = true): FileState {
  if (!bytes) return 'absent';
  if (bytes.length !== expected.bytes) return 'wrong-size';
  return hash && sha256Of(bytes) !== expected.sha256 ? 'wrong-checksum' : 'ok';
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Puts a file in place at once, by way of `scratch` on the same file system, so that nobody ever sees half of it.
 * Several processes may do so at the same time with the same contents.
 */
export async function placeFile(path: string, bytes: Uint8Array, expected: DataFile, scratch: string): Promise<void> {
  const part = join(scratch, basename(path));
  await writeFile(part, bytes, { flush: true });
  try {
    await rename(part, path);
  } catch (error) {
    // Windows refuses to replace a file that another process is reading; then that process has put it there.
    if (stateOf(await readIfPresent(path), expected) !== 'ok') throw error;
  }
}
