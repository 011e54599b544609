import { createGgdln } from '@ggdln/architectures';
import { createRandom, createTable, type Matrix, type Row, type SourceRole } from '@ggdln/core';
import { type ForgettingEstimate, forgettingOverRuns, type TaskExamples } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { continualKernel, continualLimit, forgettingMatrix } from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import { between } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { entry, lineRow, pointRow } from '../rows.ts';
import {
  CONTINUAL,
  descended,
  familyTasks,
  reluNetwork,
  type SequenceSizes,
  type SplitTask,
  ungated,
} from './common.ts';
import { LOCAL, linearForgetting, localForgetting } from './taskContexts.ts';

const NAME = 'continual/task-gates';
const TITLE = 'Gates that know the task keep conflicting tasks apart';

const RELU = 'ReLU';
const DLN = 'DLN';
const OWN = 'GGDLN, own for each task';
const GLN = 'GLN';
const GLN_TOLD = 'GLN, contexts know the task';

interface Setting extends SequenceSizes {
  readonly gates: number;
  readonly width: number;
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
    quick: { tasks: 5, examples: 10, inputs: 30, gates: 20, width: 400, seeds: 4 },
    paper: { tasks: 10, examples: 20, inputs: 40, gates: 40, width: 2000, seeds: 10 },
    test: { tasks: 3, examples: 3, inputs: 10, gates: 6, width: 40, seeds: 2 },
  },
  run: async ({ tasks: count, examples, inputs, gates, width, seeds }, context) => {
    const tasks = await familyTasks('flipped labels', { tasks: count, examples, inputs }, context.seed);
    const targets = tasks.map(({ y }) => y);
    const rows: Row[] = [];
    const gaps: number[] = [];
    const record = (group: string, theory: Matrix, found: ForgettingEstimate): number => {
      rows.push(...linesOf(group, theory), ...pointsOf(group, found, 'gradient-descent'));
      gaps.push(Math.abs(entry(found.value, count - 1, 0) - entry(theory, count - 1, 0)));
      return (
        Array.from({ length: count - 1 }, (_, t) => entry(found.value, t + 1, 0)).reduce((a, b) => a + b) / (count - 1)
      );
    };
    const over = (runs: Awaited<ReturnType<typeof descended>>) =>
      forgettingOverRuns(
        runs.map(({ train }) => train),
        targets,
      );
    const relu = { network: { activation: reluActivation, depth: 1 }, tasks };
    const limit = await continualLimit(relu, { sigma2: 1, mode: 'gradient' }, { linalg: context.linalg });
    const trainedRelu = await descended(reluNetwork(width, 1, 1), ungated(tasks, 1), { name: 'ReLU', seeds }, context);
    const later = [record(RELU, forgettingMatrix({ mean: limit.mean }, targets), over(trainedRelu))];
    const cases = [
      { group: 'GGDLN, all gates for all', open: () => true },
      {
        group: 'GGDLN, half for each task',
        open: (pair: number, t: number) => halfOpen(pair, t, context.seed),
      },
      { group: OWN, open: (pair: number, t: number) => pair % count === t },
    ];
    for (const { group, open } of cases) {
      const gated = gatedTasks(tasks, gates, open, context.seed);
      const mean = await gatedTheory(gated, context);
      const network = createGgdln({ depth: 1, width, sigma: 1 });
      const runs = await descended(network, gated, { name: group, seeds }, context);
      later.push(record(group, forgettingMatrix({ mean }, targets), over(runs)));
    }
    const gatedRows = rows.slice();
    const linear = await linearForgetting(tasks, { width, seeds }, context);
    record(DLN, linear.theory, linear.found);
    const local = await localForgetting(tasks, 0, context);
    const told = await localForgetting(tasks, inputs, context);
    rows.push(...pointsOf(GLN, local, 'online'), ...pointsOf(GLN_TOLD, told, 'online'));
    const others = rows.filter(({ group }) => [RELU, DLN, OWN, GLN, GLN_TOLD].includes(String(group)));
    const table = createTable(rows);
    return {
      tables: { table },
      arrays: {},
      figures: {
        figure: sweepFigure(createTable(gatedRows), {
          title: TITLE,
          subtitle: `Nearly the same inputs, 40 % of labels flipped in every task · T = ${count} tasks of P = ${examples} · L = 1 · N = ${width}, M = ${gates} half-space gates · ${seeds} networks`,
          x: { column: 'task', label: 'after task t', unit: '', scale: 'linear' },
          frames: [{ metric: 'F', title: 'Forgetting of task 1', note: 'gradient descent', label: 'F(t, 1)' }],
          groupBy: 'group',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
        architectures: sweepFigure(createTable(others), {
          title: 'What conflicting tasks leave of the first, in four kinds of networks',
          subtitle: `The same tasks · L = 1 · by gradient descent to the end: N = ${width}, ${seeds} networks · GLN, each example once: [${LOCAL.width}, 1], B = ${LOCAL.contextBits}, η = ${LOCAL.stepSize}, ${LOCAL.seeds} draws of half-spaces`,
          x: { column: 'task', label: 'after task t', unit: '', scale: 'linear' },
          frames: [{ metric: 'F', title: 'Error on task 1', note: '± 1 s.e. over networks', label: 'F(t, 1)' }],
          groupBy: 'group',
          residuals: false,
          caption: 'Lines: infinite width. GLN have no theory here; at t = 1 they show what one pass leaves.',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        between('mean over later tasks: GGDLN with gates of its own over ReLU', { value: later[3] / later[0] }, 0, 0.2),
        between('mean over later tasks: GGDLN with half of the gates over all', { value: later[2] / later[1] }, 0, 1),
        between(
          'networks − theory after the last task: largest',
          { value: Math.max(...gaps) },
          0,
          8 / Math.sqrt(width),
        ),
        ...(count < 5
          ? []
          : [
              between(
                'GLN: error on task 1 after the last task, contexts that know the task over those that don’t',
                { value: entry(told.value, count - 1, 0) / entry(local.value, count - 1, 0) },
                0,
                0.8,
              ),
              between(
                'GLN whose contexts know the task: error on task 1 that later tasks add',
                { value: entry(told.value, count - 1, 0) - entry(told.value, 0, 0) },
                -0.1,
                0.2,
              ),
            ]),
      ],
      notes: [
        'With gates of its own a task’s kernel with the others is 0; what a network of finite width still forgets, by the hidden weights that tasks share, falls as 1/√N in the outputs.',
        `GLN whose contexts know the task: as many further inputs as tasks, that of the own one at ${inputs} and the others at 0, so that half-spaces cut between tasks more than within them. Two tasks still share a neuron’s context about once in 2^B.`,
      ],
    };
  },
});

/** Errors on task 1, a row after each task. */
function linesOf(group: string, theory: Matrix): Row[] {
  return Array.from({ length: theory.rows }, (_, t) => lineRow({ task: t + 1, group }, 'F', entry(theory, t, 0)));
}

function pointsOf(group: string, { value, stderr }: ForgettingEstimate, role: SourceRole): Row[] {
  return Array.from({ length: value.rows }, (_, t) =>
    pointRow({ task: t + 1, group }, 'F', entry(value, t, 0), entry(stderr, t, 0), role),
  );
}

/** Whether a pair of gates is one of the random half that a task may open; one always is. */
function halfOpen(pair: number, task: number, seed: number): boolean {
  return pair === task || createRandom(seed).stream('open gates').stream(`${task}/${pair}`).uniform() < 0.5;
}

/**
 * Pairs of gates for the two sides of random planes, so that no input is without an open one, shut for the tasks that may
 * not open them.
 */
function gatedTasks(
  tasks: readonly SplitTask[],
  count: number,
  open: (pair: number, task: number) => boolean,
  seed: number,
): TaskExamples[] {
  const { cols } = tasks[0].X;
  const planes = createRandom(seed)
    .stream('half-spaces')
    .fillGaussian(new Float64Array(count * cols));
  const inputs = (X: Matrix, task: number) => {
    const gates = matrix(X.rows, count);
    for (let i = 0; i < X.rows; i++) {
      for (let m = 0; m < count; m++) {
        let along = 0;
        for (let j = 0; j < cols; j++) along += X.data[i * cols + j] * planes[(m >> 1) * cols + j];
        gates.data[i * count + m] = open(m >> 1, task) && along > 0 === (m % 2 === 0) ? 1 : 0;
      }
    }
    return { X, gates: [gates] };
  };
  return tasks.map(({ X, y, test }, t) => ({ inputs: inputs(X, t), y, test: inputs(test.X, t) }));
}

/** Outputs at infinite width: the tangent kernel of a gated linear network is (x·x′/N0)(g·g′/M), up to a factor. */
async function gatedTheory(
  tasks: readonly TaskExamples[],
  { linalg }: ReproductionContext,
): Promise<readonly Matrix[]> {
  const gatesOf = new Map(tasks.map(({ inputs }) => [inputs.X, inputs.gates[0]] as const));
  const kernel = (X: Matrix, Z: Matrix) => {
    const [g, h] = [gatesOf.get(X) ?? X, gatesOf.get(Z) ?? Z];
    const overlap = linalg.gemm(g, h, { transB: true, alpha: 1 / g.cols });
    const inner = linalg.gemm(X, Z, { transB: true, alpha: 1 / X.cols });
    for (let k = 0; k < inner.data.length; k++) inner.data[k] *= overlap.data[k];
    return inner;
  };
  const plain = tasks.map(({ inputs, y }) => ({ X: inputs.X, y }));
  return (await continualKernel({ tasks: plain }, kernel, { linalg, jitter: 1e-10 })).mean;
}
