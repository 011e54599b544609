import { isGgdlnError } from '@ggdln/core';
import { createOpenblasBackend } from '../src/index.ts';

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
