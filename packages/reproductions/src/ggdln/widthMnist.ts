import { sweepFigure } from '@ggdln/plot';
import { falls, likeOneDraw } from '../checks.ts';
import { overDraws, seedsFrom, valuesOf } from '../draws.ts';
import { BIAS, footerOf, VARIANCE, WIDTH_AXIS } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { fallsLikeInverseWidth, simulationNearTheory } from '../simulated.ts';

const NAME = 'ggdln/width-mnist';
const TITLE = 'On MNIST, wide gated networks are better';
const WIDTH = 'architecture.width';

/** Theory page ggdln, section 11, item 1: one draw of data and gates. */
const TARGETS = {
  widths: [10, 30, 100, 300, 1000, 10_000],
  bias: [1.02, 0.91, 0.79, 0.71, 0.67, 0.64],
  variance: [0.109, 0.078, 0.056, 0.046, 0.041, 0.038],
};
const LINE = [10, 14, 20, 30, 50, 100, 200, 300, 1000, 3000, 10_000];

/** Bias and variance of a gated network on MNIST against its width: wide is better here. */
export const widthMnist: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: 'Li & Sompolinsky 2022, arXiv:2210.17449; theory page ggdln, section 11, item 1',
  summary: 'Bias and variance against width: theory, its infinite-width limit and exact sampling, over draws of gates.',
  settings: {
    quick: { draws: 8, sampled: 2, widths: [10, 30, 100, 300], sweeps: 600, trainSize: 100 },
    paper: { draws: 16, sampled: 8, widths: [10, 30, 100, 300, 1000], sweeps: 3000, trainSize: 100 },
    test: { draws: 3, sampled: 1, widths: [30, 100], sweeps: 100, trainSize: 20 },
  },
  run: async ({ draws, sampled, widths, sweeps, trainSize }, context) => {
    const spec = {
      ggdln: 1,
      temperature: 0.01,
      dataset: { use: 'mnist', task: 'odd-even', trainSize, testSize: 400, pixels: 7 },
      gating: { use: 'half-spaces', gates: 6, alwaysOn: true },
      architecture: { use: 'ggdln', depth: 1, sigma: 1 },
    } as const;
    const seeds = seedsFrom(context.seed, draws);
    const sweep = { seed: seeds, [WIDTH]: TARGETS.widths };
    const theory = await runSpec({ ...spec, name: 'theory', theories: [{ use: 'ggdln' }], sweep }, context);
    const both = await runSpec(
      {
        ...spec,
        name: 'sampling',
        learners: [{ use: 'block-gibbs', sweeps, chains: 2 }],
        theories: [
          { use: 'ggdln', at: { [WIDTH]: LINE } },
          { use: 'infinite-width', at: { [WIDTH]: [10, 10_000] } },
        ],
        sweep: { seed: seeds.slice(0, sampled), [WIDTH]: widths },
      },
      context,
    );
    const means = overDraws(theory.table);
    const at = (metric: string, width: number) => valuesOf(theory.table, { metric, [WIDTH]: width });
    const ratios = at('bias', 10).map((bias, draw) => bias / at('bias', 10_000)[draw]);
    return {
      tables: { table: both.table, draws: theory.table, means, comparison: both.comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(overDraws(both.table), {
          title: TITLE,
          subtitle: `Odd against even digits, 7 × 7 pixels · P = ${trainSize} · six random half-spaces and one gate always on · σ = 1 · T = 0.01`,
          x: WIDTH_AXIS,
          frames: [BIAS, VARIANCE],
          caption: `Means over ${sampled} draws of data and gates, the same for theory and sampling.`,
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        ...(['bias', 'variance'] as const).flatMap((metric) =>
          TARGETS.widths.map((width, i) =>
            likeOneDraw(`${metric} at N = ${width}`, at(metric, width), TARGETS[metric][i]),
          ),
        ),
        likeOneDraw('bias at N = 10 over bias at N = 10000', ratios, 1.02 / 0.64),
        falls('bias against N, mean over draws', valuesOf(means, { metric: 'bias' })),
        falls('variance against N, mean over draws', valuesOf(means, { metric: 'variance' })),
        ...simulationNearTheory(both.comparison, { axis: WIDTH, metrics: ['bias'] }),
        fallsLikeInverseWidth(
          both.comparison,
          WIDTH,
          [widths[widths.length - 2], widths[widths.length - 1]],
          'variance',
        ),
      ],
      notes: [
        'The page gives one draw; data and gates are drawn anew here, so its numbers must look like one more draw.',
        'Inputs are scaled to |x|² = N0; gates see inputs minus the training mean.',
        'Sampled variances lie above theory by the fluctuation of U, which is O(1/N) and left out there.',
      ],
    };
  },
});
