import {
  type BernoulliGln,
  type BernoulliInput,
  createBernoulliGln,
  drawGlnHalfSpaces,
  type GaussianInput,
  sigmoid,
} from '@ggdln/architectures';
import { createRandom } from '@ggdln/core';
import type { OnlineExample } from '../../src/index.ts';

/** A Bernoulli network of 2 inputs that are also its side information. */
export function makeNetwork(
  layerSizes: readonly number[],
  contextBits: number,
  options: { offsetDeviation?: number; seed?: number; epsilon?: number; biasLogit?: number } = {},
): BernoulliGln {
  const { offsetDeviation = 0.3, seed = 1, ...rest } = options;
  const rng = createRandom(seed).stream('half-spaces');
  const halfSpaces = drawGlnHalfSpaces({ sideInputs: 2, layerSizes, contextBits, offsetDeviation }, rng);
  return createBernoulliGln({ inputs: 2, halfSpaces, ...rest });
}

/** z = x and p⁰ = σ(x). */
function bernoulliExample(x: number, y: number, target: number): OnlineExample<BernoulliInput, number> {
  return {
    input: { side: Float64Array.of(x, y), base: Float64Array.of(sigmoid(x), sigmoid(y)) },
    target,
  };
}

/** Corners (±1, ±1) with noise 0.3; 1 where the signs agree. */
export function xorStream(count: number, seed: number): OnlineExample<BernoulliInput, number>[] {
  const rng = createRandom(seed).stream('xor');
  return Array.from({ length: count }, () => {
    const [a, b] = [rng.integer(2), rng.integer(2)];
    return bernoulliExample(2 * a - 1 + 0.3 * rng.gaussian(), 2 * b - 1 + 0.3 * rng.gaussian(), a === b ? 1 : 0);
  });
}

/** y = sin 3x with noise 0.1, x uniform on (−1.5, 1.5). */
export function sineStream(count: number, seed: number): (OnlineExample<GaussianInput, number> & { clean: number })[] {
  const rng = createRandom(seed).stream('sine');
  return Array.from({ length: count }, () => {
    const x = Float64Array.of(3 * rng.uniform() - 1.5);
    const clean = Math.sin(3 * x[0]);
    return { input: { side: x, means: x, variances: Float64Array.of(1) }, target: clean + 0.1 * rng.gaussian(), clean };
  });
}
