import { routingGate, semanticItems } from '@ggdln/architectures/gdln';
import { createPacer, createRandom, type Matrix, type Table, throwIfCancelled } from '@ggdln/core';
import { heatMap, sweepFigure } from '@ggdln/plot';
import { type RoutingState, trainRoutingNetwork } from '@ggdln/theory/race';
import { between } from '../checks.ts';
import { seedsFrom } from '../draws.ts';
import { footerOf } from '../figures.ts';
import {
  defineReproduction,
  type Reproduction,
  type ReproductionContext,
  type ReproductionResult,
} from '../reproduction.ts';
import { curvesTable, decoupledRouting, encoderOverlaps, outputMaps, RACE, ROUTING, randomRouting } from './common.ts';
import {
  B0,
  fullRunChecks,
  G0,
  type LayerSpectra,
  RATE,
  type ScalarTheory,
  scalarTheory,
  spectraOf,
  theoryChecks,
} from './routingSmallChecks.ts';

const NAME = 'race/routing-small';
const TITLE = 'A small start: pathways race, and the shared one wins, for all pairs at once';
/** The first simulation of the paper's routing figure: random, decoupled and scalar networks from a small start. */
export const routingSmall: Reproduction = defineReproduction<{ readonly seeds: number; readonly epochs: number }>({
  name: NAME,
  title: TITLE,
  source: `${RACE}, section 5.1`,
  summary: 'Loss and singular values of a routing network: random starts, decoupled starts, the scalar race.',
  settings: {
    quick: { seeds: 4, epochs: 500 },
    paper: { seeds: 10, epochs: 500 },
    test: { seeds: 1, epochs: 80 },
  },
  run: async ({ seeds, epochs }, context) => {
    const { linalg, signal, onProgress } = context;
    const { domains, kappa } = ROUTING;
    const target = semanticItems();
    const gate = routingGate(domains, '4_plus_minus_mod');
    const read = Array.from({ length: epochs + 1 }, (_, epoch) => epoch);
    const training = { rate: RATE, kappa, epochs: read };
    const pace = createPacer();
    const runs: RoutingState[][] = [];
    for (const seed of seedsFrom(context.seed, seeds)) {
      throwIfCancelled(signal, NAME);
      const network = randomRouting(target, gate, G0, createRandom(seed).stream('routing'), linalg);
      runs.push(trainRoutingNetwork(network, training, linalg));
      onProgress?.({ stage: 'random starts', done: runs.length, total: seeds, unit: 'networks' });
      await pace();
    }
    const rng = createRandom(context.seed).stream('decoupled');
    const decoupled = trainRoutingNetwork(decoupledRouting(target, gate, B0, rng, linalg), training, linalg);
    const theory = scalarTheory(Array.from(linalg.svd(target).s), read);
    const strided = read.filter((epoch) => epoch % 10 === 0);
    // Marks of every tenth epoch would cover the lines.
    const sparse = read.filter((epoch) => epoch % 20 === 0);
    const first = sparse.map((epoch) => spectraOf(runs[0][epoch], linalg));
    const lossesOf = (states: readonly RoutingState[]) => read.map((epoch) => states[epoch].loss);
    const { table, modes } = tablesOf({ read, strided, sparse, theory, runs, first });
    const last = runs[0][epochs];
    return {
      tables: { table, modes },
      arrays: { gate, target, outputs: outputMaps(last, linalg), pairErrors: last.pairErrors },
      figures: { ...curves(table, modes, context), ...panels(last, gate, context) },
      checks: [
        ...theoryChecks(theory, epochs),
        between(
          'decoupled simulation minus the recursion: largest |difference| of the loss',
          { value: Math.max(...lossesOf(decoupled).map((value, i) => Math.abs(value - theory.recursion[i]))) },
          0,
          1e-6,
        ),
        between(
          'decoupled: largest spread of the 49 pair errors at any epoch',
          {
            value: Math.max(...decoupled.map(({ pairErrors: { data } }) => Math.max(...data) - Math.min(...data))),
          },
          0,
          1e-9,
        ),
        ...(epochs >= 500 ? fullRunChecks(runs, decoupled[epochs], linalg) : []),
      ],
      notes: [
        'A random start behaves as a decoupled one with a smaller b₀: singular vectors of successive layers do not match.',
        'Recursion and flow differ by up to 96 at one epoch, because the drops are steep; simulations follow the recursion.',
      ],
    };
  },
});

/** Loss by epoch, and singular values of the shared layer by epoch and mode. */
function tablesOf({
  read,
  strided,
  sparse,
  theory,
  runs,
  first,
}: {
  readonly read: readonly number[];
  readonly strided: readonly number[];
  readonly sparse: readonly number[];
  readonly theory: ScalarTheory;
  readonly runs: readonly (readonly RoutingState[])[];
  readonly first: readonly LayerSpectra[];
}): { readonly table: Table; readonly modes: Table } {
  const loss = { metric: 'loss', x: read };
  const table = curvesTable('epoch', [
    { ...loss, source: 'scalar race, step by step', role: 'theory', values: theory.recursion },
    { ...loss, source: 'gradient flow', role: 'infinite-width', values: theory.flow },
    ...runs.map((states, k) => ({
      metric: 'loss',
      x: strided,
      source: `random ${k + 1}`,
      role: 'gradient-descent' as const,
      values: strided.map((epoch) => states[epoch].loss),
    })),
  ]);
  const modes = [0, 1, 2].flatMap((mode) => {
    const group = `mode ${mode + 1}`;
    const race = { x: read, group, source: 'race', role: 'theory' as const };
    const random = { x: sparse, group, source: 'random', role: 'gradient-descent' as const };
    const course = (layer: keyof LayerSpectra) => first.map((spectra) => spectra[layer][mode]);
    return [
      { ...race, metric: 'hidden', values: theory.b2[mode] },
      { ...random, metric: 'hidden', values: course('shared') },
      { ...race, metric: 'encoder', values: theory.b1[mode] },
      { ...random, metric: 'encoder', values: course('encoder') },
      { ...race, metric: 'decoder', values: theory.b1[mode] },
      { ...random, metric: 'decoder', values: course('decoder') },
    ];
  });
  return { table, modes: curvesTable('epoch', modes) };
}

function curves(table: Table, modes: Table, context: ReproductionContext): ReproductionResult['figures'] {
  return {
    figure: sweepFigure(table, {
      title: TITLE,
      subtitle: `M = 7 domains, K = 4 trained partners each · start ${G0} (random), ${B0} (theory) · rate ${RATE}`,
      x: { column: 'epoch', label: 'epoch', scale: 'linear' },
      frames: [{ metric: 'loss', title: 'Loss', note: 'trained pairs', label: 'κ Σ |T − W₃W₂W₁|²', zero: true }],
      caption: 'Theory is the scalar race, step by step.',
      names: { 'infinite-width': 'Gradient flow', 'gradient-descent': 'Gradient descent, random starts' },
      alike: true,
      residuals: false,
      footer: footerOf(NAME, context),
    }),
    modes: sweepFigure(modes, {
      title: 'All layers learn mode by mode, the shared one most',
      subtitle: 'Singular values, the scalar race as lines · modes 3 and 4 are equal',
      x: { column: 'epoch', label: 'epoch', scale: 'linear' },
      frames: [
        { metric: 'hidden', title: 'Shared layer', note: 'b₂', label: 'singular value', zero: true },
        { metric: 'encoder', title: 'An encoder', note: 'b₁', label: 'singular value', zero: true },
        { metric: 'decoder', title: 'A decoder', note: 'b₃ = b₁', label: 'singular value', zero: true },
      ],
      groupBy: 'group',
      residuals: false,
      footer: footerOf(NAME, context),
      width: 1040,
    }),
  };
}

function panels(last: RoutingState, gate: Matrix, context: ReproductionContext): ReproductionResult['figures'] {
  const { linalg } = context;
  return {
    outputs: heatMap({
      title: 'Every pair of domains does the same, trained or not',
      subtitle: 'Output maps W₃W₂W₁ of all 49 pairs, blocks of output domains below each other, at the end',
      panels: [{ title: 'Output maps', note: '21 of 49 were never trained', matrix: outputMaps(last, linalg) }],
      label: 'output per item',
      footer: footerOf(NAME, context),
      width: 700,
    }),
    codes: heatMap({
      title: 'All domains are coded alike',
      subtitle: 'Products of the encoders of all pairs of input domains at the end: all blocks are alike',
      panels: [
        {
          title: 'Encoders against each other',
          note: '7 × 7 domains of 4 items',
          matrix: encoderOverlaps(last, linalg),
        },
      ],
      label: 'overlap of two items',
      footer: footerOf(NAME, context),
      width: 700,
    }),
    gate: heatMap({
      title: 'Which pairs were trained',
      subtitle:
        'Input domains in rows, output domains in columns: from the one before to the second after, in a circle',
      panels: [{ title: 'Gate', note: '28 of 49 pairs', matrix: gate }],
      label: 'trained (1) or not (0)',
      footer: footerOf(NAME, context),
      width: 700,
    }),
  };
}
