import type { Matrix } from '@ggdln/core';

/** Two tasks with a head each on one linear hidden layer. */
export interface SecondHeadProblem {
  readonly tasks: readonly [HeadTask, HeadTask];
  /** Hidden units N. */
  readonly width: number;
  readonly sigma2: number;
  /** Stiffness of the hidden weights between the tasks. */
  readonly lambda: number;
  /** Held-out inputs and targets of task 2. */
  readonly test?: HeadTask;
}

/** Inputs P × N0 and targets. */
export interface HeadTask {
  readonly X: Matrix;
  readonly y: Float64Array;
}
