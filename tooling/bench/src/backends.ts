import { isGgdlnError, type LinalgBackend } from '@ggdln/core';
import { chooseLinalg } from '@ggdln/linalg';
import { createOpenblasBackend } from '@ggdln/linalg-openblas';
import { NotHereError } from './job.ts';

/** Native linear algebra at that many threads. @throws NotHereError where there is none. */
export async function nativeLinalg(threads: number): Promise<LinalgBackend> {
  try {
    return await createOpenblasBackend({ threads });
  } catch (error) {
    if (!isGgdlnError(error) || error.code !== 'GGDLN_BACKEND') throw error;
    throw new NotHereError(error.message);
  }
}

/** The fastest linear algebra here: native, else portable. */
export async function fastestLinalg(threads: number): Promise<LinalgBackend> {
  try {
    return await nativeLinalg(threads);
  } catch (error) {
    if (!(error instanceof NotHereError)) throw error;
    return (await chooseLinalg()).backend;
  }
}
