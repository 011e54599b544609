import {
  type ConditionallyGaussian,
  type GatedInputs,
  GgdlnError,
  inputError,
  type LinalgBackend,
  type Matrix,
  type ProductCache,
  unknownNameError,
  type Parameters as Weights,
} from '@ggdln/core';
import { columnVector } from '@ggdln/linalg';
import { hiddenBlock, multiplyInto, readoutBlock, rowInner } from './blocks.ts';
import { cached } from './cache.ts';
import { type Layers, parameterNames } from './layers.ts';
import { compositeGates, dimensionsOf, requireInputs, requireParameters } from './network.ts';
import { orderParameters } from './orderParameters.ts';

type PredictorProblem = Parameters<ConditionallyGaussian['conditionalPredictor']>[1];

/** Blocks of weights that are Gaussian given the others (theory page ggdln, section 8), at any depth, for C = 1. */
export function createConditionals(layers: Layers): ConditionallyGaussian {
  const blocks = parameterNames(layers.depth);
  return {
    blocks,
    block(name, parameters, train, linalg, cache) {
      if (!blocks.includes(name)) throw unknownNameError(layers.where, 'block of weights', name, blocks);
      requireSingleOutput(layers, parameters, train, 'train', cache);
      const pass = { layers, parameters, inputs: train, linalg, label: 'train', ...(cache ? { cache } : {}) };
      return name === 'a' ? readoutBlock(pass) : hiddenBlock(pass, Number(name.slice(1)));
    },
    conditionalPredictor(parameters, problem, linalg, cache) {
      requireSingleOutput(layers, parameters, problem.train, 'train', cache);
      requireSingleOutput(layers, parameters, problem.test, 'test', cache);
      requireTargets(layers, problem);
      return predictGivenReadout(layers, parameters, problem, linalg, cache);
    },
  };
}

/**
 * With U_1 of the sampled weights above the first layer, f is a Gaussian process with kernel K = s K_0 ∘ (F U_1 Fᵀ):
 * mean kᵀ(K+TI)⁻¹y, variance k(x,x) − kᵀ(K+TI)⁻¹k. Features of size N0·∏M_l are never built.
 */
function predictGivenReadout(
  layers: Layers,
  parameters: Weights,
  { train, test, y, temperature }: PredictorProblem,
  linalg: LinalgBackend,
  cache: ProductCache | undefined,
): { mean: Float64Array; variance: Float64Array } {
  const { U1 } = orderParameters(layers, parameters, linalg, cache);
  const fixed = cached(cache, 'kernels', [train.X, ...train.gates, test.X, ...test.gates], () =>
    fixedKernels(layers, train, test, linalg),
  );
  const FU = linalg.gemm(fixed.F, U1);
  const K = multiplyInto(linalg.gemm(FU, fixed.F, { transB: true }), fixed.K0);
  for (let i = 0; i < K.rows; i++) K.data[i * K.cols + i] += temperature;
  const factor = linalg.cholesky(K);
  const beta = linalg.choleskySolve(factor, columnVector(y));
  const k = multiplyInto(linalg.gemm(FU, fixed.testF, { transB: true }), fixed.crossK0);
  const mean = linalg.gemm(beta, k, { transA: true }).data;
  const { rows, cols, data: whitened } = linalg.triangularSolve(factor, k);
  const variance = rowInner(linalg.gemm(fixed.testF, U1), fixed.testF);
  for (let i = 0; i < cols; i++) variance[i] *= fixed.testK0[i];
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < cols; j++, at++) variance[j] -= whitened[at] * whitened[at];
  }
  return { mean, variance };
}

/** All that doesn't depend on the weights; the prefactor s/N0 is inside the K_0s. */
function fixedKernels(
  layers: Layers,
  train: GatedInputs,
  test: GatedInputs,
  linalg: LinalgBackend,
): { F: Matrix; testF: Matrix; K0: Matrix; crossK0: Matrix; testK0: Float64Array } {
  const F = compositeGates(train.gates);
  const alpha = layers.sigma ** 2 / (F.cols * train.X.cols);
  return {
    F,
    testF: compositeGates(test.gates),
    K0: linalg.syrk(train.X, { alpha }),
    crossK0: linalg.gemm(train.X, test.X, { transB: true, alpha }),
    testK0: rowInner(test.X, test.X).map((square) => alpha * square),
  };
}

function requireSingleOutput(
  layers: Layers,
  parameters: Weights,
  inputs: GatedInputs,
  label: string,
  cache: ProductCache | undefined,
): void {
  cached(cache, `${label} checked`, [inputs.X, ...inputs.gates], () => requireInputs(layers, inputs));
  const dimensions = dimensionsOf(layers, parameters, inputs);
  requireParameters(layers, parameters, dimensions);
  if (dimensions.outputs > 1) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where: layers.where,
      problem: `the network has ${dimensions.outputs} outputs; its conditional distributions are implemented for one`,
      remedy: 'Use one output, or a learner that samples by gradients (langevin)',
    });
  }
}

function requireTargets(layers: Layers, { train, y, temperature }: PredictorProblem): void {
  if (y.length !== train.X.rows) {
    throw inputError(layers.where, `y has ${y.length} targets for ${train.X.rows} inputs`, 'Give one target an input');
  }
  if (!Number.isFinite(temperature) || temperature < 0) {
    throw inputError(layers.where, `the temperature is ${temperature}`, 'Give a finite number ≥ 0');
  }
}
