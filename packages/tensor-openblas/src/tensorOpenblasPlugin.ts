import { CONTRACT_VERSION, defineTensor, integer, type Plugin } from '@ggdln/core';
import { selectOpenblasTensors } from './registerOpenblasTensors.ts';

/** The native tensor backend, for Node: `openblas`. Creating it makes it the active one of the process. */
export const tensorOpenblasPlugin: Plugin = {
  name: '@ggdln/tensor-openblas',
  contract: CONTRACT_VERSION,
  tensor: {
    openblas: defineTensor({
      title: 'OpenBLAS or Accelerate',
      summary: 'float32 in Node with matrix products by the native BLAS of the machine, the rest by WebAssembly.',
      options: {
        threads: integer({
          title: 'Threads',
          help: 'Threads of the library in this process.',
          min: 1,
          max: 1024,
          default: 1,
        }),
      },
      create: ({ threads }) => selectOpenblasTensors({ threads }),
    }),
  },
};
