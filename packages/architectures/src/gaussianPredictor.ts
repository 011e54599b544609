import {
  type ConditionallyGaussian,
  type GatedInputs,
  inputError,
  type LinalgBackend,
  type Matrix,
  type ProductCache,
} from '@ggdln/core';
import { columnVector, identity, rowKronecker, selectMatrixRows } from '@ggdln/linalg';
import { multiplyInto, rowInner } from './blocks.ts';
import { cached } from './cache.ts';
import { compositeGates } from './network.ts';

/** What a conditional predictor is given: training inputs with targets, test inputs, T. */
export type PredictorProblem = Parameters<ConditionallyGaussian['conditionalPredictor']>[1];

/**
 * With U_1 given and Gaussian first-layer weights, f is a Gaussian process with kernel K = s K_0 ∘ (F U_1 Fᵀ),
 * s = σ²/∏M_l: mean kᵀ(K+TI)⁻¹y, variance k(x,x) − kᵀ(K+TI)⁻¹k. Features of size N0·∏M_l are never built. Several
 * outputs are rows (μ, c) with gates of their own (theory page ggdln, section 4); means and variances are in that order.
 * @param weights `U1`: C∏M_l × C∏M_l. `sigma`: prior standard deviation of the first layer. `outputs`: C.
 */
export function gaussianPredictor(
  { U1, sigma, outputs }: { readonly U1: Matrix; readonly sigma: number; readonly outputs: number },
  { train, test, y, temperature, factor: given }: PredictorProblem,
  linalg: LinalgBackend,
  cache: ProductCache | undefined,
): { mean: Float64Array; variance: Float64Array } {
  const fixed = cached(cache, `kernels of ${outputs}`, [train.X, ...train.gates, test.X, ...test.gates], () =>
    fixedKernels({ sigma, outputs }, train, test, linalg),
  );
  const FU = linalg.gemm(fixed.F, U1);
  const factor =
    given ?? factorise(multiplyInto(linalg.gemm(FU, fixed.F, { transB: true }), fixed.K0), temperature, linalg);
  const beta = linalg.choleskySolve(factor, columnVector(y));
  const k = multiplyInto(linalg.gemm(FU, fixed.testF, { transB: true }), fixed.crossK0);
  const mean = linalg.gemm(beta, k, { transA: true }).data;
  const { rows, cols, data: whitened } = linalg.triangularSolve(factor, k);
  const variance = rowInner(linalg.gemm(fixed.testF, U1), fixed.testF);
  for (let i = 0; i < cols; i++) variance[i] *= fixed.testK0[Math.floor(i / outputs)];
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < cols; j++, at++) variance[j] -= whitened[at] * whitened[at];
  }
  return { mean, variance };
}

/** Of K + TI, which is written over K. */
function factorise(K: Matrix, temperature: number, linalg: LinalgBackend): Matrix {
  for (let i = 0; i < K.rows; i++) K.data[i * K.cols + i] += temperature;
  return linalg.cholesky(K, { overwrite: true });
}

/** All that doesn't depend on the weights; the prefactor s/N0 is inside the K_0s. */
function fixedKernels(
  { sigma, outputs }: { readonly sigma: number; readonly outputs: number },
  train: GatedInputs,
  test: GatedInputs,
  linalg: LinalgBackend,
): { F: Matrix; testF: Matrix; K0: Matrix; crossK0: Matrix; testK0: Float64Array } {
  const F = compositeGates(gatesOfOutputs(train.gates, outputs));
  const alpha = (sigma ** 2 * outputs) / (F.cols * train.X.cols);
  return {
    F,
    testF: compositeGates(gatesOfOutputs(test.gates, outputs)),
    K0: linalg.syrk(train.X, { alpha }),
    crossK0: linalg.gemm(train.X, test.X, { transB: true, alpha }),
    testK0: rowInner(test.X, test.X).map((square) => alpha * square),
  };
}

/** Gates of the rows (μ, c): Φ^(L) ⊗ I_C at the top, lower layers repeated. */
function gatesOfOutputs(gates: readonly Matrix[], outputs: number): readonly Matrix[] {
  if (outputs === 1) return gates;
  const oneHot = identity(outputs);
  return gates.map((values, layer) => {
    const rows = selectMatrixRows(
      values,
      Int32Array.from({ length: values.rows * outputs }, (_, row) => Math.floor(row / outputs)),
    );
    if (layer > 0) return rows;
    const own = selectMatrixRows(
      oneHot,
      Int32Array.from({ length: rows.rows }, (_, row) => row % outputs),
    );
    return rowKronecker(rows, own);
  });
}

/** @param where Who complains. @throws GGDLN_INPUT unless there are C targets an input and T ≥ 0 is finite. */
export function requireTargets(where: string, { train, y, temperature }: PredictorProblem, outputs = 1): void {
  if (y.length !== train.X.rows * outputs) {
    throw inputError(
      where,
      `y has ${y.length} targets for ${train.X.rows} inputs${outputs === 1 ? '' : ` and ${outputs} outputs`}`,
      outputs === 1 ? 'Give one target an input' : 'Give one target an input and output, those of an input together',
    );
  }
  if (!Number.isFinite(temperature) || temperature < 0) {
    throw inputError(where, `the temperature is ${temperature}`, 'Give a finite number ≥ 0');
  }
}
