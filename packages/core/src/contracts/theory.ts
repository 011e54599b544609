import type { RunContext } from './context.ts';
import type { Matrix } from './linalg.ts';
import type { Problem } from './problem.ts';

export interface TheoryResult {
  /** Mean and variance of the network output on the test inputs, each P_test × C. */
  readonly predictor: { readonly mean: Matrix; readonly variance: Matrix };
  readonly orderParameters: { readonly [name: string]: Matrix };
  /** Iterations, residual, condition number, identities that should vanish, … */
  readonly diagnostics: { readonly [name: string]: number };
}

/** Solves a problem exactly, or throws: a solve that doesn't converge is a NotConvergedError, never a NaN. */
export interface TheorySolver {
  solve(problem: Problem, context: RunContext): Promise<TheoryResult>;
  /**
   * Solves are shorter where `RunContext.neighbours` are there. Experiments then solve a sweep over widths from wide to
   * narrow, a few widths at a time.
   */
  readonly startsFromNeighbours?: boolean;
}
