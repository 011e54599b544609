import { drawPrior } from '@ggdln/architectures';
import {
  type Estimate,
  inputError,
  type Learner,
  type LearnerResult,
  type LearnerSnapshot,
  type Matrix,
  type NetworkDimensions,
  type Parameters,
  type Problem,
  type RunContext,
  type SampledPredictor,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { batchEstimate } from '../diagnostics/batchMeans.ts';
import { compressInputs } from './compressInputs.ts';
import { createLossNetwork, type GradientOptions, readGradientOptions } from './createLossNetwork.ts';
import { type DescentOptions, type DescentResult, descend } from './descend.ts';
import { withIdleWeight } from './idleWeight.ts';
import { requireProblem } from './requireProblem.ts';
import { dimensionsOf, place, type Setting } from './setting.ts';

/** Options of `gradientDescent`. */
export interface GradientDescentOptions extends Partial<DescentOptions>, GradientOptions {
  /** Independent random starts, at least 1. Default 1. */
  readonly starts?: number;
  /** Deviation of the weights at the start in units of the prior's σ. Default 1: starts are draws from the prior. */
  readonly initScale?: number;
}

const where = '@ggdln/learning gradientDescent';

/**
 * Full-batch gradient descent on U = E + T|θ|²/2σ², E = ½ Σ (f − y)²: training with weight decay T/σ², from
 * one or several random starts. Its predictor is a mode of the posterior exp(−U/T), not the posterior's mean: where
 * the two differ (theory page ggdln, section 1) no number of starts makes it agree with a sampler.
 * The predictor's mean and variance are those over the starts. Diagnostics: `trainError` (mean square), `gradientNorm`
 * (largest |∇U| at the end), `steps` (most taken), `converged` (share of the starts), `learningRate` (smallest),
 * `curvature` (largest), `inputDimensions` (where inputs were compressed).
 * @throws GGDLN_INPUT for options out of range (here) or a problem that doesn't fit (when it runs), GGDLN_NUMERICAL for
 * a step above the stability limit, with the value to use.
 */
export function gradientDescent(options: GradientDescentOptions = {}): Learner {
  const plan = {
    learningRate: 0,
    momentum: 0.95,
    steps: 5000,
    tolerance: 1e-5,
    starts: 1,
    initScale: 1,
    ...options,
    ...readGradientOptions(where, options),
  };
  requireOptions(plan);
  return { run: (problem, context) => runGradientDescent(plan, problem, context) };
}

function requireOptions(plan: Required<GradientDescentOptions>): void {
  const { learningRate, momentum, steps, tolerance, starts, initScale } = plan;
  const finite = (value: number) => Number.isFinite(value);
  const checks: readonly (readonly [string, number, boolean, string])[] = [
    [
      'learningRate',
      learningRate,
      learningRate >= 0 && finite(learningRate),
      'a positive number, or 0 to have it chosen',
    ],
    ['momentum', momentum, momentum >= 0 && momentum < 1, 'a number from 0 to below 1'],
    ['steps', steps, Number.isInteger(steps) && steps >= 1, 'a whole number ≥ 1'],
    ['tolerance', tolerance, tolerance >= 0 && finite(tolerance), 'a number ≥ 0'],
    ['starts', starts, Number.isInteger(starts) && starts >= 1, 'a whole number ≥ 1'],
    ['initScale', initScale, initScale > 0 && finite(initScale), 'a number > 0'],
  ];
  for (const [name, value, ok, right] of checks) {
    if (!ok) throw inputError(where, `${name} is ${value}`, `Give ${right}`);
  }
}

interface Ended {
  readonly descent: DescentResult;
  readonly parameters: Parameters;
  /** f on the test inputs, row-major. */
  readonly outputs: Float64Array;
}

async function* runGradientDescent(
  plan: Required<GradientDescentOptions>,
  problem: Problem,
  context: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  throwIfCancelled(context.signal, where);
  requireProblem(problem, where);
  const compression = plan.compress ? compressInputs(problem, context.linalg) : undefined;
  const network = await createLossNetwork(compression?.problem ?? problem, plan, context, where);
  const setting = { problem, compression, network: compression ? withIdleWeight(network) : network };
  try {
    const ended: Ended[] = [];
    for (let start = 0; start < plan.starts; start++) ended.push(yield* oneStart(plan, ended, setting, context));
    warn(plan, ended, context);
    return summarise(setting, ended, context);
  } finally {
    network.dispose();
  }
}

async function* oneStart(
  plan: Required<GradientDescentOptions>,
  before: readonly Ended[],
  setting: Setting,
  runContext: RunContext,
): AsyncGenerator<LearnerSnapshot, Ended, void> {
  const { rng: root, signal, onProgress, wantsSnapshot } = runContext;
  const start = before.length;
  const { network, problem } = setting;
  const { architecture, train } = problem;
  const rng = root.stream('start').stream(start);
  const prior = {
    shapes: (dimensions: NetworkDimensions) => architecture.shapes(dimensions),
    sigma: architecture.sigma * plan.initScale,
  };
  const { theta, restore } = place(setting, drawPrior(prior, dimensionsOf(problem), rng));
  const total = plan.steps * plan.starts;
  const interval = Math.min(50, Math.ceil(plan.steps / 100));
  const stage = plan.starts > 1 ? `gradient descent, start ${start + 1} of ${plan.starts}` : 'gradient descent';
  const endAt = async (descent: DescentResult): Promise<Ended> => ({
    descent,
    parameters: restore(descent.theta),
    outputs: await network.testOutputs(descent.theta),
  });
  const show = (state: DescentResult): LearnerSnapshot => {
    const { step, energy, gradientNorm } = state;
    const partial = async () => summarise(setting, [...before, await endAt(state)], runContext);
    onProgress?.({ stage, done: step, total: plan.steps, unit: 'steps' });
    const scalars = { trainError: (2 * energy) / train.Y.data.length, gradientNorm };
    return { step: start * plan.steps + step, total, scalars, partial };
  };
  const report = (state: DescentResult) => (state.step % interval === 0 || wantsSnapshot?.() ? show(state) : undefined);
  const context = { where, rng: rng.stream('curvature'), signal, report };
  const descent = yield* descend(network, theta, plan, context);
  if (descent.step % interval !== 0) yield show(descent);
  return endAt(descent);
}

function summarise({ problem, compression }: Setting, ended: readonly Ended[], context: RunContext): LearnerResult {
  const { architecture, train, test } = problem;
  const parameters = ended.map((one) => one.parameters);
  const of = (name: 'energy' | 'gradientNorm' | 'step' | 'learningRate' | 'curvature') =>
    ended.map(({ descent }) => descent[name]);
  const trainErrors = matrix(
    ended.length,
    1,
    Float64Array.from(of('energy'), (energy) => (2 * energy) / train.Y.data.length),
  );
  const trainError = overStarts(trainErrors, 1, 1);
  return {
    predictor: summarisePredictor(ended, test.Y),
    orderParameters: averageOrderParameters(
      parameters.map((one) => architecture.orderParameters?.(one, dimensionsOf(problem), context.linalg) ?? {}),
    ),
    diagnostics: {
      trainError: {
        value: trainError.value.data[0],
        ...(trainError.stderr ? { stderr: trainError.stderr.data[0] } : {}),
      },
      gradientNorm: { value: Math.max(...of('gradientNorm')) },
      steps: { value: Math.max(...of('step')) },
      converged: { value: ended.filter(({ descent }) => descent.converged).length / ended.length },
      learningRate: { value: Math.min(...of('learningRate')) },
      curvature: { value: Math.max(...of('curvature')) },
      ...(compression ? { inputDimensions: { value: compression.rank } } : {}),
    },
    parameters,
  };
}

function summarisePredictor(ended: readonly Ended[], { rows, cols }: Matrix): SampledPredictor {
  const starts = ended.length;
  const mean = stack(ended.map(({ outputs }) => outputs));
  const estimate = overStarts(mean, rows, cols);
  if (starts === 1) return { mean: estimate, variance: { value: matrix(rows, cols) } };
  // Unbiased variance over the starts, from the squared standard error of their mean; its own error as for normal f.
  const variance = estimate.stderr!.data.map((error) => starts * error * error);
  const stderr = variance.map((value) => value * Math.sqrt(2 / (starts - 1)));
  return {
    mean: estimate,
    variance: { value: matrix(rows, cols, variance), stderr: matrix(rows, cols, stderr) },
    batches: {
      mean,
      square: matrix(
        mean.rows,
        mean.cols,
        mean.data.map((f) => f * f),
      ),
    },
  };
}

function averageOrderParameters(all: readonly { readonly [name: string]: Matrix }[]): {
  readonly [name: string]: Estimate;
} {
  return Object.fromEntries(
    Object.entries(all[0]).map(([name, { rows, cols }]) => [
      name,
      overStarts(stack(all.map((one) => one[name].data)), rows, cols),
    ]),
  );
}

/** Mean of the rows with its standard error (none for one row), as rows × cols. */
function overStarts(values: Matrix, rows: number, cols: number): Estimate {
  if (values.rows === 1) return { value: matrix(rows, cols, values.data) };
  const { value, stderr } = batchEstimate(values);
  return { value: matrix(rows, cols, value.data), stderr: matrix(rows, cols, stderr.data) };
}

function stack(parts: readonly Float64Array[]): Matrix {
  const rows = matrix(parts.length, parts[0].length);
  for (const [i, part] of parts.entries()) rows.data.set(part, i * part.length);
  return rows;
}

function warn(
  { steps, tolerance }: Required<GradientDescentOptions>,
  ended: readonly Ended[],
  context: RunContext,
): void {
  const open = ended.filter(({ descent }) => !descent.converged);
  if (open.length === 0) return;
  const largest = Math.max(...open.map(({ descent }) => descent.gradientNorm));
  const message =
    `${open.length} of ${ended.length} starts ended after ${steps} steps with |∇U| up to ${largest.toPrecision(2)}, ` +
    `before the tolerance ${tolerance} of its value at the start. Give more steps, or momentum closer to 1.`;
  context.onWarning?.({ code: 'gradient-descent-not-converged', message });
}
