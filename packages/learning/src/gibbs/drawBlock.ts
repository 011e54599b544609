import { type GaussianBlock, GgdlnError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** What a draw of one block needs besides the block. */
export interface DrawProblem {
  /** Targets, length PC, index μC + c. */
  readonly y: Float64Array;
  /** Prior standard deviation. */
  readonly sigma: number;
  readonly temperature: number;
  /** A draw of the block from its prior, w0 (σ is already in it). */
  readonly prior: Float64Array;
  /** `prior` is no longer needed: its memory becomes that of the weights. Default false. */
  readonly overwrite?: boolean;
  /** Standard normals ξ, length PC. */
  readonly noise: Float64Array;
  /** Name of the block, for messages. */
  readonly name: string;
}

export interface BlockDraw {
  readonly weights: Float64Array;
  /**
   * Cholesky factor of σ²𝒜𝒜ᵀ + TI, or of σ²G + TI where 𝒜𝒜ᵀ = G ⊗ I_C (see `GaussianBlock.gram`). Valid until the next
   * draw with the cache that the block was made with.
   */
  readonly factor: Matrix;
}

/**
 * An exact draw of a block of weights given all the others: w = w0 + σ²𝒜ᵀr with
 * (σ²𝒜𝒜ᵀ + TI) r = y − 𝒜w0 − √T ξ (theory page ggdln, section 8). Deterministic: all noise is in the arguments.
 * @throws GGDLN_NUMERICAL when the matrix is singular to working precision.
 */
export function drawGaussianBlock(block: GaussianBlock, problem: DrawProblem, linalg: LinalgBackend): BlockDraw {
  const { y, sigma, temperature, prior, noise, overwrite = false } = problem;
  const variance = sigma * sigma;
  const factor = factorise(block.gram({ lowerOnly: true }), problem, linalg);
  const outputs = block.forward(prior);
  const root = Math.sqrt(temperature);
  const residual = new Float64Array(y.length);
  for (let i = 0; i < residual.length; i++) residual[i] = y[i] - outputs[i] - root * noise[i];
  // Row-major with the output as the faster index, the residual of G ⊗ I_C already is a matrix of C columns.
  const r = linalg.choleskySolve(factor, matrix(factor.rows, residual.length / factor.rows, residual)).data;
  const weights = overwrite ? prior : prior.slice();
  if (block.addAdjoint) block.addAdjoint(r, variance, weights);
  else
    block.adjoint(r).forEach((value, i) => {
      weights[i] += variance * value;
    });
  return { weights, factor };
}

/** @param gram Its lower triangle is overwritten. */
function factorise(gram: Matrix, problem: DrawProblem, linalg: LinalgBackend): Matrix {
  const { sigma, temperature } = problem;
  const P = gram.rows;
  const variance = sigma * sigma;
  if (variance !== 1) for (let at = 0; at < P * P; at++) gram.data[at] *= variance;
  const diagonal = new Float64Array(P);
  let largest = 0;
  for (let i = 0; i < P; i++) {
    diagonal[i] = gram.data[i * P + i];
    gram.data[i * P + i] += temperature;
    largest = Math.max(largest, gram.data[i * P + i]);
  }
  let factor: Matrix;
  try {
    factor = linalg.cholesky(gram, { overwrite: true });
  } catch (cause) {
    throw singular(problem, diagonal, cause);
  }
  // A pivot at the level of rounding is noise: solving with it would give weights that only look finite.
  const least = P * Number.EPSILON * largest;
  for (let i = 0; i < P; i++) {
    if (factor.data[i * P + i] ** 2 <= least) throw singular(problem, diagonal);
  }
  return factor;
}

function singular({ name, temperature }: DrawProblem, diagonal: Float64Array, cause?: unknown): GgdlnError {
  const P = diagonal.length;
  const off = diagonal.filter((value) => value === 0).length;
  const dead = off > 0 ? `; ${off} of ${P} training inputs have no active path through the network` : '';
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where: '@ggdln/learning blockGibbs',
    problem: `the conditional covariance of block ${name} is singular at T = ${temperature}${dead}`,
    remedy:
      `Use a higher temperature, wider layers, fewer than ${P} training inputs, ` +
      'or gates that leave no input without an active one',
    ...(cause === undefined ? {} : { cause }),
  });
}
