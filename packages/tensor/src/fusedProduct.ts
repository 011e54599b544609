import * as tf from '@tensorflow/tfjs-core';

/** Marks a fused product as made here, with the backend that it is for; also across two copies of this package. */
const FUSED = Symbol.for('@ggdln/tensor fused product');

type Marked = tf.KernelConfig & { readonly [FUSED]?: string };

/** A kernel with what it takes besides x, for what tf.fused.matMul was called with. */
interface Activation {
  readonly kernel: string;
  readonly inputs?: tf.NamedTensorInfoMap;
  readonly attrs?: tf.NamedAttrMap;
}

/**
 * Makes tf.fused.matMul of a backend out of its product, sum and activation, so that its products are as fast as the
 * plain ones and right: that of wasm takes plain loops for transposes, and then adds the bias along the wrong axis.
 * May be called any number of times, once the backend has started.
 */
export function registerFusedProduct(backendName: string): void {
  const before: Marked | undefined = tf.getKernel(tf._FusedMatMul, backendName);
  if (before === undefined || before[FUSED] === backendName) return;
  const kernelFunc: tf.KernelFunc = (call) => {
    const activation = activationOf(call.inputs, call.attrs);
    if (activation === undefined) return before.kernelFunc(call);
    const backend = call.backend as tf.KernelBackend;
    const run = (kernelName: string, inputs: tf.NamedTensorInfoMap, attrs?: tf.NamedAttrMap) =>
      tf.getKernel(kernelName, backendName).kernelFunc({ inputs, backend, attrs }) as tf.TensorInfo;
    const then = (made: tf.TensorInfo, next: tf.TensorInfo) => {
      backend.disposeData(made.dataId);
      return next;
    };
    const { a, b, bias } = call.inputs as tf.NamedTensorInfoMap;
    let result = run(tf.BatchMatMul, { a, b }, call.attrs);
    if (bias) result = then(result, run(tf.Add, { a: result, b: bias }));
    if (activation === 'linear') return result;
    return then(result, run(activation.kernel, { x: result, ...activation.inputs }, activation.attrs));
  };
  tf.unregisterKernel(tf._FusedMatMul, backendName);
  const marked: Marked = { ...before, kernelFunc, [FUSED]: backendName };
  tf.registerKernel(marked);
}

/** The activation that was named; undefined for one that isn't known here. */
function activationOf(
  inputs: tf.NamedTensorInfoMap | tf.NamedTensorMap,
  attrs: tf.NamedAttrMap | undefined,
): Activation | 'linear' | undefined {
  const name = String(attrs?.activation ?? 'linear');
  switch (name) {
    case 'linear':
      return name;
    case 'relu':
      return { kernel: tf.Relu };
    case 'relu6':
      return { kernel: tf.Relu6 };
    case 'sigmoid':
      return { kernel: tf.Sigmoid };
    case 'elu':
      return { kernel: tf.Elu };
    case 'leakyrelu':
      return { kernel: tf.LeakyRelu, attrs: { alpha: attrs?.leakyreluAlpha ?? 0.2 } };
    case 'prelu':
      return { kernel: tf.Prelu, inputs: { alpha: inputs.preluActivationWeights as tf.TensorInfo } };
    default:
      return undefined;
  }
}
