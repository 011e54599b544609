import * as tf from '@tensorflow/tfjs-core';
import { single } from './broadcast.ts';

/** Gradients of functions of one number, applied to each entry. */
export const functionGradients: readonly tf.GradConfig[] = [
  ofInput(tf.Square, (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  ofInput(tf.Sqrt, (dy, x) => tf.div(dy, tf.mul(tf.sqrt(x), 2))),
  ofInput(tf.Exp, (dy, x) => tf.mul(dy, tf.exp(x))),
  ofInput(tf.Tanh, (dy, x) => tf.mul(dy, tf.sub(1, tf.square(tf.tanh(x))))),
  ofInput(tf.Relu, (dy, x) => tf.mul(dy, tf.step(x))),
  ofInput(tf.Sin, (dy, x) => tf.mul(dy, tf.cos(x))),
  ofInput(tf.Cos, (dy, x) => tf.mul(dy, tf.neg(tf.sin(x)))),
  ofInput(tf.Log, (dy, x) => tf.div(dy, x)),
  ofInput(tf.Log1p, (dy, x) => tf.div(dy, tf.add(x, 1))),
  ofInput(tf.Expm1, (dy, x) => tf.mul(dy, tf.exp(x))),
  ofInput(tf.Rsqrt, (dy, x) => tf.mul(dy, tf.div(tf.rsqrt(x), tf.mul(x, -2)))),
  ofInput(tf.Reciprocal, (dy, x) => tf.neg(tf.div(dy, tf.square(x)))),
  ofInput(tf.Sigmoid, (dy, x) => tf.mul(dy, tf.mul(tf.sigmoid(x), tf.sigmoid(tf.neg(x))))),
  ofInput(tf.Softplus, (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  // 1 where x is above 0, eˣ where it is below.
  ofInput(tf.Elu, (dy, x) => tf.mul(dy, tf.exp(tf.neg(tf.relu(tf.neg(x)))))),
  ofInput(tf.Relu6, (dy, x) => tf.mul(dy, tf.mul(tf.step(x), tf.step(tf.sub(6, x))))),
  ofInput(tf.LeakyRelu, (dy, x, { alpha }) => tf.mul(dy, slope(x, alpha as number))),
  ofInput(tf.Abs, (dy, x) => tf.mul(dy, tf.sign(x))),
  ofInput(tf.Sign, (dy) => tf.zeros(dy.shape)),
  ofInput(tf.Erf, (dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),
  // The derivative of relu's derivative: zero almost everywhere. Second derivatives of relu networks pass here.
  ofInput(tf.Step, (dy) => tf.zeros(dy.shape)),
  { kernelName: tf.Identity, gradFunc: (dy) => ({ x: () => tf.clone(single(dy)) }) },
  { kernelName: tf.Cast, gradFunc: (dy) => ({ x: () => tf.cast(single(dy), 'float32') }) },
];

/** 1 where x is above 0, else alpha. */
const slope = (x: tf.Tensor, alpha: number) => tf.add(tf.mul(tf.step(x), 1 - alpha), alpha);

type Derivative = (dy: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap) => tf.Tensor;

function ofInput(kernelName: string, derivative: Derivative): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({ x: () => derivative(single(dy), x, attrs) }),
  };
}
