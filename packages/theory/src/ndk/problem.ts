import { inputError, type LinalgBackend } from '@ggdln/core';
import { columnVector, type Matrix, matrix, requireMatrix } from '@ggdln/linalg';
import { linearActivation } from '../kernels/linear.ts';
import { squareNorms } from '../kernels/recursion.ts';
import { type NdkNetwork, requireNetwork } from './network.ts';
import type { BaseKernel } from './twoTime.ts';

/** What a wide network learns, and where its output is asked for. */
export interface NdkProblem {
  readonly network: NdkNetwork;
  /** Training inputs, P × N0. */
  readonly X: Matrix;
  /** Targets, length P. */
  readonly y: Float64Array;
  readonly test?: { readonly X: Matrix };
  /**
   * For a gated linear network (with `linearActivation`): γ_l(x, x′) = N⁻¹ Σ_i g_i^l(x) g_i^l(x′) of each hidden layer,
   * square over the training inputs followed by the test inputs. Gates depend on inputs alone.
   */
  readonly gateOverlaps?: readonly Matrix[];
}

/** A checked problem: base kernels among training inputs, and of all points (training, then test) with them. */
export interface NdkPoints {
  readonly train: BaseKernel;
  readonly all: BaseKernel;
  readonly test: BaseKernel;
}

/** @throws GGDLN_INPUT for parts that don't fit, naming them. */
export function ndkPoints(where: string, problem: NdkProblem, linalg: LinalgBackend): NdkPoints {
  const { network, X, y, test, gateOverlaps } = problem;
  requireNetwork(where, network);
  requireMatrix(where, 'X (P × N0)', X);
  if (X.rows === 0 || X.cols === 0)
    throw inputError(where, `X is ${X.rows} × ${X.cols}`, 'Give at least one input of one number');
  if (!(y instanceof Float64Array)) throw inputError(where, 'y is not a Float64Array', `Give ${X.rows} targets`);
  requireMatrix(where, 'y (P)', columnVector(y), { rows: X.rows });
  if (test) requireMatrix(where, 'test.X (tests × N0)', test.X, { cols: X.cols });
  const norms = new Float64Array([...squareNorms(X), ...(test ? squareNorms(test.X) : [])]);
  const gram = baseGram(X, test?.X ?? matrix(0, X.cols), norms, linalg);
  if (gateOverlaps) applyGates(where, network, gateOverlaps, gram, norms);
  const P = X.rows;
  const part = (from: number, to: number): BaseKernel => ({
    gram: matrix(to - from, P, gram.data.subarray(from * P, to * P)),
    rowNorms: norms.subarray(from, to),
    colNorms: norms.subarray(0, P),
  });
  return { train: { ...part(0, P), symmetric: true }, all: part(0, norms.length), test: part(P, norms.length) };
}

/** x·x_μ/N0 of all points with the training inputs; an exact diagonal keeps rounding from opening angles. */
function baseGram(X: Matrix, others: Matrix, norms: Float64Array, linalg: LinalgBackend): Matrix {
  const P = X.rows;
  const gram = matrix(norms.length, P);
  gram.data.set(linalg.gemm(X, X, { transB: true, alpha: 1 / X.cols }).data);
  for (let i = 0; i < P; i++) gram.data[i * P + i] = norms[i];
  if (others.rows > 0) gram.data.set(linalg.gemm(others, X, { transB: true, alpha: 1 / X.cols }).data, P * P);
  return gram;
}

function applyGates(
  where: string,
  network: NdkNetwork,
  overlaps: readonly Matrix[],
  gram: Matrix,
  norms: Float64Array,
): void {
  const { activation, depth } = network;
  if (activation.name !== linearActivation.name) {
    throw inputError(
      where,
      `gateOverlaps with the activation ${activation.name}`,
      'Gated networks take linearActivation',
    );
  }
  if (overlaps.length !== depth) {
    throw inputError(where, `gateOverlaps has ${overlaps.length} matrices`, `Give one a hidden layer, ${depth}`);
  }
  const all = norms.length;
  overlaps.forEach((overlap, l) => {
    requireMatrix(where, `gateOverlaps[${l}] (training, then test inputs)`, overlap, { rows: all, cols: all });
    for (let i = 0; i < all; i++) {
      norms[i] *= overlap.data[i * all + i];
      for (let j = 0; j < gram.cols; j++) gram.data[i * gram.cols + j] *= overlap.data[i * all + j];
    }
  });
}
