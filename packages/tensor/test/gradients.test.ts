import { createRandom } from '@ggdln/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerMissingGradients, selectTensorBackend } from '../src/index.ts';

/** A function of some tensors, and their shapes. */
interface Case {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Moves inputs away from kinks and poles. */
  readonly shift?: number;
}

const CASES: readonly Case[] = [
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

/** Σ of f weighted by fixed random numbers, so that every output counts differently. */
function scalarOf({ f }: Case): (...inputs: tf.Tensor[]) => tf.Scalar {
  return (...inputs) => {
    const out = f(...inputs);
    const weights = createRandom('weights').fillGaussian(new Float32Array(out.size));
    return tf.sum(tf.mul(out, tf.tensor(weights, out.shape))) as tf.Scalar;
  };
}

function drawInputs({ name, shapes, shift = 0 }: Case): Float32Array[] {
  const rng = createRandom(name);
  return shapes.map((shape) =>
    rng.fillGaussian(new Float32Array(tf.util.sizeFromShape(shape)), 0.7).map((value) => value + shift),
  );
}

for (const backend of ['cpu', 'wasm'] as const) {
  describe(`gradients on ${backend}`, () => {
    beforeAll(async () => {
      await selectTensorBackend(backend);
    });

    it.each(CASES)('$name agrees with central differences', (one) => {
      const values = drawInputs(one);
      const scalar = scalarOf(one);
      tf.tidy(() => {
        const tensors = values.map((value, i) => tf.tensor(value, one.shapes[i]));
        const gradients = tf
          .grads(scalar)(tensors)
          .map((gradient) => gradient.dataSync());
        const at = (input: number, entry: number, delta: number): number => {
          const moved = values.map((value, i) => {
            const copy = value.slice();
            if (i === input) copy[entry] += delta;
            return tf.tensor(copy, one.shapes[i]);
          });
          return scalar(...moved).dataSync()[0];
        };
        for (const [input, value] of values.entries()) {
          for (let entry = 0; entry < value.length; entry++) {
            const h = 2 ** -6;
            const difference = (at(input, entry, h) - at(input, entry, -h)) / (2 * h);
            const error = Math.abs(gradients[input][entry] - difference);
            expect(error, `input ${input}, entry ${entry}`).toBeLessThan(3e-3 * (1 + Math.abs(difference)));
          }
        }
      });
    });

    it('gives second derivatives: the Hessian of ½|relu(XWᵀ)a|² times v, against differences of the gradient', () => {
      const rng = createRandom(7);
      const draw = (...shape: number[]) =>
        tf.tensor(rng.fillGaussian(new Float32Array(tf.util.sizeFromShape(shape))), shape);
      const error = tf.tidy(() => {
        const X = draw(6, 4);
        const loss = (W: tf.Tensor, a: tf.Tensor) =>
          tf.mul(tf.sum(tf.square(tf.matMul(tf.relu(tf.matMul(X, W, false, true)), a))), 0.5) as tf.Scalar;
        const gradient = tf.grads(loss);
        const at = [draw(3, 4), draw(3, 1)];
        const v = [draw(3, 4), draw(3, 1)];
        const slope = (...inputs: tf.Tensor[]) =>
          tf.addN(gradient(inputs).map((g, i) => tf.sum(tf.mul(g, v[i])))) as tf.Scalar;
        const product = tf.grads(slope)(at);
        const h = 1e-3;
        const shifted = (sign: number) => gradient(at.map((x, i) => tf.add(x, tf.mul(v[i], sign * h))));
        const [up, down] = [shifted(1), shifted(-1)];
        const errors = product.map((p, i) => {
          const difference = tf.div(tf.sub(up[i], down[i]), 2 * h);
          return tf.div(tf.norm(tf.sub(p, difference)), tf.norm(difference)).dataSync()[0];
        });
        return Math.max(...errors);
      });
      expect(error).toBeLessThan(5e-3);
    });
  });
}

describe('registerMissingGradients', () => {
  it('registers once and keeps what is there', () => {
    tf.unregisterGradient(tf.Square);
    const own: tf.GradConfig = { kernelName: tf.Multiply, gradFunc: () => ({}) };
    const before = tf.getGradient(tf.Multiply);
    tf.unregisterGradient(tf.Multiply);
    tf.registerGradient(own);
    expect(registerMissingGradients()).toEqual([tf.Square]);
    expect(registerMissingGradients()).toEqual([]);
    expect(tf.getGradient(tf.Multiply)).toBe(own);
    tf.unregisterGradient(tf.Multiply);
    tf.registerGradient(before);
  });
});
