import { CONTRACT_VERSION, defineLinalg, type LinalgEntry, type Plugin } from '@ggdln/core';
import { createMlMatrixBackend } from './mlMatrixBackend.ts';
import { createWasmBackend } from './wasmBackend.ts';

/** The portable backends by name, the fastest first. */
export const portableEntries: Readonly<Record<string, LinalgEntry>> = {
  wasm: defineLinalg({
    title: 'WebAssembly SIMD',
    summary: 'Float64 kernels in WebAssembly on one thread; the fastest that needs nothing installed.',
    options: {},
    create: () => createWasmBackend(),
  }),
  'ml-matrix': defineLinalg({
    title: 'JavaScript (ml-matrix)',
    summary: 'Float64 in plain JavaScript; slower, runs everywhere.',
    options: {},
    create: () => createMlMatrixBackend(),
  }),
};

/** The portable linear-algebra backends: `wasm` and `ml-matrix`. */
export const linalgPlugin: Plugin = {
  name: '@ggdln/linalg',
  contract: CONTRACT_VERSION,
  linalg: portableEntries,
};
