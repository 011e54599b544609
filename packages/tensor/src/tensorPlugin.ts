import { defineTensor, type Plugin, type TensorEntry, text } from '@ggdln/core';
import { selectTensorBackend, type TensorBackendName } from './selectTensorBackend.ts';

const wasm = defineTensor({
  title: 'WebAssembly',
  summary: 'float32 SIMD kernels on one thread with products of ggdln; runs in Node, browsers and workers.',
  options: {
    path: text({
      title: 'Path',
      help: 'Folder or URL of the tfjs-backend-wasm*.wasm files; empty: found.',
      default: '',
    }),
  },
  create: ({ path }) => selectTensorBackend('wasm', path === '' ? {} : { wasmPaths: path }),
});

/** The portable tensor backends. Creating one makes it the active one of the process. */
export const tensorPlugin: Plugin = {
  name: '@ggdln/tensor',
  contract: '1.0.0',
  tensor: {
    wasm,
    cpu: simple('cpu', 'Plain JavaScript', 'Slow, without WebAssembly; good as an independent check.'),
    webgl: simple('webgl', 'WebGL', 'Graphics processors in browsers; needs @tensorflow/tfjs-backend-webgl.'),
    webgpu: simple('webgpu', 'WebGPU', 'Graphics processors in browsers; needs @tensorflow/tfjs-backend-webgpu.'),
  },
};

function simple(name: TensorBackendName, title: string, summary: string): TensorEntry {
  return defineTensor({ title, summary, options: {}, create: () => selectTensorBackend(name) });
}
