import {
  createPacer,
  inputError,
  type LinalgBackend,
  type Matrix,
  type OnProgress,
  type RandomStream,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix, selectMatrixRows } from '@ggdln/linalg';
import { galuDynamics } from './dynamics.ts';
import { galuMinimumNorm } from './leastSquares.ts';
import { type GaluProblem, galuMap, singleTarget } from './network.ts';
import { linearlySeparable } from './separability.ts';

const where = '@ggdln/theory galu memorization';

/** How well k neurons memorise m labels ±1. */
export interface GaluMemorization {
  /** k. */
  readonly neurons: number;
  /** Rank of Φ. */
  readonly rank: number;
  /** Mean squared error of least squares; about 1 − rank/m for random labels. */
  readonly trainMse: number;
  /** Labels whose sign least squares gets wrong (an output of 0 counts as wrong). */
  readonly signErrors: number;
  /** Whether some weights get every sign right. */
  readonly separable: boolean;
}

/**
 * Memorisation by the first k neurons of a network, for every k of `counts` (theory page galu, section 3).
 * @param counts Default 1 … number of gate vectors.
 * @throws GGDLN_INPUT for what doesn't fit, labels other than ±1, or counts beyond the number of neurons.
 */
export function galuMemorizationPrefix(
  problem: GaluProblem,
  linalg: LinalgBackend,
  counts?: readonly number[],
): GaluMemorization[] {
  const labels = singleTarget(problem, 'galuMemorizationPrefix');
  const other = labels.find((label) => Math.abs(label) !== 1);
  if (other !== undefined) throw inputError(where, `a label is ${other}`, 'Labels are 1 and −1');
  const available = problem.network.U.rows;
  return (counts ?? Array.from({ length: available }, (_, k) => k + 1)).map((neurons) => {
    if (!Number.isSafeInteger(neurons) || neurons < 1 || neurons > available) {
      throw inputError(where, `${neurons} neurons of ${available}`, `Give whole numbers from 1 to ${available}`);
    }
    const { margins, ...fit } = fitLabels(problem, labels, neurons, linalg);
    return { ...fit, separable: isSeparable(problem, labels, { neurons, margins }, linalg) };
  });
}

/** Least squares on labels ±1 with the first neurons, and how far on the right side each label ends. */
function fitLabels(problem: GaluProblem, labels: Float64Array, neurons: number, linalg: LinalgBackend) {
  const { rank, trainMse, outputs } = galuMinimumNorm({ ...problem, network: firstNeurons(problem, neurons) }, linalg);
  const margins = labels.map((label, row) => label * outputs.data[row]);
  return { neurons, rank, trainMse, signErrors: margins.filter((margin) => margin <= 0).length, margins };
}

function isSeparable(
  problem: GaluProblem,
  labels: Float64Array,
  { neurons, margins }: { readonly neurons: number; readonly margins: Float64Array },
  linalg: LinalgBackend,
): boolean {
  return (
    margins.every((margin) => margin > 1e-6) ||
    linearlySeparable(galuMap(problem.X, firstNeurons(problem, neurons), linalg).features(), labels, linalg)
  );
}

/** One random problem of the memorisation experiment. */
export interface GaluMemorizationDraw extends Omit<GaluMemorization, 'separable'> {
  /** Whether some weights get every sign right; absent where that was not asked. */
  readonly separable?: boolean;
  /** kd/m. */
  readonly ratio: number;
  /** Which draw of inputs, labels and gates, from 0. */
  readonly draw: number;
  /** Mean squared error of gradient descent from 0 with η = m/κ_max, one for each of `gdSteps`. */
  readonly gdMse: readonly number[];
}

export interface GaluMemorizationCurve {
  /** m. */
  readonly inputs: number;
  /** d. */
  readonly dimension: number;
  /** kd/m; k is rounded, at least 1. */
  readonly ratios: readonly number[];
  /** Random problems for each ratio. */
  readonly draws: number;
  /** Default none. */
  readonly gdSteps?: readonly number[];
  /** Ratios at which separability is decided, a linear program each. Default all. */
  readonly separate?: readonly number[];
  readonly rng: RandomStream;
  readonly linalg: LinalgBackend;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * The memorisation experiment (theory page galu, section 3): inputs uniform on the unit sphere, labels ±1, standard
 * normal gate vectors, α = 1. Exact interpolation sets in at kd = m, separation near kd = m/2. The neurons of a draw
 * are nested: those of a smaller ratio are the first of a larger one.
 * @throws GGDLN_INPUT for sizes that aren't positive; GGDLN_CANCELLED.
 */
export async function galuMemorizationCurve(options: GaluMemorizationCurve): Promise<GaluMemorizationDraw[]> {
  const {
    inputs,
    dimension,
    ratios,
    draws,
    gdSteps = [],
    separate = ratios,
    rng,
    linalg,
    signal,
    onProgress,
  } = options;
  for (const [name, value] of Object.entries({ inputs, dimension, draws })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw inputError(where, `${name} is ${value}`, 'Give a whole number ≥ 1');
  }
  const bad = ratios.find((ratio) => !(ratio > 0 && Number.isFinite(ratio)));
  if (bad !== undefined || ratios.length === 0) {
    throw inputError(where, `ratios are [${ratios.join(', ')}]`, 'Give numbers > 0, e.g. 0.5, 1, 1.5');
  }
  const counts = ratios.map((ratio) => Math.max(1, Math.round((ratio * inputs) / dimension)));
  const pause = createPacer();
  const rows: GaluMemorizationDraw[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const problem = drawProblem(inputs, dimension, Math.max(...counts), rng.stream(`draw/${draw}`));
    for (const [i, neurons] of counts.entries()) {
      throwIfCancelled(signal, where);
      await pause();
      const { margins, ...fit } = fitLabels(problem, problem.y, neurons, linalg);
      const asked = separate.includes(ratios[i]);
      const separable = asked ? { separable: isSeparable(problem, problem.y, { neurons, margins }, linalg) } : {};
      const gdMse = trainedMse({ ...problem, network: firstNeurons(problem, neurons) }, gdSteps, linalg);
      rows.push({ ...fit, ...separable, ratio: (neurons * dimension) / inputs, draw, gdMse });
      onProgress?.({ stage: 'memorisation', done: rows.length, total: draws * counts.length, unit: 'fits' });
    }
  }
  return rows;
}

function drawProblem(
  inputs: number,
  dimension: number,
  neurons: number,
  rng: RandomStream,
): GaluProblem & { readonly y: Float64Array } {
  const draw = (name: string, rows: number) =>
    matrix(rows, dimension, rng.stream(name).fillGaussian(new Float64Array(rows * dimension)));
  const labels = rng.stream('labels');
  return {
    X: onSphere(draw('inputs', inputs)),
    y: Float64Array.from({ length: inputs }, () => (labels.uniform() < 0.5 ? -1 : 1)),
    network: { U: draw('gates', neurons) },
  };
}

function onSphere(X: Matrix): Matrix {
  for (let row = 0; row < X.rows; row++) {
    const entries = X.data.subarray(row * X.cols, (row + 1) * X.cols);
    const norm = Math.hypot(...entries);
    entries.forEach((value, i) => {
      entries[i] = value / norm;
    });
  }
  return X;
}

function firstNeurons({ network }: GaluProblem, count: number): GaluProblem['network'] {
  const { U, alpha, scale, gateBias } = network;
  return {
    U: selectMatrixRows(
      U,
      Array.from({ length: count }, (_, j) => j),
    ),
    scale: scale ?? 1 / Math.sqrt(count),
    ...(alpha ? { alpha: alpha.slice(0, count) } : {}),
    ...(gateBias ? { gateBias: gateBias.slice(0, count) } : {}),
  };
}

function trainedMse(problem: GaluProblem, steps: readonly number[], linalg: LinalgBackend): number[] {
  if (steps.length === 0) return [];
  const dynamics = galuDynamics(problem, linalg);
  // All inputs dead: no step does anything, of any size.
  const eta = Number.isFinite(dynamics.stableBelow) ? dynamics.stableBelow / 2 : 1;
  return steps.map((count) => 2 * dynamics.afterSteps(eta, count).loss);
}
