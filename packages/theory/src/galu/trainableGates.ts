import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { columnVector, hadamard, matrix, requireMatrix, scaleRows, shapeOf } from '@ggdln/linalg';
import { galuGates, halfMeanSquare, subtract } from './network.ts';

const where = '@ggdln/theory galuGradients';

/**
 * How gates are made and trained: `hard-fixed` 1[u·x ≥ 0], untrained; `sigmoid` σ(β u·x); `straight-through` hard
 * forward, with the sigmoid's derivative as a surrogate backward.
 */
export type GaluGateKind = 'hard-fixed' | 'sigmoid' | 'straight-through';

/** Weights of a GaLU network of one output, all of which can be trained. */
export interface TrainableGalu {
  /** Gate vectors, k × d. */
  readonly U: Matrix;
  /** Linear parts, k × d. */
  readonly W: Matrix;
  /** Output weights, length k. */
  readonly alpha: Float64Array;
}

/** Outputs, loss and gradients. */
export interface GaluGradients {
  /** f(x), length m. */
  readonly output: Float64Array;
  /** L = ‖f − y‖²/2m. */
  readonly loss: number;
  /** ∂L/∂W, k × d. */
  readonly W: Matrix;
  /** ∂L/∂U, k × d: zeros for `hard-fixed`, a surrogate for `straight-through`, whose true gradient is 0. */
  readonly U: Matrix;
  /** ∂L/∂α, length k. */
  readonly alpha: Float64Array;
}

/**
 * Loss and gradients of f = s Σ_j α_j g_j (w_j·x) with any kind of gates (theory page galu, section 6):
 * ∂f/∂u_j = s α_j β g(1 − g)(w_j·x) x with g = σ(β u_j·x).
 * @param problem X (m × d) and y (length m). @param options `beta`: β ≥ 0, default 1 (unused by `hard-fixed`);
 * `scale`: s, default 1/√k.
 * @throws GGDLN_INPUT for what doesn't fit.
 */
export function galuGradients(
  problem: { readonly X: Matrix; readonly y: Float64Array },
  weights: TrainableGalu,
  options: { readonly gate: GaluGateKind; readonly beta?: number; readonly scale?: number },
  linalg: LinalgBackend,
): GaluGradients {
  const { X, y } = problem;
  const { U, W, alpha } = weights;
  const { gate, beta = 1, scale = 1 / Math.sqrt(U.rows) } = options;
  check(problem, weights, beta, scale);
  const soft = softGates(X, U, beta, linalg);
  const gates = gate === 'sigmoid' ? soft : galuGates(X, U);
  const linear = linalg.gemm(X, W, { transB: true, alpha: scale });
  const branches = hadamard(gates, linear);
  const output = linalg.gemm(branches, columnVector(alpha));
  const residual = subtract(output, columnVector(y));
  const errors = columnVector(residual.data.map((r) => r / X.rows));
  /** Σ_μ e_μ α_j A_μj x_μ for each j. */
  const pullBack = (activity: Matrix) =>
    scaleRows(linalg.gemm(scaleRows(activity, errors.data), X, { transA: true }), alpha);
  const slopes = matrix(
    soft.rows,
    soft.cols,
    soft.data.map((g, at) => beta * g * (1 - g) * linear.data[at]),
  );
  return {
    output: output.data,
    loss: halfMeanSquare(residual),
    W: pullBack(
      matrix(
        gates.rows,
        gates.cols,
        gates.data.map((g) => scale * g),
      ),
    ),
    U: gate === 'hard-fixed' ? matrix(U.rows, U.cols) : pullBack(slopes),
    alpha: linalg.gemm(branches, errors, { transA: true }).data,
  };
}

/** σ(β u_j·x_μ), m × k. */
function softGates(X: Matrix, U: Matrix, beta: number, linalg: LinalgBackend): Matrix {
  const out = linalg.gemm(X, U, { transB: true });
  out.data.forEach((value, at) => {
    out.data[at] = 1 / (1 + Math.exp(-beta * value));
  });
  return out;
}

function check(
  { X, y }: { readonly X: Matrix; readonly y: Float64Array },
  { U, W, alpha }: TrainableGalu,
  beta: number,
  scale: number,
): void {
  requireMatrix(where, 'X (m × d)', X);
  requireMatrix(where, 'U (k × d)', U, { cols: X.cols });
  if (X.rows === 0 || U.rows === 0) {
    throw inputError(where, `X is ${shapeOf(X)} and U ${shapeOf(U)}`, 'Give at least one input and one neuron');
  }
  requireMatrix(where, 'W (k × d)', W, { rows: U.rows, cols: U.cols });
  requireMatrix(where, 'alpha (k)', columnVector(alpha), { rows: U.rows });
  requireMatrix(where, 'y (m)', columnVector(y), { rows: X.rows });
  if (!(beta >= 0 && Number.isFinite(beta))) throw inputError(where, `beta is ${beta}`, 'Give a finite number ≥ 0');
  if (!Number.isFinite(scale)) throw inputError(where, `scale is ${scale}`, 'Give a finite number, e.g. 1/√k');
}
