import { CONTRACT_VERSION, defineLinalg, type Plugin } from '@ggdln/core';
import { createMlMatrixBackend } from './mlMatrixBackend.ts';

/** The portable linear-algebra backends. */
export const linalgPlugin: Plugin = {
  name: '@ggdln/linalg',
  contract: CONTRACT_VERSION,
  linalg: {
    'ml-matrix': defineLinalg({
      title: 'JavaScript (ml-matrix)',
      summary: 'Float64 in plain JavaScript; slower, runs everywhere.',
      options: {},
      create: () => createMlMatrixBackend(),
    }),
  },
};
