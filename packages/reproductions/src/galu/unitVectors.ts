import type { Matrix, RandomStream } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** Inputs uniform on the unit sphere, one a row. */
export function unitVectors(count: number, dimension: number, rng: RandomStream): Matrix {
  const X = matrix(count, dimension, rng.fillGaussian(new Float64Array(count * dimension)));
  for (let row = 0; row < count; row++) {
    const x = X.data.subarray(row * dimension, (row + 1) * dimension);
    const norm = Math.hypot(...x);
    for (let i = 0; i < dimension; i++) x[i] /= norm;
  }
  return X;
}
