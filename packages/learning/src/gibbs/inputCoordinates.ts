import type { Architecture, GatedInputs, LinalgBackend, Matrix, Parameters, RandomStream } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { spanningBasis } from '../spanningBasis.ts';

/** From so many input dimensions on, products with triangular inputs save more than turning them costs. */
const MANY = 128;

/** Other coordinates for inputs, in which a chain has the same law, and the way back for weights. */
export interface InputCoordinates {
  readonly train: GatedInputs;
  /**
   * Other inputs: all that is outside the training inputs' span is one coordinate more, its length, so that the law of
   * each output is the same, though not that of several together.
   */
  place(inputs: GatedInputs): GatedInputs;
  /** The weights in the coordinates as given; in directions that no training input has they are drawn from the prior. */
  weights(parameters: Parameters, rng: RandomStream): Parameters;
}

/**
 * Turns inputs into the r dimensions that the training inputs span and, where that isn't all, one for the rest, so that
 * row i of the training inputs is 0 from its i + 2nd entry on: they have fewer dimensions, or the largest product of a
 * sweep costs up to half as much. Exact: with Q (N0 × r) orthonormal, W·x/√N0 = (WQ)·z/√(r+1) for
 * z = √((r+1)/N0) Qᵀx, and the prior of WQ is that of W. Given the targets, W in all other directions still has its prior.
 * @returns Nothing where nothing is gained, or the architecture names no `inputWeights`.
 */
export function inputCoordinates(
  { inputWeights: name, sigma }: Architecture,
  train: GatedInputs,
  linalg: LinalgBackend,
): InputCoordinates | undefined {
  const N0 = train.X.cols;
  if (name === undefined) return undefined;
  const { Q, isLower } = spanningBasis([train.X], linalg, { triangular: N0 >= MANY });
  const isWhole = Q.cols === N0;
  const cols = Q.cols + (isWhole ? 0 : 1);
  if (Q.cols === 0 || (cols >= N0 && N0 < MANY)) return undefined;
  const scale = Math.sqrt(cols / N0);
  /** Adds a last column to coordinates along Q. */
  const widen = ({ rows, data }: Matrix, last?: Float64Array) => {
    const out = matrix(rows, cols);
    for (let row = 0; row < rows; row++) {
      out.data.set(data.subarray(row * Q.cols, (row + 1) * Q.cols), row * cols);
      if (last) out.data[row * cols + Q.cols] = last[row];
    }
    return out;
  };
  const along = linalg.gemm(train.X, Q, { alpha: scale });
  return {
    train: { ...train, X: widen(isLower ? lower(along) : along) },
    place(inputs) {
      if (isWhole) return { ...inputs, X: linalg.gemm(inputs.X, Q) };
      const along = linalg.gemm(inputs.X, Q);
      const out = { ...inputs.X, data: inputs.X.data.slice() };
      const rest = rowNorms(linalg.gemm(along, Q, { transB: true, alpha: -1, beta: 1, out }));
      const X = widen(along, rest);
      for (let i = 0; i < X.data.length; i++) X.data[i] *= scale;
      return { ...inputs, X };
    },
    weights(parameters, rng) {
      const W = parameters[name];
      const rows = W.length / cols;
      if (isWhole) return { ...parameters, [name]: linalg.gemm(matrix(rows, cols, W), Q, { transB: true }).data };
      const noise = matrix(rows, N0, rng.fillGaussian(new Float64Array(rows * N0), sigma));
      // W Qᵀ + noise (1 − Q Qᵀ).
      const seen = linalg.gemm(noise, Q, { alpha: -1 });
      for (let row = 0, at = 0; row < rows; row++) {
        for (let j = 0; j < Q.cols; j++, at++) seen.data[at] += W[row * cols + j];
      }
      return { ...parameters, [name]: linalg.gemm(seen, Q, { transB: true, beta: 1, out: noise }).data };
    },
  };
}

/** Without what is above the diagonal: rounding, where each row needs no more directions than there are rows so far. */
function lower({ rows, cols, data }: Matrix): Matrix {
  return matrix(
    rows,
    cols,
    data.map((value, at) => (at % cols > Math.floor(at / cols) ? 0 : value)),
  );
}

function rowNorms({ rows, cols, data }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => Math.hypot(...data.subarray(row * cols, (row + 1) * cols)));
}
