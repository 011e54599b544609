import { routingGate, semanticItems } from '@ggdln/architectures/gdln';
import { createPacer, createRandom, throwIfCancelled } from '@ggdln/core';
import { heatMap, sweepFigure } from '@ggdln/plot';
import {
  type RoutingState,
  routingClosedForm,
  routingLoss,
  routingRace,
  routingRecursion,
  trainRoutingNetwork,
} from '@ggdln/theory/race';
import { between, type Check, momentsOf, near } from '../checks.ts';
import { seedsFrom } from '../draws.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { curvesTable, decoupledRouting, outputMaps, pageBand, RACE, ROUTING, randomRouting } from './common.ts';

const NAME = 'race/routing-small';
const TITLE = 'A small start: pathways race, and the shared one wins, for all pairs at once';
const RATE = 0.02;
const B0 = 0.08;
const G0 = 0.2;

/** Theory page gdln, section 5.1: loss of the recursion and of the flow. */
const TARGETS = {
  epochs: [0, 50, 75, 100, 150, 200, 250, 300, 350],
  recursion: [243.973, 243.616, 199.373, 58.8504, 52.7225, 17.906, 17.6977, 16.0711, 0.39473],
  flow: [243.973, 243.577, 116.827, 58.8447, 50.2714, 17.9044, 17.6868, 15.8862, 0.25794],
  end: [4.5641, 3.5489, 2.7544],
  half: { random: [75.2, 150.7, 288], scatter: [4.2, 11.2, 13], recursion: [75, 153, 315] },
};

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
    const svds = (states: readonly RoutingState[]) => strided.map((epoch) => linalg.svd(states[epoch].shared).s);
    const [first, second] = [runs[0], decoupled].map(svds);
    const lossesOf = (states: readonly RoutingState[]) => read.map((epoch) => states[epoch].loss);
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
    const modes = [0, 1, 2].flatMap((mode) => [
      {
        metric: 'hidden',
        x: read,
        group: `mode ${mode + 1}`,
        source: 'race',
        role: 'theory' as const,
        values: theory.b2[mode],
      },
      {
        metric: 'hidden',
        x: strided,
        group: `mode ${mode + 1}`,
        source: 'random',
        role: 'gradient-descent' as const,
        values: first.map((s) => s[mode]),
      },
    ]);
    const last = runs[0][epochs];
    return {
      tables: { table, modes: curvesTable('epoch', modes) },
      arrays: { gate, target, outputs: outputMaps(last, linalg), pairErrors: last.pairErrors },
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `M = 7 domains, K = 4 trained partners each · start ${G0} (random), ${B0} (theory) · rate ${RATE}`,
          x: { column: 'epoch', label: 'epoch', scale: 'linear' },
          frames: [{ metric: 'loss', title: 'Loss', note: 'trained pairs', label: 'κ Σ |T − W₃W₂W₁|²', zero: true }],
          caption: 'Line: scalar race, step by step; dashed: gradient flow. Points: networks from random starts.',
          residuals: false,
          footer: footerOf(NAME, context),
        }),
        modes: sweepFigure(curvesTable('epoch', modes), {
          title: 'The shared layer learns mode by mode',
          subtitle: 'Singular values of the shared layer, the scalar race as lines',
          x: { column: 'epoch', label: 'epoch', scale: 'linear' },
          frames: [
            { metric: 'hidden', title: 'Shared layer', note: 'modes 3 and 4 are equal', label: 'singular value' },
          ],
          groupBy: 'group',
          residuals: false,
          footer: footerOf(NAME, context),
        }),
        outputs: heatMap({
          title: 'Every pair of domains does the same, trained or not',
          subtitle: 'Output maps W₃W₂W₁ of all 49 pairs, blocks of output domains below each other, at the end',
          panels: [{ title: 'Output maps', note: '21 of 49 were never trained', matrix: outputMaps(last, linalg) }],
          label: 'output per item',
          footer: footerOf(NAME, context),
          width: 700,
        }),
        gate: heatMap({
          title: 'Which pairs were trained',
          subtitle: 'Input domains in rows, output domains in columns: 4_plus_minus_mod',
          panels: [{ title: 'Gate', note: '28 of 49 pairs', matrix: gate }],
          label: 'trained (1) or not (0)',
          footer: footerOf(NAME, context),
          width: 700,
        }),
      },
      checks: [
        ...theoryChecks({ ...theory, epochs }),
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
        ...(epochs >= 500 ? fullRunChecks(runs, second, linalg) : []),
      ],
      notes: [
        'A random start behaves as a decoupled one with a smaller b₀: singular vectors of successive layers do not match.',
        'Recursion and flow differ by up to 96 at one epoch, because the drops are steep; simulations follow the recursion.',
      ],
    };
  },
});

function scalarTheory(singularValues: readonly number[], read: readonly number[]) {
  const { domains, kappa } = ROUTING;
  const modes = singularValues.map((s) => ({ domains, trainedPerDomain: 4, s }));
  const start = [B0, B0, B0] as const;
  const dt = 2 * RATE * kappa * domains ** 2;
  const steps = modes.map((mode) => routingRecursion(mode, start, { rate: RATE, kappa, epochs: read }));
  const flows = modes.map((mode) =>
    routingRace(
      mode,
      start,
      read.map((epoch) => epoch * dt),
    ),
  );
  const losses = (courses: readonly (readonly ArrayLike<number>[])[]) =>
    read.map((_, i) =>
      routingLoss(
        modes,
        courses.map((course) => course[i]),
        kappa,
      ),
    );
  return { recursion: losses(steps), flow: losses(flows), b2: steps.map((course) => course.map((b) => b[1])) };
}

function theoryChecks({
  recursion,
  flow,
  b2,
  epochs,
}: ReturnType<typeof scalarTheory> & { readonly epochs: number }): Check[] {
  const places = TARGETS.epochs.flatMap((epoch, i) => (epoch <= epochs ? [{ epoch, i }] : []));
  const relative = (found: readonly number[], wanted: readonly number[]) =>
    Math.max(...places.map(({ epoch, i }) => Math.abs(found[epoch] / wanted[i] - 1)));
  const checks = [
    between(
      'recursion against the page: largest relative difference of the loss',
      { value: relative(recursion, TARGETS.recursion) },
      0,
      2e-5,
    ),
    between(
      'flow against the page: largest relative difference of the loss',
      { value: relative(flow, TARGETS.flow) },
      0,
      2e-5,
    ),
  ];
  if (epochs < 500) return checks;
  const halves = b2.slice(0, 3).map((course) => course.findIndex((value) => value >= course[epochs] / 2));
  return [
    ...checks,
    ...halves.map((found, k) =>
      near(`recursion: epoch at which mode ${k + 1} is half grown`, { value: found }, TARGETS.half.recursion[k], 1),
    ),
  ];
}

function fullRunChecks(
  runs: readonly (readonly RoutingState[])[],
  decoupled: readonly Float64Array[],
  linalg: Parameters<typeof outputMaps>[1],
): Check[] {
  const courses = runs.map((states) => states.map(({ shared }) => linalg.svd(shared).s));
  const ends = (mode: number) => courses.map((course) => course[course.length - 1][mode]);
  const halves = (mode: number) =>
    courses.map((course) => course.findIndex((s) => s[mode] >= course[course.length - 1][mode] / 2));
  // The flow from b₀ reaches half of its end at this epoch; it tells which b₀ a random start amounts to.
  const { domains, kappa } = ROUTING;
  const halfTime = (b0: number) => {
    const mode = routingClosedForm({ domains, trainedPerDomain: 4, s: Math.sqrt(185) }, b0);
    return mode.timeOf(mode.end / 2) / (2 * RATE * kappa * domains ** 2);
  };
  const effective = halves(0).map((epoch) => {
    let [low, high] = [1e-3, 0.2];
    for (let k = 0; k < 60; k++) {
      const middle = Math.sqrt(low * high);
      if (halfTime(middle) > epoch) low = middle;
      else high = middle;
    }
    return G0 / low;
  });
  const n = runs.length;
  return [
    ...TARGETS.end.flatMap((value, mode) => [
      near(
        `decoupled: singular value ${mode + 1} of the shared layer`,
        { value: decoupled[decoupled.length - 1][mode] },
        value,
        1e-4,
      ),
      near(
        `random: singular value ${mode + 1} of the shared layer`,
        { value: momentsOf(ends(mode)).mean },
        value,
        0.01,
      ),
    ]),
    ...TARGETS.half.random.map((value, mode) =>
      near(
        `random: epoch at which mode ${mode + 1} is half grown`,
        { value: momentsOf(halves(mode)).mean },
        value,
        pageBand(TARGETS.half.scatter[mode], n, 10),
      ),
    ),
    near(
      'random: start scale over the effective b₀ of mode 1',
      { value: momentsOf(effective).mean },
      2.59,
      0.1 + pageBand(0.14, n, 10),
    ),
    between(
      'random: largest untrained error at the end',
      { value: Math.max(...runs.map((states) => states[states.length - 1].untrainedError ?? 0)) },
      0,
      0.1,
    ),
  ];
}
