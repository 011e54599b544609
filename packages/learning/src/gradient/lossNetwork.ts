import type { FlatArray, FlatArrayConstructor, NetworkDimensions, Parameters } from '@ggdln/core';

/**
 * A problem on flat arrays, its weights laid end to end in one vector θ (in the order of `Architecture.shapes`), so that
 * a dynamics need not know the network. E = ½ Σ (f − y)² over the training outputs, U = E + T|θ|²/2σ².
 */
export interface LossNetwork<Numbers extends FlatArray = FlatArray> {
  readonly precision: FlatArrayConstructor<Numbers>;
  /** Number of weights n. */
  readonly size: number;
  readonly dimensions: NetworkDimensions;
  /** Examples that stand for all of them, where those are fewer (see `compressExamples`). */
  readonly compressedExamples?: number;
  /** T/σ², the curvature of the prior term. */
  readonly decay: number;
  /** E of the zero function, ½|Y|². */
  readonly energyScale: number;
  /** E at θ; ∇E is written over `gradient`. */
  evaluate(theta: Numbers, gradient: Numbers): number | Promise<number>;
  /** ∇²U v. */
  curvatureProduct(theta: Numbers, v: Float64Array): Float64Array | Promise<Float64Array>;
  /** f on the test inputs, row-major P_test × C. */
  testOutputs(theta: Numbers): Float64Array | Promise<Float64Array>;
  /** θ from named parameters. */
  flatten(parameters: Parameters): Numbers;
  /** Named float64 parameters from θ. */
  unflatten(theta: Numbers): Parameters;
  /** Frees what the tensor backend holds. */
  dispose(): void;
}
