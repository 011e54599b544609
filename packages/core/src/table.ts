import { inputError } from './errors.ts';
import { unknownNameError } from './names.ts';

/** A cell of a tidy table. `null` is "not available"; NaN and infinities are refused. */
export type Cell = string | number | boolean | null;
export type Row = { readonly [column: string]: Cell };

/** Tidy data: one observation a row, one variable a column; every row has every column. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * Makes a table from rows; columns are the union in order of appearance and missing cells become `null`.
 * @throws GGDLN_INPUT for a cell that is NaN or infinite (it names row and column).
 */
export function createTable(rows: readonly Row[], columns?: readonly string[]): Table {
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  // fromEntries: a column may be called __proto__, which an assignment would not store.
  const filled = rows.map((row, index) => {
    const cellOf = (name: string) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null);
    return Object.fromEntries(names.map((name) => [name, checkCell(cellOf(name), index, name)]));
  });
  return { columns: names, rows: filled };
}

/** The rows in which every given column equals the given cell. */
export function selectRows(table: Table, where: Row): Row[] {
  for (const column of Object.keys(where)) {
    if (!table.columns.includes(column))
      throw unknownNameError('@ggdln/core selectRows', 'column', column, table.columns);
  }
  return table.rows.filter((row) => Object.entries(where).every(([column, cell]) => row[column] === cell));
}

function checkCell(cell: Cell, row: number, column: string): Cell {
  if (typeof cell === 'number' && !Number.isFinite(cell)) {
    throw inputError(
      '@ggdln/core createTable',
      `row ${row}, column "${column}" is ${cell}`,
      'Cells are finite numbers, text, booleans or null',
    );
  }
  return cell;
}
