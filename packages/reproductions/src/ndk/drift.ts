import { createTable } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { between, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { NDK, signData } from './common.ts';
import { type Drifted, driftedNetwork, type Ensemble, NETWORKS, READINGS } from './driftedNetwork.ts';
import { type DriftKind, P, TEMPERATURE, TESTS } from './driftTheory.ts';
import { againstWidth, WIDTH_GUIDE } from './widths.ts';

const NAME = 'ndk/drift';
const TITLE = 'Representations drift, and only a frozen readout notices';

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
    for (const which of NETWORKS) found.push(await driftedNetwork(which, data, ensembles, shown, context));
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
