import { inputError, type Problem } from '@ggdln/core';

const where = '@ggdln/learning blockGibbs';
const BYTES = 8;

/**
 * Refuses problems whose Gram matrices can't fit into memory, before the first is made: a chain keeps those of the
 * inputs and of the gates of each layer (P × P), and makes one of the targets (PC × PC). The rest comes on top, so that
 * this is a lower bound.
 * @param limit Bytes that may be used; without one nothing is refused.
 * @throws GGDLN_INPUT with what is needed and how many examples would fit.
 */
export function requireGramMemory({ train }: Problem, limit: number | undefined): void {
  if (limit === undefined) return;
  const [P, outputs] = [train.X.rows, train.Y.cols];
  const forOne = BYTES * (outputs ** 2 + 1 + train.gates.length);
  if (forOne * P ** 2 <= limit) return;
  throw inputError(
    where,
    `the Gram matrices of ${P} examples and ${outputs} ${outputs === 1 ? 'output' : 'outputs'} need at least ` +
      `${gigabytes(forOne * P ** 2)} of memory, ${gigabytes(limit)} may be used`,
    `At most ${Math.floor(Math.sqrt(limit / forOne))} examples fit; use fewer examples or outputs`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
