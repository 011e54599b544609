import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { JsonObject, Table } from '@ggdln/core';
import { encodeCsv, encodeNpz } from '@ggdln/io';
import { stringify } from 'yaml';
import { collectArrays, type ExperimentResult } from '../run/experimentResult.ts';
import { toSpec } from '../spec/resolvedSpec.ts';
import { toNpyArrays } from './recordFiles.ts';
import { storageError } from './storageError.ts';
import { writeAtomically } from './writeAtomically.ts';

export interface WriteOptions {
  /** Versions to put into `provenance.json` beside this package's, e.g. the command line's. */
  readonly versions?: { readonly [name: string]: string };
}

/**
 * Writes the files of a result: `table.csv`, `table.json`, `diagnostics.csv`, `comparison.csv`, `arrays.npz`
 * (see `collectArrays`), `spec.resolved.yaml` and `provenance.json`. They hold no times and no host, so that an
 * interrupted run ends with the same bytes as an undisturbed one.
 * @returns The full paths, in this order.
 * @throws GGDLN_STORAGE naming the folder and what was written before.
 */
export async function writeResults(
  dir: string,
  result: ExperimentResult,
  options: WriteOptions = {},
): Promise<string[]> {
  const folder = resolve(dir);
  const files: readonly (readonly [name: string, content: string | Uint8Array])[] = [
    ['table.csv', encodeCsv(result.table)],
    ['table.json', tableJson(result.table)],
    ['diagnostics.csv', encodeCsv(result.diagnostics)],
    ['comparison.csv', encodeCsv(result.comparison)],
    ['arrays.npz', encodeNpz(toNpyArrays(collectArrays(result)))],
    ['spec.resolved.yaml', stringify(toSpec(result.spec), { lineWidth: 120 })],
    ['provenance.json', json({ ...result.provenance, versions: await versions(options) })],
  ];
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
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

function tableJson({ columns, rows }: Table): string {
  return json({ columns, rows });
}

function json(value: JsonObject): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

async function versions({ versions: given = {} }: WriteOptions): Promise<JsonObject> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return { [name]: version, ...given };
}
