import type { RandomStream } from '@ggdln/core';
import { withTensorScope } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorNetwork } from './tensorNetwork.ts';

const ITERATIONS = 40;
/** Relative change at which the estimate is good enough to choose a step from. */
const ENOUGH = 0.01;

/**
 * Largest absolute eigenvalue of ∇²U at θ by power iteration with exact products ∇²U v. An estimate from below, to a
 * few percent: steps chosen from it keep a distance from the stability limit.
 */
export function largestCurvature(network: TensorNetwork, theta: tf.Tensor1D, rng: RandomStream): Promise<number> {
  return withTensorScope(async (scope) => {
    let v = scope.own(tf.tensor1d(rng.fillGaussian(new Float32Array(network.size))));
    let curvature = 0;
    for (let i = 0; i < ITERATIONS; i++) {
      const unit = scope.replace(
        v,
        tf.tidy(() => tf.div(v, tf.norm(v)) as tf.Tensor1D),
      );
      v = scope.replace(unit, network.curvatureProduct(theta, unit));
      const length = scope.own(tf.norm(v));
      const [found] = await length.data();
      if (!(found > 0) || !Number.isFinite(found)) return curvature;
      if (Math.abs(found - curvature) < ENOUGH * found && i > 4) return found;
      curvature = found;
    }
    return curvature;
  });
}
