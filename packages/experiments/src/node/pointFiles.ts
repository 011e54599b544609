import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GgdlnError, type JsonObject } from '@ggdln/core';
import type { FailureRecord, PointRecord } from '../store/pointRecord.ts';
import { decodeFailure, decodeRecord, encodeRecord, seal } from './recordFiles.ts';
import { storageError } from './storageError.ts';
import { isUnfinished, writeAtomically, writeInOrder } from './writeAtomically.ts';

/** What the files in the folder of points are. */
export interface PointFiles {
  /** Points that have a record. */
  readonly stored: readonly string[];
  /** Points that have a kept failure, and no record. */
  readonly failed: readonly string[];
  /** Names of files that mean nothing: what killed processes left, arrays without a record, failures that are mended. */
  readonly leftover: readonly string[];
}

/** Looks at the folder of points. @throws GGDLN_STORAGE when it can't be read. */
export async function listPointFiles(points: string): Promise<PointFiles> {
  let names: string[];
  try {
    names = (await readdir(points)).sort();
  } catch (error) {
    throw storageError(points, "stored points can't be listed", error);
  }
  const idsOf = (pattern: RegExp) => names.flatMap((name) => pattern.exec(name)?.[1] ?? []);
  const stored = idsOf(/^([0-9a-f]{24})\.json$/);
  const there = new Set(stored);
  const arrays = idsOf(/^([0-9a-f]{24})\.npz$/).filter((id) => !there.has(id));
  const failures = idsOf(/^([0-9a-f]{24})\.failed\.json$/);
  return {
    stored,
    failed: failures.filter((id) => !there.has(id)),
    leftover: [
      ...names.filter(isUnfinished),
      ...arrays.map((id) => `${id}.npz`),
      ...failures.filter((id) => there.has(id)).map(failureName),
    ],
  };
}

/** Writes the two files of a point. The JSON file comes last: a point counts as stored when it is there. */
export async function writeRecord(points: string, record: PointRecord): Promise<void> {
  const { json, npz } = encodeRecord(record);
  await writeInOrder(points, [
    [`${record.id}.npz`, npz],
    [`${record.id}.json`, json],
  ]);
  await rm(join(points, failureName(record.id)), { force: true });
}

/**
 * A stored point, `undefined` if there is none.
 * @throws GGDLN_STORAGE for one that is damaged.
 */
export async function readRecord(points: string, id: string): Promise<PointRecord | undefined> {
  const path = join(points, `${id}.json`);
  const json = await readIfThere(path);
  if (json === undefined) return undefined;
  try {
    return decodeRecord(id, json.toString('utf8'), await readFile(join(points, `${id}.npz`)));
  } catch (error) {
    throw damaged('point', path, error);
  }
}

/** Keeps a failure. */
export async function writeFailure(points: string, record: FailureRecord): Promise<void> {
  await writeAtomically(join(points, failureName(record.id)), seal(record as unknown as JsonObject));
}

/** A kept failure, `undefined` if there is none. @throws GGDLN_STORAGE for one that is damaged. */
export async function readFailure(points: string, id: string): Promise<FailureRecord | undefined> {
  const path = join(points, failureName(id));
  const json = await readIfThere(path);
  if (json === undefined) return undefined;
  try {
    return decodeFailure(id, json.toString('utf8'));
  } catch (error) {
    throw damaged('failure', path, error);
  }
}

function failureName(id: string): string {
  return `${id}.failed.json`;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw damaged('file', path, error);
  }
}

function damaged(what: string, path: string, error: unknown): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_STORAGE',
    where: '@ggdln/experiments/node',
    problem: `the stored ${what} ${path} can't be used: ${error instanceof Error ? error.message : String(error)}`,
    cause: error,
  });
}
