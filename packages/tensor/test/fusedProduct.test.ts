import { createRandom } from '@ggdln/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { countLeakedTensors, registerFusedProduct, selectTensorBackend } from '../src/index.ts';

const [m, n, k] = [5, 4, 6];

const random = (name: string, ...shape: number[]) =>
  tf.tensor(createRandom(name).fillGaussian(new Float32Array(tf.util.sizeFromShape(shape))), shape);

type Activation = 'linear' | 'relu' | 'relu6' | 'sigmoid' | 'elu' | 'leakyrelu' | 'prelu';

/** act(op(A) op(B) + bias), the bias different in every column. */
function fused(activation: Activation, transposeA: boolean, transposeB: boolean): tf.Tensor {
  const a = random('a', ...(transposeA ? [k, m] : [m, k])) as tf.Tensor2D;
  const b = random('b', ...(transposeB ? [n, k] : [k, n])) as tf.Tensor2D;
  const [bias, preluActivationWeights] = [random('bias', n), random('slopes', n)];
  const weights = activation === 'prelu' ? { preluActivationWeights } : {};
  const options = { a, b, transposeA, transposeB, bias, activation, leakyreluAlpha: 0.3, ...weights };
  return tf.fused.matMul(options as Parameters<typeof tf.fused.matMul>[0]);
}

beforeAll(async () => {
  await selectTensorBackend('wasm');
});

describe.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('tf.fused.matMul on wasm with transposeA %s, transposeB %s', (transA, transB) => {
  it.each<Activation>(['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu', 'prelu'])(
    'is the product, its bias and %s',
    async (activation) => {
      await selectTensorBackend('cpu');
      const expected = fused(activation, transA, transB).dataSync();
      await selectTensorBackend('wasm');
      const leaked = await countLeakedTensors(() =>
        tf.tidy(() => {
          const found = fused(activation, transA, transB);
          expect(found.shape).toEqual([m, n]);
          const errors = found.dataSync().map((value, at) => Math.abs(value - expected[at]));
          expect(Math.max(...errors)).toBeLessThan(1e-5);
        }),
      );
      expect(leaked).toBe(0);
    },
  );
});

it('is put in place once, and nowhere where there is nothing to replace', () => {
  const kernel = tf.getKernel(tf._FusedMatMul, 'wasm');
  registerFusedProduct('wasm');
  expect(tf.getKernel(tf._FusedMatMul, 'wasm')).toBe(kernel);
  registerFusedProduct('no such backend');
  expect(tf.getKernel(tf._FusedMatMul, 'no such backend')).toBeUndefined();
});
