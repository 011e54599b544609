import { createTable, type LinalgBackend, type Matrix, type RandomStream, type Row, type Table } from '@ggdln/core';
import { decoupledRouting as startDecoupled, randomRouting as startRandom } from '@ggdln/studies';
import type { RoutingNetwork, RoutingState } from '@ggdln/theory/race';

export const RACE = 'Saxe, Sodhani & Lewallen 2022, arXiv:2207.10430; theory page gdln';

/** Domains, hidden units and loss factor of the published routing simulations: the mean over the entries of T. */
export const ROUTING: { readonly domains: number; readonly hidden: number; readonly kappa: number } = {
  domains: 7,
  hidden: 64,
  kappa: 1 / 28,
};

/** A network of the published size with every matrix (semi-)orthogonal, uniform, times `scale`. */
export function randomRouting(
  target: Matrix,
  gate: Matrix,
  scale: number,
  rng: RandomStream,
  linalg: LinalgBackend,
): RoutingNetwork {
  return startRandom({ target, gate, hidden: ROUTING.hidden }, scale, rng, linalg);
}

/** One whose encoders, and decoders, are alike and along the modes of the target: the scalar race is exact. */
export function decoupledRouting(
  target: Matrix,
  gate: Matrix,
  b0: number,
  rng: RandomStream,
  linalg: LinalgBackend,
): RoutingNetwork {
  return startDecoupled({ target, gate, hidden: ROUTING.hidden }, b0, rng, linalg);
}

/** The output maps of all pairs, as one matrix: blocks of output domains below each other. */
export function outputMaps({ decoders, shared, encoders }: RoutingState, linalg: LinalgBackend): Matrix {
  return linalg.gemm(linalg.gemm(decoders, shared), encoders);
}

/** Encoders of all domains against each other, W1_aᵀ W1_b in blocks. */
export function encoderOverlaps({ encoders }: RoutingState, linalg: LinalgBackend): Matrix {
  return linalg.syrk(encoders, { trans: true });
}

/** How alike two domains are coded: mean correlation of the blocks (a, a) and (a, b) of the overlaps, b < a. */
export function encoderSimilarity(state: RoutingState, items: number, linalg: LinalgBackend): number {
  const overlaps = encoderOverlaps(state, linalg);
  const domains = overlaps.rows / items;
  const blockOf = (a: number, b: number) =>
    Float64Array.from({ length: items * items }, (_, k) => {
      const [i, j] = [Math.floor(k / items), k % items];
      return overlaps.data[(a * items + i) * overlaps.cols + b * items + j];
    });
  let [sum, count] = [0, 0];
  for (let a = 0; a < domains; a++) {
    for (let b = 0; b < a; b++) {
      sum += correlation(blockOf(a, a), blockOf(a, b));
      count++;
    }
  }
  return sum / count;
}

function correlation(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    xy += (value - mx) * (y[i] - my);
    xx += (value - mx) ** 2;
    yy += (y[i] - my) ** 2;
  });
  return xy / Math.sqrt(xx * yy);
}

/** A curve as rows of a table. */
export interface Curve {
  readonly x: readonly number[];
  readonly values: ArrayLike<number>;
  readonly source: string;
  readonly role: 'theory' | 'infinite-width' | 'gradient-descent';
  readonly metric: string;
  readonly group?: string;
}

/** @param axis Name of the x column. Points that aren't above `floor` are left out, for logarithmic axes. */
export function curvesTable(axis: string, curves: readonly Curve[], floor: number = Number.NEGATIVE_INFINITY): Table {
  const rows = curves.flatMap(({ x, values, source, role, metric, group = null }) =>
    x.flatMap((place, i): Row[] =>
      values[i] > floor ? [{ [axis]: place, source, role, metric, group, value: values[i], stderr: null }] : [],
    ),
  );
  return createTable(rows);
}
