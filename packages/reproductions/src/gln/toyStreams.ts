import { type BernoulliInput, type GaussianInput, sigmoid } from '@ggdln/architectures';
import type { RandomStream } from '@ggdln/core';
import type { OnlineExample } from '@ggdln/learning';

/** z = x and p⁰ = σ(scale · x). */
function bernoulliExample(x: number, y: number, target: number, scale = 1): OnlineExample<BernoulliInput, number> {
  return {
    input: { side: Float64Array.of(x, y), base: Float64Array.of(sigmoid(scale * x), sigmoid(scale * y)) },
    target,
  };
}

/** Corners (±1, ±1) with noise 0.3; 1 where the signs agree. */
export function xorExamples(count: number, rng: RandomStream): OnlineExample<BernoulliInput, number>[] {
  return Array.from({ length: count }, () => {
    const [a, b] = [rng.integer(2), rng.integer(2)];
    return bernoulliExample(2 * a - 1 + 0.3 * rng.gaussian(), 2 * b - 1 + 0.3 * rng.gaussian(), a === b ? 1 : 0);
  });
}

/** Two interleaved spirals, r = √U(0.02, 1), phase 3πr + πy, noise 0.02. */
export function spiralExamples(count: number, rng: RandomStream): OnlineExample<BernoulliInput, number>[] {
  return Array.from({ length: count }, () => {
    const target = rng.integer(2);
    const r = Math.sqrt(0.02 + 0.98 * rng.uniform());
    const phase = 3 * Math.PI * r + Math.PI * target;
    const [x, y] = [r * Math.cos(phase) + 0.02 * rng.gaussian(), r * Math.sin(phase) + 0.02 * rng.gaussian()];
    return bernoulliExample(x, y, target, 2);
  });
}

/** An example and what its target is without noise. */
export type CleanExample = OnlineExample<GaussianInput, number> & { readonly clean: number };

/** y = sin 3x with noise 0.1, x uniform on (−1.5, 1.5). */
export function sineExamples(count: number, rng: RandomStream): CleanExample[] {
  return Array.from({ length: count }, () => {
    const x = Float64Array.of(3 * rng.uniform() - 1.5);
    const clean = Math.sin(3 * x[0]);
    return { input: { side: x, means: x, variances: Float64Array.of(1) }, target: clean + 0.1 * rng.gaussian(), clean };
  });
}
