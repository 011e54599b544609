import { type Cell, createTable, type Row, type Table } from '@ggdln/core';

const ownColumns: readonly string[] = ['source', 'role', 'metric', 'value', 'stderr'];
const theoryRoles: readonly Cell[] = ['theory', 'infinite-width'];

/**
 * Lays every learner's numbers beside every theory's at the same place of the sweep.
 * @param table Tidy results: axis columns, then `source`, `role`, `metric`, `value`, `stderr`.
 * @returns One row for each such pair: the axes, `source`, `role`, `theory`, `theoryRole`, `metric`, `value`,
 * `theoryValue`, `difference` (learner − theory), `relativePercent` of the theory, `stderr`, and z = difference /
 * stderr; `null` where a number has no error bar or the theory is 0.
 */
export function compareSources(table: Table): Table {
  const axes = table.columns.filter((column) => !ownColumns.includes(column));
  const theories = table.rows.filter((row) => theoryRoles.includes(row.role));
  const learners = table.rows.filter((row) => !theoryRoles.includes(row.role));
  const rows = learners.flatMap((learner) =>
    theories
      .filter((theory) => theory.metric === learner.metric && samePlace(learner, theory, axes))
      .map((theory) => pair(learner, theory, axes)),
  );
  const columns = ['source', 'role', 'theory', 'theoryRole', 'metric', 'value', 'theoryValue'];
  return createTable(rows, [...axes, ...columns, 'difference', 'relativePercent', 'stderr', 'z']);
}

/** An axis that doesn't concern a source is `null` there and fits everything. */
function samePlace(a: Row, b: Row, axes: readonly string[]): boolean {
  return axes.every((axis) => a[axis] === null || b[axis] === null || a[axis] === b[axis]);
}

function pair(learner: Row, theory: Row, axes: readonly string[]): Row {
  const value = Number(learner.value);
  const theoryValue = Number(theory.value);
  const difference = value - theoryValue;
  const stderr = typeof learner.stderr === 'number' ? learner.stderr : null;
  return {
    ...Object.fromEntries(axes.map((axis) => [axis, learner[axis] ?? theory[axis]])),
    source: learner.source,
    role: learner.role,
    theory: theory.source,
    theoryRole: theory.role,
    metric: learner.metric,
    value,
    theoryValue,
    difference,
    relativePercent: theoryValue === 0 ? null : (100 * difference) / Math.abs(theoryValue),
    stderr,
    z: stderr === null || stderr === 0 ? null : difference / stderr,
  };
}
