import type { Matrix, RandomStream } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** Inputs and ±1 targets, for training and test. */
export interface SignData {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly test: { readonly X: Matrix; readonly y: Float64Array };
}

/** How many of them. */
export interface SignDataSizes {
  readonly examples: number;
  readonly tests: number;
  readonly features: number;
}

/** Gaussian inputs with |x|² = N0 and the signs of a random linear teacher. */
export function signData({ examples, tests, features }: SignDataSizes, rng: RandomStream): SignData {
  const teacher = rng.stream('teacher').fillGaussian(new Float64Array(features));
  const draw = (name: string, rows: number) => {
    const X = matrix(rows, features, rng.stream(name).fillGaussian(new Float64Array(rows * features)));
    const y = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const row = X.data.subarray(i * features, (i + 1) * features);
      const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / features);
      for (let j = 0; j < features; j++) row[j] /= norm;
      y[i] = Math.sign(row.reduce((sum, x, j) => sum + x * teacher[j], 0));
    }
    return { X, y };
  };
  return { ...draw('train', examples), test: draw('test', tests) };
}
