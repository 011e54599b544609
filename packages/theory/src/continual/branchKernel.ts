import type { LinalgBackend } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { squareNorms } from '../kernels/recursion.ts';
import type { ContinualNetwork } from './network.ts';

/** Two networks whose weights share a part of their history: the law of one weight in both, the same in every layer. */
export interface BranchLaw {
  /** Variances v_a and v_b in the first and the second network. */
  readonly variances: readonly [number, number];
  /** Covariance m, |m| ≤ √(v_a v_b). */
  readonly covariance: number;
}

/** Inner products of two sets of inputs over N0, with the squared norms over N0 of both. */
export interface InputGram {
  readonly inner: Matrix;
  readonly rowNorms: Float64Array;
  readonly colNorms: Float64Array;
}

/**
 * X Zᵀ/N0 (P × Q). Where a row of Z repeats one of X the entry is exactly the norm: rounding would open an angle of 1e-8
 * between them, to which the derivative of a ReLU kernel is sensitive.
 */
export function inputGram(X: Matrix, Z: Matrix, linalg: LinalgBackend): InputGram {
  const inner = linalg.gemm(X, Z, { transB: true, alpha: 1 / X.cols });
  const rowNorms = squareNorms(X);
  const colNorms = X === Z ? rowNorms : squareNorms(Z);
  for (let i = 0, at = 0; i < X.rows; i++) {
    for (let j = 0; j < Z.rows; j++, at++) {
      if (rowNorms[i] === colNorms[j] && near(inner.data[at], rowNorms[i]) && sameRow(X, i, Z, j))
        inner.data[at] = rowNorms[i];
    }
  }
  return { inner, rowNorms, colNorms };
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * b;
}

function sameRow(X: Matrix, i: number, Z: Matrix, j: number): boolean {
  if (X === Z && i === j) return true;
  for (let k = 0; k < X.cols; k++) if (X.data[i * X.cols + k] !== Z.data[j * Z.cols + k]) return false;
  return true;
}

/** What a branch kernel gives of every pair of inputs, each P × Q. */
export interface BranchKernel {
  /** k^L, the covariance of the last hidden layer's activities. */
  readonly features: Matrix;
  /** q^L = m k^L, the covariance of the outputs. */
  readonly outputs: Matrix;
  /** dq^L/dm at fixed variances. With v_a = v_b = m = σ² it is the tangent kernel, and q^L the NNGP kernel. */
  readonly slope: Matrix;
}

/** Σ over layers: the whole kernel of section 2 (theory page continual) of every pair. */
export function branchKernel(network: ContinualNetwork, law: BranchLaw, gram: InputGram): BranchKernel {
  const pair = pairKernel(network, law, gram);
  const { rows, cols } = gram.inner;
  const out = { features: matrix(rows, cols), outputs: matrix(rows, cols), slope: matrix(rows, cols) };
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      const [k, slope] = pair(i, j);
      out.features.data[at] = k;
      out.outputs.data[at] = law.covariance * k;
      out.slope.data[at] = slope;
    }
  }
  return out;
}

/** 𝒢(m) = q^L of every pair, P × Q. */
export function outputCovariance(network: ContinualNetwork, law: BranchLaw, gram: InputGram): Matrix {
  return branchKernel(network, law, gram).outputs;
}

/** 𝒢(m) of every input with itself. @param norms |x|²/N0. */
export function ownOutputCovariance(network: ContinualNetwork, law: BranchLaw, norms: Float64Array): Float64Array {
  const own = (value: number) => {
    const one = Float64Array.of(value);
    return outputCovariance(network, law, { inner: matrix(1, 1, one), rowNorms: one, colNorms: one }).data[0];
  };
  return norms.map(own);
}

/** [k^L, dq^L/dm] of one pair. */
function pairKernel(network: ContinualNetwork, { variances: [va, vb], covariance }: BranchLaw, gram: InputGram) {
  const { activation, depth } = network;
  const rowScales = layerScales(network, va, gram.rowNorms);
  const colScales = layerScales(network, vb, gram.colNorms);
  const { inner } = gram;
  return (i: number, j: number): readonly [number, number] => {
    let k = inner.data[i * inner.cols + j];
    let slope = k;
    for (let l = 0; l < depth; l++) {
      const [k11, k12, k22] = [rowScales[l][i], covariance * k, colScales[l][j]];
      k = activation.moment(k11, k12, k22);
      slope = k + covariance * activation.derivativeMoment(k11, k12, k22) * slope;
    }
    return [k, slope];
  };
}

/** v d^l of every input and layer: variances of the preactivations, which do not depend on m. */
function layerScales({ activation, depth }: ContinualNetwork, v: number, norms: Float64Array): Float64Array[] {
  const scales = [norms.map((norm) => v * norm)];
  for (let l = 1; l < depth; l++) scales.push(scales[l - 1].map((k) => v * activation.moment(k, k, k)));
  return scales;
}
