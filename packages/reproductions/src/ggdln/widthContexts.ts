import type { Matrix } from '@ggdln/core';
import type { ExperimentResult } from '@ggdln/experiments';
import { heatMap, sweepFigure } from '@ggdln/plot';
import { between, likeOneDraw, momentsOf, rises } from '../checks.ts';
import { compareMeans, overDraws, seedsFrom, valuesOf } from '../draws.ts';
import { footerOf, WIDTH_AXIS } from '../figures.ts';
import { meanCorrelation, pointAt, relativeToTargets } from '../records.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { simulationNearTheory } from '../simulated.ts';

const NAME = 'ggdln/width-contexts';
const TITLE = 'Related tasks: narrow networks share what they learn';
const WIDTH = 'architecture.width';

/** Theory page ggdln, section 11, item 1, second point. */
const TARGETS = { widths: [2, 5, 10, 30, 100, 1000, 100_000], bias: [0.19, 0.23, 0.27, 0.35, 0.44, 0.56, 0.6] };
const LINE = [2, 3, 5, 7, 10, 14, 20, 30, 50, 100, 200, 300, 1000, 3000, 10_000, 100_000];
/** Widths of the heat maps. */
const SHOWN = [5, 30, 100, 1000];

/** Four related tasks with a gate each: at finite width, U couples them, and narrow is better. */
export const widthContexts: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: 'Li & Sompolinsky 2022, arXiv:2210.17449; theory page ggdln, section 11, item 1',
  summary: 'Relative bias and the order parameter U of four related linear tasks with one gate each, against width.',
  settings: {
    quick: { draws: 16, sampled: 2, widths: [5, 10, 30, 100], sweeps: 1200 },
    paper: { draws: 64, sampled: 16, widths: [5, 10, 30, 100, 300, 1000], sweeps: 10_000 },
    test: { draws: 3, sampled: 1, widths: [30, 100], sweeps: 100 },
  },
  run: async ({ draws, sampled, widths, sweeps }, context) => {
    const spec = {
      ggdln: 1,
      temperature: 0.01,
      dataset: { use: 'one-hot-contexts', contexts: 4, difference: 0.3, inputs: 20, trainSize: 40, testSize: 400 },
      gating: { use: 'one-hot-tasks' },
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
          { use: 'ggdln', at: { [WIDTH]: [...LINE, ...SHOWN] } },
          { use: 'infinite-width', at: { [WIDTH]: [2, 100_000] } },
        ],
        sweep: { seed: seeds.slice(0, sampled), [WIDTH]: widths },
      },
      context,
    );
    const relative = relativeToTargets(theory);
    const drawn = overDraws(relativeToTargets(both));
    const at = (width: number) => valuesOf(relative, { metric: 'relative bias', [WIDTH]: width });
    const comparison = compareMeans(drawn);
    const narrow = seeds.map((seed) => correlationAt(theory, 'ggdln', seed, 2));
    const wide = seeds.map((seed) => correlationAt(theory, 'ggdln', seed, 100_000));
    return {
      tables: { table: drawn, draws: relative, comparison },
      arrays: orderParameters(both, context.seed),
      figures: {
        figure: drawCurves(drawn, sampled, context),
        U: drawOrderParameters(both, context),
      },
      checks: [
        ...TARGETS.widths.map((width, i) => likeOneDraw(`relative bias at N = ${width}`, at(width), TARGETS.bias[i])),
        rises(
          'relative bias against N, mean over draws',
          TARGETS.widths.map((width) => momentsOf(at(width)).mean),
        ),
        likeOneDraw('mean off-diagonal correlation of U at N = 2', narrow, 0.74),
        between('the same at N = 10⁵', { value: momentsOf(wide).mean }, 0, 0.01),
        ...simulationNearTheory(comparison, { axis: WIDTH, metrics: ['relative bias'], from: 30 }),
      ],
      notes: [
        'The page gives one draw of teachers and inputs; its numbers must look like one more draw.',
        'Below N = M = 4 the theory is an illustration only: the true U is singular there.',
      ],
    };
  },
});

function correlationAt(result: ExperimentResult, source: string, seed: number, width: number): number {
  return meanCorrelation(pointAt(result, source, { seed, [WIDTH]: width }).arrays.U1);
}

function drawCurves(drawn: Parameters<typeof sweepFigure>[0], sampled: number, context: ReproductionContext) {
  return sweepFigure(drawn, {
    title: TITLE,
    subtitle: 'Four related linear teachers (30 % of their own) · one gate each · P = 40 · N0 = 20 · σ = 1 · T = 0.01',
    x: WIDTH_AXIS,
    frames: [
      {
        metric: 'relative bias',
        title: 'Bias',
        note: 'relative to the targets',
        label: 'bias relative to the mean of y²',
      },
      {
        metric: 'relative variance',
        title: 'Variance',
        note: 'relative to the targets',
        label: 'variance relative to the mean of y²',
      },
    ],
    caption: `Means over ${sampled} draws of teachers and inputs, the same for theory and sampling.`,
    footer: footerOf(NAME, context),
    width: 1040,
  });
}

function orderParameters(result: ExperimentResult, seed: number): Record<string, Matrix> {
  const found = result.points.filter(({ axes, arrays }) => axes.seed === seed && arrays.U1 !== undefined);
  return Object.fromEntries(found.map(({ source, axes, arrays }) => [`${source}/N=${axes[WIDTH]}/U1`, arrays.U1]));
}

function drawOrderParameters(result: ExperimentResult, context: ReproductionContext) {
  const { seed } = context;
  return heatMap({
    title: 'The order parameter U couples the gates of related tasks',
    subtitle: 'Theory (above) and exact sampling (below), one draw of the tasks; at infinite width U is the identity',
    panels: ['ggdln', 'block-gibbs'].flatMap((source) =>
      SHOWN.flatMap((width) => {
        const point = result.points.find(
          ({ source: own, axes }) => own === source && axes.seed === seed && axes[WIDTH] === width,
        );
        if (!point) return [];
        const U = point.arrays.U1;
        const note = `mean correlation ${meanCorrelation(U).toFixed(2)}`;
        const what = source === 'ggdln' ? 'theory' : 'sampling';
        return [{ title: `N = ${width}, ${what}`, note, matrix: U, names: ['1', '2', '3', '4'] }];
      }),
    ),
    label: 'U, dimensionless; rows and columns are tasks',
    footer: footerOf(NAME, context),
  });
}
