import * as tf from '@tensorflow/tfjs-core';
import { single } from './broadcast.ts';

/** Gradients of kernels that move entries, repeat them or add them up. */
export const shapeGradients: readonly tf.GradConfig[] = [
  ofInput(tf.Reshape, (dy, x) => tf.reshape(dy, x.shape)),
  ofInput(tf.ExpandDims, (dy, x) => tf.reshape(dy, x.shape)),
  ofInput(tf.Transpose, (dy, _, attrs) => tf.transpose(dy, inverse(attrs.perm as number[]))),
  ofInput(tf.Sum, (dy, x, attrs) => spread(dy, x, attrs)),
  ofInput(tf.Mean, (dy, x, attrs) => tf.mul(spread(dy, x, attrs), dy.size / x.size)),
  ofInput(tf.Tile, (dy, x, attrs) => foldTiles(dy, x, attrs.reps as number[])),
  ofInput(tf.Slice, (dy, x, attrs) => {
    const [begin] = tf.slice_util.parseSliceParams(x, attrs.begin as number[], attrs.size as number[]);
    return tf.pad(
      dy,
      begin.map((before, axis) => [before, x.shape[axis] - before - dy.shape[axis]]),
    );
  }),
  ofInput(tf.PadV2, (dy, x, attrs) => {
    const begin = (attrs.paddings as number[][]).map(([before]) => before);
    return tf.slice(dy, begin, x.shape);
  }),
  {
    kernelName: tf.Concat,
    saveAllInputs: true,
    gradFunc: (dy, inputs, attrs) => {
      const [axis] = tf.util.parseAxisParam(attrs.axis as number, inputs[0].shape);
      const starts = [0];
      for (const input of inputs) starts.push(starts[starts.length - 1] + input.shape[axis]);
      const partOf = (index: number) => () => {
        const begin = inputs[0].shape.map((_, dimension) => (dimension === axis ? starts[index] : 0));
        return tf.slice(single(dy), begin, inputs[index].shape);
      };
      return Object.fromEntries(inputs.map((_, index) => [index, partOf(index)]));
    },
  },
  {
    kernelName: tf.Pack,
    saveAllInputs: true,
    gradFunc: (dy, inputs, attrs) => {
      const layers = tf.unstack(single(dy), attrs.axis as number);
      return Object.fromEntries(inputs.map((_, index) => [index, () => tf.clone(layers[index])]));
    },
  },
  {
    kernelName: tf.Unpack,
    gradFunc: (dy, _, attrs) => ({ value: () => tf.stack(dy as tf.Tensor[], attrs.axis as number) }),
  },
];

type Derivative = (dy: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap) => tf.Tensor;

function ofInput(kernelName: string, derivative: Derivative): tf.GradConfig {
  const name = kernelName === tf.ExpandDims ? 'input' : 'x';
  return {
    kernelName,
    inputsToSave: [name],
    gradFunc: (dy, [x], attrs) => ({ [name]: () => derivative(single(dy), x, attrs) }),
  };
}

/** Repeats the gradient of a sum over the axes that were summed. */
function spread(dy: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap): tf.Tensor {
  const summed = tf.util.parseAxisParam(attrs.axis as number | number[], x.shape);
  const kept = x.shape.map((size, axis) => (summed.includes(axis) ? 1 : size));
  return tf.broadcastTo(tf.reshape(dy, kept), x.shape);
}

/** Adds up the copies that Tile made: each repeated axis is split into (repetition, position). */
function foldTiles(dy: tf.Tensor, x: tf.Tensor, reps: readonly number[]): tf.Tensor {
  const split: number[] = [];
  const summed: number[] = [];
  for (const [axis, size] of x.shape.entries()) {
    if (reps[axis] > 1) {
      summed.push(split.length);
      split.push(reps[axis]);
    }
    split.push(size);
  }
  return summed.length === 0 ? tf.clone(dy) : tf.reshape(tf.sum(tf.reshape(dy, split), summed), x.shape);
}

function inverse(permutation: readonly number[]): number[] {
  const result: number[] = [];
  for (const [to, from] of permutation.entries()) result[from] = to;
  return result;
}
