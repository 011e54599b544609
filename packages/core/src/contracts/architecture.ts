import type { GatedInputs } from './gatedInputs.ts';
import type { GradientFactory } from './gradient.ts';
import type { LinalgBackend, Matrix } from './linalg.ts';

/** Parameters of a network by name; shapes come from `Architecture.shapes`. Row-major. */
export type Parameters = { readonly [name: string]: Float64Array };

/** Numbers that the shapes of the parameters depend on besides the architecture's own options. */
export interface NetworkDimensions {
  /** N0. */
  readonly inputs: number;
  /** Gates of each layer, top first. */
  readonly gates: readonly number[];
  /** C. */
  readonly outputs: number;
}

/**
 * One block of weights given all the others: the outputs on the training inputs are 𝒜w, so the block's posterior is
 * Gaussian (theory page ggdln, section 8). 𝒜 (PC × size) is never built; its row (μ, c) has index μC + c.
 */
export interface GaussianBlock {
  /** Number of weights in the block. */
  readonly size: number;
  /**
   * 𝒜𝒜ᵀ, PC × PC. Where the outputs are independent given the other weights and share a matrix G, so that
   * 𝒜𝒜ᵀ = G ⊗ I_C, it is G, P × P: one factorisation then serves all outputs. A new matrix, the caller's to overwrite.
   */
  gram(options?: GramOptions): Matrix;
  /** 𝒜w, length PC. */
  forward(weights: Float64Array): Float64Array;
  /** 𝒜ᵀr, length `size`. */
  adjoint(residual: Float64Array): Float64Array;
  /** weights ← weights + factor · 𝒜ᵀr, where that is faster than with `adjoint`. */
  addAdjoint?(residual: Float64Array, factor: number, weights: Float64Array): void;
}

/** How a Gram matrix is wanted. */
export interface GramOptions {
  /**
   * The lower triangle will do, in memory that the next call on a block of the same cache uses again. What is above the
   * diagonal is not defined. Default false.
   */
  readonly lowerOnly?: boolean;
}

/**
 * Products that an architecture may keep between calls (X Xᵀ, hidden activities, …), by name, with the arrays they were
 * made from. One that is passed again holds only as long as none of those arrays has been changed in place.
 */
export type ProductCache = Map<string, { readonly from: readonly unknown[]; readonly value: unknown }>;

/** What block Gibbs sampling needs of a network that is linear in each block of weights given the others. */
export interface ConditionallyGaussian {
  /** Parameter names in the order in which a sweep updates them. */
  readonly blocks: readonly string[];
  /** @param cache Lets the blocks of a sweep, and sweeps, share products. */
  block(
    name: string,
    parameters: Parameters,
    train: GatedInputs,
    linalg: LinalgBackend,
    cache?: ProductCache,
  ): GaussianBlock;
  /**
   * Mean and variance of f on the test inputs given the readout-side weights, with the first layer integrated out:
   * the low-noise estimator of section 8. Each of length P_test·C, index μC + c, as are the targets `y`.
   */
  conditionalPredictor(
    parameters: Parameters,
    problem: {
      readonly train: GatedInputs;
      readonly y: Float64Array;
      readonly test: GatedInputs;
      readonly temperature: number;
      /**
       * Cholesky factor of K + TI, K the covariance of the targets given the same weights, where the caller has it: from
       * a draw of the first layer.
       */
      readonly factor?: Matrix;
    },
    linalg: LinalgBackend,
    cache?: ProductCache,
  ): { readonly mean: Float64Array; readonly variance: Float64Array };
}

/** The least that ggdln assumes of a tensor; `@ggdln/architectures` uses TensorFlow.js tensors. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** A network: its parameters, forward pass, and what is exactly solvable in it. */
export interface Architecture<Tensor extends TensorLike = TensorLike> {
  /** What theories declare that they solve, e.g. `ggdln`. */
  readonly family: string;
  /** Hidden widths, top first: [N_L, …, N_1]. */
  readonly widths: readonly number[];
  /** Prior standard deviation of every weight. */
  readonly sigma: number;
  /** Shape of each parameter, e.g. `{ a: [N, M], W1: [N, N0] }`. */
  shapes(dimensions: NetworkDimensions): { readonly [name: string]: readonly number[] };
  /** Outputs on given inputs in float64, P × C. */
  predict(parameters: Parameters, inputs: GatedInputs, linalg: LinalgBackend): Matrix;
  /** Order parameters of given weights, e.g. `{ U1, U2 }`; same names as the theory's. */
  orderParameters?(
    parameters: Parameters,
    dimensions: NetworkDimensions,
    linalg: LinalgBackend,
  ): { readonly [name: string]: Matrix };
  /** Outputs on a float32 tensor program, P × C; differentiable. */
  apply?(
    parameters: { readonly [name: string]: Tensor },
    inputs: { readonly X: Tensor; readonly gates: readonly Tensor[] },
  ): Tensor;
  /** Exact gradients on flat arrays; learners that need gradients prefer it to differentiating `apply`. */
  readonly gradient?: GradientFactory;
  /** Nonlinearity of the hidden units, e.g. `relu`; absent in networks that are linear given their gates. */
  readonly activation?: string;
  /**
   * The parameter that is all that reads the inputs, its last axis over them, and does so as W·x/√N0: inputs may then be
   * turned, and directions that no input has be left out, without changing what the network does.
   */
  readonly inputWeights?: string;
  readonly conditionals?: ConditionallyGaussian;
}
