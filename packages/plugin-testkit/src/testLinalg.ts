import type { LinalgBackend } from '@ggdln/core';
import { describe, it } from 'vitest';
import { checkLinalg, type LinalgCheckOptions } from './checkLinalg.ts';

/** Runs the contract of a linear-algebra backend under vitest: every operation by its properties, and refusals. */
export function testLinalg(
  name: string,
  makeBackend: () => LinalgBackend | Promise<LinalgBackend>,
  options: LinalgCheckOptions = {},
): void {
  describe(`linear algebra ${name}`, () => {
    for (const check of checkLinalg(makeBackend, options)) it(check.name, check.run);
  });
}
