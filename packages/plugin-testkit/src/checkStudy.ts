import type {
  JsonObject,
  LinalgBackend,
  Row,
  Study,
  StudyAxis,
  StudyEntry,
  StudyMetric,
  StudyResult,
  StudySnapshot,
} from '@ggdln/core';
import { canonicalJson } from '@ggdln/core';
import { type Check, demand, demandRefusal, once } from './check.ts';
import { checkEntry, resolved } from './checkEntry.ts';
import { demandFinite, demandMatrix, demandSameBits } from './compare.ts';
import { demandCancelled, demandReturn, finish } from './courses.ts';
import { sampleContext } from './samples.ts';

/** What a study is tested with. */
export interface StudySetup {
  /** Raw option values, as in a spec file; keep it short, it runs several times. */
  readonly options?: JsonObject;
  /** Default: the portable backend. */
  readonly linalg?: LinalgBackend;
}

const THEORY_ROLES: readonly unknown[] = ['theory', 'infinite-width'];
const LEARNER_ROLES: readonly unknown[] = ['exact-sampling', 'langevin', 'gradient-descent', 'online'];

/** The contract of a study, as checks that need no test runner; `testStudy` runs them under vitest. */
export function checkStudy(entry: StudyEntry, setup: StudySetup = {}): Check[] {
  const start = (signal?: AbortSignal): ReturnType<Study['run']> =>
    entry.create(resolved<'study'>(entry, setup.options)).run(sampleContext(setup.linalg, signal));
  const finished = once(() => finish(start()));
  return [
    ...checkEntry(entry),
    { name: 'names its axis and its metrics', run: () => demandFrames(entry) },
    {
      name: 'ends with rows of finite numbers for its axis and every metric',
      run: async () => demandRows(entry, (await finished()).result.table.rows),
    },
    {
      name: 'has theory and simulation in one table',
      run: async () => demandBothSides((await finished()).result.table.rows),
    },
    {
      name: 'ends with honest arrays and finite diagnostics',
      run: async () => demandNumbers((await finished()).result),
    },
    { name: 'shows ascending snapshots', run: async () => demandSnapshots((await finished()).snapshots) },
    {
      name: 'gives the same bits for the same stream',
      run: async () => demandSameResult((await finish(start())).result, (await finished()).result),
    },
    {
      name: 'stops when cancelled before the start',
      run: () => demandRefusal('a fired signal', () => finish(start(AbortSignal.abort())), 'GGDLN_CANCELLED'),
    },
    { name: 'stops when cancelled while it works', run: () => demandCancelled(start) },
    { name: 'ends when nobody listens any more', run: () => demandReturn(start()) },
  ];
}

function demandFrames({ axis, metrics, groupBy }: StudyEntry): void {
  demandAxis(axis);
  demand(metrics.length > 0, 'it has no metrics, expected one for each frame of its figure');
  for (const frame of metrics) demandFrame(frame);
  const names = metrics.map(({ metric }) => metric);
  demand(
    new Set(names).size === names.length,
    `two metrics have one name: ${names.join(', ')}; expected different ones`,
  );
  demand(groupBy === undefined || groupBy !== axis.column, `groupBy is the axis "${groupBy}", expected another column`);
}

function demandAxis({ column, label, scale }: StudyAxis): void {
  demand(column.trim() !== '' && label.trim() !== '', 'the axis has no column or no label, expected both');
  demand(scale === 'linear' || scale === 'log', `the scale of the axis is ${scale}, expected linear or log`);
}

function demandFrame({ metric, title, label }: StudyMetric): void {
  const texts = [metric, title, label].every((text) => text.trim() !== '');
  demand(texts, `the metric "${metric}" lacks a name, a title or a label, expected all three`);
}

function demandRows({ axis, metrics, groupBy }: StudyEntry, rows: readonly Row[]): void {
  demand(rows.length > 0, 'the table has no rows, expected one for each point of each metric');
  for (const [at, row] of rows.entries()) {
    const columns = ['source', 'role', 'metric', 'value', 'stderr', axis.column, ...(groupBy ? [groupBy] : [])];
    for (const column of columns) {
      demand(
        row[column] !== undefined,
        `row ${at} has no column ${column}, expected ${columns.join(', ')}: ${JSON.stringify(row)}`,
      );
    }
    demandFinite(`column value of row ${at}`, [row.value as number]);
    demandFinite(`column ${axis.column} of row ${at}`, [row[axis.column] as number]);
    const { stderr } = row;
    const honest = stderr === null || (typeof stderr === 'number' && stderr >= 0 && Number.isFinite(stderr));
    demand(honest, `stderr of row ${at} is ${stderr}, expected null or a finite number ≥ 0`);
  }
  const found = new Set(rows.map(({ metric }) => metric));
  for (const { metric } of metrics) {
    demand(found.has(metric), `no row has the metric "${metric}", expected some; there are ${[...found].join(', ')}`);
  }
}

function demandBothSides(rows: readonly Row[]): void {
  const roles = [...new Set(rows.map(({ role }) => role))];
  const known = [...THEORY_ROLES, ...LEARNER_ROLES];
  const strange = roles.find((role) => !known.includes(role));
  demand(strange === undefined, `a row has the role "${strange}", expected one of ${known.join(', ')}`);
  for (const [side, names] of [
    ['theory', THEORY_ROLES],
    ['simulation', LEARNER_ROLES],
  ] as const) {
    const present = roles.some((role) => names.includes(role));
    demand(present, `no row is of a ${side}, expected some with a role among ${names.join(', ')}; there are ${roles}`);
  }
}

function demandNumbers({ arrays, diagnostics }: StudyResult): void {
  for (const [name, value] of Object.entries(arrays)) {
    demandMatrix(name, value, value.rows, value.cols);
    const of = name.endsWith('_stderr') ? arrays[name.slice(0, -'_stderr'.length)] : value;
    demand(
      of?.rows === value.rows && of.cols === value.cols,
      `${name} is ${value.rows} × ${value.cols}, expected the shape of the array that it is the error of`,
    );
  }
  for (const [name, { value }] of Object.entries(diagnostics)) demandFinite(`diagnostic ${name}`, [value]);
}

function demandSnapshots(snapshots: readonly StudySnapshot[]): void {
  demand(snapshots.length > 0, 'there are no snapshots, expected at least one before the end');
  snapshots.forEach(({ step, total, stage }, i) => {
    const last = i === 0 ? Number.NEGATIVE_INFINITY : snapshots[i - 1].step;
    demand(
      step >= last && step >= 0 && step <= total,
      `snapshot ${i} is of step ${step} of ${total} after ${last}, expected ascending steps within the total`,
    );
    demand(stage.trim() !== '', `snapshot ${i} has no stage, expected what runs, e.g. gradient descent`);
  });
}

function demandSameResult(found: StudyResult, expected: StudyResult): void {
  const [again, first] = [found, expected].map(({ table }) => canonicalJson(table.rows as never));
  demand(again === first, 'the table of another run differs, expected the same for the same stream');
  for (const [name, { data }] of Object.entries(expected.arrays)) {
    demandSameBits(`${name} of another run`, found.arrays[name]?.data ?? [], data);
  }
}
