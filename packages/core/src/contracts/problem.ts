import type { Architecture } from './architecture.ts';
import type { Matrix } from './linalg.ts';

/** What a learner and a theory are both given: the same data, gates, network and temperature. */
export interface Problem {
  readonly train: { readonly X: Matrix; readonly Y: Matrix; readonly gates: readonly Matrix[] };
  readonly test: { readonly X: Matrix; readonly Y: Matrix; readonly gates: readonly Matrix[] };
  /** Names of the gates of each layer, top first, as the matrices are. */
  readonly gateNames: readonly (readonly string[])[];
  readonly architecture: Architecture;
  /** T of the Gibbs distribution exp(−E/T − |θ|²/2σ²), E = ½ Σ (f − y)²; T ≥ 0. */
  readonly temperature: number;
}
