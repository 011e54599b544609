import { inputError, type Problem } from '@ggdln/core';
import { readableBytes } from '../gradient/memory.ts';
import type { GibbsEstimator } from './plan.ts';

const where = '@ggdln/learning blockGibbs';
const BYTES = 8;

/** What besides the problem decides how much memory sampling takes. */
export interface GibbsMemoryOptions {
  /** Chains that one process runs. Default 2. */
  readonly chains?: number;
  /** Default `conditional`. */
  readonly estimator?: GibbsEstimator;
  /** Name of the linear algebra; `openblas` factorises in place, others hold copies meanwhile. */
  readonly linalg?: string;
}

/** What sampling holds in memory. */
export interface GibbsMemoryPlan {
  readonly objects: readonly { readonly name: string; readonly bytes: number }[];
  /** Bytes of all objects together. */
  readonly peak: number;
}

/**
 * The memory that `blockGibbs` takes, object by object, for float64 arrays; small ones are left out. Each chain has its
 * own, but for the data.
 */
export function planGibbsMemory(problem: Problem, options: GibbsMemoryOptions = {}): GibbsMemoryPlan {
  return planFor(problem, options, problem.train.X.rows);
}

/** The plan for so many examples in place of those given. */
function planFor(
  { train, test, architecture }: Problem,
  { chains = 2, estimator = 'conditional', linalg }: GibbsMemoryOptions,
  P: number,
): GibbsMemoryPlan {
  const { rows: tests, cols: N0 } = test.X;
  const outputs = train.Y.cols;
  const gates = train.gates.map(({ cols }) => cols);
  const { widths } = architecture;
  const weightsOf = (inputs: number) =>
    Object.values(architecture.shapes({ inputs, gates, outputs }))
      .map((shape) => shape.reduce((product, length) => product * length, 1))
      .reduce((sum, size) => sum + size, 0);
  // Chains run in the span of the training inputs and one direction more.
  const [given, run] = [weightsOf(N0), weightsOf(architecture.inputWeights === undefined ? N0 : Math.min(N0, P + 1))];
  // Units, and units times gates but for the readout's, which are never built; as many again wait to be collected.
  const features = widths.reduce(
    (sum, width, t) => sum + (t === 0 ? 2 * chains : (chains + 1) * (6 + 2 * gates[t])) * width,
    0,
  );
  const examples = P + tests;
  const columns = gates.reduce((sum, count) => sum + count, 0);
  const rows = P * outputs;
  const predicts = estimator === 'conditional' && architecture.conditionals !== undefined;
  const numbers: readonly (readonly [name: string, count: number])[] = [
    ['inputs, targets and gates', examples * (N0 + outputs + columns)],
    ['inputs in the coordinates of the chains', chains * examples * N0],
    ['Gram matrices of inputs, gates and blocks', chains * (2 + gates.length + (gates.length > 1 ? 1 : 0)) * P ** 2],
    ['Gram matrices of all outputs, this and the last', outputs > 1 ? (chains + 2) * rows ** 2 : 0],
    ['copies that the backend makes to factorise', linalg === 'openblas' ? 0 : (linalg === 'wasm' ? 1 : 3) * rows ** 2],
    ['kernels of the predictor', predicts ? chains * (P ** 2 + P * tests + 2 * rows * tests * outputs) : 0],
    ['activities', P * features],
    ['weights and noise', (chains + 1) * 3 * run],
    ['weights in all directions', run < given ? 2 * chains * given : 0],
  ];
  const objects = numbers.filter(([, count]) => count > 0).map(([name, count]) => ({ name, bytes: BYTES * count }));
  return { objects, peak: objects.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * Refuses problems that can't fit into memory, before the first Gram matrix is made.
 * @param limit Bytes that may be used; without one nothing is refused.
 * @throws GGDLN_INPUT with the plan and how many examples would fit.
 */
export function requireGibbsMemory(problem: Problem, options: GibbsMemoryOptions, limit: number | undefined): void {
  if (limit === undefined) return;
  const P = problem.train.X.rows;
  const { objects, peak } = planGibbsMemory(problem, options);
  if (peak <= limit) return;
  const largest = [...objects].sort((a, b) => b.bytes - a.bytes).slice(0, 4);
  const outputs = problem.train.Y.cols;
  let [fits, fails] = [0, P];
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (planFor(problem, options, middle).peak <= limit) fits = middle;
    else fails = middle;
  }
  throw inputError(
    where,
    `${chainsOf(options)} of ${P} examples and ${outputs} ${outputs === 1 ? 'output' : 'outputs'} need ` +
      `${readableBytes(peak)} of memory, ${readableBytes(limit)} may be used: ` +
      `${largest.map(({ name, bytes }) => `${name} ${readableBytes(bytes)}`).join('; ')}${objects.length > 4 ? '; …' : ''}`,
    `${fits > 0 ? `At most ${fits} examples fit` : 'Not even one example fits'}; use fewer examples, outputs or test ` +
      `inputs${linalgAdvice(options)}, or run chains in processes of their own`,
  );
}

const chainsOf = ({ chains = 2 }: GibbsMemoryOptions) => `${chains} ${chains === 1 ? 'chain' : 'chains'}`;

const linalgAdvice = ({ linalg }: GibbsMemoryOptions) =>
  linalg === 'openblas' ? '' : ', or the openblas backend, which factorises in place';
