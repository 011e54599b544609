import { createRandom, createTable, type Matrix, type Row } from '@ggdln/core';
import { pairStatistics } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import type { SignData } from '@ggdln/studies';
import { between, type Found, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { entry, lineRow, pointRow } from '../rows.ts';
import { NDK, signData, simulated } from './common.ts';
import {
  type DriftKind,
  driftTheory,
  LAGS,
  MEMORY,
  P,
  POINTS,
  SIGMA,
  TEMPERATURE,
  TESTS,
  targetsOf,
} from './driftTheory.ts';
import { relearnedBias, shareOfShift } from './relearnedBias.ts';
import { type AtWidth, againstWidth, overPairs, pairDeviations, WIDTH_GUIDE } from './widths.ts';

const NAME = 'ndk/drift';
const TITLE = 'Representations drift, and only a frozen readout notices';
const STEP = 0.05;
const NETWORKS = [
  { name: 'erf', activation: 'erf' },
  { name: 'ReLU', activation: 'relu' },
] as const;
/** What is read at every lag, and the frame of `widths` that it has. */
const READINGS = [
  { kind: 'frozen', title: 'Frozen readout', metric: 'deviation, frozen' },
  { kind: 'relearned', title: 'Re-learned readout', metric: 'deviation, re-learned' },
  { kind: 'similarity', title: 'Features', metric: 'deviation, features' },
] as const satisfies readonly { readonly kind: DriftKind; readonly title: string; readonly metric: string }[];

interface Ensemble {
  readonly width: number;
  readonly pairs: number;
}

interface Setting {
  /** Narrow to wide. */
  readonly ensembles: readonly Ensemble[];
  /** Which of them is drawn against the lag. */
  readonly shown: number;
}

/** Outputs of frozen and re-learned readouts, and the similarity of features, against the lag and against the width. */
export const drift: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${NDK}, section 7`,
  summary: 'Frozen and re-learned readouts on drifting features, erf and ReLU: theory and ensembles of three widths.',
  settings: {
    quick: {
      ensembles: [
        { width: 100, pairs: 100 },
        { width: 400, pairs: 40 },
        { width: 1600, pairs: 16 },
      ],
      shown: 1,
    },
    paper: {
      ensembles: [
        { width: 100, pairs: 2400 },
        { width: 400, pairs: 600 },
        { width: 1600, pairs: 600 },
      ],
      shown: 2,
    },
    test: {
      ensembles: [
        { width: 20, pairs: 4 },
        { width: 40, pairs: 4 },
      ],
      shown: 1,
    },
  },
  run: async ({ ensembles, shown }, context) => {
    const data = signData(context.seed, P, TESTS, 5);
    const found: Drifted[] = [];
    for (const which of NETWORKS) found.push(await oneNetwork(which, data, ensembles, shown, context));
    const curves = createTable([...found.flatMap(({ rows }) => rows), ...found.flatMap(({ last }) => last)]);
    const fits = READINGS.map(({ kind, metric }) =>
      found.map(({ name, widths }) => againstWidth(widths[kind], metric, { group: name })),
    );
    const widths = createTable(fits.flat().flatMap(({ rows }) => rows));
    return {
      tables: { table: curves, widths },
      arrays: { X: data.X, y: matrix(P, 1, data.y), test: data.test.X },
      figures: {
        figure: lagFigure(curves, ensembles[shown], context),
        widths: widthFigure(widths, ensembles, context),
      },
      checks: [
        ...checksOf(found, ensembles, shown),
        ...READINGS.flatMap(({ title }, k) =>
          found.map(({ name }, i) =>
            near(`${name}, ${title.toLowerCase()}: power of 1/N in a pair’s deviation`, fits[k][i].power, 0.5, 0.05),
          ),
        ),
      ],
      notes: [
        'The theory of the frozen readout is in continuous time; the simulated step costs up to 0.001.',
        'Ridge regression on features of finite width has a bias, which the independence of units and the evidence that tilts the law of hidden weights give at order 1/N; it is that of the posterior mean itself. Checks of the re-learned readout have it with theory.',
        'The figure of widths shows single pairs of networks: what the mean over pairs leaves is their deviation over √pairs.',
      ],
    };
  },
});

/** One activation: theory over lags, ensembles of all widths. */
interface Drifted {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Drawn after those of all networks, so that a colour means the same in both frames. */
  readonly last: readonly Row[];
  /** Largest |mean − theory| in standard errors, of each width; of the re-learned readout with its bias of order 1/N. */
  readonly scores: readonly Readonly<Record<DriftKind, number>>[];
  readonly widths: Readonly<Record<DriftKind, readonly AtWidth[]>>;
  /** Of the frozen readout at equilibrium: what is left at last, and the relative slope at lag 0. */
  readonly late: number;
  readonly slope: number;
  /** Of the re-learned readout: size of its bias at the narrowest width, in units of that which theory gives. */
  readonly bias: Found;
}

async function oneNetwork(
  { name, activation }: (typeof NETWORKS)[number],
  data: SignData,
  ensembles: readonly Ensemble[],
  shown: number,
  context: ReproductionContext,
): Promise<Drifted> {
  const network = { activation, depth: 1, sigma: SIGMA, sigma0: SIGMA, temperature: TEMPERATURE };
  const theory = await driftTheory(network, data, context);
  const rng = createRandom(context.seed).stream('one hidden unit');
  const atOrder1 = relearnedBias(network, data, { rng, linalg: context.linalg });
  const rows = LAGS.flatMap((lag, i) => [
    lineRow({ lag, group: `${name}, frozen` }, 'output', theory.at('frozen', i, 0)),
    lineRow({ lag, group: `${name}, frozen` }, 'similarity', theory.at('similarity', i, 0)),
  ]);
  const last = LAGS.map((lag, i) =>
    lineRow({ lag, group: `${name}, re-learned` }, 'output', theory.at('relearned', i, 0)),
  );
  const scores: Record<DriftKind, number>[] = [];
  const widths: Record<DriftKind, AtWidth[]> = { frozen: [], relearned: [], similarity: [] };
  let bias: Found | undefined;
  const frozenAt = Math.round(MEMORY / STEP);
  const readAt = POINTS.map((lag) => frozenAt + Math.round((lag * MEMORY) / STEP));
  for (const [k, { width, pairs }] of ensembles.entries()) {
    const how = { pairs, stepSize: STEP, readAt, frozenAt };
    const { run } = await simulated({ ...network, width }, data, how, context);
    const score = { frozen: 0, relearned: 0, similarity: 0 };
    for (const { kind } of READINGS) {
      const outputs = run[kind] ?? matrix(2 * pairs, run.outputs.cols);
      const expected = targetsOf(kind, theory, run.points).map(({ test, ...target }) => ({
        ...target,
        shift: kind === 'relearned' ? atOrder1[test] / width : 0,
      }));
      const { mean, stderr } = pairStatistics(outputs, run.points);
      if (kind === 'relearned') bias ??= shareOfShift(outputs, expected, stderr);
      // The step of the scheme costs the frozen readout up to 0.001.
      const scored = expected.map(
        ({ at, value, shift }) => Math.abs(mean.data[at] - value - shift) / Math.hypot(stderr.data[at], 1e-3),
      );
      score[kind] = Math.max(...scored);
      widths[kind].push(overPairs(width, pairDeviations(outputs, expected)));
      if (k === shown) (kind === 'relearned' ? last : rows).push(...pointsOf(name, kind, mean, stderr));
    }
    scores.push(score);
  }
  return { name, rows, last, scores, widths, bias: bias ?? { value: 0 }, late: theory.late, slope: theory.slope };
}

function pointsOf(name: string, kind: DriftKind, mean: Matrix, stderr: Matrix): Row[] {
  const group = kind === 'relearned' ? `${name}, re-learned` : `${name}, frozen`;
  const metric = kind === 'similarity' ? 'similarity' : 'output';
  return POINTS.map((lag, i) => pointRow({ lag, group }, metric, entry(mean, i, P), entry(stderr, i, P)));
}

function lagFigure(table: Parameters<typeof sweepFigure>[0], { width, pairs }: Ensemble, context: ReproductionContext) {
  return sweepFigure(table, {
    title: TITLE,
    subtitle: `One hidden layer · N = ${width} · ${pairs} antithetic pairs · P = ${P} · T = ${TEMPERATURE} · σ = σ0 = 1 · readout of t0 = τc`,
    x: { column: 'lag', label: 'lag Δ, units of τc = σ²/T', unit: '', scale: 'linear' },
    frames: [
      { metric: 'output', title: 'Output', note: 'on a test input', label: 'mean output' },
      { metric: 'similarity', title: 'Features', note: 'of one input with its own of t0', label: 'similarity C(Δ)' },
    ],
    groupBy: 'group',
    footer: footerOf(NAME, context),
    width: 1040,
  });
}

function widthFigure(
  table: Parameters<typeof sweepFigure>[0],
  ensembles: readonly Ensemble[],
  context: ReproductionContext,
) {
  return sweepFigure(table, {
    title: 'A pair of networks comes to theory as 1/√N',
    subtitle: `Mean of a pair minus theory, root mean square over lags, ${TESTS} test inputs and ${ensembles.map(({ pairs }) => pairs).join(', ')} pairs`,
    x: { column: 'width', label: 'hidden width N', scale: 'log' },
    frames: READINGS.map(({ title, metric }) => ({ metric, title, label: 'deviation', scale: 'log' as const })),
    groupBy: 'group',
    residuals: false,
    guide: WIDTH_GUIDE,
    footer: footerOf(NAME, context),
    width: 1040,
  });
}

function checksOf([erf, relu]: readonly Drifted[], ensembles: readonly Ensemble[], shown: number) {
  const worst = (kind: DriftKind, k: number) => ({ value: Math.max(erf.scores[k][kind], relu.scores[k][kind]) });
  const compared = [...new Set([0, shown, ensembles.length - 1])];
  const asked = READINGS.flatMap((reading) =>
    compared.filter((k) => k > 0 || reading.kind === 'relearned').map((k) => ({ ...reading, k })),
  );
  return [
    ...asked.map(({ kind, title, k }) =>
      between(
        `N = ${ensembles[k].width}, ${title.toLowerCase()}: largest |ensemble − theory| over lags, inputs and activations, in standard errors (with 0.001 for the step)`,
        worst(kind, k),
        0,
        3.5,
      ),
    ),
    ...[erf, relu].map(({ name, bias }) =>
      near(
        `${name}, re-learned readout: (mean − theory) at N = ${ensembles[0].width} in units of its bias of order 1/N`,
        bias,
        1,
        0.1,
      ),
    ),
    near('erf, frozen readout long after: performance is lost', { value: erf.late }, 0, 1e-6),
    between('ReLU, frozen readout long after: |what is left|', { value: Math.abs(relu.late) }, 1e-3, 2),
    between(
      'frozen readout at equilibrium: relative slope at lag 0 (zero slope)',
      { value: Math.max(erf.slope, relu.slope) },
      0,
      0.1,
    ),
  ];
}
