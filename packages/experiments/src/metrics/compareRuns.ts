import { canonicalJson, createTable, type Row, type Table } from '@ggdln/core';

/** Two runs, number by number. */
export interface RunComparison {
  /**
   * The axes that both have, then `source`, `metric`, `value` and `stderr` of the first, `other` and `otherStderr` of the
   * second, `difference` (second less first) and `z` (difference by its standard error; null where there is none).
   */
  readonly table: Table;
  /** Numbers that only the first, or only the second has. */
  readonly only: readonly [first: number, second: number];
  /** Axes that only one of them has, which must then have one value in each place to be compared. */
  readonly unshared: readonly string[];
}

/**
 * Lays the tables of two runs beside each other, by source, metric and the axes that both have. A place that several
 * numbers of a table share (an axis that only one run has) is not compared.
 * @param first From `tableOfPoints`. @param second Likewise.
 */
export function compareRuns(first: Table, second: Table): RunComparison {
  const axes = axesIn(first).filter((axis) => axesIn(second).includes(axis));
  const [a, b] = [byPlace(first, axes), byPlace(second, axes)];
  const rows = [...a].flatMap(([key, row]) => {
    const other = b.get(key);
    return other ? [compared(row, other, axes)] : [];
  });
  const columns = [...axes, 'source', 'metric', 'value', 'stderr', 'other', 'otherStderr', 'difference', 'z'];
  return {
    table: createTable(rows, columns),
    only: [first.rows.length - rows.length, second.rows.length - rows.length],
    unshared: [...axesIn(first), ...axesIn(second)].filter((axis) => !axes.includes(axis)),
  };
}

function axesIn({ columns }: Table): string[] {
  return columns.slice(0, columns.indexOf('source'));
}

/** Rows by source, metric and place; places that occur twice are left out. */
function byPlace({ rows }: Table, axes: readonly string[]): Map<string, Row> {
  const found = new Map<string, Row>();
  const twice = new Set<string>();
  for (const row of rows) {
    const key = canonicalJson([row.source, row.metric, ...axes.map((axis) => row[axis])]);
    if (found.has(key)) twice.add(key);
    found.set(key, row);
  }
  for (const key of twice) found.delete(key);
  return found;
}

function compared(row: Row, other: Row, axes: readonly string[]): Row {
  const difference = Number(other.value) - Number(row.value);
  const error = Math.hypot(Number(row.stderr ?? 0), Number(other.stderr ?? 0));
  return {
    ...Object.fromEntries(axes.map((axis) => [axis, row[axis]])),
    source: row.source,
    metric: row.metric,
    value: row.value,
    stderr: row.stderr,
    other: other.value,
    otherStderr: other.stderr,
    difference,
    z: error > 0 ? difference / error : null,
  };
}
