import type { RunContext } from '@ggdln/core';
import { ensureTensorBackend } from '@ggdln/tensor';

/** Makes sure that tensors work; warns when they do so on the slow backend. */
export async function startBackend({ onWarning }: RunContext): Promise<void> {
  const { fallback } = await ensureTensorBackend();
  if (fallback) {
    onWarning?.({
      code: 'tensor-backend',
      message: `Tensors run on the slow cpu backend instead of wasm: ${fallback}.`,
    });
  }
}
