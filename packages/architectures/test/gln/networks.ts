import { createRandom, type Parameters } from '@ggdln/core';
import { type BernoulliGln, type BernoulliGlnOptions, createBernoulliGln, drawGlnHalfSpaces } from '../../src/index.ts';

/** A Bernoulli network of 3 inputs and 2 numbers of side information, with its half-spaces. */
export function makeBernoulli(
  layerSizes: readonly number[],
  contextBits: number,
  options: Partial<BernoulliGlnOptions> = {},
): BernoulliGln {
  const halfSpaces = drawGlnHalfSpaces(
    { sideInputs: 2, layerSizes, contextBits, offsetDeviation: 0.3 },
    createRandom(`${layerSizes} ${contextBits}`),
  );
  return createBernoulliGln({ inputs: 3, halfSpaces, ...options });
}

/** Normal weights of given shapes. */
export function randomWeights(shapes: Readonly<Record<string, readonly number[]>>, scale = 1): Parameters {
  const rng = createRandom('weights');
  return Object.fromEntries(
    Object.entries(shapes).map(([name, [a, b, c]]) => [name, rng.fillGaussian(new Float64Array(a * b * c), scale)]),
  );
}

/** Normal numbers of a named stream. */
export function normals(count: number, seed: string): Float64Array {
  return createRandom(seed).fillGaussian(new Float64Array(count));
}
