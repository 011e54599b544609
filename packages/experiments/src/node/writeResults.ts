import { readFile } from 'node:fs/promises';
import type { JsonObject, Table } from '@ggdln/core';
import { encodeCsv, encodeNpz } from '@ggdln/io';
import { stringify } from 'yaml';
import { collectArrays, type ExperimentResult, failuresTable } from '../run/experimentResult.ts';
import { toSpec } from '../spec/resolvedSpec.ts';
import { toNpyArrays } from './recordFiles.ts';
import { type NamedFile, writeFiles } from './writeFiles.ts';

/** What is written beside the numbers. */
export interface WriteOptions {
  /** Versions to put into `provenance.json` beside this package's, e.g. the command line's. */
  readonly versions?: { readonly [name: string]: string };
}

/**
 * Writes the files of a result: `table.csv`, `table.json`, `diagnostics.csv`, `comparison.csv`, `failures.csv`,
 * `arrays.npz` (see `collectArrays`), `spec.resolved.yaml` and `provenance.json`. They hold no times and no host, so that an
 * interrupted run ends with the same bytes as an undisturbed one.
 * @returns The full paths, in this order.
 * @throws GGDLN_STORAGE naming the folder and what was written before.
 */
export async function writeResults(
  dir: string,
  result: ExperimentResult,
  options: WriteOptions = {},
): Promise<string[]> {
  const files: readonly NamedFile[] = [
    ['table.csv', encodeCsv(result.table)],
    ['table.json', tableJson(result.table)],
    ['diagnostics.csv', encodeCsv(result.diagnostics)],
    ['comparison.csv', encodeCsv(result.comparison)],
    ['failures.csv', encodeCsv(failuresTable(result))],
    ['arrays.npz', encodeNpz(toNpyArrays(collectArrays(result)))],
    ['spec.resolved.yaml', stringify(toSpec(result.spec), { lineWidth: 120 })],
    ['provenance.json', json({ ...result.provenance, versions: await versions(options) })],
  ];
  return writeFiles(dir, files);
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
