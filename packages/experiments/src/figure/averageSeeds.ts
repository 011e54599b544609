import { canonicalJson, createTable, type Row, type Table } from '@ggdln/core';

/** Values of one place, source and metric under several seeds. */
interface Replicates {
  readonly row: Row;
  readonly values: number[];
}

/**
 * A table with one row for all seeds: the mean of `value`, and as `stderr` the standard error of that mean by the spread
 * over seeds. Rows that have one seed only stay as they are; the column `seed` goes.
 */
export function averageSeeds({ columns, rows }: Table): Table {
  const groups = new Map<string, Replicates>();
  for (const row of rows) {
    const { seed: _seed, value, stderr: _stderr, ...place } = row;
    const key = canonicalJson(place);
    const group = groups.get(key) ?? { row, values: [] };
    if (typeof value === 'number') group.values.push(value);
    groups.set(key, group);
  }
  const averaged = [...groups.values()].map(({ row, values }) => {
    const count = values.length;
    if (count < 2) return row;
    const value = values.reduce((sum, one) => sum + one, 0) / count;
    const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (count - 1);
    return { ...row, value, stderr: Math.sqrt(variance / count) };
  });
  return createTable(
    averaged,
    columns.filter((column) => column !== 'seed'),
  );
}
