import { createTable, type Row } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { between, type Check, momentsOf, near, pageBand } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { classify, type DigitSetting, GALU_NAMES, loadImages, NAME, regress, SOFTMAX } from './digitModels.ts';

const TITLE = 'Fixed gates generalise: above linear with a few, near ReLU with many';

/** Test accuracy on the theory page, section 4: images, neurons (0 is the linear model), λ. */
const PAGE: readonly {
  readonly images: number;
  readonly model: string;
  readonly ridge: number;
  readonly accuracy: number;
}[] = [
  { images: 2000, model: 'linear', ridge: 0.001, accuracy: 0.71 },
  { images: 2000, model: 'linear', ridge: 0.01, accuracy: 0.73 },
  { images: 2000, model: 'linear', ridge: 0.1, accuracy: 0.763 },
  { images: 2000, model: 'linear', ridge: 0.3, accuracy: 0.774 },
  { images: 2000, model: 'linear', ridge: 1, accuracy: 0.787 },
  { images: 2000, model: 'linear', ridge: 3, accuracy: 0.794 },
  { images: 2000, model: 'linear', ridge: 10, accuracy: 0.789 },
  { images: 2000, model: 'k = 4', ridge: 1, accuracy: 0.773 },
  { images: 2000, model: 'k = 8', ridge: 0.3, accuracy: 0.818 },
  { images: 2000, model: 'k = 16', ridge: 1, accuracy: 0.852 },
  { images: 4000, model: 'linear', ridge: 0.01, accuracy: 0.782 },
  { images: 4000, model: 'k = 4', ridge: 0.01, accuracy: 0.748 },
  { images: 4000, model: 'k = 16', ridge: 0.01, accuracy: 0.849 },
  { images: 4000, model: 'k = 64', ridge: 0.01, accuracy: 0.909 },
  { images: 4000, model: 'k = 256', ridge: 0.01, accuracy: 0.926 },
  { images: 4000, model: 'k = 1024', ridge: 0.01, accuracy: 0.933 },
  { images: 4000, model: 'k = ∞', ridge: 0.1, accuracy: 0.934 },
  { images: 4000, model: 'k = ∞', ridge: 0.01, accuracy: 0.936 },
  { images: 4000, model: 'k = ∞', ridge: 0.001, accuracy: 0.937 },
];

/** A mean of three draws, its scatter, and the training accuracy. */
type Accuracy = readonly [test: number, scatter: number, training: number];

/** The same, hidden layers under cross-entropy with 4000 images. */
const PAGE_HIDDEN: readonly (readonly [neurons: number, galu: Accuracy, relu: Accuracy])[] = [
  [4, [0.506, 0.02, 0.55], [0.663, 0.008, 0.75]],
  [8, [0.711, 0.006, 0.83], [0.845, 0.002, 0.93]],
  [16, [0.809, 0.005, 0.94], [0.882, 0.003, 0.98]],
  [32, [0.858, 0.003, 0.994], [0.899, 0.005, 0.997]],
  [64, [0.878, 0.007, 1], [0.912, 0.003, 1]],
  [128, [0.894, 0.001, 1], [0.918, 0.001, 1]],
];

/** Softmax regression. */
const PAGE_SOFTMAX = { test: 0.873, training: 0.963 };

/** Digits by kernel ridge regression with fixed gates, and by hidden layers under cross-entropy. */
export const generalisation: Reproduction = defineReproduction<DigitSetting>({
  name: NAME,
  title: TITLE,
  source: 'Fiat, Malach & Shalev-Shwartz 2019, arXiv:1906.05032; theory page galu, section 4',
  summary:
    'Test accuracy on MNIST against the number of gated units: exact ridge regression, and GaLU beside ReLU under Adam.',
  settings: {
    quick: {
      images: 2000,
      neurons: [4, 8, 16, 64],
      ridges: [0.01, 0.3, 1],
      linearRidges: [0.001, 0.01, 0.1, 0.3, 1, 3, 10],
      draws: 3,
      fewer: 1,
      hidden: [8, 32],
      hiddenDraws: 1,
      epochs: 20,
    },
    paper: {
      images: 4000,
      neurons: [4, 16, 64, 256, 1024],
      ridges: [0.01, 0.1, 1],
      linearRidges: [0.01, 0.1, 1],
      limitRidges: [0.001, 0.01, 0.1, 1],
      draws: 6,
      fewer: 3,
      hidden: [4, 8, 16, 32, 64, 128],
      hiddenDraws: 3,
      epochs: 20,
    },
    test: { images: 60, neurons: [4], ridges: [0.01, 1], draws: 2, fewer: 2, hidden: [4], hiddenDraws: 1, epochs: 1 },
  },
  run: async (setting, context) => {
    const data = await loadImages(setting.images, context);
    const rows = [...(await regress(data, setting, context)), ...(await classify(data, setting, context))];
    return {
      tables: { table: createTable(rows), means: meansOf(rows) },
      arrays: {},
      figures: { figure: draw(rows, setting, context) },
      checks: checksOf(rows, setting),
      notes: [
        `First ${setting.images} training and first ${setting.images} test images, pixels/255, training mean subtracted, divided by the r.m.s. norm. Squared loss on one-hot minus 0.1, ‖f − y‖² + λ‖w‖².`,
        'Draws of gates scatter by 0.01 to 0.02 at k = 4 and by 0.002 to 0.005 from k = 64 on; means and standard deviations are in the table of means.',
        'Cross-entropy: one hidden layer with biases, inputs times 28, Adam from 0.001 linearly to 0, batches of 50, 20 epochs; gates of GaLU are drawn like weights and stay.',
      ],
    };
  },
});

/** Means and scatter over draws of each model, λ and metric. */
function meansOf(rows: readonly Row[]) {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.model, row.neurons, row.ridge, row.metric]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return createTable(
    [...groups.values()].map((group) => {
      const { mean, scatter } = momentsOf(group.map(({ value }) => Number(value)));
      const { draw: _draw, ...cells } = group[0];
      return {
        ...cells,
        value: mean,
        stderr: group.length > 1 ? scatter / Math.sqrt(group.length) : null,
        scatter,
        draws: group.length,
      };
    }),
  );
}

function checksOf(rows: readonly Row[], { images, ridges, hidden, hiddenDraws }: DigitSetting): Check[] {
  if (images < 2000) return [];
  const of = (model: string, ridge: number | null, neurons?: number) =>
    rows
      .filter(
        (row) =>
          row.model === model &&
          row.ridge === ridge &&
          row.metric === 'test accuracy' &&
          (neurons ?? row.neurons) === row.neurons,
      )
      .map(({ value }) => Number(value));
  const mean = (model: string, ridge: number | null, neurons?: number) => momentsOf(of(model, ridge, neurons)).mean;
  const known = PAGE.filter((target) => target.images === images && of(target.model, target.ridge).length > 0);
  const largest = hidden[hidden.length - 1];
  const gap = (neurons: number) => mean('ReLU, Adam', null, neurons) - mean('GaLU, Adam', null, neurons);
  return [
    ...known.map(({ model, ridge, accuracy }) => {
      const draws = of(model, ridge);
      const { mean: value, scatter } = momentsOf(draws);
      // The page has two or three draws; without gates nothing is drawn and only the last digit is free.
      const band = draws.length > 1 ? pageBand(Math.max(scatter, 0.003), draws.length, 2) : 0.002;
      return near(`test accuracy, ${model}, λ = ${ridge}`, { value }, accuracy, band);
    }),
    ...(images === 4000 ? hiddenChecks(rows, hidden, hiddenDraws) : []),
    between('k = ∞ minus k = 64, λ = 0.01', { value: mean('k = ∞', ridges[0]) - mean('k = 64', ridges[0]) }, 0, 0.05),
    between('k = 16 minus linear, each at its best λ', { value: best('k = 16') - best('linear') }, 0.03, 0.1),
    between(`ReLU minus GaLU under Adam, k = ${hidden[0]}`, { value: gap(hidden[0]) }, 0.05, 0.25),
    between(`ReLU minus GaLU under Adam, k = ${largest}`, { value: gap(largest) }, 0, gap(hidden[0])),
  ];
  function best(model: string): number {
    return Math.max(...ridges.map((ridge) => mean(model, ridge)));
  }
}

/** Networks under cross-entropy against the page. */
function hiddenChecks(rows: readonly Row[], hidden: readonly number[], draws: number): Check[] {
  const found = (model: string, neurons: number | null, metric: string) => {
    const own = rows.filter((row) => row.model === model && row.neurons === neurons && row.metric === metric);
    return momentsOf(own.map(({ value }) => Number(value)));
  };
  const one = (model: string, neurons: number, [test, scatter, training]: Accuracy): Check[] => {
    const ours = found(model, neurons, 'test accuracy');
    // Scatters of three draws are rough: the larger of theirs and ours, and not below that of the easiest.
    const spread = Math.max(scatter, ours.scatter, 0.004);
    const band = pageBand(spread, draws, 3);
    const learned = { value: found(model, neurons, 'training accuracy').mean };
    const where = `${model}, k = ${neurons}`;
    return [
      near(`test accuracy, ${where}`, { value: ours.mean }, test, band),
      near(`training accuracy, ${where}`, learned, training, 0.005 + 3 * spread * (1 - training + 0.2)),
    ];
  };
  return [
    ...PAGE_HIDDEN.filter(([neurons]) => hidden.includes(neurons)).flatMap(([neurons, galu, relu]) => [
      ...one('GaLU, Adam', neurons, galu),
      ...one('ReLU, Adam', neurons, relu),
      near(
        `ReLU minus GaLU under Adam, k = ${neurons}`,
        {
          value:
            found('ReLU, Adam', neurons, 'test accuracy').mean - found('GaLU, Adam', neurons, 'test accuracy').mean,
        },
        relu[0] - galu[0],
        pageBand(Math.hypot(Math.max(galu[1], 0.006), Math.max(relu[1], 0.006)), draws, 3),
      ),
    ]),
    // Nothing is drawn; the page may have other initial weights.
    near(`test accuracy, ${SOFTMAX}`, { value: found(SOFTMAX, null, 'test accuracy').mean }, PAGE_SOFTMAX.test, 0.006),
    near(
      `training accuracy, ${SOFTMAX}`,
      { value: found(SOFTMAX, null, 'training accuracy').mean },
      PAGE_SOFTMAX.training,
      0.006,
    ),
  ];
}

function draw(rows: readonly Row[], { images, ridges }: DigitSetting, context: ReproductionContext) {
  const means = meansOf(rows.filter(({ metric, neurons }) => metric === 'test accuracy' && neurons !== null));
  const groups = [...ridges.map((ridge) => `ridge, λ = ${ridge}`), 'GaLU, Adam', 'ReLU, Adam'];
  const points = means.rows.map((row) => ({
    ...row,
    role: row.role === 'theory' ? 'exact-sampling' : row.role,
    group: row.source,
  }));
  const limits = rows
    .filter(({ model }) => model === 'k = ∞')
    .map((row) => ({ ...row, role: 'infinite-width', group: row.source }));
  const ordered = groups.flatMap((group) => [...points, ...limits].filter((row) => row.group === group));
  const best = Math.max(...rows.filter(({ model }) => model === 'linear').map(({ value }) => Number(value)));
  return sweepFigure(createTable(ordered), {
    title: TITLE,
    subtitle: `MNIST, first ${images} training and test images · linear model: ${best.toFixed(3)} at its best λ`,
    x: { column: 'neurons', label: 'gated units k', scale: 'log' },
    frames: [
      { metric: 'test accuracy', title: 'Test accuracy', note: 'ten digits', label: 'share of test images', unit: '' },
    ],
    groupBy: 'group',
    residuals: false,
    names: GALU_NAMES,
    caption:
      'Exact ridge regression with fixed gates has a weight vector for each gate and class. Diamonds: a hidden layer under cross-entropy. Dashed: infinitely many gates.',
    footer: footerOf(NAME, context),
    width: 1040,
  });
}
