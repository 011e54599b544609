import { createGgdln } from '@ggdln/architectures';
import {
  type Architecture,
  createRandom,
  type Learner,
  type LearnerResult,
  type LearnerSnapshot,
  type LinalgBackend,
  type Matrix,
  type Problem,
  type RunContext,
  type Warning,
} from '@ggdln/core';
import { createMlMatrixBackend, matrix, transpose } from '@ggdln/linalg';
import * as tf from '@tensorflow/tfjs-core';

export const linalg: LinalgBackend = createMlMatrixBackend();

/** A context with a fixed seed; warnings go to `warnings`. */
export function makeContext(seed: number, extra: Partial<RunContext> = {}): RunContext & { warnings: Warning[] } {
  const warnings: Warning[] = [];
  return { rng: createRandom(seed), linalg, onWarning: (warning) => warnings.push(warning), warnings, ...extra };
}

/** Runs a learner to its end. */
export async function finish(
  learner: Learner,
  problem: Problem,
  context: RunContext,
): Promise<{ result: LearnerResult; snapshots: LearnerSnapshot[] }> {
  const snapshots: LearnerSnapshot[] = [];
  const run = learner.run(problem, context);
  for (;;) {
    const { done, value } = await run.next();
    if (done) return { result: value, snapshots };
    snapshots.push(value);
  }
}

/** f = XW/√N0, linear in its weights W (N0 × C): its posterior is known exactly. */
function linearArchitecture(sigma: number): Architecture<tf.Tensor> {
  return {
    family: 'linear',
    widths: [],
    sigma,
    shapes: ({ inputs, outputs }) => ({ W: [inputs, outputs] }),
    predict: ({ W }, { X }) => linalg.gemm(X, matrix(X.cols, W.length / X.cols, W), { alpha: 1 / Math.sqrt(X.cols) }),
    apply: ({ W }, { X }) => tf.mul(tf.matMul(X, W), 1 / Math.sqrt(W.shape[0])),
    orderParameters: ({ W }, { inputs, outputs }) => ({
      U1: linalg.syrk(matrix(inputs, outputs, W), { trans: true, alpha: 1 / inputs }),
    }),
  };
}

function examples(
  seed: string,
  rows: number,
  cols: number,
  outputs: number,
): { X: Matrix; Y: Matrix; gates: Matrix[] } {
  const rng = createRandom(seed);
  const X = matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols)));
  const Y = matrix(rows, outputs, rng.fillGaussian(new Float64Array(rows * outputs)));
  return { X, Y, gates: [] };
}

export function linearProblem(temperature: number, sigma: number, outputs = 1): Problem {
  const train = examples('train', 6, 4, outputs);
  const test = examples('test', 5, 4, outputs);
  return { train, test, gateNames: [], architecture: linearArchitecture(sigma), temperature };
}

/** Mean and covariance of the test outputs (first target) under the exact posterior, or the ridge solution's at T = 0⁺. */
export function linearPosterior({ train, test, architecture, temperature }: Problem): {
  mean: Float64Array;
  covariance: Matrix;
} {
  const { cols } = train.X;
  const scale = 1 / Math.sqrt(cols);
  // Precision times T: AᵀA + (T/σ²) I with A = X/√N0.
  const precision = linalg.syrk(train.X, { trans: true, alpha: scale * scale });
  for (let i = 0; i < cols; i++) precision.data[i * cols + i] += temperature / architecture.sigma ** 2;
  const inverse = linalg.choleskyInverse(linalg.cholesky(precision));
  const weights = linalg.gemm(inverse, linalg.gemm(train.X, train.Y, { transA: true, alpha: scale }));
  const mean = linalg.gemm(test.X, weights, { alpha: scale });
  const covariance = linalg.gemm(
    linalg.gemm(test.X, inverse, { alpha: temperature * scale * scale }),
    transpose(test.X),
  );
  return { mean: mean.data, covariance };
}

/** A small GGDLN with one hidden layer, an always-on gate and random 0/1 gates. */
export function ggdlnProblem(
  temperature: number,
  { width = 8, sigma = 1 }: { width?: number; sigma?: number } = {},
): Problem {
  const withGates = (seed: string, rows: number) => {
    const part = examples(seed, rows, 5, 1);
    const rng = createRandom(seed).stream('gates');
    const gates = matrix(
      rows,
      3,
      new Float64Array(rows * 3).map((_, i) => (i % 3 === 0 || rng.uniform() < 0.5 ? 1 : 0)),
    );
    return { ...part, gates: [gates] };
  };
  return {
    train: withGates('train', 10),
    test: withGates('test', 4),
    gateNames: [['always on', 'random 1', 'random 2']],
    architecture: createGgdln({ depth: 1, width, sigma }),
    temperature,
  };
}
