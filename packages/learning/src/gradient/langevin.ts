import { drawPrior } from '@ggdln/architectures';
import {
  createPacer,
  type FlatArray,
  GgdlnError,
  inputError,
  type Learner,
  type LearnerResult,
  type LearnerSnapshot,
  type Matrix,
  type Parameters,
  type Problem,
  type ProductCache,
  type RunContext,
  throwIfCancelled,
} from '@ggdln/core';
import { createChainRecord, fullBatches, recordSweep, type SweepMoments } from '../gibbs/chainRecord.ts';
import { compressInputs, type InputCompression } from './compressInputs.ts';
import { createLossNetwork } from './createLossNetwork.ts';
import { largestCurvature } from './curvature.ts';
import { divergenceError, hasDiverged } from './divergence.ts';
import { LangevinChain, type StepSettings } from './langevinChain.ts';
import { type LangevinOptions, type LangevinPlan, planLangevin } from './langevinPlan.ts';
import { createThermometer, type LangevinRecord, readThermometer, summariseLangevin } from './langevinSummary.ts';
import type { LossNetwork } from './lossNetwork.ts';
import { requireGradientMemory } from './memory.ts';
import { requireProblem } from './requireProblem.ts';
import { describeReductions } from './setting.ts';

const where = '@ggdln/learning langevin';
/** Share of the burn-in during which strong friction takes the heat of the random start out. */
const QUENCH = 0.1;
/** Random directions in which the trace of ∇²U is probed, a batch. */
const PROBES = 4;

/**
 * Samples the posterior exp(−E/T − |θ|²/2σ²) by Langevin dynamics (theory page ggdln, section 8, last
 * paragraph), a sampler that shares nothing with block Gibbs but the network. Chains start from the prior. Automatic
 * step sizes come from the largest curvature of U, estimated at the start and three times during burn-in, then kept.
 *
 * A finite step biases the stationary law: overdamped, variances grow by 1/(1 − ηλ/2) at curvature λ; underdamped
 * (BAOAB), not at all where U is quadratic. Diagnostics say how much: `configurationalTemperature` is
 * ⟨|∇U|²⟩/(T⟨∇²U⟩), exactly 1 without bias and led by the stiff directions; `virial` is ⟨θ·∇U⟩/T − n, exactly 0 for n
 * weights; `kineticTemperature` is ⟨p²⟩/(nT) (underdamped; by construction 1 − h²λ/4 for a step h at curvature λ). Besides: `trainError`,
 * `stepSize`, `friction`, `curvature`, and `rhat`, `essMin`, `essMedian`, `batchLength`, `batchAutocorrelationTimes` as
 * of block Gibbs, in samples; `inputDimensions` and `compressedExamples`, where the chains ran on fewer than given.
 * @throws GGDLN_INPUT for options out of range (here) or a problem that doesn't fit (when it runs), T = 0 included;
 * GGDLN_NUMERICAL for a step above the stability limit, with the value to use.
 */
export function langevin(options: LangevinOptions = {}): Learner {
  const plan = planLangevin(options);
  return { run: (problem, context) => runLangevin(plan, problem, context) };
}

/** Everything that lives as long as a run. */
interface Run {
  readonly plan: LangevinPlan;
  /** In compressed coordinates where that is less work. */
  readonly problem: Problem;
  readonly compression: InputCompression | undefined;
  readonly context: RunContext;
  readonly network: LossNetwork;
  readonly chains: { readonly walk: LangevinChain; record: LangevinRecord | undefined }[];
  readonly cache: ProductCache;
  settings: StepSettings & { readonly curvature: number };
}

async function* runLangevin(
  plan: LangevinPlan,
  given: Problem,
  context: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  requireTemperature(given);
  requireEstimator(plan, given);
  throwIfCancelled(context.signal, where);
  requireProblem(given, where);
  const held = 8 + (plan.precision === 'float64' ? 3.5 : 2) * plan.samples.chains;
  requireGradientMemory(where, given, { held, compress: plan.compress }, context.memoryLimit);
  const compression = plan.compress ? compressInputs(given, context.linalg) : undefined;
  const problem = compression?.problem ?? given;
  const network = await createLossNetwork(problem, plan, context, where);
  const { temperature } = problem;
  const settings = { stepSize: 0, friction: 0, temperature, curvature: 0 };
  const run: Run = { plan, problem, context, network, chains: [], cache: new Map(), settings, compression };
  try {
    for (let k = 0; k < plan.samples.chains; k++)
      run.chains.push({ walk: await startChain(run, k), record: undefined });
    return yield* sample(run);
  } finally {
    network.dispose();
  }
}

function startChain({ plan, problem, context, network }: Run, index: number): Promise<LangevinChain> {
  const { architecture, temperature } = problem;
  const rng = context.rng.stream('chain').stream(index);
  const start = network.flatten(drawPrior(architecture, network.dimensions, rng.stream('prior')));
  return LangevinChain.create(network, { dynamics: plan.dynamics, start, temperature }, rng);
}

async function* sample(run: Run): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  const { plan, problem, context, network, chains } = run;
  const { steps: total, burnIn, thin } = plan;
  const quench = Math.floor(QUENCH * burnIn);
  const adjustAt = new Set([0, quench, Math.floor(burnIn / 2), burnIn]);
  const interval = Math.max(1, Math.round(total / 100));
  const energyAtStart = chains.map(({ walk }) => walk.energy);
  const scales = energyAtStart.map((energy) =>
    Math.max(energy, network.energyScale, network.size * problem.temperature),
  );
  const pace = createPacer();
  let curvatureAtStart = 0;
  for (let step = 1; step <= total; step++) {
    if (adjustAt.has(step - 1)) await adjust(run, step <= quench);
    if (step === 1) curvatureAtStart = run.settings.curvature;
    for (const [k, chain] of chains.entries()) {
      throwIfCancelled(context.signal, where);
      await chain.walk.step(run.settings);
      if (hasDiverged(scales[k], chain.walk.energy)) {
        throw diverged(run, step, { start: energyAtStart[k], now: chain.walk.energy }, curvatureAtStart);
      }
      if (step > burnIn && (step - burnIn) % thin === 0) await keep(run, chain, (step - burnIn) / thin - 1);
      await pace();
    }
    if (step % interval === 0 || step === total || context.wantsSnapshot?.()) {
      const stage = step <= burnIn ? 'Langevin sampling, burn-in' : 'Langevin sampling';
      context.onProgress?.({ stage, done: step, total, unit: 'steps' });
      const partial = async () => summariseSoFar(run, Math.floor((step - burnIn) / thin));
      yield { step, total, scalars: { trainError: meanTrainError(run) }, partial };
    }
  }
  const records = chains.flatMap(({ record }) => (record ? [record] : []));
  const parameters = chains.map(({ walk }) => finalParameters(run, walk));
  const around = { plan, problem, context, settings: run.settings, size: network.size };
  const result = summariseLangevin(around, records, parameters);
  return { ...result, diagnostics: { ...result.diagnostics, ...describeReductions(run) } };
}

/** The result of the batches that are full; warnings wait for the end. @param counted Samples kept so far. */
function summariseSoFar(run: Run, counted: number): LearnerResult | undefined {
  const { problem, context, network, settings, chains } = run;
  const full = chains.flatMap(({ record }) => {
    const chain = record && fullBatches(record.chain, run.plan.samples, counted);
    return chain ? [{ ...record, chain: chain.record, samples: chain.plan }] : [];
  });
  if (full.length === 0) return undefined;
  const { onWarning: _, ...quiet } = context;
  const plan = { ...run.plan, samples: full[0].samples };
  const parameters = chains.map(({ walk }) => network.unflatten(walk.theta));
  return summariseLangevin({ plan, problem, context: quiet, settings, size: network.size }, full, parameters);
}

/**
 * Weights at the end. Those that no input sees are Ornstein–Uhlenbeck processes of their own, which started in the prior:
 * they are drawn from their law, that of a finite step.
 */
function finalParameters({ network, compression, plan, problem, settings }: Run, walk: LangevinChain): Parameters {
  const parameters = network.unflatten(walk.theta);
  if (!compression) return parameters;
  const shrunk = plan.dynamics === 'overdamped' ? 1 - (settings.stepSize * network.decay) / 2 : 1;
  const deviation = problem.architecture.sigma / Math.sqrt(shrunk);
  return compression.join(parameters, compression.drawUnseen(walk.rng.stream('unseen'), deviation));
}

/** Chooses step size and friction from the curvature where the chains are now, unless they are given. */
async function adjust(run: Run, quenching: boolean): Promise<void> {
  const { plan, network, chains, problem } = run;
  const fixed = plan.stepSize > 0 && run.settings.stepSize > 0;
  let { curvature } = run.settings;
  if (!fixed) {
    curvature = 0;
    for (const { walk } of chains) {
      curvature = Math.max(curvature, await largestCurvature(network, walk.theta, walk.rng.stream('curvature')));
    }
  }
  const inert = plan.dynamics === 'underdamped';
  const stepSize = plan.stepSize || (inert ? 0.8 / Math.sqrt(curvature) : 0.1 / curvature);
  const slowest = plan.friction || Math.sqrt(network.decay);
  const friction = quenching ? Math.max(slowest, Math.sqrt(curvature)) : slowest;
  run.settings = { stepSize, friction: inert ? friction : 0, temperature: problem.temperature, curvature };
}

async function keep(run: Run, chain: Run['chains'][number], index: number): Promise<void> {
  const { plan, problem, network } = run;
  const { batchLength } = plan.samples;
  const reading = chain.walk.read();
  const { moments, orderParameters } = await measure(run, chain.walk.theta);
  chain.record ??= {
    chain: createChainRecord(plan.samples, moments.mean.length, orderParameters),
    thermometer: createThermometer(plan.samples),
    shapes: orderParameters,
  };
  const virial = reading.virial / problem.temperature - network.size;
  recordSweep(chain.record.chain, index, batchLength, { moments, orderParameters, virial });
  readThermometer(chain.record.thermometer, index, reading, chain.walk.energy);
  if (index % batchLength === 0) {
    chain.record.thermometer.laplacian[index / batchLength] = await chain.walk.laplacian(PROBES);
  }
}

async function measure(
  { plan, problem, context, network, cache }: Run,
  theta: FlatArray,
): Promise<{ readonly moments: SweepMoments; readonly orderParameters: { readonly [name: string]: Matrix } }> {
  const { architecture, train, test, temperature } = problem;
  const parameters = network.unflatten(theta);
  const orderParameters = architecture.orderParameters?.(parameters, network.dimensions, context.linalg) ?? {};
  if (plan.samples.estimator === 'conditional' && architecture.conditionals) {
    const given = { train, y: train.Y.data, test, temperature };
    const moments = architecture.conditionals.conditionalPredictor(parameters, given, context.linalg, cache);
    return { moments, orderParameters };
  }
  const mean = await network.testOutputs(theta);
  return { moments: { mean, variance: new Float64Array(mean.length) }, orderParameters };
}

function meanTrainError({ chains, problem }: Run): number {
  const energy = chains.reduce((sum, { walk }) => sum + walk.energy, 0) / chains.length;
  return (2 * energy) / problem.train.Y.data.length;
}

function diverged(run: Run, step: number, loss: { start: number; now: number }, curvature: number): GgdlnError {
  const inert = run.plan.dynamics === 'underdamped';
  const limit = inert ? { value: 2 / Math.sqrt(curvature), formula: '2/√λ' } : { value: 2 / curvature, formula: '2/λ' };
  return divergenceError({ where, step, loss, size: run.settings.stepSize, option: 'stepSize', limit, curvature });
}

function requireTemperature({ temperature }: Problem): void {
  if (temperature === 0) {
    throw inputError(
      where,
      'temperature is 0, at which there is nothing to sample',
      'Give T > 0, or use gradient-descent',
    );
  }
}

function requireEstimator({ samples }: LangevinPlan, { architecture, test }: Problem): void {
  if (test.X.rows < 1) throw inputError(where, 'there are no test inputs', 'Give at least one');
  if (samples.estimator === 'sampled' || architecture.conditionals) return;
  const problem = `architecture family ${architecture.family} has no conditional distributions`;
  throw new GgdlnError({ code: 'GGDLN_INCOMPATIBLE', where, problem, remedy: 'Use the estimator sampled' });
}
