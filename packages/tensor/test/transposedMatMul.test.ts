import { createRandom } from '@ggdln/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { countLeakedTensors, selectTensorBackend, useExplicitTransposes } from '../src/index.ts';

const random = (seed: string, shape: number[]): tf.Tensor =>
  tf.tensor(createRandom(seed).fillGaussian(new Float32Array(tf.util.sizeFromShape(shape))), shape);

/** op(A)·op(B) in float64, for matrices. */
function reference(a: tf.Tensor, b: tf.Tensor, transA: boolean, transB: boolean): number[] {
  const [x, y] = [a.dataSync(), b.dataSync()];
  const [rows, inner] = transA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const cols = transB ? b.shape[0]! : b.shape[1]!;
  const out: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum += x[transA ? k * rows + i : i * inner + k] * y[transB ? j * inner + k : k * cols + j];
      }
      out.push(sum);
    }
  }
  return out;
}

describe('useExplicitTransposes', () => {
  beforeAll(async () => {
    await selectTensorBackend('wasm');
  });

  for (const transA of [false, true]) {
    for (const transB of [false, true]) {
      it(`multiplies right with transposeA ${transA}, transposeB ${transB}, and leaves no tensor`, async () => {
        const leaked = await countLeakedTensors(() =>
          tf.tidy(() => {
            const a = random('a', transA ? [37, 11] : [11, 37]);
            const b = random('b', transB ? [5, 37] : [37, 5]);
            const product = tf.matMul(a, b, transA, transB);
            expect(product.shape).toEqual([11, 5]);
            const expected = reference(a, b, transA, transB);
            for (const [i, value] of product.dataSync().entries()) expect(value).toBeCloseTo(expected[i], 4);
          }),
        );
        expect(leaked).toBe(0);
      });
    }
  }

  it('never asks the wasm kernel for a transpose, and frees the transposed copies', () => {
    const current = tf.getKernel(tf.BatchMatMul, 'wasm');
    const seen: unknown[] = [];
    // A backend of its own, made of wasm's kernels, whose product is spied on.
    tf.registerBackend('spied', () => tf.findBackend('wasm'));
    tf.copyRegisteredKernels('wasm', 'spied');
    tf.unregisterKernel(tf.BatchMatMul, 'spied');
    tf.registerKernel({
      kernelName: tf.BatchMatMul,
      backendName: 'spied',
      kernelFunc: (call) => {
        seen.push(call.attrs);
        return current.kernelFunc(call);
      },
    });
    expect(useExplicitTransposes('spied')).toBe(true);
    const backend = tf.findBackend('wasm');
    const a = random('a', [6, 4]);
    const b = random('b', [3, 6]);
    const held = backend.numDataIds();
    const kernel = tf.getKernel(tf.BatchMatMul, 'spied');
    const product = kernel.kernelFunc({ inputs: { a, b }, backend, attrs: { transposeA: true, transposeB: true } });
    expect(seen).toEqual([{ transposeA: false, transposeB: false }]);
    expect((product as tf.TensorInfo).shape).toEqual([4, 3]);
    expect(backend.numDataIds() - held).toBe(1);
    tf.dispose([a, b]);
    backend.disposeData((product as tf.TensorInfo).dataId);
  });

  it('is done once', () => {
    const kernel = tf.getKernel(tf.BatchMatMul, 'wasm');
    expect(useExplicitTransposes()).toBe(false);
    expect(tf.getKernel(tf.BatchMatMul, 'wasm')).toBe(kernel);
    expect(useExplicitTransposes('no such backend')).toBe(false);
  });

  it('multiplies batches', () => {
    tf.tidy(() => {
      const a = random('a', [3, 5, 4]);
      const b = random('b', [3, 5, 2]);
      const product = tf.matMul(a, b, true);
      for (let i = 0; i < 3; i++) {
        const [ai, bi] = [a, b].map((t) => tf.reshape(tf.slice(t, [i, 0, 0], [1, -1, -1]), [5, -1]));
        const expected = reference(ai, bi, true, false);
        const part = tf.slice(product, [i, 0, 0], [1, -1, -1]).dataSync();
        for (const [k, value] of part.entries()) expect(value).toBeCloseTo(expected[k], 5);
      }
    });
  });
});
