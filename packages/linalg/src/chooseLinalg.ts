import { isGgdlnError, type LinalgBackend, unknownNameError } from '@ggdln/core';
import { createMlMatrixBackend } from './mlMatrixBackend.ts';
import { createWasmBackend } from './wasmBackend.ts';

/** A backend, and one line that says which it is and why it was taken. */
export interface LinalgChoice {
  readonly backend: LinalgBackend;
  readonly reason: string;
}

/**
 * The linear algebra to use here: the fastest portable backend that runs, or the one asked for.
 * @param preferred `wasm` or `ml-matrix`.
 * @throws GGDLN_UNKNOWN_NAME with the nearest known names; GGDLN_BACKEND when the one asked for can't run here.
 */
export async function chooseLinalg(preferred?: string): Promise<LinalgChoice> {
  const reason = (backend: LinalgBackend, why: string) => ({ backend, reason: `${backend.name}: ${why}` });
  switch (preferred) {
    case 'wasm':
      return reason(await createWasmBackend(), 'asked for');
    case 'ml-matrix':
      return reason(createMlMatrixBackend(), 'asked for');
    case undefined:
      break;
    default:
      throw unknownNameError('@ggdln/linalg chooseLinalg', 'linear-algebra backend', preferred, ['wasm', 'ml-matrix']);
  }
  try {
    return reason(await createWasmBackend(), 'float64 WebAssembly SIMD on one thread, the fastest portable choice');
  } catch (error) {
    if (!isGgdlnError(error)) throw error;
    return reason(createMlMatrixBackend(), `slower, but it runs everywhere; ${error.message}`);
  }
}
