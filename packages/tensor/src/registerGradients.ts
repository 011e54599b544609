import * as tf from '@tensorflow/tfjs-core';
import { arithmeticGradients } from './gradients/arithmetic.ts';
import { functionGradients } from './gradients/functions.ts';
import { matMulGradient } from './gradients/matMul.ts';
import { shapeGradients } from './gradients/shapes.ts';

/**
 * Gives TensorFlow.js the gradients that ggdln's networks and learners need, where it has none. In Node
 * `@tensorflow/tfjs-core` resolves to a bundle without any; where they exist (a bundler's ESM build, the union
 * package) they stay as they are. Every gradient is made of operations that have gradients themselves, so that
 * second derivatives (curvature) work. May be called any number of times.
 * @returns Names of the kernels that got a gradient now; empty on a second call.
 */
export function registerMissingGradients(): readonly string[] {
  const all = [...arithmeticGradients, ...functionGradients, ...shapeGradients, matMulGradient];
  const missing = all.filter(({ kernelName }) => tf.getGradient(kernelName) === undefined);
  for (const config of missing) tf.registerGradient(config);
  return missing.map(({ kernelName }) => kernelName);
}
