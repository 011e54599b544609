import {
  createPacer,
  type GatedInputs,
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
import { requireMatrix } from '@ggdln/linalg';
import { type ChainRecord, createChainRecord, fullBatches, recordSweep, type SweepMoments } from './chainRecord.ts';
import type { GibbsPlan } from './plan.ts';
import { summariseDiagnostics, summariseOrderParameters, summarisePredictor, warnOfPoorSampling } from './summary.ts';

/** A Markov chain with the posterior as its stationary law, as it runs. */
export interface RunningChain {
  /** Goes on by one sweep (or trajectory). @returns A quantity whose posterior mean is exactly 0. */
  advance(): { readonly virial: number };
  /** Weights as the network of the problem has them. */
  readonly parameters: Parameters;
  /** The same problem and weights in fewer input dimensions, where each output alone has the same law. */
  readonly reduced?: {
    readonly parameters: Parameters;
    readonly train: GatedInputs;
    readonly test: GatedInputs;
    /** See `ConditionallyGaussian.conditionalPredictor`. */
    readonly factor?: Matrix;
  };
  /** Products that sweeps share. */
  readonly cache: ProductCache;
  /** Numbers of this chain for the diagnostics, where their mean over chains is shown. */
  readonly diagnostics: { readonly [name: string]: number };
}

/** A way to sample. */
export interface ChainKind {
  /** Who complains. */
  readonly where: string;
  /** For progress, e.g. `exact sampling`. */
  readonly stage: string;
  readonly unit: 'sweeps' | 'trajectories';
  /** Chain `index` at its start; the stream is its own. */
  start(problem: Problem, context: RunContext): RunningChain;
  /** Refuses so many chains together that can't fit into the memory of the context. */
  requireMemory?(problem: Problem, chains: number, context: RunContext): void;
}

interface Chain {
  readonly running: RunningChain;
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
  readonly diagnostics: { readonly [name: string]: number };
}

/**
 * A learner that runs several chains of a kind, each with a stream of its own, so that they give the same numbers one by
 * one, together or in other processes; with error bars, R̂ and effective sample sizes.
 */
export function chainLearner(plan: GibbsPlan, kind: ChainKind): Learner {
  return {
    run: (problem, context) => runTogether(plan, kind, problem, context),
    chains: {
      count: plan.chains,
      run: (index, problem, context) => runAlone(plan, kind, index, problem, context),
      join: (ends, problem, context) => summarise(plan, kind, ends as readonly ChainEnd[], problem, context),
    },
  };
}

/** All chains, sweep by sweep, so that their running averages can be watched. */
async function* runTogether(
  plan: GibbsPlan,
  kind: ChainKind,
  problem: Problem,
  context: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  requireProblem(kind, problem);
  kind.requireMemory?.(problem, plan.chains, context);
  const chains = Array.from({ length: plan.chains }, (_, k) => startChain(kind, k, problem, context));
  const pace = createPacer();
  const { sweeps: total } = plan;
  for (let sweep = 0; sweep < total; sweep++) {
    for (const chain of chains) {
      throwIfCancelled(context.signal, kind.where);
      advance(plan, chain, sweep, problem, context);
      await pace();
    }
    if (isReported(plan, sweep) || context.wantsSnapshot?.()) {
      context.onProgress?.({ stage: kind.stage, done: sweep + 1, total, unit: kind.unit });
      const partial = async () => summariseSoFar(plan, kind, { chains, sweep }, problem, context);
      yield { step: sweep + 1, total, scalars: averages(problem, chains), partial };
    }
  }
  const ends = chains.map((chain) => endOf(kind, chain));
  return summarise(plan, kind, ends, problem, context);
}

/** One of the chains. */
async function runAlone(
  plan: GibbsPlan,
  kind: ChainKind,
  index: number,
  problem: Problem,
  context: RunContext,
): Promise<ChainEnd> {
  requireProblem(kind, problem);
  kind.requireMemory?.(problem, 1, context);
  const chain = startChain(kind, index, problem, context);
  const pace = createPacer();
  const { sweeps: total } = plan;
  for (let sweep = 0; sweep < total; sweep++) {
    throwIfCancelled(context.signal, kind.where);
    advance(plan, chain, sweep, problem, context);
    if (isReported(plan, sweep)) {
      context.onProgress?.({ stage: `${kind.stage}, chain ${index + 1}`, done: sweep + 1, total, unit: kind.unit });
    }
    await pace();
  }
  return endOf(kind, chain);
}

function requireProblem({ where }: ChainKind, { train, test }: Problem): void {
  requireMatrix(where, 'the targets Y', train.Y, { rows: train.X.rows });
  if (test.X.rows < 1) throw inputError(where, 'there are no test inputs', 'Give at least one');
  requireMatrix(where, 'the test targets Y', test.Y, { rows: test.X.rows, cols: train.Y.cols });
}

function startChain(kind: ChainKind, index: number, problem: Problem, context: RunContext): Chain {
  const rng = context.rng.stream('chain').stream(index);
  return { running: kind.start(problem, { ...context, rng }), record: undefined, last: undefined };
}

function isReported({ sweeps }: GibbsPlan, sweep: number): boolean {
  return (sweep + 1) % Math.max(1, Math.round(sweeps / 100)) === 0 || sweep + 1 === sweeps;
}

/** One sweep of a chain, recorded where it counts. */
function advance(plan: GibbsPlan, chain: Chain, sweep: number, problem: Problem, context: RunContext): void {
  const { virial } = chain.running.advance();
  const index = sweep - plan.burnIn;
  if (index < 0 && !isReported(plan, sweep)) return;
  const measured = { ...measure(plan, problem, chain.running, context), virial };
  chain.last = measured;
  if (index < 0) return;
  chain.record ??= createChainRecord(plan, measured.moments.mean.length, measured.orderParameters);
  recordSweep(chain.record, index, plan.batchLength, measured);
}

function measure(
  { estimator }: GibbsPlan,
  problem: Problem,
  chain: RunningChain,
  { linalg }: RunContext,
): Omit<Measured, 'virial'> {
  const { architecture, temperature } = problem;
  const { conditionals } = architecture;
  const { parameters, ...reduced } = chain.reduced ?? { ...problem, parameters: chain.parameters };
  const { X, gates } = reduced.train;
  const { cols: outputs, data: y } = problem.train.Y;
  const dimensions = { inputs: X.cols, gates: gates.map((values) => values.cols), outputs };
  const orderParameters = architecture.orderParameters?.(parameters, dimensions, linalg) ?? {};
  if (estimator === 'conditional' && conditionals) {
    const given = { ...reduced, y, temperature };
    return { moments: conditionals.conditionalPredictor(parameters, given, linalg, chain.cache), orderParameters };
  }
  const mean = architecture.predict(chain.parameters, problem.test, linalg).data;
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

function endOf({ where, unit }: ChainKind, { record, running, last }: Chain): ChainEnd {
  if (!record || !last) throw inputError(where, 'a chain ended before it counted', `Give more ${unit}`);
  const { parameters, diagnostics } = running;
  return { record, parameters, orderParameters: last.orderParameters, diagnostics };
}

/** The result of the batches that are full; warnings wait for the end. */
function summariseSoFar(
  plan: GibbsPlan,
  kind: ChainKind,
  { chains, sweep }: { readonly chains: readonly Chain[]; readonly sweep: number },
  problem: Problem,
  context: RunContext,
): LearnerResult | undefined {
  const counted = sweep + 1 - plan.burnIn;
  const full = chains.map(({ record }) => record && fullBatches(record, plan, counted));
  const first = full[0];
  if (!first) return undefined;
  const { onWarning: _, ...quiet } = context;
  const ends = chains.map((chain, k) => ({ ...endOf(kind, chain), record: full[k]?.record ?? first.record }));
  return summarise(first.plan, kind, ends, problem, quiet);
}

function summarise(
  plan: GibbsPlan,
  kind: ChainKind,
  ends: readonly ChainEnd[],
  problem: Problem,
  context: RunContext,
): LearnerResult {
  const records = ends.map(({ record }) => record);
  const common = summariseDiagnostics(records, plan);
  warnOfPoorSampling(common, kind.unit, context);
  const own = Object.keys(ends[0].diagnostics).map((name) => {
    const value = ends.reduce((sum, { diagnostics }) => sum + diagnostics[name], 0) / ends.length;
    return [name, { value }] as const;
  });
  return {
    predictor: summarisePredictor(records, plan, problem.test.Y.cols),
    orderParameters: summariseOrderParameters(records, plan, ends[0].orderParameters),
    diagnostics: { ...common, ...Object.fromEntries(own) },
    parameters: ends.map(({ parameters }) => parameters),
  };
}
