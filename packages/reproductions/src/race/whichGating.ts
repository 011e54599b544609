import {
  chainGraph,
  createGdln,
  decoupledGdlnWeights,
  descendGdln,
  diamondGraph,
  type GdlnData,
  type GdlnGraph,
  gdlnGradientByContexts,
  gdlnPathStatistics,
  gdlnPaths,
  gdlnStatistics,
  xorNetwork,
} from '@ggdln/architectures/gdln';
import { createRandom, createTable, type LinalgBackend, type Row } from '@ggdln/core';
import { matrixFromRows } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { escapeTime, raceModes, scalarRace } from '@ggdln/theory/race';
import { between, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { type Curve, curvesTable, RACE } from './common.ts';

const NAME = 'race/which-gating';
const TITLE = 'Which gating wins: the one whose pathways see the strongest correlation';
const A0 = 1e-3;

/** Theory page gdln, section 4: correlation, variance, and the time to half strength from 10⁻³. */
const TARGETS = [
  { task: 'xor', gating: 'examples', name: 'XOR, four examples', s: 0.3536, d: 0.5, time: 9.277 },
  { task: 'xor', gating: 'half-planes', name: 'XOR, half-planes', s: 0.5, d: 0.5, time: 6.907 },
  { task: 'sign', gating: 'examples', name: 'sign x₁, four examples', s: 0.3536, d: 0.5, time: 9.277 },
  { task: 'sign', gating: 'half-planes', name: 'sign x₁, half-planes', s: 0.5, d: 0.5, time: 6.907 },
  { task: 'sign', gating: 'none', name: 'sign x₁, one pathway', s: 1, d: 1, time: 3.453 },
] as const;

/** Five gatings of two tasks: spectra from the data, the scalar race, and the networks themselves. */
export const whichGating: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${RACE}, section 4`,
  summary: 'Time to half strength of gated pathways on XOR and on the sign of one input: spectra, race, simulation.',
  settings: { quick: { rate: 0.002 }, paper: { rate: 0.0005 }, test: { rate: 0.01 } },
  run: async ({ rate }, context) => {
    const { linalg } = context;
    const times = Array.from({ length: 61 }, (_, i) => i / 4);
    const found = TARGETS.map((target) => ({ ...target, ...follow(target, times, rate, linalg) }));
    const curves = found.flatMap(({ name, theory, simulated }): Curve[] => [
      { metric: 'strength', x: times, group: name, source: 'race', role: 'theory', values: theory },
      {
        metric: 'strength',
        x: times.filter((_, i) => i % 2 === 0),
        group: name,
        source: 'network',
        role: 'gradient-descent',
        values: simulated.filter((_, i) => i % 2 === 0),
      },
    ]);
    const rows: Row[] = found.map(({ name, s: _, d: __, theory, simulated, time, ...rest }) => ({
      name,
      s: rest.correlation,
      d: rest.variance,
      half: rest.half,
      target: time,
      final: theory[theory.length - 1],
      simulated: simulated[simulated.length - 1],
    }));
    return {
      tables: { table: curvesTable('time', curves), times: createTable(rows) },
      arrays: {},
      figures: {
        figure: sweepFigure(curvesTable('time', curves), {
          title: TITLE,
          subtitle: `Strength of a pathway, relative to its end, from a₀ = ${A0}`,
          x: { column: 'time', label: 'time t/τ', scale: 'linear' },
          frames: [
            { metric: 'strength', title: 'Strength', note: 'lines: scalar race', label: 'a(t)/a(∞)', zero: true },
          ],
          groupBy: 'group',
          residuals: false,
          caption:
            'Both tasks take equally long with a pathway for each example; half-planes are faster, no gates fastest.',
          footer: footerOf(NAME, context),
        }),
      },
      checks: found.flatMap(({ name, s, d, time, correlation, variance, half, theory, simulated }) => [
        near(`${name}: correlation s`, { value: correlation }, s, 1e-4),
        near(`${name}: variance d`, { value: variance }, d, 1e-12),
        near(`${name}: time to half strength`, { value: half }, time, 2e-3),
        between(
          `${name}: largest |network − race| of the relative strength`,
          { value: Math.max(...theory.map((value, i) => Math.abs(value - simulated[i]))) },
          0,
          10 * rate,
        ),
      ]),
      notes: [
        'Half-planes beat examples on XOR, but no ReLU unit gates itself so: its weights would not give its gate.',
      ],
    };
  },
});

/** Spectra of one pathway, the time when its race is half run, and the courses of race and network. */
function follow(
  { task, gating }: (typeof TARGETS)[number],
  times: readonly number[],
  rate: number,
  linalg: LinalgBackend,
) {
  const { graph, data } = networkOf(task, gating);
  const gdln = createGdln(graph);
  const paths = gdlnPaths(gdln);
  const groups = raceModes(gdlnPathStatistics(gdln, paths, data, linalg), linalg);
  const [{ modes, bases }] = groups;
  const { paths: racing, D } = modes[0];
  const [{ edges, s }] = racing;
  const variance = D.data[0];
  const initial = Object.fromEntries(edges.map((edge) => [edge, Math.sqrt(A0)]));
  const others = Object.fromEntries(racing.slice(1).flatMap((path) => path.edges.map((edge) => [edge, Math.sqrt(A0)])));
  const race = scalarRace({ paths: racing, D, initial: { ...initial, ...others } }, times, { dense: true });
  const end = s / variance;
  // One network a group: each has bases of its own.
  const starts = groups.map((group) =>
    decoupledGdlnWeights(
      gdln,
      group.bases,
      Object.fromEntries(graph.edges.map(({ id }) => [id, Math.sqrt(A0)])),
      createRandom(1),
      linalg,
    ),
  );
  const ownEdges = (index: number) => new Set(groups[index].modes[0].paths.flatMap((path) => [...path.edges]));
  const start = Object.fromEntries(
    graph.edges.map(({ id }) => [id, starts[groups.findIndex((_, k) => ownEdges(k).has(id))][id]]),
  );
  const statistics = gdlnStatistics(gdln, data, linalg);
  const course = descendGdln(start, (at) => gdlnGradientByContexts(gdln, at, statistics, linalg), {
    rate,
    steps: times.map((time) => Math.round(time / rate)),
  });
  const strengthOf = (weights: (typeof course)[number]['weights']) => {
    const map = linalg.gemm(weights[edges[1]], weights[edges[0]]);
    const input = graph.nodes.find(({ role }) => role === 'input')?.id ?? 'x';
    const output = graph.nodes.find(({ role }) => role === 'output')?.id ?? 'y';
    return linalg.gemm(linalg.gemm(bases[output], map, { transA: true }), bases[input]).data[0];
  };
  return {
    correlation: Math.abs(s),
    variance,
    half: escapeTime({ s: Math.abs(s), d: variance, a0: A0, depth: 2 }),
    theory: race.map((state) => state.paths[0] / end),
    simulated: course.map(({ weights }) => strengthOf(weights) / end),
  };
}

function networkOf(
  task: 'xor' | 'sign',
  gating: 'examples' | 'half-planes' | 'none',
): {
  readonly graph: GdlnGraph;
  readonly data: GdlnData;
} {
  const { graph, data } = xorNetwork(gating === 'half-planes' ? 'half-planes' : 'examples');
  if (task === 'xor') return { graph, data };
  const { x } = data.inputs;
  const targets = { y: matrixFromRows(Array.from({ length: x.rows }, (_, p) => [Math.sign(x.data[2 * p])])) };
  if (gating === 'none') return { graph: chainGraph([2, 2, 1]), data: { inputs: data.inputs, targets } };
  const count = gating === 'examples' ? 4 : 2;
  return { graph: diamondGraph({ inputs: 2, hidden: Array(count).fill(1), outputs: 1 }), data: { ...data, targets } };
}
