import {
  type Examples,
  type IntegerOption,
  inputError,
  integer,
  type JsonObject,
  type Matrix,
  type RandomStream,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** Inputs × examples that are made at most (2 GiB). */
const MAX_ENTRIES = 2 ** 28;

/** Sizes that all synthetic datasets share. */
export interface Sizes {
  readonly inputs: number;
  readonly trainSize: number;
  readonly testSize: number;
}

/** Declares the options of `Sizes` with the given defaults. */
export function sizeOptions(defaults: Sizes): { readonly [Name in keyof Sizes]: IntegerOption } {
  return {
    inputs: integer({ title: 'Inputs', symbol: 'N0', min: 1, default: defaults.inputs, help: 'Input dimension.' }),
    trainSize: integer({
      title: 'Training examples',
      symbol: 'P',
      min: 1,
      default: defaults.trainSize,
      help: 'Number of training examples, of all contexts together.',
    }),
    testSize: integer({
      title: 'Test examples',
      min: 1,
      default: defaults.testSize,
      help: 'Number of test examples; their targets carry no noise.',
    }),
  };
}

/** @throws GGDLN_INPUT when the inputs would not fit in memory. */
export function requireRoom(where: string, { inputs, trainSize, testSize }: Sizes): void {
  const entries = (trainSize + testSize) * inputs;
  if (entries <= MAX_ENTRIES) return;
  throw inputError(
    where,
    `${trainSize} + ${testSize} examples of ${inputs} inputs are ${entries} numbers`,
    `Ask for at most ${MAX_ENTRIES} (2 GiB)`,
  );
}

/** rows × cols independent standard normals. */
export function gaussianMatrix(rows: number, cols: number, rng: RandomStream): Matrix {
  return matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols)));
}

/** w·x / √N0 for every row x of X and the given row w of `weights`. */
export function project(weights: Matrix, row: number, X: Matrix, example: number): number {
  const { cols } = X;
  let sum = 0;
  for (let j = 0; j < cols; j++) sum += weights.data[row * cols + j] * X.data[example * cols + j];
  return sum / Math.sqrt(cols);
}

/** Mean of y² in both parts: what relative errors are relative to. */
export function meanSquares(train: Examples, test: Examples): JsonObject {
  const mean = ({ Y }: Examples) => Y.data.reduce((sum, y) => sum + y * y, 0) / Y.data.length;
  return { train: mean(train), test: mean(test) };
}
