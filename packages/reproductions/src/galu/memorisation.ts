import { createRandom, createTable, type Row } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { galuMemorizationCurve } from '@ggdln/theory/galu';
import { meansBy } from '../draws.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import {
  LOGISTIC,
  type MemorisationSetting,
  memorisationChecks,
  RELU,
  type Size,
  SPREAD,
  sizeName,
} from './memorisationChecks.ts';
import { reluMemory } from './reluMemory.ts';

const NAME = 'galu/memorisation';
const TITLE = 'Labels are memorised from one weight a label, with fixed gates as with trained ones';

const GRID = [0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2];
/** k = 5, 6, 8 of m = 200, d = 40. */
const NARROW = { inputs: 200, dimension: 40, ratios: [1, 1.2, 1.6] };
const COARSE = [0.25, 0.5, 0.75, 0.9, 1];

/** Error on random labels against kd/m for several sizes, and ReLU networks of the same width. */
export const memorisation: Reproduction = defineReproduction<MemorisationSetting>({
  name: NAME,
  title: TITLE,
  source: 'Fiat, Malach & Shalev-Shwartz 2019, arXiv:1906.05032; theory page galu, section 3',
  summary: 'Training error on random labels against kd/m: GaLU by least squares and by descent, ReLU by Adam.',
  settings: {
    quick: {
      sizes: [
        { inputs: 200, dimension: 10, ratios: GRID, draws: 5 },
        { inputs: 400, dimension: 20, ratios: COARSE, draws: 2 },
        { inputs: 1000, dimension: 50, ratios: COARSE, draws: 1 },
      ],
      relu: [0.25, 0.5, 0.75, 1, 1.5],
      reluDraws: 2,
      steps: 4000,
      separate: GRID,
      narrow: { ...NARROW, draws: 5 },
      spread: 40,
    },
    paper: {
      sizes: [
        { inputs: 200, dimension: 10, ratios: GRID, draws: 20 },
        { inputs: 400, dimension: 20, ratios: GRID, draws: 10 },
        { inputs: 1000, dimension: 50, ratios: GRID, draws: 5 },
      ],
      relu: GRID,
      reluDraws: 6,
      steps: 4000,
      separate: GRID,
      narrow: { ...NARROW, draws: 20 },
      spread: 80,
    },
    test: {
      sizes: [
        { inputs: 40, dimension: 5, ratios: [0.5, 1], draws: 2 },
        { inputs: 60, dimension: 5, ratios: [0.5, 1], draws: 1 },
      ],
      relu: [0.5],
      reluDraws: 1,
      steps: 50,
      separate: [0.5],
      narrow: { inputs: 20, dimension: 4, ratios: [1], draws: 1 },
      spread: 2,
    },
  },
  run: async (setting, context) => {
    const [first] = setting.sizes;
    const galu: Row[] = [];
    for (const size of setting.sizes) galu.push(...(await memorise(size, setting, context)));
    const scatter = { ...first, ratios: [0.5, 0.75], draws: setting.spread };
    const aside = [
      ...(await memorise(setting.narrow, setting, context)),
      ...(await memorise(scatter, setting, context)).map((row) => ({ ...row, size: SPREAD })),
      ...(await memoriseRelu(setting.narrow, setting, context)),
    ];
    const shown = [...galu, ...(await memoriseRelu({ ...first, ratios: setting.relu }, setting, context))];
    const rows = [...shown, ...aside];
    const table = createTable(rows);
    return {
      tables: { table },
      arrays: {},
      figures: { figure: draw(shown, setting, context) },
      checks: memorisationChecks(rows, setting),
      notes: [
        'GaLU is linear in its weights: least squares is exact, and gradient descent follows from eigenvalues, with the step m/κ_max.',
        'ReLU: both layers, full batches, Adam from 0.03 to 0 as a cosine, 4000 steps, on squared error or logistic loss; what it reaches depends on this training.',
        'Exact fits (squared error) need kd ≥ m; only signs are fitted from about kd = m/2 on, where labels become separable.',
      ],
    };
  },
});

async function memorise(
  size: Size,
  { separate, sizes, narrow }: MemorisationSetting,
  { seed, linalg, signal, onProgress }: ReproductionContext,
): Promise<Row[]> {
  const [first] = sizes;
  const rng = createRandom(seed).stream(NAME).stream(sizeName(size));
  const common = { ...size, rng, linalg, ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
  const found = await galuMemorizationCurve({
    ...common,
    gdSteps: size === first ? [300, 3000] : [],
    separate: size === first ? separate : size === narrow ? size.ratios : [],
  });
  return found.flatMap(({ ratio, draw, trainMse, signErrors, rank, separable, gdMse }) => {
    const row = (metric: string, value: number): Row => ({
      ...{ size: sizeName(size), ratio, draw, source: 'least squares', role: 'theory', metric, value, stderr: null },
    });
    return [
      row('error', trainMse),
      row('sign error', signErrors / size.inputs),
      row('rank/m', rank / size.inputs),
      ...(separable === undefined ? [] : [row('separable', separable ? 1 : 0)]),
      ...gdMse.map((mse, i) => row(`error after ${[300, 3000][i]} steps`, mse)),
    ];
  });
}

/** ReLU networks at the ratios of a size: by squared error, and on the first size by logistic loss, too. */
async function memoriseRelu(
  size: Size,
  { sizes: [first], narrow, reluDraws, steps }: MemorisationSetting,
  context: ReproductionContext,
): Promise<Row[]> {
  const { seed, linalg, signal, onProgress } = context;
  const { inputs, dimension, ratios } = size;
  const losses = size === narrow ? (['squared'] as const) : (['squared', 'logistic'] as const);
  const rows: Row[] = [];
  for (let draw = 0; draw < reluDraws; draw++) {
    for (const ratio of ratios) {
      const units = Math.round((ratio * inputs) / dimension);
      for (const loss of losses) {
        const rng = createRandom(seed).stream(NAME).stream(`relu/${draw}`);
        const sized = { inputs, dimension, units, loss, steps, rng, linalg, ...(signal ? { signal } : {}) };
        const { mse, signErrors } = await reluMemory(sized);
        const name = loss === 'squared' ? RELU : LOGISTIC;
        const place = {
          size: inputs === first.inputs && dimension === first.dimension ? name : `${name}, ${sizeName(size)}`,
          ratio: (units * dimension) / inputs,
          draw,
          source: 'ReLU',
          role: 'gradient-descent',
        };
        if (loss === 'squared') rows.push({ ...place, metric: 'error', value: mse, stderr: null });
        rows.push({ ...place, metric: 'sign error', value: signErrors / inputs, stderr: null });
        onProgress?.({ stage: 'ReLU networks', done: rows.length, unit: 'numbers' });
      }
    }
  }
  return rows;
}

/** Means over draws: errors and sign errors of three sizes, which should be one curve. */
function draw(all: readonly Row[], { sizes }: MemorisationSetting, context: ReproductionContext): ReproductionFigure {
  const shown = all.filter(({ metric }) => metric === 'error' || metric === 'sign error');
  const means = meansBy(shown, ['size', 'metric', 'ratio']).map(
    (row): Row => ({ ...row, role: row.role === 'theory' ? 'exact-sampling' : row.role }),
  );
  // Above kd = m it is 0; the law knows no size.
  const law = [...new Set(means.map(({ ratio }) => Number(ratio)))]
    .sort((a, b) => a - b)
    .map(
      (ratio): Row => ({
        ...{ size: null, ratio, source: 'law', role: 'theory', metric: 'error', stderr: null },
        value: Math.max(0, 1 - ratio),
      }),
    );
  const x = { column: 'ratio', label: 'weights per label kd/m', scale: 'linear' } as const;
  return sweepFigure(createTable([...law, ...means]), {
    title: TITLE,
    subtitle: `Random labels ±1 · inputs on the unit sphere · ${sizes.map(sizeName).join(' · ')} · ReLU on the first`,
    x,
    frames: [
      { metric: 'error', title: 'Squared error', note: 'training inputs', label: 'mean squared error' },
      { metric: 'sign error', title: 'Wrong signs', note: 'of the same fits', label: 'share of labels' },
    ],
    groupBy: 'size',
    residuals: false,
    names: {
      theory: 'Law of GaLU, 1 − kd/m',
      'exact-sampling': 'GaLU, exact least squares ± 1 s.e. of draws',
      'gradient-descent': 'ReLU',
    },
    caption:
      'Discs: GaLU by exact least squares, means over draws of inputs, labels and gates. Diamonds: ReLU of the same width, both layers trained by Adam.',
    footer: footerOf(NAME, context),
    width: 1040,
  });
}

type ReproductionFigure = ReturnType<typeof sweepFigure>;
