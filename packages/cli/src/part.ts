import { createRandom, type Matrix, type Problem, type ProblemTraits, type RunContext } from '@ggdln/core';
import { type PredictorMoments, predictorMetrics, startTensor } from '@ggdln/experiments';
import { deadInputs } from '@ggdln/gating';
import type { Session } from './command.ts';
import type { Arguments } from './flags.ts';
import { memoryLimit } from './memory.ts';
import { type GivenProblem, seedOf } from './problemFlags.ts';
import { alignColumns, createProgressLine } from './terminal.ts';

/** The first word of an unparsed command line that is not a flag, if it comes first. */
export function firstWord(argv: readonly string[]): string | undefined {
  return argv[0] !== undefined && !argv[0].startsWith('-') ? argv[0] : undefined;
}

/** What compatibility is decided on. */
export function traitsOf({ architecture, train, temperature }: Problem): ProblemTraits {
  const { family, widths, activation } = architecture;
  return { family, depth: widths.length, outputs: train.Y.cols, temperature, ...(activation ? { activation } : {}) };
}

/** The size of a problem in one line, so that a user sees what was understood. */
export function describeProblem({ train, test, architecture, temperature }: Problem): string {
  const gates = train.gates.map((layer) => layer.cols).join(', ');
  const widths = architecture.widths.length > 0 ? ` · N = ${architecture.widths.join(', ')}` : '';
  return (
    `${architecture.family}: P = ${train.X.rows} · N0 = ${train.X.cols} · C = ${train.Y.cols} · M = ${gates}${widths}` +
    ` · σ = ${architecture.sigma} · T = ${temperature} · ${test.X.rows} test inputs`
  );
}

/** Bias, variance and errors on the test targets, aligned; empty when no test targets were given. */
export function describeErrors(problem: GivenProblem, moments: PredictorMoments): string {
  if (!problem.hasTargets) return '';
  const rows = predictorMetrics(moments, problem.test.Y).map(({ metric, value, stderr }) => [
    metric,
    Number(value.toPrecision(5)).toString(),
    stderr === null ? '' : `± ${Number(stderr.toPrecision(2))}`,
  ]);
  return `${alignColumns(['on the test inputs', 'value', 's.e.'], rows)}\n\n`;
}

/** The first outputs with mean and variance; the index of several outputs is (input, output). */
export function previewOutputs(mean: Matrix, variance: Matrix): string {
  const shown = Math.min(5, mean.data.length);
  const label = (i: number) => (mean.cols === 1 ? String(i) : `${Math.floor(i / mean.cols)}, ${i % mean.cols}`);
  const rows = Array.from({ length: shown }, (_, i) => [
    label(i),
    mean.data[i].toPrecision(6),
    variance.data[i].toPrecision(6),
  ]);
  const rest = mean.data.length > shown ? `… ${mean.data.length - shown} more\n` : '';
  return `${alignColumns([mean.cols === 1 ? 'test input' : 'test input, output', 'mean', 'variance'], rows)}\n${rest}`;
}

/** Warns of training inputs for which all gates of a layer are off: the output is 0 there, whatever the weights. */
export function warnOfDeadInputs({ train }: Problem, context: RunContext): void {
  const dead = deadInputs(...train.gates);
  if (dead.length === 0) return;
  const rows = dead.slice(0, 10).join(', ') + (dead.length > 10 ? ', …' : '');
  context.onWarning?.({
    code: 'inputs-without-gates',
    message: `${dead.length} of ${train.X.rows} training inputs have all gates of a layer off (rows ${rows}): the output is 0 there. Add an always-on gate.`,
  });
}

/** The context of one theory or learner run from flags, with progress and warnings on the terminal. */
export async function runContext(
  args: Arguments,
  session: Session,
  stream: string,
): Promise<{ readonly context: RunContext; readonly end: () => void }> {
  const line = createProgressLine(session.terminal);
  const { backend, reason } = await session.linalg();
  const { tensor } = session;
  line.note(`Linear algebra: ${reason}`);
  const context: RunContext = {
    rng: createRandom(seedOf(args)).stream(stream),
    linalg: backend,
    files: session.files,
    ...(tensor === undefined ? {} : { tensor: () => startTensor(tensor, session.registry) }),
    signal: session.signal,
    memoryLimit: memoryLimit(),
    onProgress: (progress) => line.report(progress),
    onWarning: (warning) => line.note(`Warning: ${warning.message}`),
  };
  return { context, end: () => line.end() };
}
