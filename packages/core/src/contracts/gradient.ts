import type { GatedInputs } from './gatedInputs.ts';
import type { LinalgBackend, Matrix } from './linalg.ts';

/** Numbers end to end in one precision. */
export type FlatArray = Float32Array | Float64Array;

/** A precision, given as its array: `Float32Array` or `Float64Array`. */
export interface FlatArrayConstructor<Numbers extends FlatArray> {
  new (length: number): Numbers;
  from(values: ArrayLike<number>): Numbers;
}

/** The inputs and targets that a gradient program is made for. */
export interface GatedExamples {
  readonly inputs: GatedInputs;
  /** P × C. */
  readonly targets: Matrix;
}

/**
 * Outputs and gradients of a network on given examples, on flat arrays. The weights θ are the parameters end to end in
 * the order of `Architecture.shapes`, row-major each. Work arrays are made once, so that a step allocates nothing; one
 * program serves any number of chains in turn.
 */
export interface GradientProgram<Numbers extends FlatArray = FlatArray> {
  /** Number of weights n. */
  readonly size: number;
  /** f at θ, P × C, row-major; the array is the program's and holds until the next call. */
  outputs(theta: Numbers): Numbers;
  /** E = ½ Σ (f − y)² at θ; its gradient (n numbers) is written over `gradient`. NaN and overflow pass through. */
  evaluate(theta: Numbers, gradient: Numbers): number;
  /**
   * A step θ ← (1 − ηλ)θ − η∇E in place, without forming the gradient; E at the weights before. There where it is faster
   * than `evaluate` and the step; the same to rounding.
   */
  descend?(theta: Numbers, step: { readonly stepSize: number; readonly decay: number }): number;
}

/**
 * Makes the gradient program of a network for some examples.
 * @param precision `Float32Array` or `Float64Array`.
 * @throws GGDLN_INPUT for inputs, gates or targets that don't fit.
 */
export type GradientFactory = <Numbers extends FlatArray>(
  examples: GatedExamples,
  precision: FlatArrayConstructor<Numbers>,
  linalg: LinalgBackend,
) => GradientProgram<Numbers>;
