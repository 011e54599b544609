import { basename, dirname, extname, relative, resolve } from 'node:path';
import { createTable, inputError, type Matrix, type Table } from '@ggdln/core';
import { collectArrays } from '@ggdln/experiments';
import { type RunContent, readRun, writeFiles } from '@ggdln/experiments/node';
import { encodeCsv, encodeNpz, type NpyArray } from '@ggdln/io';
import type { Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, flagValue } from '../flags.ts';
import { tableOf } from './compareFolders.ts';
import { encodeParquet } from './encodeParquet.ts';

const where = 'ggdln runs export';

const FORMATS: Readonly<Record<string, (runs: readonly NamedRun[]) => string | Uint8Array | Promise<Uint8Array>>> = {
  '.csv': (runs) => encodeCsv(joinTables(runs)),
  '.json': (runs) => {
    const { columns, rows } = joinTables(runs);
    return `${JSON.stringify({ columns, rows })}\n`;
  },
  '.npz': (runs) => encodeNpz(joinArrays(runs)),
  '.parquet': (runs) => encodeParquet(joinTables(runs)),
};

/** A run under the name that the export gives it. */
interface NamedRun {
  readonly name: string;
  readonly run: RunContent;
}

/** `ggdln runs export DIR… --out FILE`. */
export async function exportRuns(folders: readonly string[], args: Arguments, session: Session): Promise<number> {
  const { cwd, terminal, json } = session;
  if (folders.length === 0) throw inputError(where, 'no folder is named', 'Give the folders of runs');
  const out = flagValue(args, 'out');
  const encode = out === undefined ? undefined : FORMATS[extname(out).toLowerCase()];
  if (out === undefined || encode === undefined) {
    const problem = out === undefined ? 'no file is named' : `${out} ends in "${extname(out)}"`;
    throw inputError(where, problem, `Give --out FILE with one of ${Object.keys(FORMATS).join(', ')}`);
  }
  const path = resolve(cwd, out);
  const runs: NamedRun[] = [];
  for (const folder of folders) runs.push({ name: folder, run: await readRun(resolve(cwd, folder)) });
  await writeFiles(dirname(path), [[basename(path), await encode(runs)]]);
  const points = runs.reduce((sum, { run }) => sum + run.records.length, 0);
  const missing = runs.reduce((sum, { run }) => sum + run.planned - run.records.length, 0);
  for (const { run } of runs) for (const { message } of run.damaged) terminal.err(`Warning: ${message}\n`);
  terminal.out(
    json
      ? `${JSON.stringify({ file: path, points, missing })}\n`
      : `${relative(cwd, path)}: ${points} points${missing > 0 ? `, ${missing} are not there yet` : ''}\n`,
  );
  return EXIT_CODES.ok;
}

/** One table; of several runs, with their names in a first column. */
function joinTables(runs: readonly NamedRun[]): Table {
  const tables = runs.map(({ run }) => tableOf(run));
  if (runs.length === 1) return tables[0];
  const axes = new Set(tables.flatMap(({ columns }) => columns.slice(0, columns.indexOf('source'))));
  const rows = tables.flatMap((table, i) => table.rows.map((row) => ({ run: runs[i].name, ...row })));
  return createTable(rows, ['run', ...axes, 'source', 'role', 'metric', 'value', 'stderr']);
}

function joinArrays(runs: readonly NamedRun[]): Record<string, NpyArray> {
  const entries = runs.flatMap(({ name, run }) =>
    Object.entries(collectArrays({ points: run.records })).map(
      ([key, array]) => [runs.length === 1 ? key : `${name}/${key}`, toNpy(array)] as const,
    ),
  );
  return Object.fromEntries(entries);
}

function toNpy({ rows, cols, data }: Matrix): NpyArray {
  return { dtype: 'float64', shape: [rows, cols], data };
}
