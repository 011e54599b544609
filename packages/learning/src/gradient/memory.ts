import { inputError, type Problem } from '@ggdln/core';

const BYTES = 8;

/** What a learner by gradients makes of the weights. */
export interface GradientMemory {
  /** How many float64 arrays as long as the weights it holds at once: measured. */
  readonly held: number;
  /** Whether it runs in the space of the inputs where that is smaller. */
  readonly compress: boolean;
}

/** What a learner by gradients holds in memory. */
export interface GradientMemoryPlan {
  readonly objects: readonly { readonly name: string; readonly bytes: number }[];
  /** Bytes of all objects together. */
  readonly peak: number;
}

/** The memory that learning by gradients takes, object by object; small ones are left out. */
export function planGradientMemory(
  { train, test, architecture }: Problem,
  { held, compress }: GradientMemory,
): GradientMemoryPlan {
  const { rows: P, cols: N0 } = train.X;
  const examples = P + test.X.rows;
  const outputs = train.Y.cols;
  const gates = train.gates.map(({ cols }) => cols);
  const weightsOf = (inputs: number) =>
    Object.values(architecture.shapes({ inputs, gates, outputs }))
      .map((shape) => shape.reduce((product, length) => product * length, 1))
      .reduce((sum, size) => sum + size, 0);
  const inputs = compress && architecture.inputWeights !== undefined ? Math.max(1, Math.min(N0, examples)) : N0;
  const [given, run] = [weightsOf(N0), weightsOf(inputs)];
  // Networks that are linear given their gates contract their weights first.
  const isLinear = architecture.activation === undefined || architecture.activation === 'linear';
  const units = isLinear
    ? outputs * gates.reduce((product, count) => product * count, 1)
    : architecture.widths.reduce((sum, width) => sum + width, 0);
  const numbers: readonly (readonly [name: string, count: number])[] = [
    ['weights and what moves them', held * run],
    ['weights in all directions, drawn, divided and given back', run < given ? 4 * given : 0],
    ['activities', 3 * P * units],
    ['inputs, targets and gates', 3 * examples * (N0 + outputs + gates.reduce((sum, count) => sum + count, 0))],
  ];
  const objects = numbers.filter(([, count]) => count > 0).map(([name, count]) => ({ name, bytes: BYTES * count }));
  return { objects, peak: objects.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * Refuses networks whose weights can't fit into memory, before the first is drawn.
 * @param limit Bytes that may be used; without one nothing is refused.
 * @throws GGDLN_INPUT with the plan.
 */
export function requireGradientMemory(
  where: string,
  problem: Problem,
  memory: GradientMemory,
  limit: number | undefined,
): void {
  if (limit === undefined) return;
  const { objects, peak } = planGradientMemory(problem, memory);
  if (peak <= limit) return;
  const list = objects.map(({ name, bytes }) => `${name} ${readableBytes(bytes)}`);
  throw inputError(
    where,
    `hidden widths ${problem.architecture.widths.join(', ')} on ${problem.train.X.cols} inputs and ` +
      `${problem.train.X.rows} examples need ${readableBytes(peak)} of memory, ${readableBytes(limit)} may be used: ` +
      list.join('; '),
    'Use narrower layers, fewer chains, inputs or examples',
  );
}

/** E.g. `1.25 GB`. */
export function readableBytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toPrecision(3)} MB` : `${(bytes / 1e9).toPrecision(3)} GB`;
}
