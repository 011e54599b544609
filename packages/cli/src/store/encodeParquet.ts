import type { Cell, Table } from '@ggdln/core';

/** A column of numbers, of switches, or (all else, also a mixture) of text; `null` stays `null`. */
type Column = { readonly name: string; readonly nullable: true } & (
  | { readonly type: 'DOUBLE'; readonly data: (number | null)[] }
  | { readonly type: 'BOOLEAN'; readonly data: (boolean | null)[] }
  | { readonly type: 'STRING'; readonly data: (string | null)[] }
);

/** A table as a Parquet file: one row group, compressed with Snappy. */
export async function encodeParquet(table: Table): Promise<Uint8Array> {
  // The library is only loaded where somebody wants a Parquet file.
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = table.columns.map((name) =>
    columnOf(
      name,
      table.rows.map((row) => row[name]),
    ),
  );
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function columnOf(name: string, cells: readonly Cell[]): Column {
  const isA = (type: string) => cells.every((cell) => cell === null || typeof cell === type);
  if (isA('number')) return { name, nullable: true, type: 'DOUBLE', data: cells as (number | null)[] };
  if (isA('boolean')) return { name, nullable: true, type: 'BOOLEAN', data: cells as (boolean | null)[] };
  return { name, nullable: true, type: 'STRING', data: cells.map((cell) => (cell === null ? null : String(cell))) };
}
