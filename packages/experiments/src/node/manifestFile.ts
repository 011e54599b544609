import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GgdlnError, type JsonObject } from '@ggdln/core';
import { RUN_FORMAT, type RunManifest } from '../store/runManifest.ts';
import { seal, unseal } from './recordFiles.ts';
import { writeAtomically } from './writeAtomically.ts';

const FILE = 'run.json';

/** Writes what a run is to compute into its folder. */
export async function writeManifest(folder: string, manifest: RunManifest): Promise<void> {
  await writeAtomically(join(folder, FILE), seal(manifest as unknown as JsonObject));
}

/**
 * What a run's folder says that is to be computed; `undefined` where it says nothing, or nothing that can be read: a
 * run writes it anew.
 * @throws GGDLN_STORAGE for a folder of a later release, which this one would spoil.
 */
export async function readManifest(folder: string): Promise<RunManifest | undefined> {
  const path = join(folder, FILE);
  const manifest = await readFile(path, 'utf8')
    .then(unseal)
    .catch(() => undefined);
  if (manifest === undefined || manifest.format === RUN_FORMAT) return manifest as unknown as RunManifest | undefined;
  throw new GgdlnError({
    code: 'GGDLN_STORAGE',
    where: '@ggdln/experiments/node',
    problem: `${path} has format ${manifest.format}, this release knows ${RUN_FORMAT}`,
    remedy: 'Use the release of ggdln that wrote it, or give another folder',
  });
}
