import { inputError, type Row, type SourceRole, type Table, unknownNameError } from '@ggdln/core';
import type { ScaleType } from './axis.ts';
import { roles } from './theme.ts';

/** A row of a results table that a figure can use. `x` is `null` for results that hold at every x. */
export interface Observation {
  readonly role: SourceRole;
  readonly source: string;
  /** The cell of the grouping column; `null` without one, and for what belongs to no group. */
  readonly group: string | null;
  readonly x: number | null;
  readonly value: number | null;
  readonly stderr: number | null;
}

type XColumn = { readonly column: string; readonly scale: ScaleType };

const WHERE = '@ggdln/plot sweepFigure';

/**
 * The rows of one metric, checked.
 * @param table Tidy results with columns `role`, `metric`, `value` and the x column; `source` and `stderr` if there are.
 * @param groupBy Column of the settings that the frame compares.
 * @throws GGDLN_INPUT for an empty table, a bad cell or no finite value; GGDLN_UNKNOWN_NAME for a metric, role or
 * column that doesn't exist.
 */
export function readObservations(table: Table, metric: string, x: XColumn, groupBy?: string): Observation[] {
  if (table.rows.length === 0) throw inputError(WHERE, 'the table has no rows', 'Give the results of at least one run');
  for (const column of ['role', 'metric', 'value', x.column, ...(groupBy === undefined ? [] : [groupBy])]) {
    if (!table.columns.includes(column)) throw unknownNameError(WHERE, 'column', column, table.columns);
  }
  const rows = table.rows.flatMap((row, index) => (row.metric === metric ? [{ row, index }] : []));
  if (rows.length === 0) {
    throw unknownNameError(WHERE, 'metric', metric, [...new Set(table.rows.map((row) => String(row.metric)))]);
  }
  const observations = rows.map(({ row, index }) => readObservation(row, index, x, groupBy));
  if (observations.every(({ value }) => value === null)) {
    throw inputError(
      WHERE,
      `metric "${metric}" has no finite value in its ${rows.length} rows`,
      'Leave the metric out of the figure, or finish the run first',
    );
  }
  return observations;
}

function readObservation(row: Row, index: number, x: XColumn, groupBy: string | undefined): Observation {
  const role = roles.find((known) => known === row.role);
  if (!role) throw unknownNameError(WHERE, 'role', String(row.role), roles);
  const stderr = finiteOrNull(row.stderr);
  if (stderr !== null && stderr < 0) {
    throw inputError(WHERE, `row ${index} has stderr ${stderr}`, 'A standard error is 0 or more, or null');
  }
  return {
    role,
    source: typeof row.source === 'string' ? row.source : role,
    group: groupBy === undefined || row[groupBy] == null ? null : String(row[groupBy]),
    x: readX(row, index, role, x),
    value: finiteOrNull(row.value),
    stderr,
  };
}

function readX(row: Row, index: number, role: SourceRole, x: XColumn): number | null {
  const cell = row[x.column] ?? null;
  if (cell === null && role === 'infinite-width') return null;
  if (typeof cell !== 'number' || !Number.isFinite(cell)) {
    throw inputError(
      WHERE,
      `row ${index} (${role}) has ${x.column} = ${JSON.stringify(cell)}`,
      'The x column holds finite numbers; only infinite-width rows may leave it empty',
    );
  }
  if (x.scale === 'log' && cell <= 0) {
    throw inputError(WHERE, `row ${index} has ${x.column} = ${cell} on a log axis`, "Give x > 0 or use scale 'linear'");
  }
  return cell;
}

const finiteOrNull = (cell: unknown): number | null =>
  typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
