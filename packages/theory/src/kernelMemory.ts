import { inputError } from '@ggdln/core';

const BYTES = 8;

/**
 * Refuses problems whose kernels can't fit into memory, before hours are spent on them: the kernel of P training inputs
 * and that between them and the test inputs. What is worked out of them comes on top, so that this is a lower bound.
 * @param limit Bytes that may be used; without one nothing is refused.
 * @throws GGDLN_INPUT with what is needed and how many examples would fit.
 */
export function requireKernelMemory(where: string, P: number, testInputs: number, limit: number | undefined): void {
  if (limit === undefined) return;
  const needed = BYTES * P * (P + testInputs);
  if (needed <= limit) return;
  // The root of P (P + P_test) = limit.
  const fits = Math.floor((Math.sqrt(testInputs ** 2 + (4 * limit) / BYTES) - testInputs) / 2);
  throw inputError(
    where,
    `the kernels of ${P} examples and ${testInputs} test inputs need at least ${gigabytes(needed)} of memory, ${gigabytes(limit)} may be used`,
    `Give fewer: with so many test inputs, at most ${fits} examples fit`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
