import {
  createPacer,
  inputError,
  type Learner,
  type LearnerResult,
  type LearnerSnapshot,
  type Matrix,
  type Parameters,
  type Problem,
  type RunContext,
  throwIfCancelled,
} from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import { type ChainRecord, createChainRecord, recordSweep, type SweepMoments } from './chainRecord.ts';
import { type BlockGibbsOptions, type GibbsPlan, planGibbs } from './plan.ts';
import { createGibbsSampler, type GibbsSampler, type GibbsState } from './sampler.ts';
import { summariseDiagnostics, summariseOrderParameters, summarisePredictor, warnOfPoorSampling } from './summary.ts';

const where = '@ggdln/learning blockGibbs';

/** A chain while it runs. */
interface Chain {
  readonly sampler: GibbsSampler;
  state: GibbsState;
  record: ChainRecord | undefined;
  last: Measured | undefined;
}

interface Measured {
  readonly moments: SweepMoments;
  readonly orderParameters: { readonly [name: string]: Matrix };
  readonly virial: number;
}

/** What is left of a chain: plain data that crosses workers. */
interface ChainEnd {
  readonly record: ChainRecord;
  readonly parameters: Parameters;
  /** Order parameters of some sweep, for their shapes. */
  readonly orderParameters: { readonly [name: string]: Matrix };
}

/**
 * Samples the posterior exactly by block Gibbs (theory page ggdln, section 8) and estimates mean and variance of f and
 * the order parameters, with error bars from batch means; any number of outputs. Chains start from the prior, each with
 * a stream of its own, so that they give the same numbers one by one, together or in other processes.
 * Diagnostics: `rhat` (largest split R̂ of up to 64 test outputs and the virial), `essMin`, `essMedian` (effective
 * samples in all chains), `batchLength`, `batchAutocorrelationTimes` (should be at least 5) and `virial`, whose exact
 * value is 0 at any width.
 * @throws GGDLN_INPUT for options out of range (here) or a problem that doesn't fit (when it runs).
 */
export function blockGibbs(options: BlockGibbsOptions = {}): Learner {
  const plan = planGibbs(options);
  return {
    run: (problem, context) => runTogether(plan, problem, context),
    chains: {
      count: plan.chains,
      run: (index, problem, context) => runAlone(plan, index, problem, context),
      join: (ends, problem, context) => summarise(plan, ends as readonly ChainEnd[], problem, context),
    },
  };
}

/** All chains, sweep by sweep, so that their running averages can be watched. */
async function* runTogether(
  plan: GibbsPlan,
  problem: Problem,
  context: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  requireProblem(problem);
  const chains = Array.from({ length: plan.chains }, (_, k) => startChain(k, problem, context));
  const pace = createPacer();
  const { sweeps: total } = plan;
  for (let sweep = 0; sweep < total; sweep++) {
    for (const chain of chains) {
      advance(plan, chain, sweep, problem, context);
      await pace();
    }
    if (isReported(plan, sweep)) {
      context.onProgress?.({ stage: 'exact sampling', done: sweep + 1, total, unit: 'sweeps' });
      yield { step: sweep + 1, total, scalars: averages(problem, chains) };
    }
  }
  return summarise(plan, chains.map(endOf), problem, context);
}

/** One of the chains. */
async function runAlone(plan: GibbsPlan, index: number, problem: Problem, context: RunContext): Promise<ChainEnd> {
  requireProblem(problem);
  const chain = startChain(index, problem, context);
  const pace = createPacer();
  const { sweeps: total } = plan;
  for (let sweep = 0; sweep < total; sweep++) {
    advance(plan, chain, sweep, problem, context);
    if (isReported(plan, sweep)) {
      context.onProgress?.({ stage: `exact sampling, chain ${index + 1}`, done: sweep + 1, total, unit: 'sweeps' });
    }
    await pace();
  }
  return endOf(chain);
}

function requireProblem({ train, test }: Problem): void {
  requireMatrix(where, 'the targets Y', train.Y, { rows: train.X.rows });
  if (test.X.rows < 1) throw inputError(where, 'there are no test inputs', 'Give at least one');
  requireMatrix(where, 'the test targets Y', test.Y, { rows: test.X.rows, cols: train.Y.cols });
}

function startChain(index: number, problem: Problem, context: RunContext): Chain {
  const { architecture, train, temperature } = problem;
  const sampler = createGibbsSampler({ architecture, train, y: train.Y.data, temperature }, context.linalg);
  const state = sampler.init(context.rng.stream('chain').stream(index));
  return { sampler, state, record: undefined, last: undefined };
}

function isReported({ sweeps }: GibbsPlan, sweep: number): boolean {
  return (sweep + 1) % Math.max(1, Math.round(sweeps / 100)) === 0 || sweep + 1 === sweeps;
}

/** One sweep of a chain, recorded where it counts. */
function advance(plan: GibbsPlan, chain: Chain, sweep: number, problem: Problem, context: RunContext): void {
  throwIfCancelled(context.signal, where);
  const { state, virial } = chain.sampler.sweep(chain.state);
  chain.state = state;
  const index = sweep - plan.burnIn;
  if (index < 0 && !isReported(plan, sweep)) return;
  const measured = { ...measure(plan, problem, chain, context), virial };
  chain.last = measured;
  if (index < 0) return;
  chain.record ??= createChainRecord(plan, measured.moments.mean.length, measured.orderParameters);
  recordSweep(chain.record, index, plan.batchLength, measured);
}

function measure(plan: GibbsPlan, problem: Problem, chain: Chain, { linalg }: RunContext): Omit<Measured, 'virial'> {
  const { architecture, train, test, temperature } = problem;
  const { parameters } = chain.state;
  const gates = train.gates.map((values) => values.cols);
  const dimensions = { inputs: train.X.cols, gates, outputs: train.Y.cols };
  const orderParameters = architecture.orderParameters?.(parameters, dimensions, linalg) ?? {};
  const { conditionals } = architecture;
  if (plan.estimator === 'conditional' && conditionals) {
    const given = { train, y: train.Y.data, test, temperature };
    const moments = conditionals.conditionalPredictor(parameters, given, linalg, chain.sampler.cache);
    return { moments, orderParameters };
  }
  const mean = architecture.predict(parameters, test, linalg).data;
  return { moments: { mean, variance: new Float64Array(mean.length) }, orderParameters };
}

function averages(problem: Problem, chains: readonly Chain[]): { testError: number; virial: number } {
  const scalars = { testError: 0, virial: 0 };
  for (const { last } of chains) {
    scalars.testError += last ? testError(problem, last.moments) / chains.length : 0;
    scalars.virial += last ? last.virial / chains.length : 0;
  }
  return scalars;
}

function testError(problem: Problem, { mean, variance }: SweepMoments): number {
  const Y = problem.test.Y.data;
  let sum = 0;
  for (let i = 0; i < mean.length; i++) sum += (mean[i] - Y[i]) ** 2 + variance[i];
  return sum / mean.length;
}

function endOf({ record, state, last }: Chain): ChainEnd {
  if (!record || !last) throw inputError(where, 'a chain ended before a sweep counted', 'Give more sweeps');
  return { record, parameters: state.parameters, orderParameters: last.orderParameters };
}

function summarise(plan: GibbsPlan, ends: readonly ChainEnd[], problem: Problem, context: RunContext): LearnerResult {
  const records = ends.map(({ record }) => record);
  const diagnostics = summariseDiagnostics(records, plan);
  warnOfPoorSampling(diagnostics, 'sweeps', context);
  return {
    predictor: summarisePredictor(records, plan, problem.test.Y.cols),
    orderParameters: summariseOrderParameters(records, plan, ends[0].orderParameters),
    diagnostics,
    parameters: ends.map(({ parameters }) => parameters),
  };
}
