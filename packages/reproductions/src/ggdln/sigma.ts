import { sweepFigure } from '@ggdln/plot';
import { between, likeOneDraw, momentsOf, rises } from '../checks.ts';
import { overDraws, seedsFrom, valuesOf, withCells } from '../draws.ts';
import { BIAS, footerOf, VARIANCE } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { simulationNearTheory } from '../simulated.ts';

const NAME = 'ggdln/sigma';
const TITLE = 'Width matters most at intermediate weight scales';
const WIDTH = 'architecture.width';
const SIGMA = 'architecture.sigma';

/** Theory page ggdln, section 11, item 3. */
const SQUARES = [0.25, 0.5, 1, 2, 4];
const TARGETS = [
  { width: 30, values: [0.53, 0.71, 0.91, 1.05, 1.12] },
  { width: 1000, values: [0.46, 0.49, 0.67, 0.92, 1.09] },
];

/** Bias and variance against the prior variance of the weights, narrow and wide. */
export const sigma: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: 'Li & Sompolinsky 2022, arXiv:2210.17449; theory page ggdln, section 11, item 3',
  summary: 'Bias and variance on MNIST against the prior variance σ², for a narrow and a wide network.',
  settings: {
    quick: { draws: 8, sampled: 1, sweeps: 400, trainSize: 100 },
    paper: { draws: 16, sampled: 4, sweeps: 3000, trainSize: 100 },
    test: { draws: 3, sampled: 1, sweeps: 60, trainSize: 20 },
  },
  run: async ({ draws, sampled, sweeps, trainSize }, context) => {
    const spec = {
      ggdln: 1,
      temperature: 0.01,
      dataset: { use: 'mnist', task: 'odd-even', trainSize, testSize: 400, pixels: 7 },
      gating: { use: 'half-spaces', gates: 6, alwaysOn: true },
      architecture: { use: 'ggdln', depth: 1 },
    } as const;
    const seeds = seedsFrom(context.seed, draws);
    const sweep = { seed: seeds, [WIDTH]: [30, 1000], [SIGMA]: SQUARES.map(Math.sqrt) };
    const theory = await runSpec({ ...spec, name: 'theory', theories: [{ use: 'ggdln' }], sweep }, context);
    const line = [0.15, 0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4];
    const both = await runSpec(
      {
        ...spec,
        name: 'sampling',
        learners: [{ use: 'block-gibbs', sweeps, chains: 2, at: { [WIDTH]: [30, 300] } }],
        theories: [{ use: 'ggdln', at: { [SIGMA]: line.map(Math.sqrt) } }],
        sweep: { ...sweep, seed: seeds.slice(0, sampled), [WIDTH]: [30, 300, 1000] },
      },
      context,
    );
    const squared = (table: typeof theory.table) =>
      withCells(table, (row) => ({
        'σ²': Number((Number(row[SIGMA]) ** 2).toPrecision(6)),
        network: `N = ${row[WIDTH]}`,
      }));
    const means = squared(overDraws(theory.table));
    const all = squared(theory.table);
    const at = (metric: string, width: number, square: number) =>
      valuesOf(all, { metric, [WIDTH]: width, 'σ²': square });
    const gaps = SQUARES.map(
      (square) => momentsOf(at('bias', 30, square)).mean - momentsOf(at('bias', 1000, square)).mean,
    );
    const largest = SQUARES[gaps.indexOf(Math.max(...gaps))];
    return {
      tables: { table: squared(both.table), draws: all, means, comparison: both.comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(squared(overDraws(both.table)), {
          title: TITLE,
          subtitle: `MNIST odd against even, 7 × 7 pixels · P = ${trainSize} · six random half-spaces and one gate always on · T = 0.01`,
          x: { column: 'σ²', label: 'prior variance of a weight σ²', scale: 'log' },
          frames: [BIAS, { ...VARIANCE, scale: 'log' }],
          groupBy: 'network',
          caption: sampled === 1 ? 'One draw of data and gates.' : `Means over ${sampled} draws of data and gates.`,
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        ...TARGETS.flatMap(({ width, values }) =>
          SQUARES.map((square, i) =>
            likeOneDraw(`bias at N = ${width}, σ² = ${square}`, at('bias', width, square), values[i]),
          ),
        ),
        likeOneDraw('variance at N = 30, σ² = 0.25', at('variance', 30, 0.25), 0.015),
        likeOneDraw('variance at N = 1000, σ² = 0.25', at('variance', 1000, 0.25), 0.006),
        likeOneDraw('variance at N = 30, σ² = 4', at('variance', 30, 4), 0.44),
        likeOneDraw('variance at N = 1000, σ² = 4', at('variance', 1000, 4), 0.43),
        ...[30, 1000].flatMap((width) =>
          ['bias', 'variance'].map((metric) =>
            rises(`${metric} against σ², N = ${width}`, valuesOf(means, { metric, [WIDTH]: width })),
          ),
        ),
        between('σ² of the largest gap between narrow and wide', { value: largest }, 0.5, 2),
        ...simulationNearTheory(both.comparison, { axis: WIDTH, metrics: ['bias'], from: 100 }),
      ],
      notes: [
        'The page gives one draw; data and gates are drawn anew here, so its numbers must look like one more draw.',
      ],
    };
  },
});
