import * as tf from '@tensorflow/tfjs-core';
import { single } from './broadcast.ts';

/** Gradients of functions of one number, applied to each entry. */
export const functionGradients: readonly tf.GradConfig[] = [
  ofInput(tf.Square, (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  ofInput(tf.Sqrt, (dy, x) => tf.div(dy, tf.mul(tf.sqrt(x), 2))),
  ofInput(tf.Exp, (dy, x) => tf.mul(dy, tf.exp(x))),
  ofInput(tf.Tanh, (dy, x) => tf.mul(dy, tf.sub(1, tf.square(tf.tanh(x))))),
  ofInput(tf.Relu, (dy, x) => tf.mul(dy, tf.step(x))),
  ofInput(tf.Erf, (dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),
  // The derivative of relu's derivative: zero almost everywhere. Second derivatives of relu networks pass here.
  ofInput(tf.Step, (dy) => tf.zeros(dy.shape)),
  { kernelName: tf.Identity, gradFunc: (dy) => ({ x: () => tf.clone(single(dy)) }) },
  { kernelName: tf.Cast, gradFunc: (dy) => ({ x: () => tf.cast(single(dy), 'float32') }) },
];

function ofInput(kernelName: string, derivative: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => derivative(single(dy), x) }),
  };
}
