import { createRandom, type Problem, type ProblemTraits, type RunContext } from '@ggdln/core';
import type { Session } from './command.ts';
import type { Arguments } from './flags.ts';
import { seedOf } from './problemFlags.ts';
import { createProgressLine } from './terminal.ts';

/** The first word of an unparsed command line that is not a flag, if it comes first. */
export function firstWord(argv: readonly string[]): string | undefined {
  return argv[0] !== undefined && !argv[0].startsWith('-') ? argv[0] : undefined;
}

/** What compatibility is decided on. */
export function traitsOf(problem: Problem): ProblemTraits {
  return {
    family: problem.architecture.family,
    depth: problem.architecture.widths.length,
    outputs: problem.train.Y.cols,
    temperature: problem.temperature,
  };
}

/** The context of one theory or learner run from flags, with progress and warnings on the terminal. */
export async function runContext(
  args: Arguments,
  session: Session,
  stream: string,
): Promise<{ readonly context: RunContext; readonly end: () => void }> {
  const line = createProgressLine(session.terminal);
  const { backend, reason } = await session.linalg();
  line.note(`Linear algebra: ${backend.name} (${reason})`);
  const context: RunContext = {
    rng: createRandom(seedOf(args)).stream(stream),
    linalg: backend,
    files: session.files,
    signal: session.signal,
    onProgress: (progress) => line.report(progress),
    onWarning: (warning) => line.note(`Warning: ${warning.message}`),
  };
  return { context, end: () => line.end() };
}
