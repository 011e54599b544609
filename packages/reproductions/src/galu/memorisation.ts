import { createRandom, createTable, type Row } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { galuMemorizationCurve } from '@ggdln/theory/galu';
import { between, type Check, momentsOf, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { reluMemory } from './reluMemory.ts';

const NAME = 'galu/memorisation';
const TITLE = 'Labels are memorised from one weight a label, with fixed gates as with trained ones';

/** m inputs of d dimensions. */
interface Size {
  readonly inputs: number;
  readonly dimension: number;
  readonly ratios: readonly number[];
  readonly draws: number;
}

interface Setting {
  readonly sizes: readonly Size[];
  /** kd/m at which a ReLU network is trained, on inputs of the first size. */
  readonly relu: readonly number[];
  readonly reluDraws: number;
  readonly steps: number;
  /** Labels to separate by linear programming. */
  readonly separate: readonly number[];
}

const GRID = [0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1, 1.25, 1.5, 2];
const COARSE = [0.25, 0.5, 0.75, 0.9, 1];

/** Theory page galu, section 3, m = 200 and d = 10: mean squared error of least squares (5 draws), of ReLU (3 draws). */
const LEAST_SQUARES: readonly (readonly [ratio: number, mse: number])[] = [
  [0.25, 0.746],
  [0.4, 0.594],
  [0.5, 0.51],
  [0.6, 0.398],
  [0.75, 0.269],
  [0.9, 0.129],
];
const RELU: readonly (readonly [ratio: number, mse: number, std: number])[] = [
  [0.25, 0.688, 0.058],
  [0.5, 0.365, 0.046],
  [0.75, 0.135, 0.02],
  [1, 0.01, 0.01],
];
const GD: readonly (readonly [ratio: number, steps: 300 | 3000, mse: number, band: number])[] = [
  [0.75, 300, 0.336, 0.05],
  [1, 300, 0.213, 0.05],
  [1, 3000, 0.071, 0.035],
  [1.5, 3000, 0.002, 0.003],
];

/** Error on random labels against kd/m for three sizes, and a ReLU network of the same width. */
export const memorisation: Reproduction = defineReproduction<Setting>({
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
      separate: [0.25, 0.4, 0.6, 0.75],
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
      separate: GRID.slice(0, 6),
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
    },
  },
  run: async (setting, context) => {
    const galu: Row[] = [];
    for (const size of setting.sizes) galu.push(...(await memorise(size, setting, context)));
    const rows = [...galu, ...(await memoriseRelu(setting, context))];
    const table = createTable(rows);
    return {
      tables: { table },
      arrays: {},
      figures: { figure: draw(rows, setting, context) },
      checks: checksOf(rows, setting),
      notes: [
        'GaLU is linear in its weights: least squares is exact, and gradient descent follows from eigenvalues, with the step m/κ_max.',
        'ReLU: both layers, full batches, Adam from 0.03 to 0 as a cosine, 4000 steps; what it reaches depends on this training.',
        'Exact fits (squared error) need kd ≥ m; only signs are fitted from about kd = m/2 on, where labels become separable.',
      ],
    };
  },
});

const sizeName = ({ inputs, dimension }: Pick<Size, 'inputs' | 'dimension'>): string =>
  `m = ${inputs}, d = ${dimension}`;

async function memorise(
  size: Size,
  { separate, sizes }: Setting,
  { seed, linalg, signal, onProgress }: ReproductionContext,
): Promise<Row[]> {
  const first = size === sizes[0];
  const rng = createRandom(seed).stream(NAME).stream(sizeName(size));
  const common = { ...size, rng, linalg, ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
  const found = await galuMemorizationCurve({
    ...common,
    gdSteps: first ? [300, 3000] : [],
    separate: first ? separate : [],
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

async function memoriseRelu(
  { sizes: [size], relu, reluDraws, steps }: Setting,
  context: ReproductionContext,
): Promise<Row[]> {
  const { seed, linalg, signal, onProgress } = context;
  const rows: Row[] = [];
  for (let draw = 0; draw < reluDraws; draw++) {
    for (const ratio of relu) {
      const units = Math.round((ratio * size.inputs) / size.dimension);
      const rng = createRandom(seed).stream(NAME).stream(`relu/${draw}`);
      const { mse, signErrors } = await reluMemory({
        ...size,
        units,
        steps,
        rng,
        linalg,
        ...(signal ? { signal } : {}),
      });
      const place = {
        size: 'ReLU, Adam',
        ratio: (units * size.dimension) / size.inputs,
        draw,
        source: 'ReLU',
        role: 'gradient-descent',
      };
      rows.push({ ...place, metric: 'error', value: mse, stderr: null });
      rows.push({ ...place, metric: 'sign error', value: signErrors / size.inputs, stderr: null });
      onProgress?.({ stage: 'ReLU networks', done: rows.length / 2, total: reluDraws * relu.length, unit: 'networks' });
    }
  }
  return rows;
}

function checksOf(rows: readonly Row[], { sizes, relu }: Setting): Check[] {
  const found = (name: string, metric: string, ratio: number) =>
    momentsOf(
      rows
        .filter((row) => row.size === name && row.metric === metric && Math.abs(Number(row.ratio) - ratio) < 0.01)
        .map(({ value }) => Number(value)),
    ).mean;
  const [first] = sizes;
  const name = sizeName(first);
  const fitted = first.ratios.filter((ratio) => ratio >= 1).map((ratio) => found(name, 'error', ratio));
  const laws = sizes.flatMap((size) =>
    size.ratios
      .filter((ratio) => [0.25, 0.5, 0.75].includes(ratio))
      .map((ratio) => {
        const value = found(sizeName(size), 'error', ratio);
        return near(
          `error, ${sizeName(size)}, kd/m = ${ratio}`,
          { value },
          1 - ratio,
          3 * spreadOf(ratio, size.inputs, 1 / size.draws),
        );
      }),
  );
  const common = [...laws, between('largest error from kd = m on', { value: Math.max(...fitted) }, 0, 1e-3)];
  if (first.inputs < 200) return common;
  const share = (low: number, high: number) => (found(name, 'separable', low) + found(name, 'separable', high)) / 2;
  const gain = found('ReLU, Adam', 'error', 0.75) - found(name, 'error', 0.75);
  return [
    ...common,
    ...LEAST_SQUARES.map(([ratio, mse]) => {
      const band = 3 * spreadOf(ratio, first.inputs, 1 / first.draws + 1 / 5);
      return near(`error, ${name}, kd/m = ${ratio}, theory page`, { value: found(name, 'error', ratio) }, mse, band);
    }),
    between('share of draws separable at kd/m = 0.25 and 0.4', { value: share(0.25, 0.4) }, 0, 0.1),
    between('share of draws separable at kd/m = 0.6 and 0.75', { value: share(0.6, 0.75) }, 0.8, 1),
    ...GD.map(([ratio, steps, mse, band]) => {
      const value = found(name, `error after ${steps} steps`, ratio);
      return near(`error after ${steps} steps, kd/m = ${ratio}`, { value }, mse, band);
    }),
    ...RELU.filter(([ratio]) => relu.includes(ratio)).map(([ratio, mse, std]) =>
      near(`error of ReLU, kd/m = ${ratio}`, { value: found('ReLU, Adam', 'error', ratio) }, mse, 3 * std),
    ),
    between('error of ReLU minus that of GaLU, kd/m = 0.75', { value: gain }, -0.3, -0.05),
  ];
}

/** Standard deviation over draws of labels ±1 (theory page). @param draws Sum of 1/draws of what is compared. */
const spreadOf = (ratio: number, inputs: number, draws: number): number =>
  Math.sqrt(((2 * ratio * (1 - ratio)) / inputs) * draws);

/** Means over draws: errors and sign errors of three sizes, which should be one curve. */
function draw(all: readonly Row[], { sizes }: Setting, context: ReproductionContext): ReproductionFigure {
  const shown = all.filter(({ metric }) => metric === 'error' || metric === 'sign error');
  const groups = new Map<string, Row[]>();
  for (const row of shown) {
    const key = `${row.size} ${row.metric} ${row.ratio}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const means = [...groups.values()].map((group) => {
    const { mean, scatter } = momentsOf(group.map(({ value }) => Number(value)));
    const stderr = group.length > 1 ? scatter / Math.sqrt(group.length) : null;
    return { ...group[0], value: mean, stderr };
  });
  const x = { column: 'ratio', label: 'weights per label kd/m', scale: 'linear' } as const;
  return sweepFigure(createTable(means), {
    title: TITLE,
    subtitle: `Random labels ±1 · inputs on the unit sphere · ${sizes.map(sizeName).join(' · ')} · ReLU on the first`,
    x,
    frames: [
      { metric: 'error', title: 'Squared error', note: 'training inputs', label: 'mean squared error' },
      { metric: 'sign error', title: 'Wrong signs', note: 'of the same fits', label: 'share of labels' },
    ],
    groupBy: 'size',
    residuals: false,
    caption:
      'GaLU by exact least squares, means over draws of inputs, labels and gates; their law is 1 − kd/m. Diamonds: ReLU of the same width, both layers trained by Adam.',
    footer: footerOf(NAME, context),
    width: 1040,
  });
}

type ReproductionFigure = ReturnType<typeof sweepFigure>;
