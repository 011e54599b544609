import { sweepFigure } from '@ggdln/plot';
import { between, near, rises } from '../checks.ts';
import { stack, theRow, valuesOf, withCells } from '../draws.ts';
import { ERROR, footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { BPKR, DEPTH, EXACT_AND_SADDLE, withinErrors, withSampler } from './common.ts';

const NAME = 'bpkr/temperature';
const TITLE = 'Some heat helps, much of it forgets';
const TEMPERATURE = 'temperature';
const LINE = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

/** Test and training error against temperature for one and two hidden layers. */
export const temperature: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${BPKR}, section 5`,
  summary: 'Test and training error against T: exact posterior, saddle point, independent networks and block Gibbs.',
  settings: {
    quick: { sampled: [0.01, 0.1, 1, 10], samples: 400, sweeps: 300, size: 60 },
    paper: { sampled: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10], samples: 10_000, sweeps: 6000, size: 60 },
    test: { sampled: [0.1], samples: 40, sweeps: 40, size: 10 },
  },
  run: async ({ sampled, samples, sweeps, size }, given) => {
    const context = withSampler(given);
    const inputs = Math.round(size / 0.8);
    const at = { [TEMPERATURE]: sampled };
    const result = await runSpec(
      {
        ggdln: 1,
        name: 'temperature',
        temperature: 1,
        dataset: { use: 'noisy-teacher', inputs, trainSize: size, noise: 0.5, testSize: 200 },
        gating: { use: 'always-on' },
        architecture: { use: 'dln', width: size, sigma: 1 },
        learners: [
          { use: 'independent', samples, at },
          { use: 'block-gibbs', sweeps, chains: 2, at },
        ],
        theories: EXACT_AND_SADDLE,
        sweep: { [DEPTH]: [1, 2], [TEMPERATURE]: LINE },
      },
      context,
    );
    const training = result.diagnostics.rows.filter(({ metric }) => metric === 'trainError');
    const table = withCells(stack([result.table, { ...result.diagnostics, rows: training }]), (row) => ({
      layers: `L = ${row[DEPTH]}`,
    }));
    const value = (layers: string, metric: string, t: number) =>
      Number(theRow(table, { layers, metric, source: 'exact', [TEMPERATURE]: t }).value);
    const errors = valuesOf(table, { layers: 'L = 1', metric: 'generalisation error', source: 'exact' });
    return {
      tables: { table, comparison: result.comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `Linear teacher, label noise 0.5 · P = N = ${size} · N0 = ${inputs} · σ = 1`,
          x: { column: TEMPERATURE, label: 'temperature T', scale: 'log' },
          frames: [
            { ...ERROR, scale: 'log' },
            {
              metric: 'trainError',
              title: 'Training error',
              note: 'noisy labels',
              label: 'mean squared error per example',
              scale: 'log',
            },
          ],
          groupBy: 'layers',
          residuals: false,
          caption:
            'Full lines: exact posterior; faint lines: saddle point. Full points: independent networks; faint: block Gibbs.',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        ...['L = 1', 'L = 2'].map((layers) =>
          rises(
            `training error against T, ${layers}`,
            valuesOf(table, { layers, metric: 'trainError', source: 'exact' }),
            0.01,
          ),
        ),
        between(
          'smallest test error over that at T = 0.001, L = 1',
          { value: Math.min(...errors) / errors[0] },
          0,
          0.95,
        ),
        near('variance at T = 100 over that of the prior, L = 1', { value: value('L = 1', 'variance', 100) }, 1, 0.35),
        ...withinErrors(result, 'exact'),
      ],
      notes: [
        'At T → ∞ the posterior is the prior, of variance |x|²/N0 ≈ 1 for σ = 1; here T = 100 for P = 60 examples.',
      ],
    };
  },
});
