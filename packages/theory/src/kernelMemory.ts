import { inputError } from '@ggdln/core';

const BYTES = 8;

/** What kernels may take, and how much a theory makes of them. */
export interface KernelMemory {
  /** Bytes that may be used; without a limit nothing is refused. */
  readonly limit: number | undefined;
  /**
   * How many times the kernels of the training inputs, and of those with the test inputs, are in memory: their factors
   * and what backends copy among them. Measured.
   */
  readonly held: number;
}

/**
 * Refuses problems whose kernels can't fit into memory, before hours are spent on them.
 * @throws GGDLN_INPUT with what is needed and how many examples would fit.
 */
export function requireKernelMemory(where: string, P: number, testInputs: number, { limit, held }: KernelMemory): void {
  if (limit === undefined) return;
  const needed = BYTES * held * P * (P + testInputs);
  if (needed <= limit) return;
  // The root of held P (P + P_test) = limit.
  const fits = Math.floor((Math.sqrt(testInputs ** 2 + (4 * limit) / (BYTES * held)) - testInputs) / 2);
  throw inputError(
    where,
    `the kernels of ${P} examples and ${testInputs} test inputs need about ${gigabytes(needed)} of memory, ${gigabytes(limit)} may be used: ${held} times ${P} × ${P + testInputs} numbers`,
    `Give fewer: with so many test inputs, at most ${fits} examples fit`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
