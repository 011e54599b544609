import { createTable, type Matrix } from '@ggdln/core';
import { collectArrays } from '@ggdln/experiments';
import { encodeCsv, encodeNpz, type NpyArray } from '@ggdln/io';
import { strToU8, zipSync } from 'fflate';
import { stringify } from 'yaml';
import { baseName, type ExportedFile, type ExportedRun, specOf } from './exportedRun.ts';

/** The tidy table, as `table.csv` of `ggdln run`. @throws GGDLN_INPUT while there are no rows. */
export function tableFile(run: ExportedRun): ExportedFile {
  return { name: `${baseName(run)}.csv`, type: 'text/csv', content: encodeCsv(createTable(run.view.rows)) };
}

/** Every array under the name that `ggdln run` gives it, e.g. `block-gibbs/width=100/mean`; of a study, its own names. */
export function arraysFile(run: ExportedRun): ExportedFile {
  const { points, arrays } = run.view;
  const named: { readonly [name: string]: Matrix } = { ...collectArrays({ points }), ...arrays };
  const npy = Object.entries(named).map(([name, { rows, cols, data }]): [string, NpyArray] => [
    name,
    { dtype: 'float64', shape: [rows, cols], data },
  ]);
  return {
    name: `${baseName(run)}.npz`,
    type: 'application/octet-stream',
    content: encodeNpz(Object.fromEntries(npy), { compress: true }),
  };
}

/** The experiment file, see `specOf`. */
export function specFile(run: ExportedRun): ExportedFile {
  return {
    name: `${baseName(run)}.yaml`,
    type: 'application/yaml',
    content: `# ggdln run ${baseName(run)}.yaml\n${stringify(specOf(run), { lineWidth: 120 })}`,
  };
}

/** Several files as one archive. */
export function archiveOf(name: string, files: readonly ExportedFile[]): ExportedFile {
  const entries = files.map(({ name, content }): [string, Uint8Array] => [
    name,
    typeof content === 'string' ? strToU8(content) : content,
  ]);
  return { name: `${name}.zip`, type: 'application/zip', content: zipSync(Object.fromEntries(entries)) };
}
