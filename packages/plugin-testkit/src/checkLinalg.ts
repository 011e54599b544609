import type { LinalgBackend } from '@ggdln/core';
import { type Check, once } from './check.ts';
import { agreementChecks } from './linalg/agreement.ts';
import { choleskyChecks } from './linalg/cholesky.ts';
import { habitChecks } from './linalg/habits.ts';
import { type NastyMatrix, nastyChecks } from './linalg/nasty.ts';
import { productChecks } from './linalg/products.ts';
import type { LinalgCheck } from './linalg/reference.ts';
import { spectralChecks } from './linalg/spectral.ts';

export interface LinalgCheckOptions {
  /** Matrices that break careless code, by name; see `fixtures/linalg/` of the ggdln repository. Default none. */
  readonly nasty?: Readonly<Record<string, NastyMatrix>>;
  /** Makes a backend that is trusted, whose numbers the other's are compared with. Default none. */
  readonly reference?: () => LinalgBackend | Promise<LinalgBackend>;
}

/**
 * The contract of a linear-algebra backend, as checks that need no test runner; `testLinalg` runs them under vitest.
 * All checks share one backend, so that one that keeps memory between calls is tested on what earlier calls left.
 */
export function checkLinalg(
  makeBackend: () => LinalgBackend | Promise<LinalgBackend>,
  { nasty = {}, reference }: LinalgCheckOptions = {},
): Check[] {
  const shared = once(async () => makeBackend());
  const check: LinalgCheck = (name, run) => ({ name, run: async () => run(await shared()) });
  return [
    ...productChecks(check),
    ...choleskyChecks(check),
    ...spectralChecks(check),
    ...habitChecks(check, makeBackend),
    ...nastyChecks(check, nasty),
    ...(reference ? agreementChecks(check, once(reference), nasty) : []),
  ];
}
