import { type Cell, GgdlnError } from '@ggdln/core';
import { decodeCsv, decodeNpy, decodeNpz, type NpyArray } from '@ggdln/io';
import { OWN_FILE_LIMIT, ownFileKind, requireOwnSize } from './ownFile.ts';

const where = '@ggdln/datasets readTable';

/** A column of a table, or an array with one entry a row: what can be inputs or targets. */
export interface TableColumn {
  readonly name: string;
  /** Shape of one row's entry; empty for a single value. */
  readonly shape: readonly number[];
  /** Row after row, or text as it stands in a CSV. */
  readonly values: Float64Array | readonly Cell[];
}

/** A file of examples: rows with named columns. */
export interface OwnTable {
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** Names of the columns that are targets unless others are named. */
  readonly target: readonly string[];
}

/**
 * Reads a file of examples. CSV: the first line names the columns. NPY: one array, rows × columns; columns are named
 * by their number, from 0. NPZ: arrays with one entry a row each; those with another first dimension are left out.
 * The target is the last column; in NPZ the array y, Y, labels or targets, else the last.
 * @param file Name with its ending, which says the format.
 * @throws GGDLN_DATA for a name, a format or contents that can't be read, and for tables without rows.
 */
export function readTable(bytes: Uint8Array, file: string): OwnTable {
  const kind = ownFileKind(where, file);
  requireOwnSize(where, file, bytes.length);
  const columns = columnsOf(kind, bytes, file);
  const rows = columns.length === 0 ? 0 : rowsOf(columns[0]);
  if (rows === 0 || columns.length < 2) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `${file} has ${columns.length} columns and ${rows} rows`,
      remedy: 'A table needs a column of inputs, a column of targets, and rows',
    });
  }
  const usual = columns.find(({ name }) => kind === 'npz' && ['y', 'Y', 'labels', 'targets'].includes(name));
  return { file, rows, columns, target: [(usual ?? columns[columns.length - 1]).name] };
}

function columnsOf(kind: ReturnType<typeof ownFileKind>, bytes: Uint8Array, file: string): TableColumn[] {
  const limit = { name: file, maxBytes: 4 * OWN_FILE_LIMIT };
  switch (kind) {
    case 'csv':
      return csvColumns(new TextDecoder().decode(bytes), file);
    case 'npy':
      return npyColumns(decodeNpy(bytes, limit), file);
    case 'npz':
      return npzColumns(decodeNpz(bytes, limit), file);
    default:
      return kind satisfies never;
  }
}

function csvColumns(text: string, file: string): TableColumn[] {
  const { columns, rows } = decodeCsv(text, { name: file });
  if (columns.length > 0 && columns.every((name) => name.trim() !== '' && Number.isFinite(Number(name)))) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `${file} begins with numbers (${columns.slice(0, 4).join(', ')}), so its columns have no names`,
      remedy: 'Put a line with the names of the columns before them',
    });
  }
  return columns.map((name) => ({ name, shape: [], values: rows.map((row) => row[name]) }));
}

function npyColumns({ data, shape }: NpyArray, file: string): TableColumn[] {
  const [rows, cols] = shape;
  if (shape.length !== 2) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `${file} holds an array of ${shape.length} dimensions (${shape.join(' × ')})`,
      remedy: 'Give rows × columns, or inputs and targets as arrays of an NPZ file, e.g. np.savez(file, X=X, y=y)',
    });
  }
  return Array.from({ length: cols }, (_, column) => ({
    name: String(column),
    shape: [],
    values: Float64Array.from({ length: rows }, (_, row) => Number(data[row * cols + column])),
  }));
}

function npzColumns(arrays: Readonly<Record<string, NpyArray>>, file: string): TableColumn[] {
  const first = arrays.X ?? Object.values(arrays)[0];
  const rows = first?.shape[0];
  if (rows === undefined) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `${file} holds no arrays with rows`,
      remedy: 'Give inputs and targets with one entry a row, e.g. np.savez(file, X=X, y=y)',
    });
  }
  return Object.entries(arrays)
    .filter(([, { shape }]) => shape[0] === rows)
    .map(([name, { data, shape }]) => ({
      name,
      shape: shape.slice(1),
      values: Float64Array.from(data as ArrayLike<number | bigint>, Number),
    }));
}

/** Numbers of one row's entry. */
export function widthOf({ shape }: TableColumn): number {
  return shape.reduce((product, size) => product * size, 1);
}

function rowsOf(column: TableColumn): number {
  return widthOf(column) === 0 ? 0 : column.values.length / widthOf(column);
}
