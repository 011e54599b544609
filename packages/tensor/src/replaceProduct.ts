import * as tf from '@tensorflow/tfjs-core';
import { OWN_PRODUCT } from './transposedMatMul.ts';

/** What is needed of tfjs's wasm backend; its Emscripten module keeps the exports of the binary under `asm`. */
export interface WasmTensors {
  readonly wasm: { readonly asm?: { readonly memory?: WebAssembly.Memory }; _malloc(bytes: number): number };
  readonly dataIdMap: { get(dataId: tf.DataId): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
}

/** op(A) is m × k, op(B) is k × n, all contiguous, row-major float32. */
export interface ProductShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transA: boolean;
  readonly transB: boolean;
}

/** C = op(A) · op(B) in the memory of the wasm backend, at addresses in bytes. What C held is left over. */
export type MemoryProduct = (shape: ProductShape, a: number, b: number, c: number) => void;

/**
 * Replaces the matrix product of a backend that keeps its tensors as tfjs's wasm does. Products of other types or of
 * batches that broadcast both ways stay with the kernel that was there.
 */
export function replaceProduct(backendName: string, multiply: MemoryProduct, mark: symbol = OWN_PRODUCT): void {
  const before = tf.getKernel(tf.BatchMatMul, backendName);
  const kernelFunc: tf.KernelFunc = (call) => {
    const backend = call.backend as WasmTensors;
    const a = call.inputs.a as tf.TensorInfo;
    const b = call.inputs.b as tf.TensorInfo;
    const sizes = productSizes(a, b, call.attrs);
    if (sizes === undefined) return before.kernelFunc(call);
    const { batch, aStep, bStep, product } = sizes;
    const out = backend.makeOutput(sizes.shape, 'float32');
    const [pa, pb, pc] = [a, b, out].map(({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset);
    const cStep = 4 * product.m * product.n;
    for (let i = 0; i < batch; i++) multiply(product, pa + i * aStep, pb + i * bStep, pc + i * cStep);
    return out;
  };
  const marked = { ...before, kernelFunc, [OWN_PRODUCT]: true, [mark]: true };
  tf.unregisterKernel(tf.BatchMatMul, backendName);
  tf.registerKernel(marked);
}

/** Sizes of a product of matrices or of equal batches of them; undefined for what is left to tfjs's own kernel. */
function productSizes(a: tf.TensorInfo, b: tf.TensorInfo, attrs: tf.NamedAttrMap | undefined) {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  const [transA, transB] = [attrs?.transposeA === true, attrs?.transposeB === true];
  const [aRows, aCols] = a.shape.slice(-2);
  const [bRows, bCols] = b.shape.slice(-2);
  const [m, k] = transA ? [aCols, aRows] : [aRows, aCols];
  const [inner, n] = transB ? [bCols, bRows] : [bRows, bCols];
  const batches = [a, b].map(({ shape }) => tf.util.sizeFromShape(shape.slice(0, -2)));
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const batch = tf.util.sizeFromShape(outer);
  // A batch of one is repeated; where both are, each along other axes, tfjs's kernel decides.
  if (k !== inner || batches.some((count) => count !== 1 && count !== batch)) return undefined;
  const [aStep, bStep] = batches.map((count, i) => (count === 1 ? 0 : 4 * k * (i === 0 ? m : n)));
  return { batch, aStep, bStep, product: { m, n, k, transA, transB }, shape: [...outer, m, n] };
}
