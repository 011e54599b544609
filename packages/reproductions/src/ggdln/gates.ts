import { createTable, type Row, type Table } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { kernelMatrix, reluActivation } from '@ggdln/theory/kernels';
import { between, falls, likeOneDraw, momentsOf } from '../checks.ts';
import { loadDataset } from '../data.ts';
import { ofSeeds, overDraws, seedsFrom, stack, valuesOf, withCells } from '../draws.ts';
import { BIAS, ERROR_RATE, footerOf } from '../figures.ts';
import { metricRows, processErrors } from '../gaussianProcess.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { simulationNearTheory } from '../simulated.ts';

const NAME = 'ggdln/gates';
const TITLE = 'Gates learned without labels are worth several random ones';
const GATES = 'gating.gates';
const TEMPERATURE = 0.01;

/** Theory page ggdln, section 11, item 4. */
const COUNTS = [2, 5, 10, 20, 40];
const TARGETS = {
  random: [0.93, 0.8, 0.68, 0.57, 0.5],
  'k-means': [0.75, 0.67, 0.52, 0.46, 0.47],
};
const GATINGS = { random: 'half-spaces', 'k-means': 'k-means' } as const;
type GateKind = keyof typeof GATINGS;
const KINDS = Object.keys(GATINGS) as GateKind[];

interface Setting {
  readonly draws: number;
  readonly sampled: number;
  readonly counts: readonly number[];
  readonly sweeps: number;
  readonly trainSize: number;
}

/** Bias and error rate against the number of gates, random or found by k-means. */
export const gates: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: 'Li & Sompolinsky 2022, arXiv:2210.17449; theory page ggdln, section 11, item 4',
  summary: 'Bias and error rate on MNIST against the number of gates, random and found by k-means, with both limits.',
  settings: {
    quick: { draws: 8, sampled: 3, counts: COUNTS, sweeps: 120, trainSize: 100 },
    paper: { draws: 16, sampled: 4, counts: COUNTS, sweeps: 3000, trainSize: 100 },
    test: { draws: 2, sampled: 1, counts: [2], sweeps: 60, trainSize: 50 },
  },
  run: async (setting, context) => {
    const tables: Table[] = [];
    const comparisons: Table[] = [];
    for (const kind of KINDS) {
      const { theory, comparison } = await runKind(kind, setting, context);
      tables.push(withCells(theory, () => ({ gates: `${kind} gates` })));
      comparisons.push(withCells(comparison, (row) => ({ source: `${row.source}, ${kind} gates` })));
    }
    const limits = await limitRows(setting, context);
    const larger = await limitRows({ ...setting, trainSize: 2 * setting.trainSize }, context);
    const all = stack([...tables, limits]);
    const drawn = overDraws(ofSeeds(all, seedsFrom(context.seed, setting.sampled)));
    const at = (kind: GateKind, metric: string, count: number) =>
      valuesOf(all, { gates: `${kind} gates`, source: 'ggdln', metric, [GATES]: count });
    const mean = (kind: GateKind, metric: string, count: number) => momentsOf(at(kind, metric, count)).mean;
    const gain = (count: number) => mean('random', 'bias', count) - mean('k-means', 'bias', count);
    const limit = (name: string, metric: string) => valuesOf(larger, { source: name, metric });
    const nearby = (name: string) => momentsOf(valuesOf(limits, { source: name, metric: 'bias' })).mean.toFixed(3);
    return {
      tables: { table: all, means: overDraws(all), comparison: stack(comparisons) },
      arrays: {},
      figures: { figure: draw(drawn, setting, context) },
      checks: [
        ...KINDS.flatMap((kind) =>
          COUNTS.map((count, i) =>
            likeOneDraw(`bias, M = ${count}, ${kind} gates`, at(kind, 'bias', count), TARGETS[kind][i]),
          ),
        ),
        likeOneDraw('error rate, M = 2, random gates', at('random', 'error rate', 2), 0.21),
        likeOneDraw('error rate, M = 2, k-means gates', at('k-means', 'error rate', 2), 0.18),
        likeOneDraw('bias at infinite M and width, P = 200', limit('infinite-gates', 'bias'), 0.303),
        likeOneDraw('bias of the ReLU NNGP, P = 200', limit('relu-nngp', 'bias'), 0.314),
        falls(
          'bias against M, random gates',
          COUNTS.map((count) => mean('random', 'bias', count)),
        ),
        between('gain of k-means at M = 2', { value: gain(2) }, 0, Number.POSITIVE_INFINITY),
        between('gain of k-means at M = 40 over that at M = 2', { value: gain(40) / gain(2) }, -1, 0.8),
        ...simulationNearTheory(stack(comparisons), { metrics: ['bias'] }),
      ],
      notes: [
        'The page gives means over two draws of gates; data are drawn anew here too, so its numbers must look like one more draw.',
        `Sampling at M = ${setting.counts.join(', ')}; the error rate is that of the mean output.`,
        'A count of signs has no error within a draw: bars of sampled error rates are standard errors over draws of data and gates, which theory shares.',
        `The page does not say P here: its finite-M numbers fit P = 100, its limits P = 200 (at P = 100: ${nearby('infinite-gates')} and ${nearby('relu-nngp')}).`,
        'The NNGP of a ReLU network is a statement about infinite width; no ReLU network was trained here.',
      ],
    };
  },
});

const specOf = ({ trainSize }: Setting) =>
  ({
    ggdln: 1,
    temperature: TEMPERATURE,
    dataset: { use: 'mnist', task: 'odd-even', trainSize, testSize: 400, pixels: 7 },
    architecture: { use: 'ggdln', depth: 1, sigma: 1, width: 100 },
  }) as const;

async function runKind(kind: GateKind, setting: Setting, context: ReproductionContext) {
  const seeds = seedsFrom(context.seed, setting.draws);
  const spec = { ...specOf(setting), gating: { use: GATINGS[kind], alwaysOn: true } };
  const sweep = { seed: seeds, [GATES]: COUNTS };
  const theory = await runSpec({ ...spec, name: `theory-${kind}`, theories: [{ use: 'ggdln' }], sweep }, context);
  const sampled = await runSpec(
    {
      ...spec,
      name: `sampling-${kind}`,
      learners: [{ use: 'block-gibbs', sweeps: setting.sweeps, chains: 2 }],
      theories: [{ use: 'ggdln' }],
      sweep: { seed: seeds.slice(0, setting.sampled), [GATES]: setting.counts },
    },
    context,
  );
  const samples = sampled.table.rows.filter(({ role }) => role === 'exact-sampling');
  return { theory: stack([theory.table, createTable(samples)]), comparison: sampled.comparison };
}

/** Gaussian processes of infinitely many gates and of ReLU units, at infinite width. */
async function limitRows(setting: Setting, context: ReproductionContext): Promise<Table> {
  const { linalg } = context;
  const spec = specOf(setting);
  const seeds = seedsFrom(context.seed, setting.draws);
  const many = await runSpec(
    {
      ...spec,
      name: `infinite-gates-${setting.trainSize}`,
      gating: { use: 'half-spaces', gates: 2 },
      theories: [{ use: 'infinite-gates' }],
      sweep: { seed: seeds },
    },
    context,
  );
  const relu: Row[] = [];
  for (const seed of seeds) {
    const { train, test } = await loadDataset(spec.dataset, seed, context);
    const network = { activation: reluActivation, sigmas: [1, 1] };
    const kernels = {
      train: await kernelMatrix(network, 'nngp', train.X, undefined, { linalg }),
      cross: await kernelMatrix(network, 'nngp', train.X, test.X, { linalg }),
    };
    const errors = processErrors(kernels, { train, test }, TEMPERATURE, linalg);
    const cells = { seed, source: 'relu-nngp', role: 'infinite-width', gates: 'ReLU NNGP' };
    relu.push(...metricRows(errors, cells));
  }
  const cells = { gates: 'infinitely many gates', [GATES]: null, role: 'infinite-width' };
  return stack([withCells(many.table, () => cells), createTable(relu)]);
}

/** Sampled error rates with standard errors over draws: a count of signs has none within a draw. */
function withErrorsOverDraws({ rows, columns }: Table): Table {
  const barred = rows.map((row) => {
    const { role, metric, scatter, draws } = row;
    const counts = role === 'exact-sampling' && metric === 'error rate' && Number(draws) > 1;
    return counts ? { ...row, stderr: Number(scatter) / Math.sqrt(Number(draws)) } : row;
  });
  return createTable(barred, columns);
}

function draw(drawn: Table, { sampled, trainSize }: Setting, context: ReproductionContext) {
  return sweepFigure(withErrorsOverDraws(drawn), {
    title: TITLE,
    subtitle: `MNIST odd against even, 7 × 7 pixels · P = ${trainSize} · N = 100 · σ = 1 · T = ${TEMPERATURE} · one gate always on besides`,
    x: { column: GATES, label: 'number of gates M', scale: 'log' },
    frames: [BIAS, ERROR_RATE],
    groupBy: 'gates',
    caption: `${sampled === 1 ? 'One draw' : `Means over ${sampled} draws`} of data and gates. Bars of error rates: over draws. Dashed: Gaussian processes at infinite width.`,
    footer: footerOf(NAME, context),
    width: 1040,
  });
}
