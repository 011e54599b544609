import { createRandom, type LinalgBackend } from '@ggdln/core';
import type { Matrix } from '@ggdln/linalg';
import type { BpkrProblem } from '../../src/bpkr/index.ts';
import { backends, gaussianMatrix } from '../helpers.ts';

/** The faster backend. */
export const linalg: LinalgBackend = (await backends()).at(-1)!;

/** A random problem with targets on the page's conventions; every field has a small default. */
export function problemOf(
  options: Partial<Omit<BpkrProblem, 'X' | 'y'>> & {
    readonly seed?: number | string;
    readonly P?: number;
    readonly N0?: number;
    readonly outputs?: number;
    readonly scale?: number;
  } = {},
): BpkrProblem & { readonly y: Matrix; readonly test: { readonly X: Matrix } } {
  const { seed = 'bpkr', P = 12, N0 = 16, outputs = 1, scale = 1 } = options;
  const rng = createRandom(seed);
  return {
    X: gaussianMatrix(rng.stream('X'), P, N0),
    y: gaussianMatrix(rng.stream('y'), P, outputs, scale),
    test: { X: gaussianMatrix(rng.stream('test'), 4, N0) },
    widths: options.widths ?? [18, 24],
    sigma: options.sigma ?? 1.1,
    temperature: options.temperature ?? 0,
  };
}

/** yᵀ(XXᵀ/N0)⁺y / P = σ²r_0, C × C. */
export function overlapOf({ X, y }: { readonly X: Matrix; readonly y: Matrix }): Matrix {
  const kernel = linalg.syrk(X, { alpha: 1 / X.cols });
  return linalg.gemm(y, linalg.leastSquares(kernel, y, 1e-11), { transA: true, alpha: 1 / X.rows });
}
