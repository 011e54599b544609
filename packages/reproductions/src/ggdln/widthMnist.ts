import { sweepFigure } from '@ggdln/plot';
import { type Check, falls, likeOneDraw } from '../checks.ts';
import { overDraws, seedsFrom, stack, valuesOf } from '../draws.ts';
import { BIAS, footerOf, VARIANCE, WIDTH_AXIS } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { simulationNearTheory } from '../simulated.ts';

/** Theory page ggdln, section 11, item 1: one draw of data and gates. */
const TARGETS = {
  widths: [10, 30, 100, 300, 1000, 10_000],
  bias: [1.02, 0.91, 0.79, 0.71, 0.67, 0.64],
  variance: [0.109, 0.078, 0.056, 0.046, 0.041, 0.038],
};
const LINE = [10, 14, 20, 30, 45, 65, 100, 150, 200, 300, 450, 650, 1000, 2000, 4000, 10_000];

/** Bias and variance of a gated network on MNIST against its width: wide is better here. */
export const widthMnist: Reproduction = defineReproduction({
  name: 'ggdln/width-mnist',
  title: 'On MNIST, wide gated networks are better',
  source: 'Li & Sompolinsky 2022, arXiv:2210.17449; theory page ggdln, section 11, item 1',
  summary: 'Bias and variance against width: theory, its infinite-width limit and exact sampling, over draws of gates.',
  settings: {
    quick: { draws: 8, sampled: 2, widths: [10, 30, 100, 300], sweeps: 600, trainSize: 100 },
    paper: { draws: 16, sampled: 8, widths: [10, 30, 100, 300, 1000], sweeps: 3000, trainSize: 100 },
    test: { draws: 3, sampled: 1, widths: [30], sweeps: 60, trainSize: 20 },
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
    const theory = await runSpec(
      {
        ...spec,
        name: 'theory',
        theories: [{ use: 'ggdln' }, { use: 'infinite-width' }],
        sweep: { seed: seeds, 'architecture.width': LINE },
      },
      context,
    );
    const few = await runSpec(
      {
        ...spec,
        name: 'sampling',
        learners: [{ use: 'block-gibbs', sweeps, chains: 2 }],
        theories: [{ use: 'ggdln', at: { 'architecture.width': LINE } }, { use: 'infinite-width' }],
        sweep: { seed: seeds.slice(0, sampled), 'architecture.width': widths },
      },
      context,
    );
    const all = overDraws(theory.table);
    const drawn = overDraws(few.table);
    const checks: Check[] = [
      ...(['bias', 'variance'] as const).flatMap((metric) =>
        TARGETS.widths.map((width, i) => {
          const values = valuesOf(theory.table, { source: 'ggdln', metric, 'architecture.width': width });
          return likeOneDraw(`${metric} at N = ${width}`, values, TARGETS[metric][i]);
        }),
      ),
      falls('bias against N, mean over draws', valuesOf(all, { source: 'ggdln', metric: 'bias' })),
      falls('variance against N, mean over draws', valuesOf(all, { source: 'ggdln', metric: 'variance' })),
      ...simulationNearTheory(few.comparison, 'architecture.width'),
    ];
    return {
      tables: { table: stack([theory.table, few.table]), means: all, comparison: few.comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(drawn, {
          title: 'On MNIST, wide gated networks are better',
          subtitle: `Odd against even digits, 7 × 7 pixels · P = ${trainSize} · six random half-spaces and one gate always on · σ = 1 · T = 0.01`,
          x: WIDTH_AXIS,
          frames: [BIAS, VARIANCE],
          caption: `Means over ${sampled} draws of data and gates, the same for theory and sampling.`,
          footer: footerOf('ggdln/width-mnist', context),
          width: 1040,
        }),
      },
      checks,
      notes: [
        'The page gives one draw; data and gates are drawn anew here, so its numbers must look like one more draw.',
        'Inputs are scaled to |x|² = N0; gates see inputs minus the training mean.',
      ],
    };
  },
});
