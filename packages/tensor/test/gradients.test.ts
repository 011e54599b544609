import { createRandom } from '@ggdln/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerMissingGradients, selectTensorBackend } from '../src/index.ts';
import { GRADIENT_CASES, type GradientCase } from './gradientCases.ts';

/** Σ of f weighted by fixed random numbers, so that every output counts differently. */
function scalarOf({ f }: GradientCase): (...inputs: tf.Tensor[]) => tf.Scalar {
  return (...inputs) => {
    const out = f(...inputs);
    const weights = createRandom('weights').fillGaussian(new Float32Array(out.size));
    return tf.sum(tf.mul(out, tf.tensor(weights, out.shape))) as tf.Scalar;
  };
}

function drawInputs({ name, shapes, shift = 0 }: GradientCase): Float32Array[] {
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

    it.each(GRADIENT_CASES)('$name agrees with central differences', (one) => {
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

describe('gradients of the larger and smaller of two', () => {
  it('go to the first where both are the same, and nowhere twice', () => {
    for (const f of [tf.maximum, tf.minimum]) {
      const [a, b] = tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.sum(f(x, y)))([tf.ones([3]), tf.ones([3])]);
      expect([...a.dataSync(), ...b.dataSync()]).toEqual([1, 1, 1, 0, 0, 0]);
    }
  });

  it('leave no NaN in the gradient by an exponent where the base is not positive', () => {
    const gradient = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.pow(a, b)));
    const [, byExponent] = gradient([tf.tensor1d([0, -2, 2]), tf.tensor1d([2, 2, 2])]);
    expect(byExponent.dataSync()[2]).toBeCloseTo(4 * Math.log(2), 5);
    expect(Math.max(...byExponent.dataSync().slice(0, 2).map(Math.abs))).toBe(0);
  });
});

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
