import { createRandom, type LinalgBackend } from '@ggdln/core';
import { type Matrix, matrixFromRows } from '@ggdln/linalg';
import { type Activation, linearActivation, reluActivation } from '../../src/kernels/index.ts';
import { type NdkNetwork, type NdkProblem, scaledErfActivation } from '../../src/ndk/index.ts';
import { backends, gaussianMatrix } from '../helpers.ts';

export const linalg: LinalgBackend = (await backends()).at(-1)!;

export const activations: readonly Activation[] = [linearActivation, reluActivation, scaledErfActivation()];

export const network: NdkNetwork = {
  activation: reluActivation,
  depth: 2,
  sigma: 1.1,
  sigma0: 1.5,
  temperature: 0.1,
};

/** A small problem; P = 4, two test points. */
export function problemOf(changes: Partial<NdkNetwork> = {}, tests = 2): NdkProblem {
  const rng = createRandom('ndk');
  return {
    network: { ...network, ...changes },
    X: gaussianMatrix(rng.stream('X'), 4, 5),
    y: rng.stream('y').fillGaussian(new Float64Array(4)),
    test: { X: gaussianMatrix(rng.stream('test'), tests, 5) },
  };
}

/** Overlaps of half-space gates with random directions, (π − θ)/2π, over training and test inputs. */
export function halfSpaceOverlaps({ X, test }: NdkProblem): Matrix {
  const rows = [X, ...(test ? [test.X] : [])].flatMap((a) =>
    Array.from({ length: a.rows }, (_, i) => a.data.subarray(i * a.cols, (i + 1) * a.cols)),
  );
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return matrixFromRows(
    rows.map((a) =>
      rows.map((b) => {
        const cosine = a === b ? 1 : dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
        return (Math.PI - Math.acos(cosine)) / (2 * Math.PI);
      }),
    ),
  );
}
