import { createPacer, createRandom, type Matrix, type Row, throwIfCancelled } from '@ggdln/core';
import { add, hadamard, identity, matrix } from '@ggdln/linalg';
import { galuGates, galuLimitKernels } from '@ggdln/theory/galu';
import { type Classifier, createClassifier, createSoftmaxRegression, shareRight, type Update } from '../classifier.ts';
import { readDigits } from '../digits.ts';
import { seedsFrom } from '../draws.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { createAdam } from './adam.ts';

export const NAME: string = 'galu/generalisation';

/** What the roles of these figures are called. */
export const GALU_NAMES = {
  'exact-sampling': 'Exact ridge regression ± 1 s.e. of draws',
  'infinite-width': 'Infinitely many gates',
  'gradient-descent': 'Adam',
} as const;

/** How much is computed. */
export interface DigitSetting {
  readonly images: number;
  readonly neurons: readonly number[];
  readonly ridges: readonly number[];
  /** Of the linear model, and of infinitely many gates, where others than `ridges`. */
  readonly linearRidges?: readonly number[];
  readonly limitRidges?: readonly number[];
  readonly draws: number;
  /** From k = 64 on, where draws differ little. */
  readonly fewer: number;
  /** Widths of networks under cross-entropy, and their draws. */
  readonly hidden: readonly number[];
  readonly hiddenDraws: number;
  readonly epochs: number;
}

/** Images, one a row. */
export interface Part {
  readonly X: Matrix;
  readonly labels: Uint8Array;
}

/** The first images of both parts, ready. */
export async function loadImages(images: number, context: ReproductionContext): Promise<DigitData> {
  const parts = await Promise.all((['train', 'test'] as const).map((part) => readDigits(part, context)));
  const [train, test] = parts.map((digits) => ({ X: digits.rows(0, images), labels: digits.labels.slice(0, images) }));
  return prepare({ train, test });
}

/** Both parts with the training mean subtracted, over the r.m.s. norm of the training images, in place. */
export function prepare({ train, test }: DigitData): DigitData {
  const { rows, cols, data } = train.X;
  const mean = new Float64Array(cols);
  data.forEach((value, at) => {
    mean[at % cols] += value / rows;
  });
  const square = data.reduce((sum, value, at) => sum + (value - mean[at % cols]) ** 2, 0) / rows;
  for (const { X } of [train, test]) {
    X.data.forEach((value, at) => {
      X.data[at] = (value - mean[at % cols]) / Math.sqrt(square);
    });
  }
  return { train, test };
}

/** Training and test images. */
export interface DigitData {
  readonly train: Part;
  readonly test: Part;
}

/** Kernel ridge regression: linear, k gates for each draw, infinitely many. */
export async function regress(
  { train, test }: DigitData,
  setting: DigitSetting,
  context: ReproductionContext,
): Promise<Row[]> {
  const { linalg, seed, signal, onProgress } = context;
  const [inner, cross] = [linalg.syrk(train.X), linalg.gemm(test.X, train.X, { transB: true })];
  const Y = matrix(
    train.X.rows,
    10,
    Float64Array.from({ length: 10 * train.X.rows }, (_, at) =>
      at % 10 === train.labels[Math.floor(at / 10)] ? 0.9 : -0.1,
    ),
  );
  const rows: Row[] = [];
  const pause = createPacer(0);
  const solve = async (model: string, cells: Row, K: Matrix, Kstar: Matrix, ridges = setting.ridges) => {
    for (const ridge of ridges) {
      throwIfCancelled(signal, NAME);
      const weights = linalg.choleskySolve(linalg.cholesky(add(K, identity(K.rows, ridge)), { overwrite: true }), Y);
      const accuracy = shareRight(linalg.gemm(Kstar, weights).data, test.labels, 10);
      rows.push({
        model,
        ...cells,
        ridge,
        role: 'theory',
        source: `ridge, λ = ${ridge}`,
        metric: 'test accuracy',
        value: accuracy,
        stderr: null,
      });
      onProgress?.({ stage: 'kernel ridge regression', done: rows.length, unit: 'fits' });
      await pause();
    }
  };
  await solve('linear', { neurons: null, draw: null }, inner, cross, setting.linearRidges);
  for (const k of setting.neurons) {
    for (const draw of seedsFrom(seed, k < 64 ? setting.draws : setting.fewer)) {
      const rng = createRandom(draw).stream(NAME);
      const U = matrix(k, train.X.cols, rng.fillGaussian(new Float64Array(k * train.X.cols)));
      const [open, openTest] = [train, test].map(({ X }) => galuGates(X, U));
      const K = hadamard(linalg.syrk(open, { alpha: 1 / k }), inner);
      await solve(
        `k = ${k}`,
        { neurons: k, draw },
        K,
        hadamard(linalg.gemm(openTest, open, { transB: true, alpha: 1 / k }), cross),
      );
    }
  }
  const limit = (from: Matrix) => galuLimitKernels(from, train.X).galu;
  await solve('k = ∞', { neurons: null, draw: null }, limit(train.X), limit(test.X), setting.limitRidges);
  return rows;
}

/** Hidden layers under cross-entropy with fixed gates and as ReLU, and softmax regression, which has none. */
export async function classify(
  { train, test }: DigitData,
  setting: DigitSetting,
  context: ReproductionContext,
): Promise<Row[]> {
  const { linalg, seed, signal, onProgress } = context;
  const larger = ({ X, labels }: Part) => ({ X: { ...X, data: X.data.map((value) => 28 * value) }, labels });
  const [known, unseen] = [larger(train), larger(test)];
  const sizes = { inputs: known.X.cols, classes: 10, batch: 50 };
  const rows: Row[] = [];
  const pause = createPacer();
  const learn = async (network: Classifier, model: string, neurons: number | null, draw: number | null) => {
    for (let epoch = 0; epoch < setting.epochs; epoch++) {
      throwIfCancelled(signal, NAME);
      network.learn(known.X, known.labels);
      await pause();
    }
    const cells = { model, neurons, draw, ridge: null, role: 'gradient-descent', source: model, stderr: null };
    rows.push({ ...cells, metric: 'test accuracy', value: network.accuracy(unseen.X, unseen.labels) });
    rows.push({ ...cells, metric: 'training accuracy', value: network.accuracy(known.X, known.labels) });
    onProgress?.({ stage: 'cross-entropy', done: rows.length / 2, unit: 'networks' });
  };
  const update = fallingAdam(setting.epochs * Math.ceil(known.X.rows / sizes.batch));
  await learn(createSoftmaxRegression({ ...sizes, update }, linalg), SOFTMAX, null, null);
  for (const hidden of setting.hidden) {
    for (const gates of ['fixed', 'relu'] as const) {
      for (const draw of seedsFrom(seed, setting.hiddenDraws)) {
        const rng = createRandom(draw).stream(NAME);
        const network = createClassifier({ ...sizes, hidden, gates, update }, rng, linalg);
        await learn(network, gates === 'fixed' ? 'GaLU, Adam' : 'ReLU, Adam', hidden, draw);
      }
    }
  }
  return rows;
}

/** What the model without hidden units is called. */
export const SOFTMAX = 'softmax regression';

/** Adam with steps that fall from 10⁻³ linearly to 0. @param total Steps. */
function fallingAdam(total: number): (length: number) => Update {
  return (length) => {
    const adam = createAdam(length);
    let step = 0;
    return (theta, gradient) => {
      adam(theta, gradient, 1e-3 * (1 - step / total));
      step += 1;
    };
  };
}
