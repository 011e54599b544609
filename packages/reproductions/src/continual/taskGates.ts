import { createTable, type Matrix, type Row, type SourceRole } from '@ggdln/core';
import type { ForgettingEstimate } from '@ggdln/learning';
import { sweepFigure } from '@ggdln/plot';
import { between, type Check, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { entry, lineRow, pointRow } from '../rows.ts';
import { CONTINUAL, familyTasks, type SequenceSizes } from './common.ts';
import { ALL, conflictCases, DLN, HALF, OWN, RELU, RELU_WIDER } from './conflicts.ts';
import { type TrainedCase, trainedAt } from './conflictTraining.ts';
import { LOCAL, localForgetting } from './taskContexts.ts';
import { guidedRows, guideOf, limitThrough, powerOf } from './widths.ts';

const NAME = 'continual/task-gates';
const TITLE = 'Gates that know the task keep conflicting tasks apart';

const GLN = 'GLN';
const GLN_TOLD = 'GLN, contexts know the task';

interface Setting extends SequenceSizes {
  readonly gates: number;
  /** The widest is that of the figures against tasks. */
  readonly widths: readonly number[];
  readonly seeds: number;
}

/** Forgetting of conflicting tasks: a ReLU network beside gated linear networks whose gates know the task more or less. */
export const taskGates: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${CONTINUAL}, sections 3 and 5; Li & Sompolinsky, arXiv:2210.17449; Veness et al., arXiv:1910.01526`,
  summary:
    'Forgetting of tasks with flipped labels: ReLU and GGDLN with gates open to all, half or one of the tasks; beside them linear networks, and gated linear networks under local rules.',
  settings: {
    quick: { tasks: 5, examples: 10, inputs: 30, gates: 20, widths: [200, 800, 3200], seeds: 6 },
    paper: { tasks: 10, examples: 20, inputs: 40, gates: 40, widths: [500, 2000, 8000], seeds: 10 },
    test: { tasks: 3, examples: 3, inputs: 10, gates: 6, widths: [20, 40, 80], seeds: 2 },
  },
  run: async (setting, context) => {
    const { tasks: count, examples, inputs, gates } = setting;
    const tasks = await familyTasks('flipped labels', { tasks: count, examples, inputs }, context.seed);
    const trained: TrainedCase[] = [];
    for (const one of await conflictCases(tasks, gates, context)) trained.push(await trainedAt(one, setting, context));
    const local = await localForgetting(tasks, 0, context);
    const told = await localForgetting(tasks, inputs, context);
    const rows = [
      ...trained.flatMap(({ group, theory, found }) => [
        ...linesOf(group, theory),
        ...pointsOf(group, found, 'gradient-descent'),
      ]),
      ...pointsOf(GLN, local, 'online'),
      ...pointsOf(GLN_TOLD, told, 'online'),
    ];
    const widthRows = trained.flatMap(({ group, deviations, biases }) => [
      ...guidedRows(deviations, 0.5, { group }, 'gradient-descent'),
      ...(group === RELU ? guidedRows(biases, 0.5, { group }, 'gradient-descent').map(asBias) : []),
    ]);
    return {
      tables: { table: createTable(rows), widths: createTable(widthRows) },
      arrays: {},
      figures: draw(rows, widthRows, setting, context),
      checks: [...checksOf(trained), ...(count < 5 ? [] : localChecks(local, told, count))],
      notes: [
        'With gates of its own a task’s kernel with the others is 0; what a network of finite width still forgets, by the hidden weights that tasks share, falls as 1/√N in the outputs.',
        'ReLU networks come to theory as 1/√N also in the mean, so that more of them do not help: units that learn to say less of an input stop where their gate shuts, and of those whose gate is shut none learns to open it, which takes a share of order 1/√N of the units from the kernel. Without such gates (GGDLN, DLN, erf) means come as 1/N. It is not the descent: a tolerance 100 times smaller changes no digit that is shown, and plain descent has the same power. Of 96 networks of N = 400 and 1600 at quick scale the mean is off by 7.0 % and 3.5 % of theory, of 40 networks of 6400 by 1.9 %. Checks of forgetting take limits by polynomials through all widths, in 1/√N and 1/N.',
        `GLN whose contexts know the task: as many further inputs as tasks, that of the own one at ${inputs} and the others at 0, so that half-spaces cut between tasks more than within them. Two tasks still share a neuron’s context about once in 2^B. GLN have no theory and no width to take to infinity here.`,
      ],
    };
  },
});

const asBias = (row: Row): Row => ({ ...row, metric: 'bias' });

/** Ratios of forgetting against those of theory, and how networks come to theory. */
function checksOf(trained: readonly TrainedCase[]): Check[] {
  const of = (group: string) => trained.filter((one) => one.group === group).reduce((_, one) => one, trained[0]);
  const limitOf = ({ later, power }: TrainedCase) => limitThrough(later.found, power);
  const ratio = (what: string, above: string, below: string) => {
    const [a, b] = [of(above), of(below)];
    const [top, bottom] = [a, b].map(limitOf);
    const value = top.value / bottom.value;
    const stderr = Math.hypot(top.stderr, value * bottom.stderr) / bottom.value;
    return near(
      `mean error on task 1 after later tasks, N → ∞ through all widths: ${what}`,
      { value, stderr },
      a.later.expected / b.later.expected,
      0,
    );
  };
  return [
    ratio('GGDLN with gates of its own over ReLU', OWN, RELU),
    ratio('GGDLN with half of the gates over all', HALF, ALL),
    near(
      'ReLU: mean error on task 1 after later tasks, N → ∞ by powers of 1/√N',
      limitOf(of(RELU)),
      of(RELU).later.expected,
      0,
    ),
    near('ReLU: (mean of networks − theory), power of 1/N', powerOf(of(RELU).biases), 0.5, 0.1),
    between(
      'theory: GGDLN with half of the gates over all',
      { value: of(HALF).later.expected / of(ALL).later.expected },
      0,
      1,
    ),
    ...trained.flatMap(({ group, deviations, score, networks }) => [
      group === RELU
        ? between(
            `${group}: |mean of the widest networks − theory| in its s.e.; √(n + 1) is theory at the edge of one network’s scatter`,
            { value: score },
            0,
            Math.sqrt(networks + 1),
          )
        : between(
            `${group}: |mean of the widest networks − theory| in its s.e., all outputs`,
            { value: score },
            0,
            1.5,
          ),
      near(`${group}: deviation of a network from theory, power of 1/N`, powerOf(deviations), 0.5, 0.1),
    ]),
  ];
}

function localChecks(local: ForgettingEstimate, told: ForgettingEstimate, count: number): Check[] {
  const last = ({ value }: ForgettingEstimate) => entry(value, count - 1, 0);
  return [
    between(
      'GLN: error on task 1 after the last task, contexts that know the task over those that don’t',
      { value: last(told) / last(local) },
      0,
      0.8,
    ),
    between(
      'GLN whose contexts know the task: error on task 1 that later tasks add',
      { value: last(told) - entry(told.value, 0, 0) },
      -0.1,
      0.2,
    ),
  ];
}

function draw(
  rows: readonly Row[],
  widthRows: readonly Row[],
  { tasks: count, examples, gates, widths, seeds }: Setting,
  context: ReproductionContext,
) {
  const widest = widths[widths.length - 1];
  const only = (groups: readonly string[]) => createTable(rows.filter(({ group }) => groups.includes(String(group))));
  const data = `40 % of labels flipped in every task · T = ${count} tasks of P = ${examples} · L = 1`;
  const shared = { groupBy: 'group', footer: footerOf(NAME, context), width: 1040 } as const;
  const x = { column: 'task', label: 'after task t', unit: '', scale: 'linear', whole: true } as const;
  return {
    figure: sweepFigure(only([RELU, ALL, HALF, OWN]), {
      ...shared,
      title: TITLE,
      subtitle: `Nearly the same inputs, ${data} · N = ${widest} (ReLU ${RELU_WIDER * widest}), M = ${gates} half-space gates · ${seeds} networks`,
      x,
      frames: [{ metric: 'F', title: 'Forgetting of task 1', note: 'gradient descent', label: 'F(t, 1)' }],
    }),
    architectures: sweepFigure(only([RELU, DLN, OWN, GLN, GLN_TOLD]), {
      ...shared,
      title: 'What conflicting tasks leave of the first, in four kinds of networks',
      subtitle: `The same tasks · L = 1 · by gradient descent to the end: N = ${widest} (ReLU ${RELU_WIDER * widest}), ${seeds} networks · GLN, each example once: [${LOCAL.width}, 1], B = ${LOCAL.contextBits}, η = ${LOCAL.stepSize}, ${LOCAL.seeds} draws of half-spaces`,
      x,
      frames: [{ metric: 'F', title: 'Error on task 1', note: '± 1 s.e. over networks', label: 'F(t, 1)' }],
      residuals: false,
      caption: 'Lines: infinite width. GLN have no theory here; at t = 1 they show what one pass leaves.',
    }),
    widths: sweepFigure(createTable([...widthRows]), {
      ...shared,
      title: 'Networks come to theory with width, gated or not',
      subtitle: `The same tasks, ${data} · ${seeds} networks a width`,
      x: { column: 'width', label: 'hidden width N', scale: 'log' },
      frames: [
        {
          metric: 'deviation',
          title: 'Deviation of a network',
          note: 'all tasks after every task',
          label: '|f − theory| / |theory|',
          scale: 'log',
        },
        {
          metric: 'bias',
          title: 'Deviation of their mean',
          note: 'ReLU, noise taken off',
          label: '|mean f − theory| / |theory|',
          scale: 'log',
        },
      ],
      residuals: false,
      guide: guideOf('1/√N'),
    }),
  };
}

/** Errors on task 1, a row after each task. */
function linesOf(group: string, theory: Matrix): Row[] {
  return Array.from({ length: theory.rows }, (_, t) => lineRow({ task: t + 1, group }, 'F', entry(theory, t, 0)));
}

function pointsOf(group: string, { value, stderr }: ForgettingEstimate, role: SourceRole): Row[] {
  return Array.from({ length: value.rows }, (_, t) =>
    pointRow({ task: t + 1, group }, 'F', entry(value, t, 0), entry(stderr, t, 0), role),
  );
}
