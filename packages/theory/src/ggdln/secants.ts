import type { Matrix } from '@ggdln/core';

/**
 * Most and least steps whose curvature is remembered; between them, as many as take the memory of two kernels. Along
 * sweeps at low temperature, more of them lead astray: they are of other widths.
 */
const DEPTH = { most: 24, least: 6 };

/** A step in log U and how the gradient of (2/N) S changed along it: by that of the prior and 1/N times that of the data. */
export interface Secant {
  readonly step: Matrix;
  readonly prior: Matrix;
  readonly data: Matrix;
}

/** How many steps are remembered for kernels of so many rows and order parameters of this size. */
export function secantsKept(rows: number, size: number): number {
  return Math.max(DEPTH.least, Math.min(DEPTH.most, Math.floor(rows ** 2 / (2 * size ** 2))));
}
