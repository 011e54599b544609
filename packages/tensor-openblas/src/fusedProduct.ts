import * as tf from '@tensorflow/tfjs-core';

/** Kernels of the activations that tf.fused.matMul names, as far as they have no parameters. */
const ACTIVATIONS: Readonly<Record<string, string | undefined>> = {
  relu: tf.Relu,
  relu6: tf.Relu6,
  sigmoid: tf.Sigmoid,
  elu: tf.Elu,
};

/**
 * Makes tf.fused.matMul of a backend out of its product, sum and activation, so that its products are as fast as the
 * plain ones. Activations with parameters stay with the kernel that was there.
 */
export function registerFusedProduct(backendName: string): void {
  const before = tf.getKernel(tf._FusedMatMul, backendName);
  const kernelFunc: tf.KernelFunc = (call) => {
    const { inputs, backend, attrs } = call;
    const activation = String(attrs?.activation ?? 'linear');
    if (activation !== 'linear' && ACTIVATIONS[activation] === undefined) return before.kernelFunc(call);
    const run = (kernelName: string, operands: tf.NamedTensorInfoMap, parameters?: tf.NamedAttrMap) =>
      tf
        .getKernel(kernelName, backendName)
        .kernelFunc({ inputs: operands, backend, attrs: parameters }) as tf.TensorInfo;
    const then = (made: tf.TensorInfo, next: tf.TensorInfo) => {
      (backend as tf.KernelBackend).disposeData(made.dataId);
      return next;
    };
    const { a, b, bias } = inputs;
    let result = run(tf.BatchMatMul, { a, b } as tf.NamedTensorInfoMap, attrs);
    if (bias) result = then(result, run(tf.Add, { a: result, b: bias }));
    const kernel = ACTIVATIONS[activation];
    return kernel === undefined ? result : then(result, run(kernel, { x: result }));
  };
  tf.unregisterKernel(tf._FusedMatMul, backendName);
  tf.registerKernel({ ...before, kernelFunc });
}
