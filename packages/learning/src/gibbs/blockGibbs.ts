import {
  createPacer,
  GgdlnError,
  inputError,
  type Learner,
  type LearnerResult,
  type LearnerSnapshot,
  type Matrix,
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

interface Chain {
  readonly sampler: GibbsSampler;
  state: GibbsState;
  record: ChainRecord | undefined;
}

interface Measured {
  readonly moments: SweepMoments;
  readonly orderParameters: { readonly [name: string]: Matrix };
  readonly virial: number;
}

/**
 * Samples the posterior exactly by block Gibbs (theory page ggdln, section 8) and estimates mean and variance of f and
 * the order parameters, with error bars from batch means. Chains start from the prior, each with a stream of its own.
 * Diagnostics: `rhat` (largest split R̂ of up to 64 test outputs and the virial), `essMin`, `essMedian` (effective
 * samples in all chains), `batchLength`, `batchAutocorrelationTimes` (should be at least 5) and `virial`, whose exact
 * value is 0 at any width.
 * @throws GGDLN_INPUT for options out of range (here) or a problem that doesn't fit (when it runs).
 */
export function blockGibbs(options: BlockGibbsOptions = {}): Learner {
  const plan = planGibbs(options);
  return { run: (problem, context) => runGibbs(plan, problem, context) };
}

async function* runGibbs(
  plan: GibbsPlan,
  problem: Problem,
  context: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  const chains = startChains(plan, problem, context);
  const pace = createPacer();
  const { sweeps: total } = plan;
  const interval = Math.max(1, Math.round(total / 100));
  let last: Measured | undefined;
  for (let sweep = 0; sweep < total; sweep++) {
    const scalars = { testError: 0, virial: 0 };
    const report = (sweep + 1) % interval === 0 || sweep + 1 === total;
    for (const chain of chains) {
      throwIfCancelled(context.signal, where);
      const { state, virial } = chain.sampler.sweep(chain.state);
      chain.state = state;
      if (sweep >= plan.burnIn || report) {
        last = { ...measure(plan, problem, chain, context), virial };
        keep(plan, chain, sweep - plan.burnIn, last);
        scalars.testError += testError(problem, last.moments) / chains.length;
        scalars.virial += virial / chains.length;
      }
      await pace();
    }
    if (report) {
      context.onProgress?.({ stage: 'exact sampling', done: sweep + 1, total, unit: 'sweeps' });
      yield { step: sweep + 1, total, scalars };
    }
  }
  return summarise(plan, chains, last?.orderParameters ?? {}, context);
}

function startChains(plan: GibbsPlan, problem: Problem, context: RunContext): Chain[] {
  const { train, test, architecture, temperature } = problem;
  if (train.Y.cols !== 1) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where,
      problem: `there are ${train.Y.cols} targets an example; exact sampling is implemented for one`,
      remedy: 'Use a dataset with one target, or the learner langevin',
    });
  }
  if (test.X.rows < 1) throw inputError(where, 'there are no test inputs', 'Give at least one');
  requireMatrix(where, 'the test targets Y', test.Y, { rows: test.X.rows, cols: 1 });
  return Array.from({ length: plan.chains }, (_, k) => {
    const sampler = createGibbsSampler({ architecture, train, y: train.Y.data, temperature }, context.linalg);
    return { sampler, state: sampler.init(context.rng.stream('chain').stream(k)), record: undefined };
  });
}

function measure(plan: GibbsPlan, problem: Problem, chain: Chain, { linalg }: RunContext): Omit<Measured, 'virial'> {
  const { architecture, train, test, temperature } = problem;
  const { parameters } = chain.state;
  const gates = train.gates.map((values) => values.cols);
  const dimensions = { inputs: train.X.cols, gates, outputs: 1 };
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

function keep(plan: GibbsPlan, chain: Chain, index: number, measured: Measured): void {
  if (index < 0) return;
  chain.record ??= createChainRecord(plan, measured.moments.mean.length, measured.orderParameters);
  recordSweep(chain.record, index, plan.batchLength, measured);
}

function testError(problem: Problem, { mean, variance }: SweepMoments): number {
  const Y = problem.test.Y.data;
  let sum = 0;
  for (let i = 0; i < mean.length; i++) sum += (mean[i] - Y[i]) ** 2 + variance[i];
  return sum / mean.length;
}

function summarise(
  plan: GibbsPlan,
  chains: readonly Chain[],
  shapes: { readonly [name: string]: Matrix },
  context: RunContext,
): LearnerResult {
  const records = chains.flatMap(({ record }) => (record ? [record] : []));
  const diagnostics = summariseDiagnostics(records, plan);
  warnOfPoorSampling(diagnostics, 'sweeps', context);
  return {
    predictor: summarisePredictor(records, plan),
    orderParameters: summariseOrderParameters(records, plan, shapes),
    diagnostics,
    parameters: chains.map(({ state }) => state.parameters),
  };
}
