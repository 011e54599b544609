import { inputError, type LinalgBackend, NotConvergedError } from '@ggdln/core';
import type { NdkLimits } from './plan.ts';
import type { Watchers } from './volterra.ts';

/** How an integral equation is solved. */
export interface NdkOptions extends Watchers, NdkLimits {
  /** Linear algebra; the fastest portable backend when absent. */
  readonly linalg?: LinalgBackend;
  /**
   * The mesh is refined until no output changes by more than this times the largest |y|, and no variance by more than
   * this times the largest variance without data. Default 1e-5; what is left then is some 30 times smaller.
   */
  readonly tolerance?: number;
}

const levels = 5;

/**
 * Computes numbers on finer and finer meshes until none changes by more than `tolerance` times its scale.
 * @returns The last numbers, and the largest last change relative to scale.
 * @throws GGDLN_INPUT for a tolerance outside of [1e-12, 1); GGDLN_NOT_CONVERGED with the last numbers.
 */
export async function refine(
  where: string,
  { tolerance = 1e-5 }: NdkOptions,
  scaleOf: (index: number) => number,
  compute: (level: number) => Promise<number[]>,
): Promise<{ values: number[]; error: number }> {
  if (!(tolerance >= 1e-12 && tolerance < 1)) {
    throw inputError(where, `tolerance is ${tolerance}`, 'Give a number from 1e-12 to below 1');
  }
  let values = await compute(0);
  let error = Number.POSITIVE_INFINITY;
  for (let level = 1; level < levels; level++) {
    const finer = await compute(level);
    error = finer.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]) / scaleOf(i)), 0);
    values = finer;
    if (error <= tolerance) return { values, error };
  }
  throw new NotConvergedError(
    {
      where,
      problem: `the finest mesh still changed results by ${error.toExponential(1)} of their scale`,
      remedy: `Give a tolerance above ${error.toExponential(1)}`,
    },
    { values, error },
  );
}

/** Largest |value|; 1 where all are 0, so that it can divide. */
export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
}

/** Signal and progress alone, without keys that are undefined. */
export function watchersOf({ signal, onProgress }: Watchers): Watchers {
  return { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
}
