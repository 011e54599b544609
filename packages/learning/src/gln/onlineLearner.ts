import { type Gln, glnContextEntropy, isGln } from '@ggdln/architectures';
import {
  createPacer,
  GgdlnError,
  inputError,
  type Learner,
  type LearnerResult,
  type LearnerSnapshot,
  type NetworkDimensions,
  type Problem,
  type RunContext,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix, matrixFromRows, requireMatrix } from '@ggdln/linalg';
import { type GlnRun, openGlnRun } from './glnRun.ts';
import type { OnlineState } from './online.ts';
import { createScores } from './scores.ts';
import { stepSizeOf } from './stepSize.ts';

const where = '@ggdln/learning online';

/** Options of `online`. */
export interface OnlineOptions {
  /** Largest step size. 0 (default) chooses min(0.2, 2.4/(1 + N0)), for Gaussian networks a tenth of it but 0.02 at most. */
  readonly stepSize?: number;
  /** `decaying` (default): min(stepSize, 1/(1 + t/10)) at the t-th example; `constant` for tasks that change. */
  readonly schedule?: 'decaying' | 'constant';
  /** See `BernoulliLearnerOptions`. Default `paper`. */
  readonly clipGradient?: 'paper' | 'stop';
  /** Examples, the last ones, over which online numbers are means. Default 1000, or all where there are fewer. */
  readonly window?: number;
  /** Where to go on from: what `onlineState` said of an earlier result. Default: new half-spaces, equal weights. */
  readonly from?: OnlineState;
}

/**
 * Learns a gated linear network from the training examples in order, each seen once: predict, then update by the local
 * rule of each neuron (theory page gln). Half-spaces come from the stream `half-spaces` of the run.
 *
 * The predictor's mean is E[y] after the last example, its variance 0: this is one network. `metrics` of the result, over
 * test inputs: `accuracy` where each example has one class, `log loss` (mean over outputs; of Gaussian networks −ln of
 * the density); with `online` before the name: of training examples, predicted before they were learned from.
 * @throws GGDLN_INPUT for options and targets that don't make sense; its run GGDLN_INCOMPATIBLE for other networks.
 */
export function online(options: OnlineOptions = {}): Learner {
  const { stepSize = 0, window = 1000, schedule = 'decaying' } = options;
  if (!(stepSize >= 0 && Number.isFinite(stepSize))) {
    throw inputError(where, `stepSize is ${stepSize}`, 'Give a number > 0, or 0 to have it chosen');
  }
  if (!Number.isInteger(window) || window < 1)
    throw inputError(where, `window is ${window}`, 'Give a whole number ≥ 1');
  if (schedule !== 'decaying' && schedule !== 'constant') {
    throw inputError(where, `schedule is ${JSON.stringify(schedule)}`, 'Give "decaying" or "constant"');
  }
  return { run: (problem, context) => learn({ ...options, stepSize, window, schedule }, problem, context) };
}

/** All that a finished run knows; give it to `online` as `from`, or store it by `onlineStateToJson`. */
export function onlineState({ parameters: [weights], diagnostics }: LearnerResult): OnlineState {
  return { weights, steps: diagnostics.steps.value };
}

type Settings = OnlineOptions & Required<Pick<OnlineOptions, 'stepSize' | 'schedule' | 'window'>>;

async function* learn(
  settings: Settings,
  problem: Problem,
  context: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  const { architecture: gln, train } = problem;
  requireGln(gln);
  requireExamples(problem);
  const dimensions = dimensionsOf(problem);
  const { rng, signal, onWarning, onProgress } = context;
  throwIfCancelled(signal, where);
  const start = settings.from ?? { weights: gln.start(dimensions, rng.stream('half-spaces')), steps: 0 };
  const { clipGradient = 'paper' } = settings;
  const run = openGlnRun(gln, start, dimensions, { clipGradient, ...(onWarning ? { onWarning } : {}) });
  const rate = stepSizeOf(settings, gln, dimensions.inputs);
  const seen = createScores(train.Y.rows);
  const total = train.Y.rows;
  const every = Math.max(1, Math.round(total / 100));
  const pause = createPacer();
  for (let row = 0; row < total; row++) {
    throwIfCancelled(signal, where);
    const targets = rowOf(train.Y, row);
    seen.add(run.step(rowOf(train.X, row), targets, typeof rate === 'function' ? rate(run.steps) : rate), targets);
    await pause();
    if ((row + 1) % every !== 0 && row + 1 !== total && !context.wantsSnapshot?.()) continue;
    onProgress?.({ stage: 'learning online', done: row + 1, total, unit: 'examples' });
    const window = Math.min(settings.window, row + 1);
    const { onWarning: _, ...quiet } = context;
    const partial = async () =>
      resultOf({ gln, run, problem, dimensions, online: seen.means('online ', window) }, quiet);
    yield { step: row + 1, total, scalars: seen.means('', window), partial };
  }
  return resultOf({ gln, run, problem, dimensions, online: seen.means('online ', settings.window) }, context);
}

interface Finished {
  readonly gln: Gln;
  readonly run: GlnRun;
  readonly problem: Problem;
  readonly dimensions: NetworkDimensions;
  readonly online: Readonly<Record<string, number>>;
}

function resultOf({ gln, run, problem, dimensions, online: seen }: Finished, context: RunContext): LearnerResult {
  const { X, Y } = problem.test;
  const scores = createScores(Y.rows);
  const mean = matrix(Y.rows, Y.cols);
  let variance = 0;
  for (let row = 0; row < Y.rows; row++) {
    const said = run.predict(rowOf(X, row));
    scores.add(said, rowOf(Y, row));
    mean.data.set(said.outputs, row * Y.cols);
    variance += said.variances.reduce((sum, v) => sum + v, 0) / (Y.rows * Y.cols);
  }
  const { weights, steps } = run.state();
  const entropy = contextEntropy(gln, weights, dimensions, problem, context);
  const named = Object.entries({ ...scores.means('', Y.rows), ...seen });
  return {
    predictor: { mean: { value: mean }, variance: { value: matrix(Y.rows, Y.cols) } },
    orderParameters: {},
    metrics: Object.fromEntries(named.map(([name, value]) => [name, { value }])),
    diagnostics: {
      steps: { value: steps },
      predictedVariance: { value: variance },
      contextEntropy: { value: entropy },
    },
    parameters: [weights],
  };
}

/** Mean entropy of the neurons' contexts over the first training inputs, in bits. Warns where gates hardly cut. */
function contextEntropy(
  gln: Gln,
  weights: OnlineState['weights'],
  dimensions: NetworkDimensions,
  { train: { X } }: Problem,
  { onWarning }: RunContext,
): number {
  const rows = Array.from({ length: Math.min(200, X.rows) }, (_, row) => [...gln.read(rowOf(X, row)).side]);
  const entropies = gln
    .members(weights, dimensions)
    .flatMap(({ network }) => glnContextEntropy(network, matrixFromRows(rows)).flatMap((layer) => [...layer]));
  const mean = entropies.reduce((sum, bits) => sum + bits, 0) / entropies.length;
  const [{ network }] = gln.members(weights, dimensions);
  const most = Math.min(network.layers[0].bits, Math.log2(rows.length));
  if (mean < most / 4) {
    const found = `Neurons see ${mean.toPrecision(2)} of ${most.toPrecision(2)} bits of context on average`;
    const remedy = 'half-spaces hardly cut the inputs. Standardise them or change offsetDeviation.';
    onWarning?.({ code: 'contexts-degenerate', message: `${found}: ${remedy}` });
  }
  return mean;
}

function requireGln(architecture: Problem['architecture']): asserts architecture is Gln {
  if (isGln(architecture)) return;
  throw new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where,
    problem: `online learning by local rules is for gated linear networks (gln), not ${architecture.family}`,
    remedy: 'Use the architecture gln, or another learner',
  });
}

function requireExamples({ train, test }: Problem): void {
  for (const [name, { X, Y }] of Object.entries({ training: train, test })) {
    if (X.rows < 1) throw inputError(where, `there are no ${name} examples`, 'Give at least one');
    requireMatrix(where, `the ${name} inputs X`, X, { cols: train.X.cols });
    requireMatrix(where, `the ${name} targets Y`, Y, { rows: X.rows, cols: train.Y.cols });
  }
}

function dimensionsOf({ train: { X, Y, gates } }: Problem): NetworkDimensions {
  return { inputs: X.cols, outputs: Y.cols, gates: gates.map(({ cols }) => cols) };
}

function rowOf({ data, cols }: Problem['train']['X'], row: number): Float64Array {
  return data.subarray(row * cols, (row + 1) * cols);
}
