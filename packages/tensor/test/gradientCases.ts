import * as tf from '@tensorflow/tfjs-core';

/** A function of some tensors, and their shapes. */
export interface GradientCase {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Moves inputs away from kinks and poles. */
  readonly shift?: number;
}

/** Every kernel that has a gradient, with broadcasts and axes. */
export const GRADIENT_CASES: readonly GradientCase[] = [
  {
    name: 'Add, same shapes',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    f: (a, b) => tf.square(tf.add(a, b)),
  },
  { name: 'Add, broadcast row', shapes: [[4, 3], [3]], f: (a, b) => tf.square(tf.add(a, b)) },
  {
    name: 'Sub, broadcast column',
    shapes: [
      [4, 3],
      [4, 1],
    ],
    f: (a, b) => tf.square(tf.sub(a, b)),
  },
  {
    name: 'Sub, broadcast first input',
    shapes: [
      [1, 3],
      [4, 3],
    ],
    f: (a, b) => tf.square(tf.sub(a, b)),
  },
  {
    name: 'AddN',
    shapes: [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    f: (...all) => tf.square(tf.addN(all)),
  },
  {
    name: 'Multiply',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    f: (a, b) => tf.mul(a, b),
  },
  {
    name: 'Multiply, broadcast both',
    shapes: [
      [4, 1],
      [1, 3],
    ],
    f: (a, b) => tf.mul(a, b),
  },
  { name: 'Multiply by a scalar tensor', shapes: [[4, 2], []], f: (a, b) => tf.mul(a, b) },
  { name: 'Multiply by itself', shapes: [[5]], f: (a) => tf.mul(a, a) },
  { name: 'RealDiv', shapes: [[2, 3], [3]], f: (a, b) => tf.div(a, b), shift: 3 },
  { name: 'Neg', shapes: [[3]], f: (a) => tf.square(tf.neg(a)) },
  { name: 'Square', shapes: [[2, 3]], f: (a) => tf.square(a) },
  { name: 'Sqrt', shapes: [[2, 3]], f: (a) => tf.sqrt(a), shift: 4 },
  { name: 'Exp', shapes: [[2, 3]], f: (a) => tf.exp(a) },
  { name: 'Tanh', shapes: [[2, 3]], f: (a) => tf.tanh(a) },
  { name: 'Erf', shapes: [[2, 3]], f: (a) => tf.erf(a) },
  ...Object.entries({ sin: tf.sin, cos: tf.cos, expm1: tf.expm1, sigmoid: tf.sigmoid, softplus: tf.softplus }).map(
    ([name, f]) => ({ name, shapes: [[2, 3]], f }),
  ),
  ...Object.entries({ log: tf.log, log1p: tf.log1p, rsqrt: tf.rsqrt, reciprocal: tf.reciprocal }).map(([name, f]) => ({
    name,
    shapes: [[2, 3]],
    f,
    shift: 4,
  })),
  // Away from their kinks on both sides.
  ...Object.entries({ elu: tf.elu, relu6: tf.relu6, leakyRelu: tf.leakyRelu, abs: tf.abs, sign: tf.sign }).map(
    ([name, f]) => ({ name, shapes: [[6]], f: (a: tf.Tensor) => f(tf.mul(a, [1, -1, 0.2, 3, 4, -0.3])), shift: 4 }),
  ),
  { name: 'Pow', shapes: [[2, 3], [3]], f: (a, b) => tf.pow(a, tf.mul(b, 0.5)), shift: 3 },
  { name: 'Pow of a negative base', shapes: [[4]], f: (a) => tf.pow(tf.neg(a), tf.scalar(3)), shift: 1 },
  {
    name: 'SquaredDifference',
    shapes: [
      [4, 3],
      [4, 1],
    ],
    f: (a, b) => tf.squaredDifference(a, b),
  },
  { name: 'Maximum', shapes: [[4, 3], [3]], f: (a, b) => tf.square(tf.maximum(a, tf.mul(b, [1, 9, 0.1]))), shift: 3 },
  { name: 'Minimum', shapes: [[4, 3], [3]], f: (a, b) => tf.square(tf.minimum(a, tf.mul(b, [1, 9, 0.1]))), shift: 3 },
  { name: 'Relu, on', shapes: [[2, 3]], f: (a) => tf.square(tf.relu(a)), shift: 3 },
  { name: 'Relu, off and on', shapes: [[2, 3]], f: (a) => tf.square(tf.relu(tf.mul(a, [1, -1, 1]))), shift: 3 },
  { name: 'Identity', shapes: [[3]], f: (a) => tf.square(tf.clone(a)) },
  { name: 'Cast', shapes: [[3]], f: (a) => tf.square(tf.cast(a, 'float32')) },
  { name: 'Reshape', shapes: [[2, 6]], f: (a) => tf.square(tf.reshape(a, [3, 4])) },
  { name: 'ExpandDims', shapes: [[2, 3]], f: (a) => tf.square(tf.expandDims(a, 1)) },
  { name: 'Transpose', shapes: [[2, 3, 4]], f: (a) => tf.square(tf.transpose(a, [2, 0, 1])) },
  { name: 'Sum of all', shapes: [[2, 3]], f: (a) => tf.square(tf.sum(a)) },
  { name: 'Sum over an axis', shapes: [[2, 3, 4]], f: (a) => tf.square(tf.sum(a, 1)) },
  { name: 'Sum keeping axes', shapes: [[2, 3, 4]], f: (a) => tf.square(tf.sum(a, [0, -1], true)) },
  { name: 'Mean', shapes: [[2, 3]], f: (a) => tf.square(tf.mean(a, 0)) },
  { name: 'Tile', shapes: [[2, 3]], f: (a) => tf.square(tf.tile(a, [3, 2])) },
  { name: 'broadcastTo', shapes: [[2, 1]], f: (a) => tf.square(tf.broadcastTo(a, [5, 2, 3])) },
  { name: 'Slice', shapes: [[4, 5]], f: (a) => tf.square(tf.slice(a, [1, 2], [2, -1])) },
  { name: 'Slice of a vector', shapes: [[7]], f: (a) => tf.square(tf.slice1d(a as tf.Tensor1D, 2, 3)) },
  {
    name: 'PadV2',
    shapes: [[2, 3]],
    f: (a) =>
      tf.square(
        tf.pad(a, [
          [1, 0],
          [2, 3],
        ]),
      ),
  },
  {
    name: 'Concat',
    shapes: [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    f: (...all) => tf.square(tf.concat(all, -1)),
  },
  {
    name: 'Pack',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    f: (...all) => tf.square(tf.stack(all, 1)),
  },
  { name: 'Unpack', shapes: [[3, 2]], f: (a) => tf.mul(tf.unstack(a)[0], tf.unstack(a)[2]) },
  {
    name: 'BatchMatMul AB',
    shapes: [
      [2, 3],
      [3, 4],
    ],
    f: (a, b) => tf.matMul(a, b),
  },
  {
    name: 'BatchMatMul AᵀB',
    shapes: [
      [3, 2],
      [3, 4],
    ],
    f: (a, b) => tf.matMul(a, b, true),
  },
  {
    name: 'BatchMatMul ABᵀ',
    shapes: [
      [2, 3],
      [4, 3],
    ],
    f: (a, b) => tf.matMul(a, b, false, true),
  },
  {
    name: 'BatchMatMul AᵀBᵀ',
    shapes: [
      [3, 2],
      [4, 3],
    ],
    f: (a, b) => tf.matMul(a, b, true, true),
  },
  {
    name: 'BatchMatMul, batches',
    shapes: [
      [5, 2, 3],
      [5, 3, 4],
    ],
    f: (a, b) => tf.matMul(a, b),
  },
  {
    name: 'BatchMatMul, broadcast batch',
    shapes: [
      [1, 2, 3],
      [5, 4, 3],
    ],
    f: (a, b) => tf.matMul(a, b, false, true),
  },
];
