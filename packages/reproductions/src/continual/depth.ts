import { createTable, type Row } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { continualLimit, continualOrderParameters, pairForgetting, taskPair } from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import { between, falls, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { lineRow, pointRow } from '../rows.ts';
import { CONTINUAL, descended, estimate, FAMILIES, familyTasks, reluNetwork, ungated } from './common.ts';
import { type AtWidth, deviationFigure, guidedRows, powerOf, reluDeviations } from './widths.ts';

const NAME = 'continual/depth';
const TITLE = 'Deeper networks keep tasks apart, and forget less';
const DEPTHS = [1, 2, 3, 5, 8];
const SIGMA2 = 2;

interface Setting {
  readonly draws: number;
  readonly examples: number;
  readonly inputs: number;
  readonly width: number;
  readonly seeds: number;
  /** At which networks are laid beside theory, for the first family. */
  readonly widths: readonly number[];
  readonly trainedDepths: readonly number[];
}

/** Similarity, forgetting and test error of two tasks against depth. */
export const depth: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${CONTINUAL}, section 11, item 3`,
  summary: 'Feature similarity, forgetting and test error against depth for four families, and trained networks.',
  settings: {
    quick: { draws: 2, examples: 20, inputs: 30, width: 300, seeds: 3, widths: [75, 300, 1200], trainedDepths: [1, 2] },
    paper: {
      draws: 20,
      examples: 40,
      inputs: 30,
      width: 2000,
      seeds: 6,
      widths: [125, 500, 2000],
      trainedDepths: [1, 2, 3, 5],
    },
    test: { draws: 1, examples: 5, inputs: 10, width: 40, seeds: 2, widths: [20, 40, 80], trainedDepths: [1, 2] },
  },
  run: async ({ draws, examples, inputs, width, seeds, widths, trainedDepths }, context) => {
    const { linalg, seed } = context;
    const rows: Row[] = [];
    const curves = new Map<string, number[]>();
    const gaps: number[] = [];
    for (const family of FAMILIES) {
      for (const L of DEPTHS) {
        const found: Record<'similarity' | 'forgetting' | 'test', number[]> = {
          similarity: [],
          forgetting: [],
          test: [],
        };
        const network = { activation: reluActivation, depth: L };
        for (let k = 0; k < draws; k++) {
          const tasks = await familyTasks(family, { tasks: 2, examples, inputs }, seed + k);
          const pair = await taskPair(network, { kernel: 'ntk', sigma2: SIGMA2 }, [tasks[0], tasks[1]], { linalg });
          const size = square(tasks[0].y);
          found.similarity.push((await continualOrderParameters(pair, { linalg })).feature);
          found.forgetting.push((await pairForgetting(pair, { linalg })).forgetting / size);
          const mode = { sigma2: SIGMA2, mode: 'gradient' } as const;
          const { mean } = await continualLimit({ network, tasks, points: [tasks[1].test.X] }, mode, { linalg });
          const f = mean[0].data.subarray(mean[0].cols);
          found.test.push(square(f.map((value, i) => value - tasks[1].test.y[i])) / square(tasks[1].test.y));
          if (k > 0 || !trainedDepths.includes(L)) continue;
          const runs = await descended(
            reluNetwork(width, L, SIGMA2),
            ungated(tasks, L),
            { name: `${family}/${L}`, seeds },
            context,
          );
          const errors = runs.map(
            ({ train }) => square(train[0].data.subarray(examples).map((value, i) => value - tasks[0].y[i])) / size,
          );
          const { value, stderr } = estimate(errors);
          // Networks learnt the first draw; the mean over draws is theory's.
          gaps.push(value - found.forgetting[0]);
          rows.push(pointRow({ depth: L, family }, 'forgetting of one draw', value, stderr, 'gradient-descent'));
          rows.push(lineRow({ depth: L, family }, 'forgetting of one draw', found.forgetting[0]));
        }
        for (const [metric, values] of Object.entries(found)) {
          rows.push(lineRow({ depth: L, family }, metric, estimate(values).value));
          curves.set(`${family}/${metric}`, [...(curves.get(`${family}/${metric}`) ?? []), estimate(values).value]);
        }
      }
    }
    const tasks = await familyTasks(FAMILIES[0], { tasks: 2, examples, inputs }, seed);
    const deviations: { readonly L: number; readonly points: readonly AtWidth[] }[] = [];
    for (const L of trainedDepths) {
      const sizes = { depth: L, sigma2: SIGMA2, widths, seeds };
      deviations.push({ L, points: await reluDeviations(tasks, sizes, `widths/${L}`, context) });
    }
    const byWidth = deviations.flatMap(({ L, points }) =>
      guidedRows(points, 0.5, { depth: `L = ${L}` }, 'gradient-descent'),
    );
    const table = createTable(rows);
    const curve = (family: string, metric: string) => curves.get(`${family}/${metric}`) ?? [];
    return {
      tables: { table, widths: createTable(byWidth) },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `ReLU · two tasks of P = ${examples} · N0 = ${inputs} · σ² = ${SIGMA2} · mean of ${draws} draws`,
          x: { column: 'depth', label: 'hidden layers L', unit: '', scale: 'linear', whole: true },
          frames: [
            { metric: 'similarity', title: 'Feature similarity', note: 'tangent kernel', label: 'γ_feature' },
            { metric: 'forgetting', title: 'Forgetting', note: 'of task 1', label: 'F(2, 1) over mean y²' },
            { metric: 'test', title: 'Test error', note: 'on task 2', label: 'relative squared error' },
          ],
          groupBy: 'family',
          caption: 'Forgetting less is not generalising better.',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
        trained: sweepFigure(table, {
          title: 'Trained networks forget as theory says',
          subtitle: `The first draw · N = ${width} in every layer · ${seeds} networks`,
          x: { column: 'depth', label: 'hidden layers L', unit: '', scale: 'linear', whole: true },
          frames: [
            { metric: 'forgetting of one draw', title: 'Forgetting', note: 'of task 1', label: 'F(2, 1) over mean y²' },
          ],
          groupBy: 'family',
          caption: 'ReLU networks of finite width forget more than theory, by an amount that falls as 1/√N.',
          footer: footerOf(NAME, context),
        }),
        widths: deviationFigure(byWidth, {
          title: 'Networks of any depth come to theory with width',
          subtitle: `Outputs on both tasks after each · ${FAMILIES[0]} · ${seeds} networks a width`,
          groupBy: 'depth',
          footer: footerOf(NAME, context),
        }),
      },
      checks: [
        ...FAMILIES.flatMap((family) => [
          falls(`${family}: γ_feature against L`, curve(family, 'similarity')),
          falls(`${family}: forgetting against L`, curve(family, 'forgetting')),
        ]),
        between(
          'networks: largest difference from theory, in units of the mean y²',
          { value: Math.max(...gaps.map(Math.abs)) },
          0,
          2 / Math.sqrt(width),
        ),
        ...deviations.map(({ L, points }) =>
          near(`L = ${L}: deviation of a network from theory, power of 1/N`, powerOf(points), 0.5, 0.1),
        ),
      ],
      notes: ['The page’s numbers are for P = 40; the knobs of its draws are not stated, so that trends are checked.'],
    };
  },
});

const square = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0) / values.length;
