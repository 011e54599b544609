import { GgdlnError, type LinalgBackend } from '@ggdln/core';
import type { Matrix } from '@ggdln/linalg';
import { hasFullRank } from '../kernels/regression.ts';

/**
 * The Cholesky factor of the kernel of one task. A pivot that is rounding alone is as singular as one below 0: outputs would
 * be noise of the size of the targets over it.
 * @param s The task, from 0.
 * @param given Whether something was added to the diagonal, which then is what keeps it positive.
 * @throws GGDLN_NUMERICAL, naming the task.
 */
export function taskFactor(
  where: string,
  { K, s, given }: { readonly K: Matrix; readonly s: number; readonly given: boolean },
  remedy: string,
  linalg: LinalgBackend,
): Matrix {
  const singular = (cause?: unknown) =>
    new GgdlnError({
      code: 'GGDLN_NUMERICAL',
      where,
      problem: `the kernel of task ${s + 1} (${K.rows} inputs) is singular to working precision`,
      remedy,
      ...(cause === undefined ? {} : { cause }),
    });
  let L: Matrix;
  try {
    L = linalg.cholesky(K);
  } catch (cause) {
    throw singular(cause);
  }
  if (!given && !hasFullRank(L)) throw singular();
  return L;
}
