import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend } from '@ggdln/linalg';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { countLeakedTensors, selectTensorBackend, useWasmProduct } from '../src/index.ts';

const linalg = createMlMatrixBackend();
const numbers = (seed: string, count: number) => createRandom(seed).fillGaussian(new Float32Array(count));

/** op(A)·op(B) of one matrix of each batch, in float64 arithmetic. */
function reference(a: Float32Array, b: Float32Array, [m, n, k]: number[], transA: boolean, transB: boolean) {
  const c = new Float64Array(m * n);
  linalg.multiplyInto({ m, n, k, transA, transB }, Float64Array.from(a), Float64Array.from(b), c);
  return c;
}

const largestError = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

beforeAll(async () => {
  await selectTensorBackend('wasm');
});

it('is in place after wasm was selected, once', async () => {
  const kernel = tf.getKernel(tf.BatchMatMul, 'wasm');
  expect(await useWasmProduct()).toBe(true);
  expect(tf.getKernel(tf.BatchMatMul, 'wasm')).toBe(kernel);
});

describe.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('products with transposeA %s, transposeB %s', (transA, transB) => {
  // 300 reaches beyond a packed block of A and of its depth; 1 and 3 are narrower than a tile.
  it.each([
    [1, 1, 1],
    [3, 1, 5],
    [4, 8, 4],
    [37, 21, 65],
    [300, 9, 270],
    [5, 2100, 7],
  ])('are those of float64 to rounding, %i × %i × %i', async (m, n, k) => {
    const [a, b] = [numbers('a', m * k), numbers('b', k * n)];
    const product = async () => {
      const x = tf.tensor2d(a, transA ? [k, m] : [m, k]);
      const y = tf.tensor2d(b, transB ? [n, k] : [k, n]);
      const c = tf.matMul(x, y, transA, transB);
      expect(c.shape).toEqual([m, n]);
      const error = largestError(c.dataSync(), reference(a, b, [m, n, k], transA, transB));
      expect(error).toBeLessThan(2e-6 * Math.sqrt(k) * 3);
      tf.dispose([x, y, c]);
    };
    expect(await countLeakedTensors(product)).toBe(0);
  });

  it('go through batches, of which one may have a single matrix', () => {
    const [m, n, k] = [3, 4, 5];
    const [a, b] = [numbers('a', 2 * m * k), numbers('b', 2 * k * n)];
    for (const [countA, countB] of [
      [2, 2],
      [1, 2],
      [2, 1],
    ]) {
      const x = tf.tensor3d(a.subarray(0, countA * m * k), transA ? [countA, k, m] : [countA, m, k]);
      const y = tf.tensor3d(b.subarray(0, countB * k * n), transB ? [countB, n, k] : [countB, k, n]);
      const c = tf.matMul(x, y, transA, transB);
      expect(c.shape).toEqual([2, m, n]);
      for (let i = 0; i < 2; i++) {
        const part = (all: Float32Array, size: number, count: number) =>
          all.subarray((count === 1 ? 0 : i) * size, ((count === 1 ? 0 : i) + 1) * size);
        const expected = reference(part(a, m * k, countA), part(b, k * n, countB), [m, n, k], transA, transB);
        expect(largestError(c.dataSync().subarray(i * m * n, (i + 1) * m * n), expected)).toBeLessThan(1e-5);
      }
      tf.dispose([x, y, c]);
    }
  });
});

it('makes empty products as others do', () => {
  for (const [shapeA, shapeB, expected] of [
    [
      [2, 0],
      [0, 3],
      [2, 3],
    ],
    [
      [0, 2],
      [2, 3],
      [0, 3],
    ],
    [
      [0, 2, 3],
      [1, 3, 4],
      [0, 2, 4],
    ],
    [
      [2, 2, 0],
      [1, 0, 4],
      [2, 2, 4],
    ],
  ]) {
    tf.fill([64], Number.NaN).dispose(); // what the memory of the result held before
    const product = tf.tidy(() => tf.matMul(tf.zeros(shapeA), tf.zeros(shapeB)));
    expect(product.shape).toEqual(expected);
    expect([...product.dataSync()]).toEqual(new Array(tf.util.sizeFromShape(expected)).fill(0));
    product.dispose();
  }
});

it('survives that the memory grows between products', () => {
  const x = tf.tensor2d(numbers('x', 12), [3, 4]);
  const first = tf.matMul(x, x, false, true).dataSync();
  const large = tf.zeros([4096, 4096]); // 64 MiB
  expect(tf.matMul(x, x, false, true).dataSync()).toEqual(first);
  tf.dispose([x, large]);
});

it('leaves what it does not multiply to TensorFlow.js', () => {
  const a = tf.tensor(numbers('a', 24), [2, 1, 3, 4]);
  const b = tf.tensor(numbers('b', 24), [1, 2, 4, 3]);
  expect(tf.matMul(a, b).shape).toEqual([2, 2, 3, 3]);
  expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]))).toThrow(/inner shapes/);
});
