import { type Cell, createTable, inputError, type Row, type Table } from '@ggdln/core';
import { compareSources } from '@ggdln/experiments';
import { momentsOf } from './checks.ts';

/** Seeds of n draws, counting up. */
export const seedsFrom = (seed: number, count: number): number[] => Array.from({ length: count }, (_, i) => seed + i);

/** Columns that hold results; all others say what they are results of. */
const RESULTS = ['seed', 'value', 'stderr'];

/**
 * Means over the draws of a table with a `seed` column. `stderr` is the sampling noise of the mean (draws are fixed:
 * theory was evaluated on the same ones), `scatter` the standard deviation between draws, `draws` their number.
 */
export function overDraws(table: Table): Table {
  const columns = table.columns.filter((column) => !RESULTS.includes(column));
  const groups = new Map<string, Row[]>();
  for (const row of table.rows) {
    const key = JSON.stringify(columns.map((column) => row[column]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const rows = [...groups.values()].map((group) => {
    const { mean, scatter } = momentsOf(group.map((row) => Number(row.value)));
    const errors = group.flatMap(({ stderr }) => (typeof stderr === 'number' ? [stderr] : []));
    const stderr = errors.length === 0 ? null : Math.hypot(...errors) / group.length;
    const place = Object.fromEntries(columns.map((column) => [column, group[0][column]]));
    return { ...place, value: mean, stderr, scatter, draws: group.length };
  });
  return createTable(rows, [...columns, 'value', 'stderr', 'scatter', 'draws']);
}

/** Mean and standard error over draws as one row; one draw has no error. */
export function meanRow(cells: Row, draws: readonly number[]): Row {
  const { mean, scatter } = momentsOf(draws);
  return { ...cells, value: mean, stderr: draws.length > 1 ? scatter / Math.sqrt(draws.length) : null };
}

/** Draws of one thing as one row each, in order of appearance: the cells of its first row, and the mean of their values. */
export function meansBy(rows: readonly Row[], columns: readonly string[]): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(columns.map((column) => row[column]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) =>
    meanRow(
      group[0],
      group.map(({ value }) => Number(value)),
    ),
  );
}

/** Lays learners beside theories in a table from `overDraws`. */
export function compareMeans({ rows, columns }: Table): Table {
  const kept = columns.filter((column) => column !== 'scatter' && column !== 'draws');
  return compareSources(createTable(rows, kept));
}

/** The rows of the draws that were sampled, so that theory and simulation are means over the same ones. */
export function ofSeeds({ rows, columns }: Table, seeds: readonly number[]): Table {
  const fits = ({ seed }: Row) => seed === null || seeds.includes(Number(seed));
  return createTable(rows.filter(fits), columns);
}

/** The rows whose cells are those given. */
export function pick(table: Table, where: { readonly [column: string]: Cell }): Row[] {
  return table.rows.filter((row) => Object.entries(where).every(([column, cell]) => row[column] === cell));
}

/** The values of rows, in the table's order. */
export function valuesOf(table: Table, where: { readonly [column: string]: Cell }): number[] {
  return pick(table, where).map((row) => Number(row.value));
}

/** The one row that fits. @throws GGDLN_INPUT if there is none or more than one. */
export function theRow(table: Table, where: { readonly [column: string]: Cell }): Row {
  const rows = pick(table, where);
  if (rows.length === 1) return rows[0];
  throw inputError('@ggdln/reproductions', `${rows.length} rows are ${JSON.stringify(where)}`, 'Ask for exactly one');
}

/** Puts tables with the same kind of rows below each other. */
export function stack(tables: readonly Table[]): Table {
  return createTable(
    tables.flatMap((table) => table.rows),
    [...new Set(tables.flatMap((table) => table.columns))],
  );
}

/** A table with more or other cells in each row. */
export function withCells(table: Table, cells: (row: Row) => Row): Table {
  const rows = table.rows.map((row) => ({ ...row, ...cells(row) }));
  return createTable(rows);
}
