import { sweepFigure } from '@ggdln/plot';
import { between, momentsOf, near } from '../checks.ts';
import { overDraws, seedsFrom, stack, valuesOf, withCells } from '../draws.ts';
import { BIAS, footerOf, VARIANCE } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { BPKR, withinErrors, withSampler } from './common.ts';

const NAME = 'bpkr/double-descent';
const TITLE = 'Double descent at P = N0 is a property of the bias';
const SIZE = 'dataset.trainSize';
const WARM = 0.1;

/** Bias and variance against the number of examples, through P = N0, at T = 0 and warmer. */
export const doubleDescent: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${BPKR}, section 5, item 4`,
  summary: 'Bias and variance against P for a noisy linear teacher: theory at T = 0 and T > 0, formulas, and sampling.',
  settings: {
    quick: { draws: 10, sampled: 2, samples: 300, sweeps: 300, inputs: 60, noise: 0.3 },
    paper: { draws: 64, sampled: 8, samples: 5000, sweeps: 5000, inputs: 200, noise: 0.3 },
    test: { draws: 3, sampled: 1, samples: 40, sweeps: 40, inputs: 10, noise: 0.3 },
  },
  run: async ({ draws, sampled, samples, sweeps, inputs, noise }, given) => {
    const context = withSampler(given);
    const sizes = [0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 3].map((load) => Math.round(load * inputs));
    const few = [0.2, 0.5, 0.8].map((load) => Math.round(load * inputs));
    const many = [...few, ...[1, 1.2, 2].map((load) => Math.round(load * inputs))];
    const spec = {
      ggdln: 1,
      dataset: { use: 'noisy-teacher', inputs, noise, testSize: 200 },
      gating: { use: 'always-on' },
      architecture: { use: 'dln', depth: 1, width: inputs, sigma: 1 },
    } as const;
    const seeds = seedsFrom(context.seed, draws);
    const theories = [{ use: 'bpkr-exact', as: 'exact' }];
    const sweep = { seed: seeds, [SIZE]: sizes };
    const chosen = { seed: seeds.slice(0, sampled) };
    const cold = await runSpec(
      {
        ...spec,
        name: 'cold',
        temperature: 0,
        theories,
        learners: [{ use: 'independent', samples, at: { ...chosen, [SIZE]: few } }],
        sweep,
      },
      context,
    );
    const warm = await runSpec(
      {
        ...spec,
        name: 'warm',
        temperature: WARM,
        theories,
        learners: [{ use: 'block-gibbs', sweeps, chains: 2, at: { ...chosen, [SIZE]: many } }],
        sweep,
      },
      context,
    );
    const named = [
      withCells(cold.table, () => ({ heat: 'T = 0' })),
      withCells(warm.table, () => ({ heat: `T = ${WARM}` })),
    ];
    const table = stack(named);
    const shown = table.rows.filter(({ seed }) => Number(seed) < context.seed + sampled);
    const at = (heat: string, metric: string, size: number) =>
      valuesOf(table, { heat, metric, role: 'theory', [SIZE]: size });
    const mean = (heat: string, size: number) => momentsOf(at(heat, 'bias', size)).mean;
    const peak = sizes.reduce((best, size) => (mean('T = 0', size) > mean('T = 0', best) ? size : best));
    return {
      tables: { table, means: overDraws(table), comparison: stack([cold.comparison, warm.comparison]) },
      arrays: {},
      figures: {
        figure: sweepFigure(overDraws({ columns: table.columns, rows: shown }), {
          title: TITLE,
          subtitle: `Linear teacher, label noise ${noise} · N0 = N = ${inputs} · L = 1 · σ = 1 · errors on clean labels`,
          x: { column: SIZE, label: 'training examples P', scale: 'linear' },
          frames: [{ ...BIAS, scale: 'log' }, VARIANCE],
          groupBy: 'heat',
          residuals: false,
          caption: `Means over ${sampled} draws of the data. Points: independent networks at T = 0 (P < N0), block Gibbs at T = ${WARM}.`,
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        near('P of the largest bias over N0, T = 0', { value: peak / inputs }, 1, 0.101),
        ...[0.5, 2].map((load) => {
          const { mean: value, scatter } = momentsOf(at('T = 0', 'bias', Math.round(load * inputs)));
          const stderr = scatter / Math.sqrt(draws);
          // Finite N0 shifts averages of 1/(1 − α0) by O(1/N0).
          return near(`bias at P = ${load} N0, T = 0`, { value, stderr }, biasFormula(load, noise), 0.02);
        }),
        ...[1.2, 2].map((load) => {
          const largest = Math.max(...at('T = 0', 'variance', Math.round(load * inputs)));
          return near(`variance at P = ${load} N0, T = 0`, { value: largest }, 0, 1e-9);
        }),
        between(
          `bias at P = N0: T = ${WARM} over T = 0`,
          { value: mean(`T = ${WARM}`, inputs) / mean('T = 0', inputs) },
          0,
          0.5,
        ),
        ...withinErrors(cold, 'exact'),
        ...withinErrors(warm, 'exact').map((check) => ({ ...check, what: `T = ${WARM}, ${check.what}` })),
      ],
      notes: [
        'The formulas are limits of large N0 at fixed P/N0, averaged over data; theory here is that of each draw.',
      ],
    };
  },
});

/** Section 5, item 4, for a teacher of variance 1. */
function biasFormula(load: number, noise: number): number {
  const variance = noise ** 2;
  return load < 1 ? 1 - load + (variance * load) / (1 - load) : variance / (load - 1);
}
