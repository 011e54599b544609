import { createTable, type Matrix, type Row, type RunContext, type StudyResult, type StudySnapshot } from '@ggdln/core';
import type { EnsembleRun } from '@ggdln/learning';
import {
  type NdkProblem,
  ndkEquilibrium,
  ndkGradientPhase,
  ndkKernel,
  ndkMean,
  scaledErfActivation,
} from '@ggdln/theory/ndk';
import { ensemblePairs } from '../ensemblePairs.ts';
import { diagnostic, type Estimate, simulatedRow, theoryRow } from '../rows.ts';
import { createWatch, snapshotAt } from '../watch.ts';
import { pairErrors } from './pairErrors.ts';
import { type SignData, signData } from './signData.ts';

/** What learns in two phases. */
export interface TwoPhasesOptions {
  /** P. */
  readonly examples: number;
  readonly tests: number;
  readonly features: number;
  /** L. */
  readonly depth: number;
  /** N of simulated networks. */
  readonly width: number;
  readonly sigma: number;
  /** Deviation of the weights at the start. */
  readonly sigma0: number;
  readonly temperature: number;
  /** Antithetic pairs of networks. */
  readonly pairs: number;
  /** Last time in units of τc = σ²/T. */
  readonly end: number;
}

const where = '@ggdln/studies two-phases';
const PAIRS = { source: 'pairs of networks', role: 'langevin' } as const;
const THEORY_TIMES = 48;
const READS = 14;
/** Of 2/λ_max of the tangent kernel: the theory is that of small steps. */
const STEP_SHARE = 0.1;

/** All that is fixed before networks run. */
interface Setting {
  readonly options: TwoPhasesOptions;
  readonly data: SignData;
  readonly step: number;
  /** Numbers of steps after which networks are read. */
  readonly readAt: readonly number[];
  /** Times of the theory's curve: those of the reads among them. */
  readonly times: readonly number[];
}

interface Limits {
  /** Error of the tangent-kernel predictor, where the first phase leads. */
  readonly tangent: number;
  /** Error of the Gaussian process posterior, where the second ends. */
  readonly bayesian: number;
}

/**
 * Noisy descent of wide erf networks: test error over time from the integral equation of the neural dynamical kernel,
 * its two plateaus, and antithetic pairs of networks of finite width. One step is one pair.
 * Source: Avidan, Li, Sompolinsky, arXiv:2309.04522; theory page ndk, sections 6 and 8.
 * @throws GGDLN_NOT_CONVERGED where the integral equation doesn't settle; GGDLN_CANCELLED.
 */
export async function* twoPhasesStudy(
  options: TwoPhasesOptions,
  context: RunContext,
): AsyncGenerator<StudySnapshot, StudyResult, void> {
  const { pairs } = options;
  const watch = createWatch(context, where);
  const data = signData(options, context.rng.stream('data'));
  const problem = problemOf(options, data);
  const setting = await settingOf(problem, options, data, context);
  const limits = await limitsOf(problem, data, context);
  const at = (step: number, stage: string) => ({ step, total: pairs, stage, unit: 'pairs' });
  yield snapshotAt(at(0, 'limits'), resultOf(setting, limits, undefined, []));
  const curve = await curveOf(problem, setting, context);
  yield snapshotAt(at(0, 'theory'), resultOf(setting, limits, curve, []));
  const runs: EnsembleRun[] = [];
  for await (const run of simulate(setting, context)) {
    runs.push(run);
    const here = at(runs.length, 'Langevin pairs');
    if ((await watch.after(here)) && runs.length < pairs)
      yield snapshotAt(here, resultOf(setting, limits, curve, runs));
  }
  return resultOf(setting, limits, curve, runs);
}

function problemOf({ depth, sigma, sigma0, temperature }: TwoPhasesOptions, data: SignData): NdkProblem {
  // erf(h) itself, as in the simulated networks.
  const network = { activation: scaledErfActivation(1), depth, sigma, sigma0, temperature };
  return { network, X: data.X, y: data.y, test: { X: data.test.X } };
}

async function settingOf(
  problem: NdkProblem,
  options: TwoPhasesOptions,
  data: SignData,
  { linalg }: RunContext,
): Promise<Setting> {
  const { sigma, sigma0, temperature, end } = options;
  const network = { ...problem.network, sigma0: Math.max(sigma, sigma0) };
  const { values } = linalg.symmetricEigen(await ndkKernel(network, 'tangent', [0, 0], data.X));
  const step = (STEP_SHARE * 2) / values[values.length - 1];
  const last = Math.max(READS, Math.ceil((end * sigma * sigma) / temperature / step));
  const readAt = logarithmic(1, last, READS).map(Math.round);
  const first = step / 4;
  const smooth = logarithmic(first, last * step, THEORY_TIMES);
  const times = [...new Set([...smooth, ...readAt.map((steps) => steps * step)])].sort((a, b) => a - b);
  return { options, data, step, readAt: [...new Set(readAt)], times };
}

function logarithmic(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => from * (to / from) ** (k / (count - 1)));
}

async function limitsOf(problem: NdkProblem, data: SignData, { linalg }: RunContext): Promise<Limits> {
  const tangent = await ndkGradientPhase(problem, [1e12], { linalg });
  const { test } = await ndkEquilibrium(problem, { linalg });
  return { tangent: errorOf(tangent.test.data, data.test.y), bayesian: errorOf(test, data.test.y) };
}

/** Errors on test and training inputs at the setting's times. */
interface Curve {
  readonly test: readonly number[];
  readonly train: readonly number[];
}

async function curveOf(
  problem: NdkProblem,
  { times, data }: Setting,
  { linalg, signal, onProgress }: RunContext,
): Promise<Curve> {
  const watchers = { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
  const { test, train } = await ndkMean(problem, times, { linalg, tolerance: 1e-3, ...watchers });
  const rows = (outputs: Matrix, y: Float64Array) =>
    times.map((_, i) => errorOf(outputs.data.subarray(i * outputs.cols, (i + 1) * outputs.cols), y));
  return { test: rows(test, data.test.y), train: rows(train, data.y) };
}

function errorOf(f: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < y.length; j++) sum += (f[j] - y[j]) ** 2;
  return sum / y.length;
}

function simulate(
  { options, data, step, readAt }: Setting,
  context: RunContext,
): AsyncGenerator<EnsembleRun, void, void> {
  const { depth, width, sigma, sigma0, temperature, pairs } = options;
  const network = { activation: 'erf' as const, depth, width, sigma, sigma0, temperature };
  const problem = { network, X: data.X, y: data.y, test: { X: data.test.X } };
  return ensemblePairs(problem, { pairs, stepSize: step, readAt }, context);
}

function resultOf(
  { times, step, readAt, data, options }: Setting,
  limits: Limits,
  curve: Curve | undefined,
  runs: readonly EnsembleRun[],
): StudyResult {
  const ends = [times[0], times[times.length - 1]];
  const plateaus = ends.flatMap((time): Row[] =>
    (
      [
        ['tangent kernel', limits.tangent],
        ['Bayesian posterior', limits.bayesian],
      ] as const
    ).map(([source, value]) => ({ time, source, role: 'infinite-width', metric: 'test error', value, stderr: null })),
  );
  const lines = times.flatMap((time, i) =>
    curve
      ? [theoryRow({ time }, 'test error', curve.test[i]), theoryRow({ time }, 'training error', curve.train[i])]
      : [],
  );
  const P = data.y.length;
  const found = (metric: string, targets: { readonly from: number; readonly to: number; readonly y: Float64Array }) =>
    runs.length < 2
      ? []
      : pairErrors(runs, targets).map((error, i) => simulatedRow({ time: readAt[i] * step }, metric, error, PAIRS));
  return {
    table: createTable([
      ...plateaus,
      ...lines,
      ...found('test error', { from: P, to: P + data.test.y.length, y: data.test.y }),
      ...found('training error', { from: 0, to: P, y: data.y }),
    ]),
    arrays: {},
    diagnostics: diagnosticsOf(times, step, limits, curve, options),
  };
}

function diagnosticsOf(
  times: readonly number[],
  step: number,
  limits: Limits,
  curve: Curve | undefined,
  { sigma, temperature }: TwoPhasesOptions,
): StudyResult['diagnostics'] {
  const single = (value: number): Estimate => ({ value, stderr: null });
  const found: [string, Estimate][] = [
    ['tangent kernel limit', single(limits.tangent)],
    ['Bayesian limit', single(limits.bayesian)],
    ['correlation time τc = σ²/T', single((sigma * sigma) / temperature)],
    ['step of the simulation', single(step)],
  ];
  if (curve) {
    const best = Math.min(...curve.test);
    found.push(
      ['smallest error', single(best)],
      ['time of the smallest error', single(times[curve.test.indexOf(best)])],
    );
  }
  return Object.fromEntries(found.map(([name, value]) => [name, diagnostic(value)]));
}
