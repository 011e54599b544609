import type { RunContext } from '@ggdln/core';
import { ensureTensorBackend } from '@ggdln/tensor';

/**
 * Makes sure that tensors work: on the backend that the context names, else on the one that the program chose, else on
 * wasm. Warns when they do so on the slow backend.
 * @throws GGDLN_BACKEND when the backend can't run here.
 */
export async function startBackend({ tensor, onWarning }: Pick<RunContext, 'tensor' | 'onWarning'>): Promise<void> {
  const { fallback } = await (tensor ? tensor() : ensureTensorBackend());
  if (fallback) {
    onWarning?.({
      code: 'tensor-backend',
      message: `Tensors run on the slow cpu backend instead of wasm: ${fallback}.`,
    });
  }
}
