import * as tf from '@tensorflow/tfjs-core';
import { single, sumToShape } from './broadcast.ts';

/** The least normal number of float32. */
const TINY = 2 ** -126;

/** Gradients of sums, products, quotients, powers and the larger or smaller of two; inputs may broadcast. */
export const arithmeticGradients: readonly tf.GradConfig[] = [
  {
    kernelName: tf.Add,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(single(dy), a.shape),
      b: () => sumToShape(single(dy), b.shape),
    }),
  },
  {
    kernelName: tf.Sub,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(single(dy), a.shape),
      b: () => sumToShape(tf.neg(single(dy)), b.shape),
    }),
  },
  {
    kernelName: tf.AddN,
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, index) => [index, () => tf.clone(single(dy))])),
  },
  {
    kernelName: tf.Multiply,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(tf.mul(single(dy), b), a.shape),
      b: () => sumToShape(tf.mul(single(dy), a), b.shape),
    }),
  },
  {
    kernelName: tf.RealDiv,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(tf.div(single(dy), b), a.shape),
      b: () => sumToShape(tf.neg(tf.div(tf.mul(single(dy), a), tf.square(b))), b.shape),
    }),
  },
  {
    kernelName: tf.SquaredDifference,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(tf.mul(single(dy), tf.mul(tf.sub(a, b), 2)), a.shape),
      b: () => sumToShape(tf.mul(single(dy), tf.mul(tf.sub(b, a), 2)), b.shape),
    }),
  },
  {
    kernelName: tf.Pow,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(tf.mul(single(dy), tf.mul(b, tf.pow(a, tf.sub(b, 1)))), a.shape),
      // 0 for a base that isn't positive, of which the power is defined for single exponents only.
      b: () => {
        const logarithm = tf.mul(tf.log(tf.maximum(a, TINY)), tf.step(a));
        return sumToShape(tf.mul(single(dy), tf.mul(tf.pow(a, b), logarithm)), b.shape);
      },
    }),
  },
  ofTwo(tf.Maximum, (a, b) => tf.step(tf.sub(b, a))),
  ofTwo(tf.Minimum, (a, b) => tf.step(tf.sub(a, b))),
  { kernelName: tf.Neg, gradFunc: (dy) => ({ x: () => tf.neg(single(dy)) }) },
];

/** Gradient of a kernel that gives b where `takesB` is 1, and a where it is 0. */
function ofTwo(kernelName: string, takesB: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(tf.mul(single(dy), tf.sub(1, takesB(a, b))), a.shape),
      b: () => sumToShape(tf.mul(single(dy), takesB(a, b)), b.shape),
    }),
  };
}
