import { type Cell, GgdlnError, type Matrix } from '@ggdln/core';
import { matrixFromRows } from '@ggdln/linalg';
import { type OwnTable, type TableColumn, widthOf } from './readTable.ts';
import { inputsOf } from './tableColumns.ts';
import type { TableOptions } from './tableOptions.ts';
import { targetCoding } from './targets.ts';

const where = 'dataset table';
/** More different whole numbers than these are not taken for classes. */
const MOST_CLASSES = 10;

/** The targets of all rows of a table. */
export interface TableTargets {
  readonly kind: 'classes' | 'regression';
  /** What each target column says. */
  readonly names: readonly string[];
  /** Rows × C. */
  readonly Y: Matrix;
  /** Number of each row's class; zeros for regression. */
  readonly labels: Int32Array;
  readonly classes: readonly number[];
}

/**
 * Reads targets: one column of classes, or columns of numbers. Classes are numbered by size, text by the alphabet.
 * @throws GGDLN_DATA for cells that aren't what was asked for, or a single class.
 */
export function readTargets(
  table: OwnTable,
  columns: readonly TableColumn[],
  settings: Pick<TableOptions, 'kind' | 'coding'>,
): TableTargets {
  const [column] = columns;
  const single = columns.length === 1 && widthOf(column) === 1;
  const kind =
    settings.kind === 'auto' ? (single && looksLikeClasses(column) ? 'classes' : 'regression') : settings.kind;
  if (kind === 'classes') {
    if (!single)
      throw misfit('several target columns were named for classes', 'Name the one column that has the class');
    return classTargets(table, column, settings.coding);
  }
  const Y = inputsOf(table, columns);
  const names = columns.flatMap((item) =>
    widthOf(item) === 1 ? [item.name] : Array.from({ length: widthOf(item) }, (_, i) => `${item.name} ${i}`),
  );
  return { kind, names, Y, labels: new Int32Array(table.rows), classes: [0] };
}

function looksLikeClasses({ values }: TableColumn): boolean {
  const cells: readonly Cell[] = Array.from(values);
  if (cells.some((cell) => typeof cell === 'string' || typeof cell === 'boolean')) return true;
  return cells.every((cell) => Number.isSafeInteger(cell)) && new Set(cells).size <= MOST_CLASSES;
}

function classTargets(table: OwnTable, { name, values }: TableColumn, coding: TableOptions['coding']): TableTargets {
  const cells: readonly Cell[] = Array.from(values);
  const empty = cells.findIndex((cell) => cell === null || Number.isNaN(cell));
  if (empty >= 0) {
    throw misfit(`row ${empty + 1} of ${table.file} has no class in column "${name}"`, 'Fill it in or leave it out');
  }
  const distinct = [...new Set(cells)].sort(byValue);
  if (distinct.length < 2) {
    throw misfit(`column "${name}" of ${table.file} has a single class, ${distinct[0]}`, 'Name another target column');
  }
  const number = new Map(distinct.map((cell, index) => [cell, index]));
  const labels = Int32Array.from(cells, (cell) => number.get(cell) as number);
  const classes = distinct.map((_, index) => index);
  const names = {
    dataset: 'table',
    noun: 'class',
    nouns: 'classes',
    nameOf: (label: number) => String(distinct[label]),
  };
  const task = distinct.length === 2 && coding === 'plus-minus' ? 'pair' : 'classes';
  const { columns, encode } = targetCoding({ task, classes, coding }, { ...names, nouns: 'classes' });
  return {
    kind: 'classes',
    names: columns,
    Y: matrixFromRows(Array.from(labels, (label) => encode(label))),
    labels,
    classes,
  };
}

/** Numbers by size, before text by code points, so that the order is the same on every machine. */
function byValue(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return String(a) < String(b) ? -1 : 1;
}

function misfit(problem: string, remedy: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_DATA', where, problem, remedy });
}
