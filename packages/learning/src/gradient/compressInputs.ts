import type { LinalgBackend, Matrix, Parameters, Problem, RandomStream } from '@ggdln/core';
import { spanningBasis } from '../spanningBasis.ts';

/** A problem in the coordinates that its inputs span, and the way there and back for weights. */
export interface InputCompression {
  /** The same problem with r input dimensions; the network computes the same on it, with the same prior. */
  readonly problem: Problem;
  /** r. */
  readonly rank: number;
  /** Weights in the new coordinates, and what no input sees of the input weights (as many numbers as before). */
  split(parameters: Parameters): { readonly parameters: Parameters; readonly unseen: Float64Array };
  /** The inverse of `split`. */
  join(parameters: Parameters, unseen: Float64Array): Parameters;
  /** Normal weights of the given deviation in all directions that no input has. */
  drawUnseen(rng: RandomStream, deviation: number): Float64Array;
}

/**
 * Turns inputs into the space that training and test inputs span, where that has fewer dimensions than they have: with
 * fewer inputs than dimensions (QR of all inputs), or dimensions that are 0 in all of them, as the rims of images are.
 * Exact: with Q (N0 × r) orthonormal, W·x/√N0 = (WQ)·z/√r for z = √(r/N0) Qᵀx, and the prior of WQ is that of W.
 * @returns Nothing where nothing is gained, or the architecture names no `inputWeights`.
 */
export function compressInputs(problem: Problem, linalg: LinalgBackend): InputCompression | undefined {
  const { architecture, train, test } = problem;
  const name = architecture.inputWeights;
  const N0 = train.X.cols;
  if (name === undefined) return undefined;
  const { Q } = spanningBasis([train.X, test.X], linalg);
  const rank = Q.cols;
  // Networks have at least one input, also where all of them are 0.
  if (rank === 0 || rank >= N0) return undefined;
  const turn = (X: Matrix) => linalg.gemm(X, Q, { alpha: Math.sqrt(rank / N0) });
  const rowsOf = (W: Float64Array, cols: number) => ({ rows: W.length / cols, cols, data: W });
  const divide = (weights: Float64Array) => {
    const W = rowsOf(weights, N0);
    const seen = linalg.gemm(W, Q);
    const out = { ...W, data: weights.slice() };
    const unseen = linalg.gemm(seen, Q, { transB: true, alpha: -1, beta: 1, out });
    return { seen: seen.data, unseen: unseen.data };
  };
  const dimensions = { inputs: N0, gates: train.gates.map(({ cols }) => cols), outputs: train.Y.cols };
  return {
    rank,
    problem: { ...problem, train: { ...train, X: turn(train.X) }, test: { ...test, X: turn(test.X) } },
    split(parameters) {
      const { seen, unseen } = divide(parameters[name]);
      return { parameters: { ...parameters, [name]: seen }, unseen };
    },
    join(parameters, unseen) {
      const seen = rowsOf(parameters[name], rank);
      const out = { rows: seen.rows, cols: N0, data: unseen.slice() };
      return { ...parameters, [name]: linalg.gemm(seen, Q, { transB: true, beta: 1, out }).data };
    },
    drawUnseen(rng, deviation) {
      const size = architecture.shapes(dimensions)[name].reduce((product, n) => product * n, 1);
      return divide(rng.fillGaussian(new Float64Array(size), deviation)).unseen;
    },
  };
}
