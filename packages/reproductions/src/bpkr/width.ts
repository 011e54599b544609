import { createTable, type Row } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { between, falls, near, rises } from '../checks.ts';
import { stack, theRow, valuesOf, withCells } from '../draws.ts';
import { ERROR, footerOf, WIDTH_AXIS } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { BPKR, EXACT_AND_SADDLE, SIGMA, targetStrength, WIDTH, withinErrors, withSampler } from './common.ts';

const NAME = 'bpkr/width';
const TITLE = 'Deep linear networks: wider is worse, or better, or neither';
const LINE = [10, 14, 20, 30, 45, 60, 100, 150, 200, 300, 600, 1000];

/** Error against width for weight scales above, at and below the threshold σ⁴ = r̂. */
export const width: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${BPKR}, section 5, item 1`,
  summary: 'Error against width above, at and below the threshold noise: exact posterior, saddle point and sampling.',
  settings: {
    quick: { widths: [10, 30, 60, 100, 300], samples: 600, size: 60 },
    paper: { widths: [10, 20, 30, 60, 100, 200, 300, 1000], samples: 20_000, size: 60 },
    test: { widths: [10, 30], samples: 60, size: 12 },
  },
  run: async ({ widths, samples, size }, given) => {
    const context = withSampler(given);
    const dataset = { use: 'noisy-teacher', inputs: Math.round(size / 0.6), trainSize: size, noise: 0.5 };
    const strength = await targetStrength(dataset, context.seed, context);
    const threshold = strength ** 0.25;
    const sigmas = [1.25, 1, 0.75].map((factor) => factor * threshold);
    const names = ['σ above the threshold', 'σ at the threshold', 'σ below the threshold'];
    const result = await runSpec(
      {
        ggdln: 1,
        name: 'width',
        temperature: 0,
        dataset: { ...dataset, testSize: 200 },
        gating: { use: 'always-on' },
        architecture: { use: 'dln', depth: 1 },
        learners: [{ use: 'independent', samples, at: { [WIDTH]: widths } }],
        theories: [...EXACT_AND_SADDLE, { use: 'infinite-width', at: { [WIDTH]: [LINE[0], 1000] } }],
        sweep: { [SIGMA]: sigmas, [WIDTH]: [...new Set([...LINE, ...widths, size])] },
      },
      context,
    );
    const scales: Row[] = result.points.flatMap(({ axes, source, role, arrays }) =>
      arrays.U1
        ? [{ ...axes, source, role, metric: 's', value: arrays.U1.data[0], stderr: arrays.U1_stderr?.data[0] ?? null }]
        : [],
    );
    const table = withCells(stack([result.table, createTable(scales)]), (row) => ({
      noise: names[sigmas.findIndex((value) => Math.abs(value / Number(row[SIGMA]) - 1) < 1e-9)],
    }));
    const errors = (i: number) =>
      valuesOf(table, { noise: names[i], source: 'saddle', metric: 'generalisation error' });
    const flat = errors(1);
    const scale = (i: number) =>
      Number(theRow(table, { noise: names[i], source: 'saddle', metric: 's', [WIDTH]: size }).value);
    return {
      tables: { table, comparison: result.comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `Noisy linear teacher · P = ${size} · N0 = ${dataset.inputs} · L = 1 · T = 0 · threshold at σ⁴ = ${strength.toFixed(2)}`,
          x: WIDTH_AXIS,
          frames: [ERROR, { metric: 's', title: 'Kernel scale', note: 'one hidden layer: s = u', label: 's' }],
          groupBy: 'noise',
          caption:
            'Full lines: exact posterior at that width; faint lines: saddle point. Points: independent networks.',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        rises('error against N above the threshold', errors(0)),
        between(
          'error at the threshold: largest relative change with N',
          { value: Math.max(...flat) / Math.min(...flat) - 1 },
          0,
          1e-6,
        ),
        falls('error against N below the threshold', errors(2)),
        ...names.map((name, i) => near(`s² over r̂ at α = 1, ${name}`, { value: scale(i) ** 2 / strength }, 1, 1e-6)),
        ...withinErrors(result, 'exact'),
      ],
      notes: [
        'At T = 0 the mean output does not depend on the width: the bias is the same everywhere, and the variance tells.',
        'Sampled points are compared with the exact posterior; the saddle point differs from it by O(1/N).',
      ],
    };
  },
});
