import { sweepFigure } from '@ggdln/plot';
import { falls, likeOneDraw } from '../checks.ts';
import { overDraws, seedsFrom, valuesOf, withCells } from '../draws.ts';
import { BIAS, footerOf, VARIANCE, WIDTH_AXIS } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { simulationNearTheory } from '../simulated.ts';

const NAME = 'ggdln/depth';
const TITLE = 'A second gated layer';
const WIDTH = 'architecture.width';
const DEPTH = 'architecture.depth';

/** Theory page ggdln, section 11, item 2. */
const WIDTHS = [30, 100, 300, 1000, 10_000];
const TARGETS = [
  { depth: 1, metric: 'bias', values: [1.18, 0.95, 0.82, 0.75, 0.71] },
  { depth: 2, metric: 'bias', values: [1.1, 0.93, 0.8, 0.71, 0.66] },
  { depth: 1, metric: 'variance', values: [0.055, 0.037, 0.028, 0.024, 0.022] },
  { depth: 2, metric: 'variance', values: [0.11, 0.065, 0.043, 0.032, 0.026] },
];

/** Bias and variance against width for one and two hidden layers with the same gates. */
export const depth: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: 'Li & Sompolinsky 2022, arXiv:2210.17449; theory page ggdln, section 11, item 2',
  summary: 'Bias and variance on MNIST against width for one and two hidden layers: theory and exact sampling.',
  settings: {
    quick: { draws: 5, sampled: 1, widths: [30, 100], sweeps: 300, trainSize: 100 },
    paper: { draws: 16, sampled: 4, widths: [30, 100, 300, 1000], sweeps: 3000, trainSize: 100 },
    test: { draws: 3, sampled: 1, widths: [100], sweeps: 60, trainSize: 20 },
  },
  run: async ({ draws, sampled, widths, sweeps, trainSize }, context) => {
    const spec = {
      ggdln: 1,
      temperature: 0.01,
      dataset: { use: 'mnist', task: 'odd-even', trainSize, testSize: 400, pixels: 7 },
      gating: { use: 'half-spaces', gates: 3, alwaysOn: true },
      architecture: { use: 'ggdln', sigma: 1 },
    } as const;
    const seeds = seedsFrom(context.seed, draws);
    const sweep = { seed: seeds, [DEPTH]: [1, 2], [WIDTH]: WIDTHS };
    const theory = await runSpec({ ...spec, name: 'theory', theories: [{ use: 'ggdln' }], sweep }, context);
    const both = await runSpec(
      {
        ...spec,
        name: 'sampling',
        learners: [{ use: 'block-gibbs', sweeps, chains: 2 }],
        theories: [
          { use: 'ggdln', at: { [WIDTH]: [...WIDTHS, 50, 3000] } },
          { use: 'infinite-width', at: { [WIDTH]: [30, 10_000] } },
        ],
        sweep: { seed: seeds.slice(0, sampled), [DEPTH]: [1, 2], [WIDTH]: widths },
      },
      context,
    );
    const means = overDraws(theory.table);
    const layers = (table: typeof theory.table) => withCells(table, (row) => ({ layers: `L = ${row[DEPTH]}` }));
    const at = (layer: number, metric: string, width: number) =>
      valuesOf(theory.table, { metric, [DEPTH]: layer, [WIDTH]: width });
    const excess = (width: number) => {
      const [one, two] = [1, 2].map((layer) => at(layer, 'variance', width));
      return two.map((value, draw) => value / one[draw]);
    };
    return {
      tables: { table: both.table, draws: theory.table, means, comparison: both.comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(layers(overDraws(both.table)), {
          title: TITLE,
          subtitle: `MNIST odd against even, 7 × 7 pixels · P = ${trainSize} · three random half-spaces and one gate always on, in every layer · σ = 1 · T = 0.01`,
          x: WIDTH_AXIS,
          frames: [BIAS, VARIANCE],
          groupBy: 'layers',
          caption:
            sampled === 1
              ? 'One draw of data and gates.'
              : `Means over ${sampled} draws of data and gates, the same for theory and sampling.`,
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        ...TARGETS.flatMap(({ depth: layer, metric, values }) =>
          WIDTHS.map((width, i) =>
            likeOneDraw(`${metric}, L = ${layer}, N = ${width}`, at(layer, metric, width), values[i]),
          ),
        ),
        likeOneDraw('variance of L = 2 over that of L = 1, N = 30', excess(30), 0.11 / 0.055),
        likeOneDraw('variance of L = 2 over that of L = 1, N = 10000', excess(10_000), 0.026 / 0.022),
        ...[1, 2].map((layer) =>
          falls(`bias against N, L = ${layer}, mean over draws`, valuesOf(means, { metric: 'bias', [DEPTH]: layer })),
        ),
        ...simulationNearTheory(both.comparison, { axis: WIDTH, metrics: ['bias'], from: 100 }),
      ],
      notes: [
        'The page gives one draw; data and gates are drawn anew here, so its numbers must look like one more draw.',
        'Sampled variances lie above theory by the fluctuation of U, which is O(D/N): D = 4 composite gates for L = 1, 16 for L = 2.',
      ],
    };
  },
});
