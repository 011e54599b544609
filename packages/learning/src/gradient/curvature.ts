import type { FlatArray, RandomStream } from '@ggdln/core';
import type { LossNetwork } from './lossNetwork.ts';

const ITERATIONS = 40;
/** Relative change at which the estimate is good enough to choose a step from. */
const ENOUGH = 0.01;

/**
 * Largest absolute eigenvalue of ∇²U at θ by power iteration with products ∇²U v. An estimate from below, to a few
 * percent: steps chosen from it keep a distance from the stability limit.
 */
export async function largestCurvature<Numbers extends FlatArray>(
  network: LossNetwork<Numbers>,
  theta: Numbers,
  rng: RandomStream,
): Promise<number> {
  let v: Float64Array = rng.fillGaussian(new Float64Array(network.size));
  let length = lengthOf(v);
  let curvature = 0;
  for (let i = 0; i < ITERATIONS; i++) {
    for (let j = 0; j < v.length; j++) v[j] /= length;
    v = await network.curvatureProduct(theta, v);
    length = lengthOf(v);
    if (!(length > 0) || !Number.isFinite(length)) return curvature;
    if (Math.abs(length - curvature) < ENOUGH * length && i > 4) return length;
    curvature = length;
  }
  return curvature;
}

function lengthOf(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i] * v[i];
  return Math.sqrt(sum);
}
