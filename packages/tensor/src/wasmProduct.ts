import { createSingleProduct } from '@ggdln/linalg';
import * as tf from '@tensorflow/tfjs-core';
import { OWN_PRODUCT } from './transposedMatMul.ts';

/** What is needed of tfjs's wasm backend; its Emscripten module keeps the exports of the binary under `asm`. */
interface WasmBackend {
  readonly wasm: { readonly asm?: { readonly memory?: WebAssembly.Memory }; _malloc(bytes: number): number };
  readonly dataIdMap: { get(dataId: tf.DataId): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
}

/** Marks the product that works in place. */
const IN_PLACE = Symbol.for('@ggdln/tensor product in place');

/**
 * Gives the running wasm backend ggdln's own float32 product, which works in place in the memory of TensorFlow.js:
 * transposes cost nothing, and it is a quarter faster than the product that it replaces. May be called any number of
 * times.
 * @returns Whether products run on it now. False where the memory can't be had (another version of the backend, or the
 * threaded binary of cross-origin isolated pages, whose memory is shared).
 */
export async function useWasmProduct(): Promise<boolean> {
  const multiply = tf.getKernel(tf.BatchMatMul, 'wasm');
  if (!multiply) return false;
  if (IN_PLACE in multiply) return true;
  const backend = tf.findBackend('wasm') as unknown as WasmBackend;
  const memory = backend?.wasm?.asm?.memory;
  if (!(memory instanceof WebAssembly.Memory)) return false;
  const product = await createSingleProduct(memory).catch(() => undefined);
  if (product === undefined) return false;
  const work = alignedWork(backend, product.workBytes());
  const place = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const kernelFunc: tf.KernelFunc = (call) => {
    const a = call.inputs.a as tf.TensorInfo;
    const b = call.inputs.b as tf.TensorInfo;
    const sizes = productSizes(a, b, call.attrs);
    if (sizes === undefined) return multiply.kernelFunc(call);
    const { batch, m, n, k, aStep, bStep, shape } = sizes;
    const out = backend.makeOutput(shape, 'float32');
    const [pa, pb, pc] = [place(a), place(b), place(out)];
    const [aRow, aColumn] = call.attrs?.transposeA === true ? [1, m] : [k, 1];
    const [bRow, bColumn] = call.attrs?.transposeB === true ? [1, k] : [n, 1];
    for (let i = 0; i < batch; i++) {
      const [ai, bi, ci] = [pa + i * aStep, pb + i * bStep, pc + 4 * i * m * n];
      product.multiply(m, n, k, 1, ai, aRow, aColumn, bi, bRow, bColumn, 0, ci, work);
    }
    return out;
  };
  const marked: tf.KernelConfig & { [OWN_PRODUCT]: true; [IN_PLACE]: true } = {
    ...multiply,
    kernelFunc,
    [OWN_PRODUCT]: true,
    [IN_PLACE]: true,
  };
  tf.unregisterKernel(tf.BatchMatMul, 'wasm');
  tf.registerKernel(marked);
  return true;
}

/** Working space for as long as the backend lives. */
function alignedWork(backend: WasmBackend, bytes: number): number {
  return Math.ceil((backend.wasm._malloc(bytes + 15) >>> 0) / 16) * 16;
}

/** Sizes of a product of matrices or of equal batches of them; undefined for what is left to tfjs's own kernel. */
function productSizes(a: tf.TensorInfo, b: tf.TensorInfo, attrs: tf.NamedAttrMap | undefined) {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  const [aRows, aCols] = a.shape.slice(-2);
  const [bRows, bCols] = b.shape.slice(-2);
  const [m, k] = attrs?.transposeA === true ? [aCols, aRows] : [aRows, aCols];
  const [inner, n] = attrs?.transposeB === true ? [bCols, bRows] : [bRows, bCols];
  const batches = [a, b].map(({ shape }) => tf.util.sizeFromShape(shape.slice(0, -2)));
  const batch = Math.max(...batches);
  if (k !== inner || batches.some((count) => count !== 1 && count !== batch)) return undefined;
  // A batch of one is repeated; of two different shapes of as many, tfjs's kernel decides.
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (tf.util.sizeFromShape(outer) !== batch) return undefined;
  const [aStep, bStep] = batches.map((count, i) => (count === 1 ? 0 : 4 * k * (i === 0 ? m : n)));
  return { batch, m, n, k, aStep, bStep, shape: [...outer, m, n] };
}
