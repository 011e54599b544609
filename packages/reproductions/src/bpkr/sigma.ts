import { sweepFigure } from '@ggdln/plot';
import { near, rises } from '../checks.ts';
import { pick, valuesOf, withCells } from '../draws.ts';
import { ERROR, footerOf, VARIANCE } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { BPKR, EXACT_AND_SADDLE, SIGMA, targetStrength, WIDTH, withinErrors, withSampler } from './common.ts';

const NAME = 'bpkr/sigma';
const TITLE = 'Narrow networks bound what large weights can do';
const LINE = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.4, 2, 3, 5, 10, 30];

/** Error against the prior's σ for wide (α < 1) and narrow (α > 1) networks. */
export const sigma: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${BPKR}, section 5, item 3`,
  summary: 'Error against the standard deviation of the prior at loads α = 1/2, 1 and 2.',
  settings: {
    quick: { sampled: [0.3, 0.7, 1.4, 3], samples: 500, size: 60 },
    paper: { sampled: [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.4, 2, 3, 5], samples: 20_000, size: 60 },
    test: { sampled: [1], samples: 60, size: 12 },
  },
  run: async ({ sampled, samples, size }, given) => {
    const context = withSampler(given);
    const dataset = { use: 'noisy-teacher', inputs: Math.round(size / 0.6), trainSize: size, noise: 0.5 };
    const strength = await targetStrength(dataset, context.seed, context);
    const widths = [2 * size, size, size / 2];
    const names = ['α = 1/2', 'α = 1', 'α = 2'];
    const result = await runSpec(
      {
        ggdln: 1,
        name: 'sigma',
        temperature: 0,
        dataset: { ...dataset, testSize: 200 },
        gating: { use: 'always-on' },
        architecture: { use: 'dln', depth: 1 },
        learners: [{ use: 'independent', samples, at: { [SIGMA]: sampled } }],
        theories: EXACT_AND_SADDLE,
        sweep: { [WIDTH]: widths, [SIGMA]: LINE },
      },
      context,
    );
    const table = withCells(result.table, (row) => ({ load: names[widths.indexOf(Number(row[WIDTH]))] }));
    /** κ = σ²s, which multiplies XXᵀ/N0, at the saddle. */
    const multiplier = (width: number, value: number) => {
      const point = result.points.find(
        ({ source, axes }) => source === 'saddle' && axes[WIDTH] === width && axes[SIGMA] === value,
      );
      return value ** 2 * (point?.arrays.U1.data[0] ?? Number.NaN);
    };
    const small = 0.05;
    return {
      tables: { table, comparison: result.comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `Noisy linear teacher · P = ${size} · N0 = ${dataset.inputs} · N = ${widths.join(', ')} · L = 1 · T = 0`,
          x: { column: SIGMA, label: 'standard deviation of a weight σ', scale: 'log' },
          frames: [
            { ...ERROR, scale: 'log' },
            { ...VARIANCE, scale: 'log' },
          ],
          groupBy: 'load',
          residuals: false,
          caption: 'Full lines: exact posterior; faint lines: saddle point. Points: independent networks.',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        ...names.map((load) =>
          rises(
            `error against σ, ${load}`,
            valuesOf(table, { load, source: 'saddle', metric: 'generalisation error' }),
          ),
        ),
        ...widths.map((width, i) =>
          near(
            `κ at σ = ${small} over σ²√(αr̂), ${names[i]}`,
            { value: multiplier(width, small) / (small ** 2 * Math.sqrt((size / width) * strength)) },
            1,
            0.02,
          ),
        ),
        near('κ at σ = 30 over σ⁴(1 − α), α = 1/2', { value: multiplier(widths[0], 30) / (30 ** 4 / 2) }, 1, 0.01),
        near('κ at σ = 1 over σ²√r̂, α = 1', { value: multiplier(widths[1], 1) / Math.sqrt(strength) }, 1, 1e-6),
        near('κ at σ = 30 over r̂α/(α − 1), α = 2', { value: multiplier(widths[2], 30) / (2 * strength) }, 1, 0.01),
        ...withinErrors(result, 'exact'),
      ],
      notes: [
        'At α = 1 and large σ the exact mean of s has a heavy tail (P = N leaves no prior mass near 0), which the saddle point does not see.',
        `Sampled at ${pick(table, { role: 'exact-sampling', metric: 'bias' }).length} points; at T = 0 the bias does not depend on σ.`,
      ],
    };
  },
});
