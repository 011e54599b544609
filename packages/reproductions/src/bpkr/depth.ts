import { sweepFigure } from '@ggdln/plot';
import { between, falls, near, rises } from '../checks.ts';
import { valuesOf, withCells } from '../draws.ts';
import { ERROR, footerOf, VARIANCE } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { BPKR, DEPTH, EXACT_AND_SADDLE, SIGMA, targetStrength, withinErrors, withSampler } from './common.ts';

const NAME = 'bpkr/depth';
const TITLE = 'Depth hurts or helps, depending on the weight scale';

/** Error against depth where σ makes s grow, stay or fall with L. */
export const depth: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${BPKR}, section 5, item 2`,
  summary: 'Error against the number of hidden layers for three weight scales: growing, constant and falling.',
  settings: {
    quick: { depths: [1, 2, 3, 5], samples: 300, size: 40 },
    paper: { depths: [1, 2, 3, 4, 5, 6, 8], samples: 5000, size: 40 },
    test: { depths: [1, 2], samples: 60, size: 10 },
  },
  run: async ({ depths, samples, size }, given) => {
    const context = withSampler(given);
    const dataset = { use: 'noisy-teacher', inputs: Math.round(size / 0.5), trainSize: size, noise: 0.3 };
    const strength = await targetStrength(dataset, context.seed, context);
    // s is constant where 1 − σ⁻² − α(1 − r₀) = 0 with r₀ = r̂/σ².
    const load = Math.min(0.4, 0.5 / strength);
    const hidden = Math.round(size / load);
    const critical = Math.sqrt((1 - (size / hidden) * strength) / (1 - size / hidden));
    const sigmas = [1.2, 1, 0.85].map((factor) => factor * critical);
    const names = ['σ above', 'σ critical', 'σ below'];
    const result = await runSpec(
      {
        ggdln: 1,
        name: 'depth',
        temperature: 0,
        dataset: { ...dataset, testSize: 200 },
        gating: { use: 'always-on' },
        architecture: { use: 'dln', width: hidden },
        learners: [{ use: 'independent', samples, at: { [DEPTH]: depths } }],
        theories: EXACT_AND_SADDLE,
        sweep: { [SIGMA]: sigmas, [DEPTH]: [1, 2, 3, 4, 5, 6, 7, 8] },
      },
      context,
    );
    const table = withCells(result.table, (row) => ({
      noise: names[sigmas.findIndex((value) => Math.abs(value / Number(row[SIGMA]) - 1) < 1e-9)],
    }));
    const at = (i: number, metric: string) => valuesOf(table, { noise: names[i], source: 'saddle', metric });
    const flat = at(1, 'generalisation error');
    const scales = (i: number) => {
      const points = result.points.filter(
        (point) => point.source === 'saddle' && Math.abs(Number(point.axes[SIGMA]) / sigmas[i] - 1) < 1e-9,
      );
      return points.map((point) => point.arrays.U1.data[0]);
    };
    return {
      tables: { table, comparison: result.comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `Noisy linear teacher · P = ${size} · N0 = ${dataset.inputs} · N = ${hidden} · T = 0 · critical σ = ${critical.toFixed(3)}`,
          x: { column: DEPTH, label: 'hidden layers L', scale: 'linear' },
          frames: [ERROR, VARIANCE],
          groupBy: 'noise',
          caption: 'Full lines: exact posterior; faint lines: saddle point. Points: independent networks.',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        rises('error against L, σ above the critical one', at(0, 'generalisation error')),
        between(
          'error at the critical σ: largest relative change with L',
          { value: Math.max(...flat) / Math.min(...flat) - 1 },
          0,
          1e-6,
        ),
        falls('error against L, σ below the critical one', at(2, 'generalisation error')),
        near('s at the critical σ', { value: scales(1)[0] }, 1, 1e-6),
        ...withinErrors(result, 'exact'),
      ],
      notes: [
        'K0 and σ are held fixed as layers are added; at T = 0 the bias does not depend on depth.',
        'Sampled points are compared with the exact posterior; the saddle point differs from it by O(L/N).',
      ],
    };
  },
});
