import { GgdlnError, type LinalgBackend, type TensorBackend } from '@ggdln/core';
import { createOpenblasBackend, type OpenblasOptions } from '@ggdln/linalg-openblas';
import {
  type MemoryProduct,
  registerFusedProduct,
  replaceProduct,
  selectTensorBackend,
  type WasmTensors,
} from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';

const where = '@ggdln/tensor-openblas registerOpenblasTensors';

/** The name under which TensorFlow.js and `selectTensorBackend` know the backend. */
const NAME = 'openblas';

/**
 * Registers the TensorFlow.js backend `openblas`: tensors and elementwise kernels of the wasm backend, matrix products
 * by the native BLAS, in place on the same memory. Tensors can pass between `wasm` and `openblas`, as the two share
 * them. Which backend is active doesn't change, except that wasm becomes it where none was. A second call changes the
 * library and its threads only.
 * @returns What the products run on, for people: library, version, threads.
 * @throws GGDLN_BACKEND when there is no usable library or WebAssembly, saying which and how to get it; GGDLN_INPUT for
 * threads that are no whole number ≥ 1.
 */
export async function registerOpenblasTensors(options: OpenblasOptions = {}): Promise<string> {
  const linalg = await createOpenblasBackend(options);
  const { backend, memory } = await startedWasm();
  if (tf.findBackendFactory(NAME) === null) {
    // The two share one instance: a second one would break the first, as tfjs keeps its kernels in module variables.
    tf.registerBackend(NAME, () => backend as unknown as tf.KernelBackend, 0);
    tf.copyRegisteredKernels('wasm', NAME);
    registerFusedProduct(NAME);
  }
  // On top of wasm's product, which takes what the library doesn't, not of what an earlier call put here.
  tf.unregisterKernel(tf.BatchMatMul, NAME);
  tf.registerKernel({ ...tf.getKernel(tf.BatchMatMul, 'wasm'), backendName: NAME });
  replaceProduct(NAME, nativeProduct(linalg, memory));
  return linalg.description;
}

/** Registers the backend and makes it the active one. @throws as `registerOpenblasTensors`. */
export async function selectOpenblasTensors(options: OpenblasOptions = {}): Promise<TensorBackend> {
  const products = await registerOpenblasTensors(options);
  const { name, description } = await selectTensorBackend(NAME);
  return { name, description: `${description}, products by ${products}` };
}

/** The library reads and writes the memory of WebAssembly through views, which are made anew as it may have grown. */
function nativeProduct(linalg: LinalgBackend, memory: WebAssembly.Memory): MemoryProduct {
  return (shape, a, b, c) => {
    const { m, n, k } = shape;
    const view = (address: number, count: number) => new Float32Array(memory.buffer, address, count);
    linalg.multiplyInto(shape, view(a, m * k), view(b, k * n), view(c, m * n));
  };
}

async function startedWasm(): Promise<{ readonly backend: WasmTensors; readonly memory: WebAssembly.Memory }> {
  const active = tf.engine().backendName;
  const { fallback } = await selectTensorBackend('wasm');
  if (active !== undefined && active !== 'wasm') await tf.setBackend(active);
  const backend = tf.findBackend('wasm') as unknown as WasmTensors | null;
  const memory = backend?.wasm?.asm?.memory;
  if (fallback === undefined && backend && memory instanceof WebAssembly.Memory) return { backend, memory };
  throw new GgdlnError({
    code: 'GGDLN_BACKEND',
    where,
    problem: `the wasm backend of TensorFlow.js, which keeps the tensors, does not run here (${fallback ?? 'its memory is hidden'})`,
    remedy: 'Install @tensorflow/tfjs-backend-wasm 4.22 beside @tensorflow/tfjs-core, or use the backend cpu',
  });
}
