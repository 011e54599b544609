import type { Matrix } from './linalg.ts';

/** Inputs of a network together with its gates. */
export interface GatedInputs {
  /** Inputs, P × N0. */
  readonly X: Matrix;
  /** Gates of each layer, top (readout) layer first: `gates[0]` is Φ^(L), P × M_L. */
  readonly gates: readonly Matrix[];
}
