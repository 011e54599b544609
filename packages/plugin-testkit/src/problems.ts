import type { Problem, ProblemTraits, TheoryEntry } from '@ggdln/core';
import { demand } from './check.ts';
import { demandSameBits } from './compare.ts';

/** What `supports` is asked about a problem. */
export function traitsOf(problem: Problem): ProblemTraits {
  const { architecture, temperature, train } = problem;
  const { family, widths, activation } = architecture;
  return { family, depth: widths.length, outputs: train.Y.cols, temperature, ...(activation ? { activation } : {}) };
}

/** All numbers that a learner or a theory is given, for finding out whether it changed them. */
function numbersOf({ train, test }: Problem): Float64Array[] {
  return [train, test].flatMap(({ X, Y, gates }) => [X, Y, ...gates].map(({ data }) => data.slice()));
}

/** Demands that the problem used for a test is one that the entry supports. */
export function demandSupport(entry: Pick<TheoryEntry, 'supports'>, problem: Problem): void {
  const refused = entry.supports(traitsOf(problem));
  demand(refused === undefined, `it does not support the given problem, expected one that it does: ${refused?.reason}`);
}

/** Demands that `run` leaves every number of the problem as it was. */
export async function demandUntouched(problem: Problem, run: () => Promise<unknown>): Promise<void> {
  const before = numbersOf(problem);
  await run();
  numbersOf(problem).forEach((after, i) => {
    demandSameBits('numbers of the problem afterwards', after, before[i]);
  });
}
