import type { RunContext } from '@ggdln/core';
import { ensureTensorBackend, selectTensorBackend } from '@ggdln/tensor';

/**
 * Makes sure that tensors work; warns when they do so on the slow backend.
 * @param name The backend to make the active one, e.g. `cpu` or a registered one such as `openblas`; `auto` keeps the one
 * that the program chose, else wasm.
 * @throws GGDLN_UNKNOWN_NAME for a name that isn't known, GGDLN_BACKEND when the backend can't run here.
 */
export async function startBackend({ onWarning }: Pick<RunContext, 'onWarning'>, name = 'auto'): Promise<void> {
  const { fallback } = await (name === 'auto' ? ensureTensorBackend() : selectTensorBackend(name));
  if (fallback) {
    onWarning?.({
      code: 'tensor-backend',
      message: `Tensors run on the slow cpu backend instead of wasm: ${fallback}.`,
    });
  }
}
