import { GgdlnError, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import {
  add,
  chooseLinalg,
  columnVector,
  hadamard,
  identity,
  inner,
  matrix,
  requireMatrix,
  shapeOf,
} from '@ggdln/linalg';
import { squareNorms } from '../kernels/recursion.ts';
import { logDeterminant } from './chain.ts';
import { type GateInputs, gateKernel, type HalfSpaceLaw, openShares } from './gateKernel.ts';
import { tryCholesky } from './range.ts';
import type { GgdlnPredictor } from './types.ts';

const where = '@ggdln/theory infiniteGates';

/** Inputs of a network with infinitely many gates. */
export interface InfinitelyGatedInputs {
  /** Inputs, P × N0. */
  readonly X: Matrix;
  /** What the gates see of them, with P rows: inputs whose mean is subtracted, for instance. Default X. */
  readonly gateX?: Matrix;
  /** Code z of each input's task, P × N_z; seen by the gates alone. */
  readonly codes?: Matrix;
}

/** A network with infinitely many half-space gates in each of its infinitely wide layers, and the data it learns. */
export interface InfiniteGatesProblem extends InfinitelyGatedInputs, HalfSpaceLaw {
  /** Training targets, P × C (one output: P numbers will do). */
  readonly y: Matrix | Float64Array;
  /** Where to predict. */
  readonly test?: InfinitelyGatedInputs;
  /** L, the number of hidden layers. Default 1. */
  readonly depth?: number;
  /** Prior standard deviation σ of every weight. */
  readonly sigma: number;
  /** Temperature T ≥ 0. */
  readonly temperature: number;
}

export interface InfiniteGatesSolution {
  /** Mean and variance of the output on the test inputs, each P_test × C; the variance is the same for all outputs. */
  readonly predictor: GgdlnPredictor;
  /** tr(HK) with H = (K + TI)⁻¹, for each of the outputs. */
  readonly effectiveDof: number;
  /** log det(K + TI). */
  readonly logdet: number;
  /** Σ_c y_cᵀ H y_c. */
  readonly yKinvy: number;
}

/** How the kernels are computed. */
export interface InfiniteGatesOptions {
  /** Linear algebra; the fastest portable backend when absent. */
  readonly linalg?: LinalgBackend;
  readonly signal?: AbortSignal;
}

/**
 * Gaussian-process regression with the kernel σ^{2(L+1)} K_0 ∘ κ^{∘L} of infinitely many half-space gates and infinite
 * width (theory page ggdln, section 9): the limit in M of `infiniteWidthPredictor`. It is close to the NNGP of a ReLU
 * network and not equal to it: they differ by the sin θ term.
 * @throws GGDLN_INPUT for bad input; GGDLN_NUMERICAL when K + TI is singular; GGDLN_CANCELLED.
 */
export async function infiniteGatesPredictor(
  problem: InfiniteGatesProblem,
  options: InfiniteGatesOptions = {},
): Promise<InfiniteGatesSolution> {
  const Y = checkProblem(problem);
  const { X, temperature, test = withoutRows(problem) } = problem;
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const K = await infiniteGatesKernel(problem, problem, undefined, { ...options, linalg });
  const cross = await infiniteGatesKernel(problem, problem, test, { ...options, linalg });
  const factor = tryCholesky(add(K, identity(X.rows, temperature)), linalg);
  if (!factor) throw singular(X.rows, temperature);
  const beta = linalg.choleskySolve(factor, Y);
  const explained = linalg.triangularSolve(factor, cross);
  return {
    predictor: {
      mean: linalg.gemm(cross, beta, { transA: true }),
      variance: posteriorVariance(priorVariances(problem, test), explained, Y.cols),
    },
    effectiveDof: inner(linalg.choleskyInverse(factor), K),
    logdet: logDeterminant(factor),
    yKinvy: inner(Y, beta),
  };
}

/**
 * σ^{2(L+1)} K_0 ∘ κ^{∘L} between inputs (rows) and others, or among inputs where there are no others.
 * @param network Depth, σ and the law of the gates.
 * @throws GGDLN_INPUT for inputs that don't fit; GGDLN_CANCELLED.
 */
export async function infiniteGatesKernel(
  network: Pick<InfiniteGatesProblem, 'depth' | 'sigma'> & HalfSpaceLaw,
  inputs: InfinitelyGatedInputs,
  others?: InfinitelyGatedInputs,
  options: InfiniteGatesOptions = {},
): Promise<Matrix> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const kappa = await gateKernel(seen(inputs), others && seen(others), { ...lawOf(network), ...options, linalg });
  const K0 = linalg.gemm(inputs.X, (others ?? inputs).X, { transB: true, alpha: 1 / inputs.X.cols });
  const { depth = 1, sigma } = network;
  const gates = matrix(
    kappa.rows,
    kappa.cols,
    kappa.data.map((value) => value ** depth),
  );
  return hadamard(K0, gates, sigma ** (2 * (depth + 1)));
}

/** The kernel of every test input with itself. */
function priorVariances(problem: InfiniteGatesProblem, test: InfinitelyGatedInputs): Float64Array {
  const { depth = 1, sigma } = problem;
  const shares = openShares(seen(test), lawOf(problem));
  return squareNorms(test.X).map((norm, i) => sigma ** (2 * (depth + 1)) * norm * shares[i] ** depth);
}

/** What the data leave of the prior variance, repeated for each output. @param explained L⁻¹ k, P × P_test. */
function posteriorVariance(prior: Float64Array, explained: Matrix, outputs: number): Matrix {
  const left = prior.slice();
  for (let mu = 0; mu < explained.rows; mu++) {
    for (let i = 0; i < explained.cols; i++) left[i] -= explained.data[mu * explained.cols + i] ** 2;
  }
  const out = matrix(left.length, outputs);
  left.forEach((value, i) => {
    out.data.fill(value, i * outputs, (i + 1) * outputs);
  });
  return out;
}

function seen({ X, gateX = X, codes }: InfinitelyGatedInputs): GateInputs {
  return { X: gateX, ...(codes ? { codes } : {}) };
}

function lawOf({ threshold = 0, strength = 1 }: HalfSpaceLaw): HalfSpaceLaw {
  return { threshold, strength };
}

/** No inputs, of the same dimensions. */
function withoutRows({ X, gateX = X, codes }: InfinitelyGatedInputs): InfinitelyGatedInputs {
  const empty = ({ cols }: Matrix) => matrix(0, cols);
  return { X: empty(X), gateX: empty(gateX), ...(codes ? { codes: empty(codes) } : {}) };
}

/** @returns The targets as a matrix. */
function checkProblem(problem: InfiniteGatesProblem): Matrix {
  const { X, y, test, depth = 1, sigma, temperature } = problem;
  const Y = y instanceof Float64Array ? columnVector(y) : y;
  requireMatrix(where, 'X (P × N0)', X);
  requireMatrix(where, 'y (P × C)', Y, { rows: X.rows });
  if (Y.cols === 0) throw inputError(where, `y is ${shapeOf(Y)}: no outputs`, 'Give at least one column');
  if (problem.gateX) requireMatrix(where, 'gateX', problem.gateX, { rows: X.rows });
  if (test) {
    requireMatrix(where, 'test.X (P_test × N0)', test.X, { cols: X.cols });
    if (test.gateX) requireMatrix(where, 'test.gateX', test.gateX, { rows: test.X.rows });
  }
  if (!Number.isSafeInteger(depth) || depth < 1)
    throw inputError(where, `depth is ${depth}`, 'Give a whole number ≥ 1');
  if (!(Number.isFinite(sigma) && sigma > 0)) throw inputError(where, `sigma is ${sigma}`, 'Give a finite number > 0');
  if (!(Number.isFinite(temperature) && temperature >= 0)) {
    throw inputError(where, `temperature is ${temperature}`, 'Give a finite number ≥ 0');
  }
  return Y;
}

function singular(inputs: number, temperature: number): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem: `K + TI of ${inputs} inputs is singular at T = ${temperature}`,
    remedy: 'Raise T, or remove inputs that are 0, repeated, or open no gate',
  });
}
