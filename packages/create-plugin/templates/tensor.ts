import { defineTensor, type Plugin, type TensorBackend } from '@ggdln/core';
import { selectTensorBackend } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';

const BACKEND = 'template-entry';

/**
 * A TensorFlow.js backend with the tensors and kernels of `cpu`, and a matrix product of its own. Replace what your
 * library does better, one kernel after the other: the contract suite compares each with float64 loops.
 */
async function start(): Promise<TensorBackend> {
  if (tf.findBackendFactory(BACKEND) === null) {
    await selectTensorBackend('cpu');
    const tensors = tf.backend() as CpuTensors;
    tf.registerBackend(BACKEND, () => tensors);
    tf.copyRegisteredKernels('cpu', BACKEND);
    replaceProduct();
  }
  const { name, description } = await selectTensorBackend(BACKEND);
  return { name, description: `${description}, products summed in float64` };
}

/** What is needed of the cpu backend beyond TensorFlow.js's own type. */
type CpuTensors = tf.KernelBackend & {
  readonly data: { get(id: tf.DataId): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
};

function replaceProduct(): void {
  const before = tf.getKernel(tf.BatchMatMul, BACKEND);
  tf.unregisterKernel(tf.BatchMatMul, BACKEND);
  tf.registerKernel({
    ...before,
    backendName: BACKEND,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      const matrices = [a, b].every(
        ({ shape, dtype }) => shape.slice(0, -2).every((n) => n === 1) && dtype === 'float32',
      );
      if (!matrices) return before.kernelFunc(call); // batches of matrices, and other types
      const backend = call.backend as CpuTensors;
      const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
      const [left, right] = [view(backend, a, transposeA), view(backend, b, transposeB)];
      const values = product(left, right);
      const batch = a.shape.length >= b.shape.length ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
      return backend.makeTensorInfo([...batch, left.rows, right.cols], 'float32', values);
    },
  });
}

/** A matrix in the memory of a tensor; entry (i, j) lies at i · down + j · across. */
interface View {
  readonly rows: number;
  readonly cols: number;
  readonly down: number;
  readonly across: number;
  readonly values: Float32Array;
}

function view(backend: CpuTensors, { shape, dataId }: tf.TensorInfo, transposed: boolean): View {
  const [rows, cols] = shape.slice(-2);
  const { values } = backend.data.get(dataId);
  return transposed
    ? { rows: cols, cols: rows, down: 1, across: cols, values }
    : { rows, cols, down: cols, across: 1, values };
}

function product(a: View, b: View): Float32Array {
  const out = new Float32Array(a.rows * b.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.cols; j++) {
      let sum = 0; // float64
      for (let p = 0; p < a.cols; p++) sum += a.values[i * a.down + p * a.across] * b.values[p * b.down + j * b.across];
      out[i * b.cols + j] = sum;
    }
  }
  return out;
}

export const plugin: Plugin = {
  name: 'ggdln-plugin-template',
  contract: '1.0.0',
  tensor: {
    'template-entry': defineTensor({
      title: 'Template title',
      summary: 'Plain JavaScript whose matrix products are summed in float64.',
      options: {},
      create: start,
    }),
  },
};
