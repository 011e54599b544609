import type { LinalgBackend, Matrix, OnProgress, Warning } from '@ggdln/core';

/** The data of a problem: what stays the same while widths, prior and temperature are swept. */
export interface BpkrData {
  /** Training inputs, P × N0. */
  readonly X: Matrix;
  /** Training targets, P × C (one output: P numbers will do). */
  readonly y: Matrix | Float64Array;
  /** Where to predict. */
  readonly test?: { readonly X: Matrix };
}

/** The numbers that a sweep changes. */
export interface BpkrSetting {
  /** Hidden widths, top first: [N_L, …, N_1]. */
  readonly widths: readonly number[];
  /** Prior standard deviation σ of every weight. */
  readonly sigma: number;
  /** Temperature T ≥ 0 of the posterior exp(−E/T − |θ|²/2σ²), E = ½ Σ ‖f − y‖²; 0 is the limit T → 0⁺. */
  readonly temperature: number;
}

/** A deep linear network and the data that it learns. */
export interface BpkrProblem extends BpkrData, BpkrSetting {}

export interface BpkrOptions {
  /** Linear algebra; the fastest portable backend when absent. */
  readonly linalg?: LinalgBackend;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onWarning?: (warning: Warning) => void;
}

/** Mean and covariance of the network output on the test inputs, without label noise. */
export interface BpkrPredictor {
  /** P_test × C. */
  readonly mean: Matrix;
  /** P_test × C: the diagonals of `covariance`. */
  readonly variance: Matrix;
  /** Row x is Cov f(x), C × C in row-major order: P_test × C². */
  readonly covariance: Matrix;
}

/** A solution of the saddle-point equations in its eigenbasis, where everything is diagonal (section 3). */
export interface BpkrSaddle {
  /** Orthonormal eigenvectors of G, Γ and all U_l, as columns, C × C. */
  readonly basis: Matrix;
  /** log of the eigenvalues of G = G_1; −∞ where a direction has collapsed (section 10, (g)). */
  readonly logG: Float64Array;
  /** Eigenvalues of ΓG: what the data take, u_l = σ²(1 − ΓG/N_l). */
  readonly dataTerm: Float64Array;
  /** S with P·C targets and no other constant; −∞ where a direction has collapsed. */
  readonly action: number;
}

export interface BpkrSolution {
  /** G_L, …, G_1, top first, each C × C: G_l = B_lᵀB_l/N_l, the second moments of the back-propagated readout. */
  readonly G: readonly Matrix[];
  /** U_L, …, U_1, top first, each C × C: G_l = G_{l+1} U_l at the saddle. One output: the u_l. */
  readonly U: readonly Matrix[];
  /** ΓG, C × C; for one output g(s). */
  readonly dataTerm: Matrix;
  /** Saddles found, by increasing action; the first is the solution. One output: all there are. */
  readonly saddles: readonly BpkrSaddle[];
  readonly predictor: BpkrPredictor;
  /** Σ_c (f − y)² per training example, predictor variance included. */
  readonly trainError: number;
  /** E‖θ_l‖²/σ² − dim θ_l, the same for every layer (equation 8). */
  readonly layerNormExcess: number;
  /** Rank of the kernel. */
  readonly rank: number;
  /** Largest entry of the saddle-point equations' residual, relative to log G; 0 where they are solved by bisection. */
  readonly residual: number;
  readonly warnings: readonly Warning[];
}
