import { GgdlnError, type Matrix, unknownNameError } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { type OwnTable, type TableColumn, widthOf } from './readTable.ts';

const where = 'dataset table';

/**
 * The columns of a list of names. @param names With commas between them; empty: `otherwise`.
 * @throws GGDLN_UNKNOWN_NAME with the nearest.
 */
export function namedColumns(table: OwnTable, names: string, otherwise: readonly string[]): TableColumn[] {
  const given = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...new Set(given.length === 0 ? otherwise : given)].map((name) => {
    const found = table.columns.find((column) => column.name === name);
    if (found) return found;
    const known = table.columns.map((column) => column.name);
    throw unknownNameError(where, `column of ${table.file}`, name, known);
  });
}

/** Columns beside each other, rows × numbers. @throws GGDLN_DATA for a cell that is no finite number, naming it. */
export function inputsOf(table: OwnTable, columns: readonly TableColumn[]): Matrix {
  const out = matrix(
    table.rows,
    columns.reduce((sum, column) => sum + widthOf(column), 0),
  );
  let start = 0;
  for (const column of columns) {
    const width = widthOf(column);
    for (let i = 0; i < table.rows * width; i++) {
      const [row, entry] = [Math.floor(i / width), i % width];
      out.data[row * out.cols + start + entry] = numberAt(table, column, i, row);
    }
    start += width;
  }
  return out;
}

function numberAt({ file }: OwnTable, { name, values }: TableColumn, index: number, row: number): number {
  const value = values[index];
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem: `row ${row + 1} of ${file} has ${value === null ? 'nothing' : typeof value === 'string' ? `"${value}"` : value} in column "${name}", not a number`,
    remedy: 'Fill it in, leave the row out, or name other columns as inputs',
  });
}
