export type { TensorBackend } from '@ggdln/core';
export { registerFusedProduct } from './fusedProduct.ts';
export { assertOneTfjsCore } from './oneCopy.ts';
export { registerMissingGradients } from './registerGradients.ts';
export { type MemoryProduct, type ProductShape, replaceProduct, type WasmTensors } from './replaceProduct.ts';
export {
  ensureTensorBackend,
  selectTensorBackend,
  TENSOR_BACKENDS,
  type TensorBackendName,
  type TensorBackendOptions,
} from './selectTensorBackend.ts';
export { tensorPlugin } from './tensorPlugin.ts';
export { countLeakedTensors, createTensorScope, type TensorScope, withTensorScope } from './tensorScope.ts';
export { useExplicitTransposes } from './transposedMatMul.ts';
export { useWasmProduct } from './wasmProduct.ts';
