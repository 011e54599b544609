import { drawPrior } from '@ggdln/architectures';
import {
  type Estimate,
  type Learner,
  type LearnerResult,
  type LearnerSnapshot,
  type Matrix,
  type NetworkDimensions,
  type Parameters,
  type Problem,
  type RandomStream,
  type RunContext,
  type SampledPredictor,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { batchEstimate } from '../diagnostics/batchMeans.ts';
import { centreProblem } from './centreProblem.ts';
import { compressInputs } from './compressInputs.ts';
import { createLossNetwork } from './createLossNetwork.ts';
import { type DescentResult, descend } from './descend.ts';
import { type GradientDescentOptions, readDescentPlan } from './descentPlan.ts';
import { withIdleWeight } from './idleWeight.ts';
import { requireGradientMemory } from './memory.ts';
import { requireProblem } from './requireProblem.ts';
import { describeReductions, dimensionsOf, place, type Setting } from './setting.ts';

const where = '@ggdln/learning gradientDescent';

/**
 * Full-batch gradient descent on U = E + T|θ|²/2σ², E = ½ Σ (f − y)²: training with weight decay T/σ², from
 * one or several random starts. Its predictor is a mode of the posterior exp(−U/T), not the posterior's mean: where
 * the two differ (theory page ggdln, section 1) no number of starts makes it agree with a sampler.
 * The predictor's mean and variance are those over the starts. Diagnostics: `trainError` (mean square), `gradientNorm`
 * (largest |∇U| at the end), `steps` (most taken), `converged` (share of the starts), `learningRate` (smallest),
 * `curvature` (largest), `inputDimensions` and `compressedExamples` (of what it ran on, where that is smaller).
 * @throws GGDLN_INPUT for options out of range (here) or a problem that doesn't fit (when it runs), GGDLN_NUMERICAL for
 * a step above the stability limit, with the value to use.
 */
export function gradientDescent(options: GradientDescentOptions = {}): Learner {
  const plan = readDescentPlan(where, options);
  return { run: (problem, context) => runGradientDescent(plan, problem, context) };
}

interface Ended {
  /** Energy and gradient are those of U, also where U/α² was descended. */
  readonly descent: DescentResult;
  readonly parameters: Parameters;
  /** Outputs on the test inputs, row-major. */
  readonly outputs: Float64Array;
  /** Sizes of what the descent ran on, where they are smaller than those given. */
  readonly reductions: ReturnType<typeof describeReductions>;
}

async function* runGradientDescent(
  plan: Required<GradientDescentOptions>,
  problem: Problem,
  context: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  throwIfCancelled(context.signal, where);
  requireProblem(problem, where);
  const held = plan.precision === 'float64' ? 12 : 10;
  requireGradientMemory(where, problem, { held, compress: plan.compress }, context.memoryLimit);
  const open = async (given: Problem): Promise<Setting> => {
    const compression = plan.compress ? compressInputs(given, context.linalg) : undefined;
    const network = await createLossNetwork(compression?.problem ?? given, plan, context, where);
    return { problem, compression, network: compression ? withIdleWeight(network) : network };
  };
  // Centred networks have targets of their own, each start others.
  const shared = plan.centred ? undefined : await open(problem);
  try {
    const ended: Ended[] = [];
    for (let start = 0; start < plan.starts; start++) {
      const rng = context.rng.stream('start').stream(start);
      const parameters = drawStart(plan, problem, rng);
      const setting = shared ?? (await open(centreProblem(problem, parameters, plan.scale, context.linalg)));
      try {
        ended.push(yield* oneStart(plan, ended, setting, { parameters, rng }, context));
      } finally {
        if (!shared) setting.network.dispose();
      }
    }
    warn(plan, ended, context);
    return summarise(problem, ended, context);
  } finally {
    shared?.network.dispose();
  }
}

function drawStart({ initScale }: Required<GradientDescentOptions>, problem: Problem, rng: RandomStream): Parameters {
  const { architecture } = problem;
  const shapes = (dimensions: NetworkDimensions) => architecture.shapes(dimensions);
  return drawPrior({ shapes, sigma: architecture.sigma * initScale }, dimensionsOf(problem), rng);
}

async function* oneStart(
  plan: Required<GradientDescentOptions>,
  before: readonly Ended[],
  setting: Setting,
  { parameters, rng }: { readonly parameters: Parameters; readonly rng: RandomStream },
  runContext: RunContext,
): AsyncGenerator<LearnerSnapshot, Ended, void> {
  const { signal, onProgress, wantsSnapshot } = runContext;
  const start = before.length;
  const { network, problem } = setting;
  const { theta, restore } = place(setting, parameters);
  const total = plan.steps * plan.starts;
  const interval = Math.min(50, Math.ceil(plan.steps / 100));
  const stage = plan.starts > 1 ? `gradient descent, start ${start + 1} of ${plan.starts}` : 'gradient descent';
  const said = plan.centred ? await network.testOutputs(theta) : undefined;
  const unit = plan.centred ? plan.scale ** 2 : 1;
  const endAt = async (descent: DescentResult): Promise<Ended> => {
    const outputs = await network.testOutputs(descent.theta);
    return {
      descent: { ...descent, energy: unit * descent.energy, gradientNorm: unit * descent.gradientNorm },
      parameters: restore(descent.theta),
      outputs: said ? outputs.map((f, i) => plan.scale * (f - said[i])) : outputs,
      reductions: describeReductions(setting),
    };
  };
  const show = (state: DescentResult): LearnerSnapshot => {
    const { step, energy, gradientNorm } = state;
    const partial = async () => summarise(problem, [...before, await endAt(state)], runContext);
    onProgress?.({ stage, done: step, total: plan.steps, unit: 'steps' });
    const trainError = (2 * unit * energy) / problem.train.Y.data.length;
    return {
      step: start * plan.steps + step,
      total,
      scalars: { trainError, gradientNorm: unit * gradientNorm },
      partial,
    };
  };
  const report = (state: DescentResult) => (state.step % interval === 0 || wantsSnapshot?.() ? show(state) : undefined);
  const context = { where, rng: rng.stream('curvature'), signal, report };
  const descent = yield* descend(network, theta, plan, context);
  if (descent.step % interval !== 0) yield show(descent);
  return endAt(descent);
}

function summarise(problem: Problem, ended: readonly Ended[], context: RunContext): LearnerResult {
  const { architecture, train, test } = problem;
  const parameters = ended.map((one) => one.parameters);
  const [{ reductions }] = ended;
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
      ...reductions,
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
