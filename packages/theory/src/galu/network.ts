import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, columnVector, hadamard, matrix, requireMatrix, rowKronecker, scaleRows, shapeOf } from '@ggdln/linalg';

const where = '@ggdln/theory galu';

/** The fixed parts of a GaLU network of k neurons (Fiat, Malach and Shalev-Shwartz 2019, arXiv:1906.05032). */
export interface GaluNetwork {
  /** Gate vectors, k × d; only their directions matter. */
  readonly U: Matrix;
  /** Output weight of each neuron, length k. Default 1. */
  readonly alpha?: Float64Array;
  /** s. Default 1/√k. */
  readonly scale?: number;
  /** b of the gates 1[u·x + b ≥ 0], length k. Default 0. */
  readonly gateBias?: Float64Array;
}

/** Training inputs and targets of a GaLU network. */
export interface GaluProblem {
  /** Inputs, m × d. */
  readonly X: Matrix;
  /** Targets, m × C, or of length m for one output. */
  readonly y: Matrix | Float64Array;
  readonly network: GaluNetwork;
}

/**
 * A GaLU network at given inputs as the linear map from weights to outputs that it is. Weights are C × kd: row c is
 * vec(W_c), neuron after neuron (index jd + i). Φ (m × kd) is built by `features` alone.
 */
export interface GaluMap {
  /** Gates in {0, 1}, m × k. */
  readonly gates: Matrix;
  /** Rows of X with no open gate: the output is 0 there whatever the weights. */
  readonly deadInputs: readonly number[];
  /** f_c = s Σ_j α_j g_j (W_cj · x), m × C. @param weights C × kd. */
  forward(weights: Matrix): Matrix;
  /** Φᵀ of each column of `residual` (m × C) as a row, C × kd. */
  adjoint(residual: Matrix): Matrix;
  /** K = ΦΦᵀ = s² (G diag(α²) Gᵀ) ∘ (XXᵀ), m × m. */
  kernel(): Matrix;
  /** Φ, m × kd: s α_j G_μj X_μi in column jd + i. */
  features(): Matrix;
}

/**
 * Gates 1[u_j·x + b_j ≥ 0] of inputs X (m × d); the boundary counts as open. Returns m × k.
 * @throws GGDLN_INPUT for shapes that don't fit or numbers that aren't finite.
 */
export function galuGates(X: Matrix, U: Matrix, gateBias?: Float64Array): Matrix {
  requireMatrix(where, 'X (m × d)', X);
  requireMatrix(where, 'U (k × d)', U, { cols: X.cols });
  if (gateBias) requireMatrix(where, 'gateBias (k)', columnVector(gateBias), { rows: U.rows });
  const gates = matrix(X.rows, U.rows);
  for (let row = 0; row < X.rows; row++) {
    for (let j = 0; j < U.rows; j++) {
      // A fixed order of summation: the gates of an input don't depend on the backend or on its batch.
      let sum = gateBias?.[j] ?? 0;
      for (let i = 0; i < X.cols; i++) sum += U.data[j * X.cols + i] * X.data[row * X.cols + i];
      gates.data[row * U.rows + j] = sum >= 0 ? 1 : 0;
    }
  }
  return gates;
}

/** The network as a linear map of its weights at the inputs X (m × d). @throws GGDLN_INPUT for what doesn't fit. */
export function galuMap(X: Matrix, network: GaluNetwork, linalg: LinalgBackend): GaluMap {
  const { U, alpha, gateBias } = network;
  const scale = network.scale ?? 1 / Math.sqrt(U.rows);
  checkNetwork(network);
  const gates = galuGates(X, U, gateBias);
  const weighted = weightColumns(gates, alpha, scale);
  const [k, d] = [U.rows, X.cols];
  return {
    gates,
    deadInputs: rowsOfZeros(gates),
    forward(weights) {
      requireMatrix(where, 'weights (C × kd)', weights, { cols: k * d });
      const out = matrix(X.rows, weights.rows);
      for (let c = 0; c < weights.rows; c++) {
        const W = matrix(k, d, weights.data.subarray(c * k * d, (c + 1) * k * d));
        rowSums(hadamard(weighted, linalg.gemm(X, W, { transB: true }))).forEach((sum, row) => {
          out.data[row * out.cols + c] = sum;
        });
      }
      return out;
    },
    adjoint(residual) {
      requireMatrix(where, 'residual (m × C)', residual, { rows: X.rows });
      const out = matrix(residual.cols, k * d);
      for (let c = 0; c < residual.cols; c++) {
        const rows = scaleRows(weighted, columnOf(residual, c));
        out.data.set(linalg.gemm(rows, X, { transA: true }).data, c * k * d);
      }
      return out;
    },
    kernel: () => hadamard(linalg.syrk(weighted), linalg.syrk(X)),
    features: () => rowKronecker(weighted, X),
  };
}

/**
 * Kernel between two sets of inputs, m1 × m2: s² (G1 diag(α²) G2ᵀ) ∘ (X1 X2ᵀ). For X1 = X2 see `galuMap(…).kernel`.
 * @throws GGDLN_INPUT for what doesn't fit.
 */
export function galuKernel(X1: Matrix, X2: Matrix, network: GaluNetwork, linalg: LinalgBackend): Matrix {
  checkNetwork(network);
  const { U, alpha, gateBias, scale = 1 / Math.sqrt(U.rows) } = network;
  const [first, second] = [X1, X2].map((X) => weightColumns(galuGates(X, U, gateBias), alpha, scale));
  return hadamard(linalg.gemm(first, second, { transB: true }), linalg.gemm(X1, X2, { transB: true }));
}

/**
 * A network with biases as one without: inputs get a last entry 1, U the gate biases as a last column, so d becomes
 * d + 1 and the last weight of a neuron is its linear bias.
 */
export function galuWithBias(X: Matrix, network: GaluNetwork): { readonly X: Matrix; readonly network: GaluNetwork } {
  const { U, gateBias = new Float64Array(U.rows), ...rest } = network;
  requireMatrix(where, 'gateBias (k)', columnVector(gateBias), { rows: U.rows });
  return {
    X: withColumn(X, new Float64Array(X.rows).fill(1)),
    network: { ...rest, scale: network.scale ?? 1 / Math.sqrt(U.rows), U: withColumn(U, gateBias) },
  };
}

/** Targets as an m × C matrix. @throws GGDLN_INPUT unless there is one row an input and a column at least. */
export function targetsOf({ X, y }: Pick<GaluProblem, 'X' | 'y'>): Matrix {
  const Y = y instanceof Float64Array ? columnVector(y) : y;
  requireMatrix(where, 'y (m × C)', Y, { rows: X.rows });
  if (Y.rows === 0 || Y.cols === 0) {
    throw inputError(where, `y is ${shapeOf(Y)}: nothing to fit`, 'Give at least one input and one output');
  }
  return Y;
}

/** Targets of a single output. @throws GGDLN_INPUT for several. */
export function singleTarget(problem: Pick<GaluProblem, 'X' | 'y'>, caller: string): Float64Array {
  const Y = targetsOf(problem);
  if (Y.cols !== 1) throw inputError(where, `${caller} got ${Y.cols} outputs`, 'Give one output, m × 1');
  return Y.data;
}

/** One half of the mean over inputs of the squared residual (summed over outputs): L = ‖f − y‖²/2m. */
export function halfMeanSquare(residual: Matrix): number {
  return residual.data.reduce((sum, r) => sum + r * r, 0) / (2 * residual.rows);
}

/** A − B. */
export function subtract(a: Matrix, b: Matrix): Matrix {
  return add(a, b, 1, -1);
}

/** Column c of a matrix. */
function columnOf(a: Matrix, c: number): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, row) => a.data[row * a.cols + c]);
}

/** Σ_j A_μj for every row. */
export function rowSums(a: Matrix): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, row) =>
    a.data.subarray(row * a.cols, (row + 1) * a.cols).reduce((sum, value) => sum + value, 0),
  );
}

function checkNetwork({ U, alpha, scale = 1 }: GaluNetwork): void {
  requireMatrix(where, 'U (k × d)', U);
  if (U.rows === 0 || U.cols === 0) {
    throw inputError(where, `U is ${shapeOf(U)}: no neurons or no inputs`, 'Give one gate vector a neuron, k × d');
  }
  if (alpha) requireMatrix(where, 'alpha (k)', columnVector(alpha), { rows: U.rows });
  if (!Number.isFinite(scale)) throw inputError(where, `scale is ${scale}`, 'Give a finite number, e.g. 1/√k');
}

function weightColumns(gates: Matrix, alpha: Float64Array | undefined, scale: number): Matrix {
  const { rows, cols } = gates;
  return matrix(
    rows,
    cols,
    gates.data.map((gate, at) => gate * scale * (alpha?.[at % cols] ?? 1)),
  );
}

function rowsOfZeros(a: Matrix): number[] {
  return Array.from(rowSums(a)).flatMap((sum, row) => (sum === 0 ? row : []));
}

function withColumn(a: Matrix, column: Float64Array): Matrix {
  const out = matrix(a.rows, a.cols + 1);
  for (let row = 0; row < a.rows; row++) {
    out.data.set(a.data.subarray(row * a.cols, (row + 1) * a.cols), row * out.cols);
    out.data[row * out.cols + a.cols] = column[row];
  }
  return out;
}
