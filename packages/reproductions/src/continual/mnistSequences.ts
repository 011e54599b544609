import { createTable, type Matrix, type Row, type Table } from '@ggdln/core';
import { heatMap, sweepFigure } from '@ggdln/plot';
import { between, type Check, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { entry, lineRow, pointRow } from '../rows.ts';
import { CONTINUAL } from './common.ts';
import {
  type DigitSequence,
  type DigitSizes,
  digitSequence,
  KINDS,
  type Kind,
  learntBefore,
  otherPairs,
  PIXELS,
  SIGMA2,
} from './digitSequences.ts';
import { guidedRows, guideOf, powerOf } from './widths.ts';

const NAME = 'continual/mnist-sequences';
const TITLE = 'Sequences of real digits: how alike they are, and what is forgotten';

/** Order parameters of task sequences of real digits, and their forgetting by theory and by gradient descent. */
export const mnistSequences: Reproduction = defineReproduction<DigitSizes>({
  name: NAME,
  title: TITLE,
  source: `${CONTINUAL}, sections 3 to 5`,
  summary:
    'Permuted, rotated and split digits: order parameters measured on them, forgetting by theory and by descent.',
  settings: {
    quick: { tasks: 5, examples: 15, widths: [125, 500, 2000], networks: 5 },
    paper: { tasks: 5, examples: 50, widths: [500, 2000, 8000], networks: 20 },
    test: { tasks: 3, examples: 4, widths: [30, 120], networks: 2 },
  },
  run: async (sizes, context) => {
    const sequences: DigitSequence[] = [];
    for (const kind of KINDS) sequences.push(await digitSequence(kind, sizes, context));
    const tables = {
      table: createTable(sequences.flatMap(forgettingRows)),
      similarities: createTable(sequences.flatMap(similarityRows)),
      agreement: createTable(sequences.flatMap(agreementRows)),
      widths: createTable(sequences.flatMap(widthRows)),
    };
    return {
      tables,
      arrays: Object.fromEntries(sequences.flatMap(arraysOf)),
      figures: draw(sequences, tables, sizes, context),
      checks: [...sequences.flatMap((sequence) => checksOf(sequence)), ...ordering(sequences)],
      notes: [
        'The 2000 digits that come with @ggdln/datasets, 7 × 7 pixels, every task less its mean input. Permuted: 3 against 8, every task but the first with an order of pixels of its own. Rotated: 3 against 8, turned by 30° from task to task. Split: 0 against 1, 2 against 3, and so on.',
        'Order parameters are those of the tangent kernel. For both orders of a pair together the forgetting is γ_rf − γ_r exactly, for these labels as for any.',
        'Forgetting of a network of finite width lies above that of theory by O(1/N) in the mean, as the square of its fluctuation; bars are standard errors over networks and don’t contain that.',
      ],
    };
  },
});

const widest = ({ trained }: DigitSequence) => trained[trained.length - 1];

function forgettingRows(sequence: DigitSequence): Row[] {
  const { kind, theory } = sequence;
  const { value, stderr } = widest(sequence);
  return Array.from({ length: theory.rows }, (_, t) => t).flatMap((t) => {
    const cells = { task: t + 1, group: kind };
    return [
      lineRow(cells, 'F', entry(theory, t, 0)),
      pointRow(cells, 'F', entry(value, t, 0), entry(stderr, t, 0), 'gradient-descent'),
    ];
  });
}

function similarityRows({ kind, similar }: DigitSequence): Row[] {
  return Array.from({ length: similar.feature.rows - 1 }, (_, k) => k + 1).flatMap((t) =>
    (['feature', 'rule'] as const).map((metric) =>
      lineRow({ task: t + 1, group: kind }, metric, entry(similar[metric], 0, t)),
    ),
  );
}

function agreementRows(sequence: DigitSequence): Row[] {
  const { kind, theory } = sequence;
  const { value, stderr } = widest(sequence);
  return learntBefore(theory.rows).flatMap(([t, s]) => {
    const expected = entry(theory, t, s);
    const cells = { expected, group: kind, after: t + 1, task: s + 1 };
    return [
      lineRow(cells, 'F', expected),
      pointRow(cells, 'F', entry(value, t, s), entry(stderr, t, s), 'gradient-descent'),
    ];
  });
}

function widthRows({ kind, trained }: DigitSequence): Row[] {
  const points = trained.map(({ width, deviation }) => ({ width, ...deviation }));
  return guidedRows(points, 0.5, { group: kind }, 'gradient-descent');
}

function arraysOf(sequence: DigitSequence): [string, Matrix][] {
  const { kind, theory, similar } = sequence;
  const { value, stderr } = widest(sequence);
  const named = { theory, forgetting: value, forgetting_stderr: stderr, feature: similar.feature, rule: similar.rule };
  return Object.entries(named).map(([name, values]) => [`${kind}/${name}`, values]);
}

function checksOf(sequence: DigitSequence): Check[] {
  const { kind, theory, similar, pairs, trained } = sequence;
  const mean = (of: (i: number, j: number) => number) =>
    otherPairs(theory.rows).reduce((sum, [i, j]) => sum + of(i, j), 0) / otherPairs(theory.rows).length;
  const expected = mean((i, j) => entry(similar.relevantFeature, i, j) - entry(similar.relevantRule, i, j));
  const exact = mean((i, j) => entry(pairs, i, j));
  const { width, value } = widest(sequence);
  const power = powerOf(trained.map((one) => ({ width: one.width, ...one.deviation })));
  const nothing = (what: string, value: number) => between(`${kind}: ${what}, minus 1`, { value }, -1e-6, 1e-6);
  return [
    between(
      `${kind}: relative distance of the matrices below the diagonal, N = ${width}`,
      { value: relativeGap(value, theory) },
      0,
      8 / Math.sqrt(width),
    ),
    near(`${kind}: deviation of a network from theory, power of 1/N`, power, 0.5, 0.1),
    nothing('mean forgetting of all pairs over γ_rf − γ_r', exact / expected - 1),
    nothing('F(2, 1) of the sequence over that of the two tasks alone', entry(theory, 1, 0) / entry(pairs, 0, 1) - 1),
  ];
}

/** |found − theory|/|theory| over what was learnt before. */
function relativeGap(found: Matrix, theory: Matrix): number {
  const before = learntBefore(theory.rows);
  const sizeOf = (of: (t: number, s: number) => number) => Math.hypot(...before.map(([t, s]) => of(t, s)));
  return sizeOf((t, s) => entry(found, t, s) - entry(theory, t, s)) / sizeOf((t, s) => entry(theory, t, s));
}

/** Sequences stand in the order that their making suggests. */
function ordering(sequences: readonly DigitSequence[]): Check[] {
  const of = (kind: Kind, name: 'feature' | 'rule') =>
    sequences.filter((sequence) => sequence.kind === kind).reduce((_, { similar }) => entry(similar[name], 0, 1), 0);
  return (['feature', 'rule'] as const).map((name) =>
    between(
      `γ_${name} of tasks 1 and 2: rotated by 30° minus permuted pixels`,
      { value: of('rotated by 30°', name) - of('permuted pixels', name) },
      0,
      2,
    ),
  );
}

interface Drawn {
  readonly table: Table;
  readonly similarities: Table;
  readonly agreement: Table;
  readonly widths: Table;
}

function draw(sequences: readonly DigitSequence[], tables: Drawn, sizes: DigitSizes, context: ReproductionContext) {
  const data = `${sizes.tasks} tasks of P = ${sizes.examples} · ${PIXELS} × ${PIXELS} pixels · ReLU, L = 1 · σ² = ${SIGMA2}`;
  const subtitle = `${data} · N = ${widest(sequences[0]).width}, ${sizes.networks} networks`;
  const shared = { groupBy: 'group', footer: footerOf(NAME, context), width: 1040 } as const;
  const x = { column: 'task', label: 'after task t', unit: '', scale: 'linear', whole: true } as const;
  return {
    figure: sweepFigure(tables.table, {
      ...shared,
      title: TITLE,
      subtitle,
      x,
      frames: [{ metric: 'F', title: 'Forgetting of task 1', note: '± 1 s.e. over networks', label: 'F(t, 1)' }],
    }),
    similarities: sweepFigure(tables.similarities, {
      ...shared,
      title: 'What later tasks share with the first',
      subtitle: data,
      x: { ...x, label: 'task t, beside task 1' },
      frames: [
        { metric: 'feature', title: 'Features', note: 'of the tangent kernel', label: 'γ_feature', zero: true },
        { metric: 'rule', title: 'Rules', note: 'their cosine', label: 'γ_rule' },
      ],
      residuals: false,
    }),
    agreement: sweepFigure(tables.agreement, {
      ...shared,
      title: 'Forgetting of every task after every later one',
      subtitle,
      x: { column: 'expected', label: 'F(t, s) of theory', unit: '', scale: 'linear' },
      frames: [{ metric: 'F', title: 'Forgetting', note: 's < t', label: 'F(t, s)' }],
    }),
    widths: sweepFigure(tables.widths, {
      ...shared,
      title: 'Networks come to theory with width',
      subtitle: `${data} · ${sizes.networks} networks a width`,
      x: { column: 'width', label: 'hidden width N', scale: 'log' },
      frames: [
        {
          metric: 'deviation',
          title: 'Deviation',
          note: 'of outputs',
          label: '|f − theory| / |theory|',
          scale: 'log',
        },
      ],
      residuals: false,
      guide: guideOf('1/√N'),
    }),
    matrices: heatMap({
      title: 'Forgetting matrices of real digits',
      subtitle,
      panels: [
        ...sequences.map(({ kind, theory }) => ({ title: kind, note: 'theory', matrix: theory })),
        ...sequences.map((one) => ({ title: one.kind, note: 'descent', matrix: widest(one).value })),
      ],
      columns: KINDS.length,
      label: 'mean squared error on task s (column) after task t (row)',
      caption: 'Above the diagonal: tasks not yet learnt.',
      footer: shared.footer,
    }),
  };
}
