import { GgdlnError, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { chooseLinalg, columnVector, requireMatrix, symmetrise } from '@ggdln/linalg';
import { spectralMap } from './chain.ts';
import { tryCholesky } from './range.ts';

const where = '@ggdln/theory oneGateLimit';

/** A deep linear network with one hidden layer, at T = 0. */
export interface OneGateProblem {
  /** Inputs, P × N0 with P ≤ N0 and independent rows. */
  readonly X: Matrix;
  /** Targets, P × C or P numbers. */
  readonly y: Matrix | Float64Array;
  /** N. */
  readonly width: number;
  readonly sigma: number;
}

/**
 * The order parameter U (C × C; 1 × 1 for one output) of a network with one gate that is always on, in closed form:
 * the positive root of N U²/σ² + (P − N) U − Yᵀ K_0⁻¹ Y / σ² = 0 (identity 7.4). The kernel is only rescaled by it and
 * the mean predictor does not depend on N.
 * @throws GGDLN_INPUT for bad input; GGDLN_NUMERICAL when K_0 is singular.
 */
export async function oneGateLimit(
  { X, y, width, sigma }: OneGateProblem,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<Matrix> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const Y = y instanceof Float64Array ? columnVector(y) : y;
  requireMatrix(where, 'X (P × N0)', X);
  requireMatrix(where, 'y (P × C)', Y, { rows: X.rows });
  if (!Number.isSafeInteger(width) || width < 1)
    throw inputError(where, `width is ${width}`, 'Give a whole number ≥ 1');
  if (!(Number.isFinite(sigma) && sigma > 0)) throw inputError(where, `sigma is ${sigma}`, 'Give a finite number > 0');
  if (X.cols === 0 || Y.cols === 0) throw inputError(where, 'no inputs or no outputs', 'Give N0 ≥ 1 and C ≥ 1');
  const factor = X.rows > X.cols ? undefined : tryCholesky(linalg.syrk(X, { alpha: 1 / X.cols }), linalg);
  if (!factor) {
    throw new GgdlnError({
      code: 'GGDLN_NUMERICAL',
      where,
      problem: `K0 of ${X.rows} inputs of dimension ${X.cols} is singular`,
      remedy: 'The closed form needs P ≤ N0 linearly independent inputs; solveGgdln handles the rest',
    });
  }
  const whitened = linalg.triangularSolve(factor, Y);
  const overlap = symmetrise(linalg.syrk(whitened, { trans: true }));
  const b = X.rows - width;
  const root = (r: number) => {
    const discriminant = Math.sqrt(b * b + (4 * width * Math.max(0, r)) / sigma ** 4);
    return b > 0
      ? (2 * Math.max(0, r)) / sigma ** 2 / (b + discriminant)
      : ((discriminant - b) * sigma ** 2) / (2 * width);
  };
  return spectralMap(overlap, root, linalg);
}
