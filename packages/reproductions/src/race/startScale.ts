import { routingGate, semanticItems } from '@ggdln/architectures/gdln';
import { createPacer, createRandom, createTable, type Row, throwIfCancelled } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { trainRoutingNetwork } from '@ggdln/theory/race';
import { between, falls, momentsOf, near, rises } from '../checks.ts';
import { pick, seedsFrom } from '../draws.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { encoderSimilarity, meanRow, pageBand, RACE, ROUTING, randomRouting } from './common.ts';
import { lazyRouting } from './lazyRouting.ts';

const NAME = 'race/start-scale';
const TITLE = 'A large start fits the trained pairs and leaves the others alone';

/** Theory page gdln, section 5.2: means over 10 seeds, with their scatter. */
const TARGETS = [
  { g: 0.2, trained: [1.22, 1.1], untrained: [1.29, 1.1], similarity: 0.998 },
  { g: 0.66, trained: [0.0227, 0.0018], untrained: [0.53, 0.09], similarity: 0.984 },
  { g: 1.12, trained: [0.032, 0.0025], untrained: [4.8, 0.8], similarity: 0.916 },
  { g: 1.58, trained: [0.0069, 0.0016], untrained: [19.9, 3.3], similarity: 0.7 },
  { g: 2.04, trained: [2.8e-4, 1.1e-4], untrained: [53, 8.5], similarity: 0.39 },
  { g: 2.5, trained: [2.1e-6, 1.4e-6], untrained: [109, 16], similarity: 0.16 },
] as const;

/** The second simulation of the paper's routing figure, and the lazy limit that only a centred network has. */
export const startScale: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${RACE}, section 5.2`,
  summary: 'Error of trained and untrained pairs and similarity of the codes against the scale of a random start.',
  settings: {
    quick: { seeds: 3, epochs: 700, lazy: [2.5, 4, 12] },
    paper: { seeds: 10, epochs: 700, lazy: [2.5, 4, 6, 12] },
    test: { seeds: 1, epochs: 10, lazy: [] },
  },
  run: async ({ seeds, epochs, lazy }, context) => {
    const { linalg, signal, onProgress } = context;
    const target = semanticItems();
    const gate = routingGate(ROUTING.domains, '4_plus_minus_mod');
    const pace = createPacer();
    const rows: Row[] = [];
    let done = 0;
    for (const { g } of TARGETS) {
      const found: Record<string, number[]> = { trained: [], untrained: [], similarity: [] };
      for (const seed of seedsFrom(context.seed, seeds)) {
        throwIfCancelled(signal, NAME);
        const network = randomRouting(target, gate, g, createRandom(seed).stream('routing'), linalg);
        const training = { rate: 0.006 * g ** (-1 / 3), kappa: ROUTING.kappa, epochs: [epochs] };
        const [end] = trainRoutingNetwork(network, training, linalg);
        found.trained.push(end.trainedError ?? 0);
        found.untrained.push(end.untrainedError ?? 0);
        found.similarity.push(encoderSimilarity(end, target.cols, linalg));
        done++;
        onProgress?.({ stage: 'start scales', done, total: seeds * TARGETS.length, unit: 'networks' });
        await pace();
      }
      for (const [metric, draws] of Object.entries(found)) {
        rows.push(meanRow({ g, metric, source: 'random', role: 'gradient-descent' }, draws), {
          ...meanRow({ g, metric: `${metric} scatter`, source: 'random', role: 'gradient-descent' }, draws),
          value: momentsOf(draws).scatter,
          stderr: null,
        });
      }
    }
    const table = createTable(rows);
    const values = (metric: string) => pick(table, { metric }).map(({ value }) => Number(value));
    const limits = [];
    for (const g of lazy) {
      const network = randomRouting(target, gate, g, createRandom(context.seed).stream('routing'), linalg);
      limits.push({ g, ...(await lazyRouting(network, linalg, { name: NAME, ...(signal ? { signal } : {}) })) });
    }
    const lazyRows = limits.flatMap(({ g, ...rest }): Row[] =>
      Object.entries(rest).map(([metric, value]) => ({
        g,
        metric,
        value,
        source: 'centred',
        role: 'gradient-descent',
      })),
    );
    return {
      tables: { table, ...(lazyRows.length > 0 ? { lazy: createTable(lazyRows) } : {}) },
      arrays: { gate, target },
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `M = 7, K = 4 · ${seeds} seeds · ${epochs} epochs at rate 0.006 g^(−1/3)`,
          x: { column: 'g', label: 'scale g of the start', scale: 'linear' },
          frames: [
            {
              metric: 'untrained',
              title: 'Untrained pairs',
              note: 'large start, not lazy',
              label: '½|T − W₃W₂W₁|²',
              zero: true,
            },
            {
              metric: 'similarity',
              title: 'Similarity',
              note: 'of the codes of two domains',
              label: 'correlation',
              zero: true,
            },
          ],
          residuals: false,
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        ...TARGETS.flatMap(({ g, trained, untrained, similarity }, i) => [
          g < 2
            ? near(
                `g = ${g}: trained error`,
                { value: values('trained')[i] },
                trained[0],
                pageBand(trained[1], seeds, 10),
              )
            : between(
                `g = ${g}: trained error, exponentially small`,
                { value: values('trained')[i] },
                trained[0] / 10,
                trained[0] * 10,
              ),
          near(
            `g = ${g}: untrained error`,
            { value: values('untrained')[i] },
            untrained[0],
            pageBand(untrained[1], seeds, 10),
          ),
          near(`g = ${g}: similarity`, { value: values('similarity')[i] }, similarity, 0.12),
        ]),
        rises('untrained error against the scale, from 0.66', values('untrained').slice(1)),
        falls('similarity against the scale', values('similarity')),
        ...lazyChecks(limits),
      ],
      notes: [
        'At g = 0.2 training has not ended after 700 epochs, hence errors between 0.1 and 3 there.',
        'The initial output grows as g³ and must be unlearned: without centring, no start is lazy.',
      ],
    };
  },
});

function lazyChecks(
  limits: readonly {
    readonly g: number;
    readonly change: number;
    readonly untrained: number;
    readonly linearised: number;
  }[],
) {
  const last = limits[limits.length - 1];
  if (!last) return [];
  return [
    falls(
      'centred: relative change of the shared layer against the scale',
      limits.map(({ change }) => change),
    ),
    between(`centred, g = ${last.g}: relative change of the shared layer`, { value: last.change }, 0, 0.005),
    between(
      `centred, g = ${last.g}: untrained error over that of the linearised network`,
      { value: last.untrained / last.linearised },
      0.97,
      1.03,
    ),
  ];
}
