import type { Table } from '@ggdln/core';
import type { PartSpec } from '@ggdln/experiments';
import { type FrameOptions, sweepFigure } from '@ggdln/plot';
import { between, likeOneDraw, momentsOf, near } from '../checks.ts';
import { compareMeans, ofSeeds, overDraws, seedsFrom, stack, valuesOf, withCells } from '../draws.ts';
import { BIAS, footerOf, WIDTH_AXIS } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { simulationNearTheory } from '../simulated.ts';

const NAME = 'ggdln/permuted-mnist';
const TITLE = 'Only gates that see the task solve conflicting ones';
const WIDTH = 'architecture.width';

/** Theory page ggdln, section 11, item 6: error rates at N = 100. */
const TARGETS: Readonly<Record<string, { readonly permuted: number; readonly conflicting: number }>> = {
  linear: { permuted: 0.113, conflicting: 0.5 },
  'input alone': { permuted: 0.097, conflicting: 0.5 },
  'task subsets': { permuted: 0.08, conflicting: 0.097 },
  'task code, λ = 3': { permuted: 0.113, conflicting: 0.133 },
};
const GATES = { gates: 60, alwaysOn: false };
const GATINGS: Readonly<Record<string, PartSpec>> = {
  linear: { use: 'always-on' },
  'input alone': { use: 'half-spaces', ...GATES },
  'task subsets': { use: 'task-mask', density: 0.5, ...GATES },
  'task code, λ = 3': { use: 'task-code', strength: 3, ...GATES },
};
type Family = 'permuted' | 'conflicting';
const FAMILIES: Readonly<Record<Family, PartSpec>> = {
  permuted: { use: 'permuted-tasks', fraction: 1 },
  conflicting: { use: 'conflicting-tasks', flipped: 1, inputNoise: 0 },
};

interface Setting {
  readonly draws: number;
  readonly widths: readonly number[];
  /** How many draws are sampled, and at which widths. */
  readonly chosen: number;
  readonly sampled: readonly number[];
  readonly sweeps: number;
  readonly size: number;
}

/** Error rates on two tasks made from MNIST, with gates that see inputs, tasks, or neither. */
export const permutedMnist: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: 'Li & Sompolinsky 2022, arXiv:2210.17449; theory page ggdln, section 11, item 6',
  summary: 'Error rates on permuted and on conflicting MNIST with four kinds of gates, against width.',
  settings: {
    quick: { draws: 4, widths: [30, 100, 300], chosen: 1, sampled: [30, 100, 300], sweeps: 120, size: 60 },
    paper: {
      draws: 16,
      widths: [30, 60, 100, 200, 400, 1000],
      chosen: 4,
      sampled: [30, 100, 400],
      sweeps: 2000,
      size: 60,
    },
    test: { draws: 2, widths: [100], chosen: 1, sampled: [100], sweeps: 40, size: 10 },
  },
  run: async (setting, context) => {
    const tables: Table[] = [];
    for (const family of Object.keys(FAMILIES) as Family[]) {
      for (const gates of Object.keys(GATINGS)) tables.push(await runOne(family, gates, setting, context));
    }
    const all = stack(tables);
    const seeds = seedsFrom(context.seed, setting.chosen);
    const drawn = overDraws(ofSeeds(all, seeds));
    const comparison = compareMeans(drawn);
    const at = (family: Family, gates: string) =>
      valuesOf(all, { family, gates, source: 'ggdln', metric: `error rate, ${family}`, [WIDTH]: 100 });
    const mean = (family: Family, gates: string) => momentsOf(at(family, gates)).mean;
    const seen = ['task subsets', 'task code, λ = 3'];
    return {
      tables: { table: all, means: overDraws(all), comparison },
      arrays: {},
      figures: { figure: draw(drawn, setting, context) },
      checks: [
        ...Object.keys(GATINGS).map((gates) =>
          likeOneDraw(`error rate, permuted, ${gates}`, at('permuted', gates), TARGETS[gates].permuted),
        ),
        ...seen.map((gates) =>
          likeOneDraw(`error rate, conflicting, ${gates}`, at('conflicting', gates), TARGETS[gates].conflicting),
        ),
        ...['linear', 'input alone'].map((gates) =>
          near(`error rate, conflicting, ${gates}`, { value: mean('conflicting', gates) }, 0.5, 0.02),
        ),
        ...seen.map((gates) =>
          between(`error rate, conflicting, ${gates}`, { value: mean('conflicting', gates) }, 0, 0.25),
        ),
        ...simulationNearTheory(comparison, {
          axis: WIDTH,
          from: 100,
          metrics: ['bias, permuted', 'bias, conflicting'],
        }),
      ],
      notes: [
        'Digits 3 and 5 on 7 × 7 pixels; the second task permutes all pixels, or turns all labels over.',
        'The page gives one draw and calls differences of 2–3 points in the first noise.',
      ],
    };
  },
});

async function runOne(family: Family, gates: string, setting: Setting, context: ReproductionContext): Promise<Table> {
  const { draws, widths, chosen, sampled, sweeps, size } = setting;
  const result = await runSpec(
    {
      ggdln: 1,
      name: `${family}-${GATINGS[gates].use}`,
      temperature: 0.01,
      dataset: {
        ...FAMILIES[family],
        base: 'mnist',
        classes: [3, 5],
        tasks: 2,
        pixels: 7,
        trainSize: 2 * size,
        testSize: 400,
      },
      gating: GATINGS[gates],
      architecture: { use: 'ggdln', depth: 1, sigma: 1 },
      learners: [
        { use: 'block-gibbs', sweeps, chains: 2, at: { [WIDTH]: sampled, seed: seedsFrom(context.seed, chosen) } },
      ],
      theories: [{ use: 'ggdln' }],
      sweep: { seed: seedsFrom(context.seed, draws), [WIDTH]: widths },
    },
    context,
  );
  return withCells(result.table, ({ metric }) => ({ family, gates, metric: `${metric}, ${family}` }));
}

function draw(drawn: Table, { chosen, size }: Setting, context: ReproductionContext) {
  const frame = (family: Family, note: string): FrameOptions => ({
    metric: `error rate, ${family}`,
    title: family === 'permuted' ? 'Permuted pixels' : 'Conflicting labels',
    note,
    label: 'error rate of the mean output',
    zero: true,
  });
  return sweepFigure(drawn, {
    title: TITLE,
    subtitle: `MNIST 3 against 5, two tasks · P = ${size} a task · 7 × 7 pixels · M = 60 · σ = 1 · T = 0.01`,
    x: WIDTH_AXIS,
    frames: [
      frame('permuted', 'same labels'),
      frame('conflicting', 'same images'),
      { ...BIAS, metric: 'bias, permuted', title: 'Permuted pixels: bias' },
      { ...BIAS, metric: 'bias, conflicting', title: 'Conflicting labels: bias' },
    ],
    groupBy: 'gates',
    residuals: false,
    caption: chosen === 1 ? 'One draw of data and gates.' : `Means over ${chosen} draws of data and gates.`,
    footer: footerOf(NAME, context),
    width: 700,
  });
}
