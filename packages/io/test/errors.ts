import { isGgdlnError } from '@ggdln/core';
import { expect } from 'vitest';

/** Runs something that must fail and returns the message, after checking the code. */
export function failure(code: string, run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!isGgdlnError(error)) throw error;
    expect(error.code).toBe(code);
    return error.message;
  }
  throw new Error(`nothing was thrown, expected ${code}`);
}
