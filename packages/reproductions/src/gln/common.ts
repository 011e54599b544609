import {
  type BernoulliInput,
  createBernoulliGln,
  drawGlnHalfSpaces,
  sigmoid,
  withKnownContexts,
} from '@ggdln/architectures';
import type { LinalgBackend, Matrix, RandomStream } from '@ggdln/core';
import { bernoulliLearner, type OnlineLearner, type OnlineRun, oneVsAllLearner } from '@ggdln/learning';

export const GLN = 'Veness et al. 2019, arXiv:1910.01526; theory page gln';

/** A network of the literature: sizes nearest to the inputs first, and context bits. */
export interface GlnShape {
  readonly layers: readonly number[];
  readonly bits: number;
  /** Of every weight at the start; default 1/fan-in. */
  readonly initialWeight?: number;
}

/** What will be shown, and what multiplies matrices: contexts are then found beforehand, all by one product. */
export interface Foreseen {
  readonly inputs: readonly BernoulliInput[];
  readonly linalg: LinalgBackend;
}

/** e.g. `[20, 1], B = 4`. */
export const nameOf = ({ layers, bits }: GlnShape): string => `[${layers.join(', ')}], B = ${bits}`;

/** x̃ = (x − x̄)/(std(x) + 1) with pixels from 0 to 255, in place of the rows of pixels between 0 and 1. */
export function standardiseRows(pixels: Matrix): Matrix {
  const { rows, cols, data } = pixels;
  for (let row = 0; row < rows; row++) {
    const x = data.subarray(row * cols, (row + 1) * cols);
    const mean = x.reduce((sum, value) => sum + value, 0) / cols;
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cols);
    for (let i = 0; i < cols; i++) x[i] = (255 * (x[i] - mean)) / (255 * deviation + 1);
  }
  return pixels;
}

/** z = x̃ and p⁰ = σ(x̃) of each row. */
export function bernoulliInputs({ rows, cols, data }: Matrix): BernoulliInput[] {
  return Array.from({ length: rows }, (_, row) => {
    const side = data.subarray(row * cols, (row + 1) * cols);
    return { side, base: side.map(sigmoid) };
  });
}

/** One network with half-spaces of its own on 784 inputs. */
function member({ layers, bits, initialWeight }: GlnShape, rng: RandomStream, foreseen?: Foreseen) {
  const inputs = 784;
  const halfSpaces = drawGlnHalfSpaces({ sideInputs: inputs, layerSizes: layers, contextBits: bits }, rng);
  const plain = createBernoulliGln({ inputs, halfSpaces });
  const sides = foreseen?.inputs.map(({ side }) => side);
  const network = foreseen && sides ? withKnownContexts(plain, sides, foreseen.linalg) : plain;
  return bernoulliLearner(network, initialWeight === undefined ? {} : { initialWeight });
}

/** Ten networks, one a digit. */
export function digitClassifier(
  shape: GlnShape,
  rng: RandomStream,
  foreseen?: Foreseen,
): OnlineLearner<BernoulliInput, number, Labelled> {
  return oneVsAllLearner(Array.from({ length: 10 }, (_, digit) => member(shape, rng.stream(digit), foreseen)));
}

/** One network that says 1 or 0. */
export function binaryClassifier(shape: GlnShape, rng: RandomStream): OnlineLearner<BernoulliInput, number, Labelled> {
  const learner = member(shape, rng.stream(0));
  const label = ({ logit }: { readonly logit: number }): Labelled => ({ label: logit > 0 ? 1 : 0 });
  return {
    init: learner.init,
    open(state, watch) {
      const run = learner.open(state, watch);
      return {
        get steps() {
          return run.steps;
        },
        predict: (input) => label(run.predict(input)),
        step: (input, target, rate) => label(run.step(input, target, rate)),
        state: () => run.state(),
      };
    },
  };
}

/** What is predicted: a class. */
export interface Labelled {
  readonly label: number;
}

export type LabelRun = OnlineRun<BernoulliInput, number, Labelled>;

/** Share of examples whose label is predicted. */
export function accuracyOf(
  run: Pick<LabelRun, 'predict'>,
  inputs: readonly BernoulliInput[],
  labels: Uint8Array,
): number {
  const right = inputs.filter((input, i) => run.predict(input).label === labels[i]).length;
  return right / inputs.length;
}
