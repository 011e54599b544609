import { defineLinalg, type LinalgBackend, type Plugin } from '@ggdln/core';
import { createMlMatrixBackend } from '@ggdln/linalg';

/**
 * The portable backend with one operation of its own. Replace what your library does better, one operation after the
 * other: the contract suite compares each with float64 loops and with the portable backend.
 */
function createBackend(): LinalgBackend {
  const portable = createMlMatrixBackend();
  return {
    ...portable,
    name: 'template-entry',
    description: 'the portable backend, with a solver of its own for symmetric systems',
    // LLᵀX = B as two triangular systems. Both refuse shapes that don't fit and numbers that aren't finite.
    choleskySolve: (l, b) => portable.triangularSolve(l, portable.triangularSolve(l, b), { trans: true }),
  };
}

export const plugin: Plugin = {
  name: 'ggdln-plugin-template',
  contract: '1.0.0',
  linalg: {
    'template-entry': defineLinalg({
      title: 'Template title',
      summary: 'Portable linear algebra with one operation replaced.',
      options: {},
      create: createBackend,
    }),
  },
};
