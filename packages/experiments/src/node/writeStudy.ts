import { readFile } from 'node:fs/promises';
import { createTable, type JsonObject } from '@ggdln/core';
import { encodeCsv, encodeNpz } from '@ggdln/io';
import { stringify } from 'yaml';
import type { StudyRun } from '../run/runStudy.ts';
import { toStudySpec } from '../spec/studySpec.ts';
import { toNpyArrays } from './recordFiles.ts';
import { type NamedFile, writeFiles } from './writeFiles.ts';
import type { WriteOptions } from './writeResults.ts';

/**
 * Writes the files of a study: `table.csv`, `table.json`, `diagnostics.csv`, `arrays.npz`, `spec.resolved.yaml` and
 * `provenance.json`. They hold no times and no host.
 * @returns The full paths, in this order.
 * @throws GGDLN_STORAGE naming the folder and what was written before.
 */
export async function writeStudy(dir: string, run: StudyRun, options: WriteOptions = {}): Promise<string[]> {
  const { table, diagnostics, arrays, spec, provenance } = run;
  const numbers = Object.entries(diagnostics).map(([metric, { value, stderr = null }]) => ({ metric, value, stderr }));
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  const versions = { [name]: version, ...options.versions };
  const json = (value: JsonObject) => `${JSON.stringify(value, undefined, 2)}\n`;
  const files: readonly NamedFile[] = [
    ['table.csv', encodeCsv(table)],
    ['table.json', json({ columns: table.columns, rows: table.rows })],
    ['diagnostics.csv', encodeCsv(createTable(numbers, ['metric', 'value', 'stderr']))],
    ['arrays.npz', encodeNpz(toNpyArrays(arrays))],
    ['spec.resolved.yaml', stringify(toStudySpec(spec), { lineWidth: 120 })],
    ['provenance.json', json({ ...provenance, versions })],
  ];
  return writeFiles(dir, files);
}
