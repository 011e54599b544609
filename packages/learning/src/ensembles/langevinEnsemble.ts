import {
  createPacer,
  type FlatArray,
  type FlatArrayConstructor,
  inputError,
  type LinalgBackend,
  type Matrix,
  type OnProgress,
  type RandomStream,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { PairDynamics } from './dynamics.ts';
import type { EnsembleRun } from './ensembleRun.ts';
import { type EnsembleProblem, requireEnsemble } from './network.ts';
import { EnsemblePass, emptyWeights } from './passes.ts';
import { readDrift } from './readDrift.ts';

/** How an ensemble is simulated. */
export interface EnsembleOptions {
  /** Antithetic pairs of networks, at least 1. */
  readonly pairs: number;
  /** Number of the first pair, so that parts of an ensemble can be simulated apart. Default 0. */
  readonly first?: number;
  /** h; below 0.2/λ_max of the tangent kernel at the larger of σ and σ0. */
  readonly stepSize: number;
  /** Numbers of steps after which outputs are read, ascending. */
  readonly readAt: readonly number[];
  /** The number of steps whose readout is kept, for what reads it after: one of `readAt`. */
  readonly frozenAt?: number;
  /** Pairs simulated together. Default: as many as keep the activities near 10⁶ numbers. */
  readonly batch?: number;
  /** Default `Float32Array`, in which noise is drawn faster. */
  readonly precision?: FlatArrayConstructor<FlatArray>;
  readonly rng: RandomStream;
  readonly linalg: LinalgBackend;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

const where = '@ggdln/learning langevinEnsemble';

/**
 * Ensembles of networks of finite width under Langevin learning, by Θ ← g(Θ − h∇E) + σ√(1−g²) ξ, whose theory at infinite
 * width is exact at any step (`ndkEulerScheme` of the theory). Antithetic pairs (a, W), (−a, W) with opposite readout
 * noise have a mean without the fluctuations of the output at the start; a network without data runs along with each, so
 * that paths can be compared without sampling noise. Source: theory page ndk, section 8 G.
 * @throws GGDLN_INPUT for parts that don't fit, GGDLN_CANCELLED.
 */
export async function langevinEnsemble(problem: EnsembleProblem, options: EnsembleOptions): Promise<EnsembleRun> {
  requireEnsemble(where, problem);
  requireOptions(options);
  const { pairs, stepSize, readAt } = options;
  const points = problem.X.rows + (problem.test?.X.rows ?? 0);
  const columns = readAt.length * points;
  const drift = options.frozenAt !== undefined;
  const run: EnsembleRun = {
    times: Float64Array.from(readAt, (steps) => steps * stepSize),
    points,
    outputs: matrix(2 * pairs, columns),
    free: matrix(pairs, columns),
    ...(drift ? driftOf(2 * pairs, columns) : {}),
  };
  const most = Math.max(1, Math.round(1e6 / (2 * problem.network.width * (problem.X.rows + problem.X.cols))));
  const batch = Math.min(pairs, options.batch ?? most);
  for (let from = 0; from < pairs; from += batch) {
    await simulate(problem, options, from, Math.min(batch, pairs - from), run);
  }
  return run;
}

function driftOf(rows: number, columns: number) {
  return { frozen: matrix(rows, columns), relearned: matrix(rows, columns), similarity: matrix(rows, columns) };
}

function requireOptions({ pairs, first = 0, stepSize, readAt, frozenAt, batch = 1 }: EnsembleOptions): void {
  for (const [name, value, least] of [
    ['pairs', pairs, 1],
    ['first', first, 0],
    ['batch', batch, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least)
      throw inputError(where, `${name} is ${value}`, `Give a whole number ≥ ${least}`);
  }
  if (!(stepSize > 0 && Number.isFinite(stepSize)))
    throw inputError(where, `stepSize is ${stepSize}`, 'Give a finite number > 0');
  readAt.forEach((steps, i) => {
    if (!Number.isSafeInteger(steps) || steps < 0 || (i > 0 && steps <= readAt[i - 1]))
      throw inputError(where, `readAt[${i}] is ${steps}`, 'Give numbers of steps, ascending, each a whole number ≥ 0');
  });
  if (readAt.length === 0) throw inputError(where, 'readAt is empty', 'Give at least one number of steps');
  if (frozenAt !== undefined && !readAt.includes(frozenAt))
    throw inputError(
      where,
      `frozenAt is ${frozenAt}, not in readAt`,
      'Give a number of steps at which outputs are read',
    );
}

/** Runs `count` pairs from pair `from` of this run, and writes what is read into it. */
async function simulate(
  { network, X, y, test }: EnsembleProblem,
  {
    first = 0,
    stepSize,
    readAt,
    frozenAt,
    precision = Float32Array,
    rng,
    linalg,
    signal,
    onProgress,
    pairs,
  }: EnsembleOptions,
  from: number,
  count: number,
  run: EnsembleRun,
): Promise<void> {
  const make = (networks: number) => emptyWeights(network, X.cols, networks, precision);
  const weights = { trained: make(2 * count), free: make(count) };
  const gradient = make(2 * count);
  const streams = Array.from({ length: count }, (_, p) => rng.stream('pair').stream(first + from + p));
  const dynamics = new PairDynamics(network, weights, streams, precision);
  const onTraining = new EnsemblePass(network, X, 2 * count, precision, linalg);
  const everything = matrix(run.points, X.cols, Float64Array.of(...X.data, ...(test?.X.data ?? [])));
  const [onAll, onAllFree] = [2 * count, count].map(
    (networks) => new EnsemblePass(network, everything, networks, precision, linalg),
  );
  const drift = frozenAt === undefined ? undefined : readDrift(network, y, run, 2 * from);
  const residuals = new precision(2 * count * X.rows);
  const pace = createPacer();
  dynamics.draw();
  const last = readAt[readAt.length - 1];
  for (let n = 0, read = 0; ; n++) {
    throwIfCancelled(signal, where);
    await pace();
    if (n === readAt[read]) {
      store(onAll.forward(weights.trained), run.outputs, 2 * from, read, run.points);
      store(onAllFree.forward(weights.free), run.free, from, read, run.points);
      if (frozenAt !== undefined && n >= frozenAt) drift?.(onAll, weights.trained, read);
      read++;
    }
    if (n === last) break;
    const f = onTraining.forward(weights.trained);
    for (let k = 0; k < residuals.length; k++) residuals[k] = f[k] - y[k % X.rows];
    onTraining.backward(weights.trained, residuals, gradient);
    dynamics.move(stepSize, gradient);
    const done = from * last + count * (n + 1);
    onProgress?.({ stage: 'Langevin ensemble', done, total: pairs * last, unit: 'steps' });
  }
  if (!run.outputs.data.every(Number.isFinite))
    throw inputError(where, `outputs left the finite numbers at step size ${stepSize}`, 'Give a smaller stepSize');
}

function store(from: FlatArray, to: Matrix, row: number, read: number, points: number): void {
  for (let k = 0; k < from.length; k++) {
    to.data[(row + Math.floor(k / points)) * to.cols + read * points + (k % points)] = from[k];
  }
}
