import type { GatedInputs, LinalgBackend, Matrix, OnProgress, RandomStream, Warning } from '@ggdln/core';

/** The data of a problem: what stays the same while widths, prior and temperature are swept. */
export interface GgdlnData {
  /** Training inputs, P × N0. P = 0 is the prior: its answer is the infinite-width one. */
  readonly X: Matrix;
  /** Training targets, P × C (one output: P numbers will do). */
  readonly y: Matrix | Float64Array;
  /** Gates of the training inputs, top (readout) layer first: `gates[0]` is Φ^(L), P × M_L. */
  readonly gates: readonly Matrix[];
  /** Where to predict. */
  readonly test?: GatedInputs;
}

/** The numbers that a sweep changes. */
export interface GgdlnSetting {
  /** Hidden widths, top first: [N_L, …, N_1]. */
  readonly widths: readonly number[];
  /** Prior standard deviation σ of every weight. */
  readonly sigma: number;
  /** Temperature T ≥ 0 of the posterior exp(−E/T − |θ|²/2σ²), E = ½ Σ (f − y)². */
  readonly temperature: number;
}

/** A globally gated deep linear network and the data that it learns. */
export interface GgdlnProblem extends GgdlnData, GgdlnSetting {}

/** How data are prepared; nothing here changes the answer beyond rounding. */
export interface PrepareOptions {
  /** Linear algebra; the fastest portable backend when absent. */
  readonly linalg?: LinalgBackend;
  /** Solve in the row space of the composite gates where that is smaller (section 3, (ii)). Default true. */
  readonly reduce?: boolean;
  /** Bytes that a solve may take; refused with a plan (`planGgdlnMemory`) before it starts when it needs more. */
  readonly memoryLimit?: number;
}

/** How a saddle point is searched. */
export interface SolveOptions {
  /** The search ends when the dimensionless gradient (section 5) is below this. Default 1e-9. */
  readonly tolerance?: number;
  /** Default 1000. */
  readonly maxIterations?: number;
  /**
   * Quasi-Newton steps in log U (one hidden layer) or Anderson mixing of the fixed-point steps. Default true; false
   * leaves the plain fixed point.
   */
  readonly acceleration?: boolean;
  /** Where to start, top first, e.g. `U` of a solution at a neighbouring width. Default: the infinite-width point. */
  readonly initial?: readonly Matrix[];
  /** Further starts from widely scattered points; the lowest action is returned. Needs `rng`. Default 0. */
  readonly restarts?: number;
  readonly rng?: RandomStream;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onWarning?: (warning: Warning) => void;
}

/** Options of `solveGgdln`. */
export interface GgdlnOptions extends PrepareOptions, SolveOptions {}

/** Mean and variance of the network output given the order parameters, each P_test × C (0 × C without test inputs). */
export interface GgdlnPredictor {
  readonly mean: Matrix;
  /** Leaves out the O(1/N) fluctuation of U: simulated variances lie above it by about that (section 2). */
  readonly variance: Matrix;
}

/** The numbers that identities and fixtures speak of (sections 3, 6, 7), at some U. */
export interface GgdlnStatistics {
  /** S(U), with every log det C_l and no other constant (section 3). */
  readonly action: number;
  /** max over layers of ‖(2/N_l) Λᵀ G_l Λ‖_max with U_l = ΛΛᵀ: zero at a saddle. */
  readonly residual: number;
  /** log det(K + TI); at T = 0 with a singular kernel, that of K on its range. */
  readonly logdet: number;
  /** tr(HK), the effective number of degrees of freedom that the data fix. */
  readonly effectiveDof: number;
  /** yᵀHy with H = (K + TI)⁻¹. */
  readonly yKinvy: number;
  /** βᵀKβ with β = Hy. */
  readonly yKinvKKinvy: number;
  /** N_1 [tr(C_1⁻¹U_1) − D_1] + tr(HK) − βᵀKβ: zero at a saddle (identity 7.1). */
  readonly virial: number;
  /** s = σ² / Π M_l. */
  readonly kernelPrefactor: number;
  /** An estimate of the condition number of K + TI (on the range of K where that is used). */
  readonly conditionNumber: number;
  /** Rank of the kernel: measured at T = 0 and tiny T, else its bound min(P·C, N0 · rank F). */
  readonly rank: number;
}

/** Exact reductions of a solve. */
export interface GgdlnReductions {
  /** Size of the lowest order parameter that was solved for: rank of the composite gates where that is below D_1. */
  readonly gateSpace: number;
  /** Rank of the kernel's range where the data terms were restricted to it, else the number of targets. */
  readonly kernelSpace: number;
  /** Dimension through which the targets' term was computed: min(P, N0). */
  readonly inputSpace: number;
  /** True when the search started from order parameters that were given or extrapolated. */
  readonly warmStart: boolean;
}

/** A saddle point. */
export interface GgdlnSolution extends GgdlnStatistics {
  /** Order parameters, top first: [U_L, …, U_1], U_l is D_l × D_l. */
  readonly U: readonly Matrix[];
  readonly predictor: GgdlnPredictor;
  /** Fixed-point steps from the start to the solution. */
  readonly iterations: number;
  /** Kernels factorised, steps that were taken back included. */
  readonly evaluations: number;
  /** What lowered the work; none of it changes the numbers beyond rounding. */
  readonly reductions: GgdlnReductions;
  /** Actions reached from each start, the first from `initial` or infinite width; longer than 1 with `restarts`. */
  readonly actions: readonly number[];
  /** Training inputs for which all gates of some layer are off, so that f ≡ 0 there. */
  readonly deadInputs: readonly number[];
  /** Generic number of targets that can be interpolated (section 6). */
  readonly capacity: number;
  readonly warnings: readonly Warning[];
}

/** What the NotConvergedError of a solve carries. */
export interface GgdlnUnconverged {
  /** Last order parameters, top first; a possible `initial`. */
  readonly U: readonly Matrix[];
  readonly residual: number;
  readonly action: number;
  readonly iterations: number;
}
