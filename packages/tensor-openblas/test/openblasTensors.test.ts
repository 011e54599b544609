import { createRandom, createRegistry, isGgdlnError } from '@ggdln/core';
import { createOpenblasBackend } from '@ggdln/linalg-openblas';
import { countLeakedTensors, selectTensorBackend } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerOpenblasTensors, selectOpenblasTensors, tensorOpenblasPlugin } from '../src/index.ts';

const library = await createOpenblasBackend().then(
  () => undefined,
  (error: Error) => error.message,
);
if (library !== undefined) process.stderr.write(`  SKIPPED tensors on native BLAS: ${library}\n`);

const numbers = (seed: string, shape: readonly number[]) =>
  createRandom(seed).fillGaussian(new Float32Array(shape.reduce((product, size) => product * size, 1)));
const random = (seed: string, shape: readonly number[]) => tf.tensor(numbers(seed, shape), [...shape]);

/** Largest difference relative to the largest number. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  const size = Math.max(...Array.from(b, Math.abs));
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]))) / size;
}

/** What `work` gives on each backend. */
async function on(backends: readonly string[], work: () => tf.Tensor[]): Promise<Float32Array[][]> {
  const results = [];
  for (const name of backends) {
    await selectTensorBackend(name);
    const tensors = tf.tidy(work);
    results.push(tensors.map((tensor) => Float32Array.from(tensor.dataSync())));
    tf.dispose(tensors);
  }
  return results;
}

it('is refused with a way out before it was registered', async () => {
  await expect(selectTensorBackend('openblas')).rejects.toThrow(
    /openblas is not registered in this program.*registerOpenblasTensors\(\).*else use wasm/,
  );
});

it('names a library that is none', async () => {
  const refused = await registerOpenblasTensors({ library: '/nowhere/libblas.so' }).catch((error: unknown) => error);
  expect(isGgdlnError(refused) && refused.code).toBe('GGDLN_BACKEND');
  expect((refused as Error).message).toMatch(/\/nowhere\/libblas\.so can't be loaded/);
  expect(tf.findBackendFactory('openblas')).toBeNull();
});

describe.runIf(library === undefined)('tensors on native BLAS', () => {
  it('are chosen by the plugin, say what they run on, and can be chosen again', async () => {
    const entry = createRegistry([tensorOpenblasPlugin]).get('tensor', 'openblas');
    const backend = await entry.create({ threads: 1 });
    expect(backend.name).toBe('openblas');
    expect(backend.description).toMatch(/^tfjs-openblas \d.*products by .*1 thread/);
    expect(tf.getBackend()).toBe('openblas');
    expect((await selectOpenblasTensors({ threads: 1 })).name).toBe('openblas');
    await expect(registerOpenblasTensors({ threads: 0 })).rejects.toThrow(/threads/);
  });

  it('leave the active backend as it is when only registered', async () => {
    await selectTensorBackend('cpu');
    await registerOpenblasTensors({ threads: 1 });
    expect(tf.getBackend()).toBe('cpu');
  });

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('multiply as wasm does, transposeA %s, transposeB %s, in batches too', async (transA, transB) => {
    const a = numbers('a', [3, 20, 30]);
    const b = numbers('b', [3, 30, 10]);
    const [native, portable] = await on(['openblas', 'wasm'], () => {
      const x = tf.tensor3d(a, transA ? [3, 30, 20] : [3, 20, 30]);
      const y = tf.tensor3d(b, transB ? [3, 10, 30] : [3, 30, 10]);
      const first = tf.tensor2d(a.subarray(0, 600), transA ? [30, 20] : [20, 30]);
      const column = tf.tensor2d(b.subarray(0, 30), transB ? [1, 30] : [30, 1]);
      return [tf.matMul(x, y, transA, transB), tf.matMul(first, column, transA, transB)];
    });
    for (const [i, product] of native.entries()) expect(distance(product, portable[i])).toBeLessThan(2e-6);
  });

  it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const)(
    'multiply, add and apply %s at once',
    async (activation) => {
      const work = () => {
        const bias = random('bias', [4]);
        return [tf.fused.matMul({ a: random('a', [5, 6]), b: random('b', [6, 4]), bias, activation })];
      };
      const [native, cpu] = await on(['openblas', 'cpu'], work);
      expect(distance(native[0], cpu[0])).toBeLessThan(1e-5);
      await selectTensorBackend('openblas');
      expect(await countLeakedTensors(() => tf.tidy(() => work().length))).toBe(0);
    },
  );

  it('multiply by the library where they add and apply something at once', async () => {
    await selectTensorBackend('openblas');
    const product = tf.getKernel(tf.BatchMatMul, 'openblas');
    let products = 0;
    const kernelFunc: tf.KernelFunc = (call) => {
      products++;
      return product.kernelFunc(call);
    };
    tf.unregisterKernel(tf.BatchMatMul, 'openblas');
    tf.registerKernel({ ...product, kernelFunc });
    tf.tidy(() => tf.fused.matMul({ a: random('a', [5, 6]), b: random('b', [6, 4]), activation: 'relu' }));
    tf.unregisterKernel(tf.BatchMatMul, 'openblas');
    tf.registerKernel(product);
    expect(products).toBe(1);
  });

  it('pass between wasm and openblas, and leave nothing behind', async () => {
    await selectTensorBackend('wasm');
    const leaked = await countLeakedTensors(async () => {
      const x = random('x', [7, 9]);
      const expected = tf.matMul(x, x, false, true);
      await selectTensorBackend('openblas');
      const product = tf.matMul(x, x, false, true);
      expect(distance(product.dataSync(), expected.dataSync())).toBeLessThan(2e-6);
      tf.dispose([x, expected, product]);
    });
    expect(leaked).toBe(0);
  });

  it('survive that the memory grows between products', async () => {
    await selectTensorBackend('openblas');
    const x = random('x', [3, 4]);
    const first = tf.matMul(x, x, false, true).dataSync();
    const large = tf.zeros([6000, 6000]); // 137 MiB
    expect(tf.matMul(x, x, false, true).dataSync()).toEqual(first);
    tf.dispose([x, large]);
  });
});
