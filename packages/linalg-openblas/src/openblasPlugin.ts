import { CONTRACT_VERSION, defineLinalg, type Plugin } from '@ggdln/core';
import { createOpenblasBackend } from './openblasBackend.ts';

/** The native linear-algebra backend: `openblas`. */
export const openblasPlugin: Plugin = {
  name: '@ggdln/linalg-openblas',
  contract: CONTRACT_VERSION,
  linalg: {
    openblas: defineLinalg({
      title: 'OpenBLAS or Accelerate',
      summary: 'Float64 and float32 by the native BLAS and LAPACK of the machine; the fastest where one is installed.',
      options: {},
      create: () => createOpenblasBackend(),
    }),
  },
};
