import type { LinalgBackend } from '@ggdln/core';
import { describe, it } from 'vitest';
import { checkLinalg } from './checkLinalg.ts';

/** Runs the contract of a linear-algebra backend under vitest: every operation by its properties, and refusals. */
export function testLinalg(name: string, makeBackend: () => LinalgBackend | Promise<LinalgBackend>): void {
  describe(`linear algebra ${name}`, () => {
    for (const check of checkLinalg(makeBackend)) it(check.name, check.run);
  });
}
