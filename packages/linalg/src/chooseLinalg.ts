import { type LinalgBackend, unknownNameError } from '@ggdln/core';
import { createMlMatrixBackend } from './mlMatrixBackend.ts';

const known = ['ml-matrix'];

/**
 * The linear algebra to use here, and one line that says which and why.
 * @param preferred Name of a backend; the fastest portable one that runs here when absent.
 * @throws GGDLN_UNKNOWN_NAME with the nearest known names.
 */
export async function chooseLinalg(
  preferred?: string,
): Promise<{ readonly backend: LinalgBackend; readonly reason: string }> {
  if (preferred !== undefined && !known.includes(preferred)) {
    throw unknownNameError('@ggdln/linalg chooseLinalg', 'linear-algebra backend', preferred, known);
  }
  return { backend: createMlMatrixBackend(), reason: 'ml-matrix: it runs everywhere' };
}
