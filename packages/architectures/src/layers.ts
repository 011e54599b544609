import { inputError } from '@ggdln/core';

/** Sizes of a gated network; lists over layers go top first. */
export interface Layers {
  /** L. */
  readonly depth: number;
  /** [N_L, …, N_1]. */
  readonly widths: readonly number[];
  /** Prior standard deviation of every weight. */
  readonly sigma: number;
  /** Who complains, for messages, e.g. `@ggdln/architectures createGgdln`. */
  readonly where: string;
}

/** Options of `createGgdln` and `createDln`. */
export interface GgdlnOptions {
  /** Hidden layers L ≥ 1. */
  readonly depth: number;
  /** Width N of every hidden layer; not used where `widths` is given. */
  readonly width?: number;
  /** Widths top first, [N_L, …, N_1]; absent or empty means `width` everywhere. */
  readonly widths?: readonly number[];
  /** Prior standard deviation σ of every weight. */
  readonly sigma: number;
}

/** @throws GGDLN_INPUT for a depth, width or σ that no network has. */
export function readLayers(options: GgdlnOptions, where: string): Layers {
  const { depth, sigma, width, widths = [] } = options;
  if (!Number.isInteger(depth) || depth < 1) {
    throw inputError(where, `depth is ${depth}`, 'Give the number of hidden layers, a whole number ≥ 1');
  }
  if (!Number.isFinite(sigma) || sigma <= 0) {
    throw inputError(where, `sigma is ${sigma}`, 'Give the standard deviation of a weight, a finite number > 0');
  }
  if (widths.length === 0 && width === undefined) {
    throw inputError(where, 'neither width nor widths is given', 'Give width, or widths top first');
  }
  const all = widths.length > 0 ? [...widths] : Array.from({ length: depth }, () => width as number);
  if (all.length !== depth) {
    throw inputError(
      where,
      `widths has ${all.length} entries (${all.join(', ')}) for depth ${depth}`,
      `Give ${depth} widths, top (readout) layer first, or none`,
    );
  }
  const bad = all.findIndex((n) => !Number.isInteger(n) || n < 1);
  if (bad >= 0) {
    throw inputError(where, `hidden layer ${depth - bad} has width ${all[bad]}`, 'Give a whole number ≥ 1');
  }
  return { depth, widths: all, sigma, where };
}

/** N_l; layer 1 is the lowest. */
export function widthOf(layers: Layers, layer: number): number {
  return layers.widths[layers.depth - layer];
}

/** Parameter names, readout first: a, W_L, …, W_1. */
export function parameterNames(depth: number): string[] {
  return ['a', ...Array.from({ length: depth }, (_, i) => `W${depth - i}`)];
}
