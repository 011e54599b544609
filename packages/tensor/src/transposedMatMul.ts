import * as tf from '@tensorflow/tfjs-core';

/** Marks a product kernel as made in this package, also across two copies of it. */
export const OWN_PRODUCT: unique symbol = Symbol.for('@ggdln/tensor product');

/**
 * Makes the wasm backend multiply transposed matrices through an explicit transpose. Its own product with
 * transposeA or transposeB runs on a plain loop, 10 to 30 times slower than without, and every gradient of a matrix
 * product uses one. Same numbers up to rounding. May be called any number of times, before or after the backend
 * has started, but after `@tensorflow/tfjs-backend-wasm` has been loaded.
 * @returns Whether anything was replaced now: false on a second call, after `useWasmProduct` and without the backend.
 */
export function useExplicitTransposes(backendName = 'wasm'): boolean {
  const multiply = tf.getKernel(tf.BatchMatMul, backendName);
  const transpose = tf.getKernel(tf.Transpose, backendName);
  if (!multiply || !transpose || OWN_PRODUCT in multiply) return false;
  const kernelFunc: tf.KernelFunc = ({ inputs, backend, attrs }) => {
    const made: tf.TensorInfo[] = [];
    const plain = (matrix: tf.TensorInfo, transposed: boolean): tf.TensorInfo => {
      if (!transposed) return matrix;
      const perm = swapLastTwo(matrix.shape.length);
      const result = transpose.kernelFunc({ inputs: { x: matrix }, backend, attrs: { perm } }) as tf.TensorInfo;
      made.push(result);
      return result;
    };
    try {
      const a = plain(inputs.a as tf.TensorInfo, attrs?.transposeA === true);
      const b = plain(inputs.b as tf.TensorInfo, attrs?.transposeB === true);
      const untransposed = { ...attrs, transposeA: false, transposeB: false };
      return multiply.kernelFunc({ inputs: { a, b }, backend, attrs: untransposed });
    } finally {
      for (const { dataId } of made) (backend as tf.KernelBackend).disposeData(dataId);
    }
  };
  const marked: tf.KernelConfig & { [OWN_PRODUCT]: true } = { ...multiply, kernelFunc, [OWN_PRODUCT]: true };
  tf.unregisterKernel(tf.BatchMatMul, backendName);
  tf.registerKernel(marked);
  return true;
}

function swapLastTwo(rank: number): number[] {
  return [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];
}
