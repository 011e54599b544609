import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, matrix, requireMatrix, scaleRows } from '@ggdln/linalg';
import { type GaluProblem, galuMap, halfMeanSquare, subtract, targetsOf } from './network.ts';

const where = '@ggdln/theory galuDynamics';

/** A GaLU network at one moment of training. */
export interface GaluState {
  /** L = ‖f − y‖²/2m. */
  readonly loss: number;
  /** Outputs on the training inputs, m × C. */
  readonly outputs: Matrix;
  /** C × kd; row c is vec(W_c). */
  weights(): Matrix;
  /** Outputs on other inputs, m' × C. */
  predict(X: Matrix): Matrix;
}

/** Full-batch gradient descent on W in closed form. */
export interface GaluDynamics {
  /** Eigenvalues κ of K = ΦΦᵀ, ascending; the residual along v_i is multiplied by 1 − ηκ_i/m a step. */
  readonly eigenvalues: Float64Array;
  /** Steps must be smaller than 2m/κ_max; infinite when K = 0. */
  readonly stableBelow: number;
  /** After `steps` steps of size η on L. @throws GGDLN_INPUT for η at or beyond `stableBelow`. */
  afterSteps(eta: number, steps: number): GaluState;
  /** Gradient flow dW/dt = −∇L at time t; `Infinity` is the end. */
  atTime(t: number): GaluState;
}

/**
 * Gradient descent and flow on L = ‖f − y‖²/2m at any time without iterating (theory page galu, section 2): the residual
 * is r_t = (I − ηK/m)^t r_0, the weights W_t = W_0 − Φᵀ K⁺ [I − (I − ηK/m)^t] r_0. The part of W_0 in the kernel of Φ
 * stays. Costs one m × m eigendecomposition.
 * @param options.initial W_0, C × kd. Default 0, from where the flow ends in the minimum-norm solution.
 * @throws GGDLN_INPUT for what doesn't fit.
 */
export function galuDynamics(
  problem: GaluProblem,
  linalg: LinalgBackend,
  options: { readonly initial?: Matrix } = {},
): GaluDynamics {
  const Y = targetsOf(problem);
  const { X, network } = problem;
  const m = X.rows;
  const map = galuMap(X, network, linalg);
  const parameters = network.U.rows * X.cols;
  const initial = options.initial ?? matrix(Y.cols, parameters);
  requireMatrix(where, 'initial (C × kd)', initial, { rows: Y.cols, cols: parameters });
  const { values, vectors } = linalg.symmetricEigen(map.kernel());
  const largest = Math.max(0, values[m - 1]);
  const coordinates = linalg.gemm(vectors, subtract(map.forward(initial), Y), { transA: true });
  const isNull = (value: number) => value <= largest * Math.max(m, parameters) * Number.EPSILON;

  /** @param lost 1 − (factor of the residual) along an eigenvector, a function of its eigenvalue. */
  const stateAt = (lost: (kappa: number) => number): GaluState => {
    const shares = values.map((value) => (isNull(value) ? 0 : lost(value)));
    const residual = linalg.gemm(
      vectors,
      scaleRows(
        coordinates,
        shares.map((share) => 1 - share),
      ),
    );
    const weights = () => {
      const factors = shares.map((share, i) => (share === 0 ? 0 : share / values[i]));
      return subtract(initial, map.adjoint(linalg.gemm(vectors, scaleRows(coordinates, factors))));
    };
    return {
      loss: halfMeanSquare(residual),
      outputs: add(Y, residual),
      weights,
      predict: (inputs) => galuMap(inputs, network, linalg).forward(weights()),
    };
  };

  const stableBelow = largest > 0 ? (2 * m) / largest : Number.POSITIVE_INFINITY;
  return {
    eigenvalues: values,
    stableBelow,
    afterSteps(eta, steps) {
      checkSteps(eta, steps, stableBelow);
      return stateAt((kappa) => lostAfterSteps((eta * kappa) / m, steps));
    },
    atTime(t) {
      if (!(t >= 0)) throw inputError(where, `the time is ${t}`, 'Give a number ≥ 0');
      return stateAt((kappa) => -Math.expm1((-kappa * t) / m));
    },
  };
}

/** 1 − (1 − x)^t for 0 ≤ x < 2, without cancellation for small x. */
function lostAfterSteps(x: number, t: number): number {
  return x < 0.5 ? -Math.expm1(t * Math.log1p(-x)) : 1 - (1 - x) ** t;
}

function checkSteps(eta: number, steps: number, stableBelow: number): void {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw inputError(where, `the number of steps is ${steps}`, 'Give a whole number ≥ 0');
  }
  if (!(eta > 0)) throw inputError(where, `the learning rate is ${eta}`, 'Give a number > 0');
  if (eta >= stableBelow) {
    throw inputError(
      where,
      `the learning rate ${eta} is not below ${stableBelow} = 2m/κ_max, so gradient descent diverges`,
      `Give one below it; ${stableBelow / 2} = m/κ_max is fast along the largest eigenvector`,
    );
  }
}
