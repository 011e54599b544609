import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { GgdlnError, isGgdlnError } from '@ggdln/core';
import { type FailureRecord, type PointRecord, relabel } from '../store/pointRecord.ts';
import type { RunManifest } from '../store/runManifest.ts';
import { holderOf } from './folderLock.ts';
import { readFailures } from './folderStore.ts';
import { readManifest } from './manifestFile.ts';
import { listPointFiles, readRecord } from './pointFiles.ts';

/** What a run's folder says of it at a glance; no point is read. */
export interface RunInfo {
  /** Full path. */
  readonly folder: string;
  readonly name: string;
  /** Absent in folders that no release with run stores wrote, or that are damaged. */
  readonly manifest: RunManifest | undefined;
  /** Points that are to be computed; all that are stored where that isn't known. */
  readonly planned: number;
  /** Of them, those that are stored. */
  readonly stored: number;
  readonly failed: number;
  /** Stored points of other versions of the experiment. */
  readonly stale: number;
  /** Who computes it now, for people. */
  readonly holder: string | undefined;
  readonly bytes: number;
  /** When a point was last written, by the clock of the machine that wrote it. */
  readonly changed: Date | undefined;
}

/** The points of a run, as far as they are there. */
export interface RunContent extends RunInfo {
  /** In the order of the table. */
  readonly records: readonly PointRecord[];
  readonly failures: readonly FailureRecord[];
  /** Why some points can't be used. */
  readonly damaged: readonly { readonly id: string; readonly message: string }[];
}

/** Looks at a run's folder without taking it. @throws GGDLN_STORAGE for a folder that holds no run. */
export async function inspectRun(dir: string): Promise<RunInfo> {
  const folder = resolve(dir);
  const points = join(folder, 'points');
  if (!existsSync(points)) {
    throw new GgdlnError({
      code: 'GGDLN_STORAGE',
      where: '@ggdln/experiments/node',
      problem: `${folder} holds no run`,
      remedy: 'Give a folder that `ggdln run --out` or `ggdln sweep --out` wrote',
    });
  }
  const manifest = await readManifest(folder);
  const { stored, failed } = await listPointFiles(points);
  const planned = manifest ? new Set(manifest.points.map(({ id }) => id)) : new Set(stored);
  const there = stored.filter((id) => planned.has(id)).length;
  return {
    folder,
    name: manifest?.name ?? basename(folder),
    manifest,
    planned: planned.size,
    stored: there,
    failed: failed.filter((id) => planned.has(id)).length,
    stale: stored.length - there,
    holder: await holderOf(folder),
    ...(await sizeOf(points)),
  };
}

async function sizeOf(points: string): Promise<Pick<RunInfo, 'bytes' | 'changed'>> {
  // A run that goes on may take files away meanwhile.
  const files = await Promise.all(
    (await readdir(points)).map((name) => stat(join(points, name)).catch(() => undefined)),
  );
  const times = files.flatMap((file) => (file ? [file.mtimeMs] : []));
  return {
    bytes: files.reduce((sum, file) => sum + (file?.size ?? 0), 0),
    changed: times.length === 0 ? undefined : new Date(times.reduce((a, b) => Math.max(a, b))),
  };
}

/** Reads the points of a run, checksums and all, without taking its folder. @throws GGDLN_STORAGE likewise. */
export async function readRun(dir: string): Promise<RunContent> {
  const info = await inspectRun(dir);
  const points = join(info.folder, 'points');
  const records: PointRecord[] = [];
  const damaged: { id: string; message: string }[] = [];
  const plan = info.manifest?.points ?? (await listPointFiles(points)).stored.map((id) => ({ id }));
  for (const planned of plan) {
    try {
      const record = await readRecord(points, planned.id);
      if (record) records.push('source' in planned ? relabel(record, planned) : record);
    } catch (error) {
      if (!isGgdlnError(error)) throw error;
      damaged.push({ id: planned.id, message: error.problem });
    }
  }
  const known = new Set(plan.map(({ id }) => id));
  const { failures } = await readFailures(points);
  return { ...info, records, damaged, failures: failures.filter(({ id }) => known.has(id)) };
}

/** All run folders in some folder, itself included, by name; at most three levels down. */
export async function findRuns(dir: string, depth = 3): Promise<string[]> {
  if (existsSync(join(dir, 'points'))) return [resolve(dir)];
  if (depth === 0) return [];
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
  );
  const inside = await Promise.all(folders.map(({ name }) => findRuns(join(dir, name), depth - 1)));
  return inside.flat().sort();
}
