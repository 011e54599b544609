import { relative, resolve } from 'node:path';
import { inputError, type Json, type JsonObject, type Table } from '@ggdln/core';
import { compareRuns, type RunComparison, tableOfPoints } from '@ggdln/experiments';
import { type RunContent, readRun } from '@ggdln/experiments/node';
import type { Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import type { Arguments } from '../flags.ts';
import { alignColumns } from '../terminal.ts';

/** `ggdln runs compare A B`. */
export async function compareFolders(folders: readonly string[], _args: Arguments, session: Session): Promise<number> {
  if (folders.length !== 2) throw inputError('ggdln runs compare', `${folders.length} folders are named`, 'Give two');
  const [first, second] = await Promise.all(folders.map((folder) => readRun(resolve(session.cwd, folder))));
  const comparison = compareRuns(tableOf(first), tableOf(second));
  const changes = differences(first.manifest?.spec, second.manifest?.spec);
  const { table, only, unshared } = comparison;
  session.terminal.out(
    session.json
      ? `${JSON.stringify({ rows: table.rows, only, unshared, changes })}\n`
      : describe([first, second], comparison, changes, session.cwd),
  );
  return EXIT_CODES.ok;
}

/** The table of a run's points that are there. */
export function tableOf({ records, manifest }: Pick<RunContent, 'records' | 'manifest'>): Table {
  return tableOfPoints(records, manifest?.axes ?? [...new Set(records.flatMap(({ axes }) => Object.keys(axes)))]);
}

interface Change {
  readonly path: string;
  readonly values: readonly [Json | null, Json | null];
}

/** Values of two experiments that differ, by path. */
function differences(first: JsonObject | undefined, second: JsonObject | undefined): Change[] {
  const [a, b] = [flat(first ?? {}), flat(second ?? {})];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => JSON.stringify(a.get(path)) !== JSON.stringify(b.get(path)))
    .map((path) => ({ path, values: [a.get(path) ?? null, b.get(path) ?? null] }));
}

/** Leaves by path; lists of plain values are leaves. */
function flat(value: JsonObject | readonly Json[], prefix = ''): Map<string, Json> {
  const leaves = new Map<string, Json>();
  for (const [key, item] of Object.entries(value) as [string, Json][]) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const branch =
      item !== null && typeof item === 'object' && Object.values(item).some((inner) => inner instanceof Object);
    if (branch || (item !== null && typeof item === 'object' && !Array.isArray(item))) {
      for (const [inner, leaf] of flat(item as JsonObject, path)) leaves.set(inner, leaf);
    } else leaves.set(path, item);
  }
  return leaves;
}

function describe(
  runs: readonly RunContent[],
  { table, only, unshared }: RunComparison,
  changes: readonly Change[],
  cwd: string,
): string {
  const [first, second] = runs.map(({ folder }) => relative(cwd, folder) || '.');
  const groups = new Map<string, Table['rows'][number][]>();
  for (const row of table.rows) {
    const key = `${row.source}\n${row.metric}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const rows = [...groups.values()].map((group) => {
    const largest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const zs = group.flatMap(({ z }) => (typeof z === 'number' ? [z] : []));
    return [
      String(group[0].source),
      String(group[0].metric),
      String(group.length),
      String(group.filter(({ difference }) => difference === 0).length),
      largest(group.map(({ difference }) => Number(difference))).toPrecision(3),
      zs.length === 0 ? '' : largest(zs).toFixed(1),
    ];
  });
  const header = ['source', 'metric', 'numbers', 'identical', 'largest difference', 'largest |z|'];
  const lines = [
    changes.length === 0 ? 'The experiments are the same.' : `From ${first} to ${second}:`,
    ...changes.map(({ path, values }) => `  ${path}: ${values.map((value) => JSON.stringify(value)).join(' → ')}`),
    '',
    rows.length === 0 ? 'No numbers in common.' : alignColumns(header, rows, 2),
    '',
    `Only in ${first}: ${only[0]} numbers; only in ${second}: ${only[1]}`,
    ...(unshared.length > 0 ? [`Axes of one run alone: ${unshared.join(', ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
