import { createTable, type Row } from '@ggdln/core';
import { forgettingOverRuns } from '@ggdln/learning';
import type { Matrix } from '@ggdln/linalg';
import { heatMap, sweepFigure } from '@ggdln/plot';
import { continualLimit, forgettingMatrix } from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import { between, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { entry, lineRow, pointRow } from '../rows.ts';
import { CONTINUAL, descended, FAMILIES, familyTasks, reluNetwork, type SequenceSizes, ungated } from './common.ts';
import { type AtWidth, deviationFigure, guidedRows, powerOf, reluDeviations } from './widths.ts';

const NAME = 'continual/forgetting';
const TITLE = 'Forgetting of ten tasks: four ways to be similar';
const SIGMA2 = 2;

interface Setting extends SequenceSizes {
  readonly width: number;
  readonly seeds: number;
  readonly widths: readonly number[];
}

/** Forgetting matrices of sequences from four families: theory next to gradient descent. */
export const forgetting: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${CONTINUAL}, section 11, item 1`,
  summary: 'Forgetting matrices of ReLU networks on four families of tasks: infinite width next to trained networks.',
  settings: {
    quick: { tasks: 10, examples: 8, inputs: 30, width: 1000, seeds: 3, widths: [125, 500, 2000, 8000] },
    paper: { tasks: 10, examples: 20, inputs: 40, width: 4000, seeds: 10, widths: [250, 1000, 4000, 16_000] },
    test: { tasks: 3, examples: 4, inputs: 10, width: 60, seeds: 2, widths: [40, 160] },
  },
  run: async ({ tasks: count, examples, inputs, width, seeds, widths }, context) => {
    const network = { activation: reluActivation, depth: 1 };
    const panels: { title: string; note: string; matrix: Matrix }[][] = [[], []];
    const rows: Row[] = [];
    const deviations: AtWidth[] = [];
    const gaps: number[] = [];
    const scores: number[] = [];
    for (const name of FAMILIES) {
      const tasks = await familyTasks(name, { tasks: count, examples, inputs }, context.seed);
      const problem = { network, tasks };
      const mode = { sigma2: SIGMA2, mode: 'gradient' } as const;
      const { mean } = await continualLimit(problem, mode, { linalg: context.linalg, jitter: 1e-10 });
      const targets = tasks.map(({ y }) => y);
      const theory = forgettingMatrix({ mean }, targets);
      const of = (N: number) => descended(reluNetwork(N, 1, SIGMA2), ungated(tasks, 1), { name, seeds }, context);
      const found = forgettingOverRuns(
        (await of(width)).map(({ train }) => train),
        targets,
      );
      panels[0].push({ title: name, note: 'theory', matrix: theory });
      panels[1].push({ title: name, note: `descent, ${seeds} networks`, matrix: found.value });
      for (let t = 0; t < count; t++) {
        rows.push(lineRow({ task: t + 1, family: name }, 'F', entry(theory, t, 0)));
        const [value, stderr] = [entry(found.value, t, 0), entry(found.stderr, t, 0)];
        rows.push(pointRow({ task: t + 1, family: name }, 'F', value, stderr, 'gradient-descent'));
      }
      // Below the diagonal: what was learnt and may be forgotten.
      let [gap, size] = [0, 0];
      for (let t = 1; t < count; t++) {
        for (let s = 0; s < t; s++) {
          gap += (entry(found.value, t, s) - entry(theory, t, s)) ** 2;
          size += entry(theory, t, s) ** 2;
        }
      }
      gaps.push(Math.sqrt(gap / size));
      scores.push(entry(theory, count - 1, 0));
      if (name !== FAMILIES[0]) continue;
      const sizes = { depth: 1, sigma2: SIGMA2, widths, seeds };
      deviations.push(...(await reluDeviations(tasks, sizes, name, context)));
    }
    const late = deviations.length > 2 ? deviations.slice(1) : deviations;
    const byWidth = guidedRows(deviations, 0.5, {}, 'gradient-descent');
    const subtitle = `ReLU, L = 1 · T = ${count} tasks of P = ${examples} · N0 = ${inputs} · σ² = ${SIGMA2} · N = ${width}`;
    return {
      tables: { table: createTable(rows), widths: createTable(byWidth) },
      arrays: {},
      figures: {
        matrices: heatMap({
          title: TITLE,
          subtitle,
          panels: panels.flat(),
          columns: FAMILIES.length,
          label: 'mean squared error on task s (column) after task t (row)',
          caption: 'Above the diagonal: tasks not yet learned.',
          footer: footerOf(NAME, context),
        }),
        figure: sweepFigure(createTable(rows), {
          title: 'Forgetting of the first task',
          subtitle,
          x: { column: 'task', label: 'after task t', unit: '', scale: 'linear', whole: true },
          frames: [
            { metric: 'F', title: 'Forgetting of task 1', note: `points: mean of ${seeds} networks`, label: 'F(t, 1)' },
          ],
          groupBy: 'family',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
        widths: deviationFigure(byWidth, {
          title: 'Networks come to infinite width',
          subtitle: `Outputs on all tasks after every task · ${FAMILIES[0]} · ${seeds} networks a width`,
          footer: footerOf(NAME, context),
        }),
      },
      checks: [
        ...FAMILIES.map((name, i) =>
          between(
            `${name}: relative distance of the matrices below the diagonal`,
            { value: gaps[i] },
            0,
            8 / Math.sqrt(width),
          ),
        ),
        near('deviation of a network from theory, from the second width on: power of 1/N', powerOf(late), 0.5, 0.1),
        between(
          'task 1 is forgotten more where labels conflict than where inputs are permuted: ratio',
          { value: scores[3] / scores[1] },
          1,
          100,
        ),
      ],
      notes: ['A single network differs from infinite width by O(1/√N); its forgetting matrix therefore too.'],
    };
  },
});
