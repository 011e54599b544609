import { createRandom, type Matrix, type Row } from '@ggdln/core';
import {
  type EnsembleNetwork,
  type EnsembleRun,
  langevinEnsemble,
  type PairStatistics,
  pairStatistics,
} from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import { linearActivation, reluActivation } from '@ggdln/theory/kernels';
import { type NdkNetwork, type NdkProblem, scaledErfActivation } from '@ggdln/theory/ndk';
import type { ReproductionContext } from '../reproduction.ts';

export const NDK = 'Avidan, Li & Sompolinsky, arXiv:2309.04522; theory page ndk';

/** The activations as theory has them; erf is erf(h) itself, as in networks. */
const activations = { linear: linearActivation, relu: reluActivation, erf: scaledErfActivation(1) } as const;

/** A network without its width. */
export type WideNetwork = Omit<EnsembleNetwork, 'width'>;

export const asTheory = (network: WideNetwork): NdkNetwork => ({
  ...network,
  activation: activations[network.activation],
});

/** Gaussian inputs with |x|² = N0 and the signs of a random linear teacher, for training and test. */
export interface SignData {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly test: { readonly X: Matrix; readonly y: Float64Array };
}

export function signData(seed: number, P: number, tests: number, inputs: number): SignData {
  const rng = createRandom(seed).stream('sign data');
  const teacher = rng.stream('teacher').fillGaussian(new Float64Array(inputs));
  const draw = (name: string, rows: number) => {
    const X = matrix(rows, inputs, rng.stream(name).fillGaussian(new Float64Array(rows * inputs)));
    const y = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const row = X.data.subarray(i * inputs, (i + 1) * inputs);
      const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / inputs);
      for (let j = 0; j < inputs; j++) row[j] /= norm;
      y[i] = Math.sign(row.reduce((sum, x, j) => sum + x * teacher[j], 0));
    }
    return { X, y };
  };
  return { ...draw('train', P), test: draw('test', tests) };
}

export const problemFor = (network: WideNetwork, data: SignData): NdkProblem => ({
  network: asTheory(network),
  X: data.X,
  y: data.y,
  test: { X: data.test.X },
});

/** An ensemble of `pairs` antithetic pairs, with its statistics. */
export async function simulated(
  network: EnsembleNetwork,
  data: SignData,
  how: {
    readonly pairs: number;
    readonly stepSize: number;
    readonly readAt: readonly number[];
    readonly frozenAt?: number;
  },
  { seed, linalg, signal, onProgress }: ReproductionContext,
): Promise<{ readonly run: EnsembleRun; readonly statistics: PairStatistics }> {
  const { activation, depth, width, sigma0, temperature } = network;
  const name = `${activation}/${depth}/${width}/${sigma0}/${temperature}`;
  const run = await langevinEnsemble(
    { network, X: data.X, y: data.y, test: { X: data.test.X } },
    {
      ...how,
      rng: createRandom(seed).stream('ensemble').stream(name),
      linalg,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    },
  );
  return { run, statistics: pairStatistics(run.outputs, run.points) };
}

/** Numbers of steps, about evenly on a logarithmic axis, from `first` to `last`. */
export function logSteps(first: number, last: number, count: number): number[] {
  const steps = Array.from({ length: count }, (_, k) => Math.round(first * (last / first) ** (k / (count - 1))));
  return [...new Set(steps)];
}

/** The entry (row, column) of a matrix. */
export const entry = (from: Matrix, row: number, column: number): number => from.data[row * from.cols + column];

/** A row of a theory's line or of a simulation's point. */
export const lineRow = (cells: Row, metric: string, value: number, source = 'ndk'): Row => ({
  ...cells,
  source,
  role: 'theory',
  metric,
  value,
  stderr: null,
});
export const pointRow = (cells: Row, metric: string, value: number, stderr: number, source = 'langevin'): Row => ({
  ...cells,
  source,
  role: 'langevin',
  metric,
  value,
  stderr,
});

/** √⟨((found − theory)/s.e.)²⟩: about 1 where theory is right. */
export function rootMeanScore(found: Matrix, stderr: Matrix, theory: Matrix, fromRow = 0): number {
  let [sum, count] = [0, 0];
  for (let k = fromRow * found.cols; k < found.data.length; k++) {
    sum += ((found.data[k] - theory.data[k]) / stderr.data[k]) ** 2;
    count++;
  }
  return Math.sqrt(sum / count);
}

/** √⟨(a − b)²⟩. */
export function rootMeanSquare(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
  return Math.sqrt(sum / a.length);
}

/** Rows of a matrix, by index. */
export function rowsOf(from: Matrix, rows: readonly number[], first = 0, end: number = from.cols): Matrix {
  const out = matrix(rows.length, end - first);
  rows.forEach((row, i) => {
    out.data.set(from.data.subarray(row * from.cols + first, row * from.cols + end), i * out.cols);
  });
  return out;
}
