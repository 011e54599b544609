import { isGgdlnError } from '@ggdln/core';
import { createOpenblasBackend } from '../src/index.ts';
import { openBlas } from '../src/library.ts';
import type { Blas } from '../src/symbols.ts';

/**
 * Why native tests can't run on this machine; nothing where they can. Only for want of a library: one that is named and
 * can't be used is an error here too.
 */
export async function whyNotNative(): Promise<string | undefined> {
  try {
    await createOpenblasBackend();
    return undefined;
  } catch (error) {
    if (isGgdlnError(error) && error.problem.startsWith('No BLAS library found')) return error.problem;
    throw error;
  }
}

/** The routines of the library that the backend takes. */
export async function nativeBlas(): Promise<Blas> {
  const { load } = await import('koffi');
  return openBlas(load, process).blas;
}
