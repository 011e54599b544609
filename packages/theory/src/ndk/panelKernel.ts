import type { LinalgBackend, Matrix } from '@ggdln/core';
import type { SeparatedKernel } from './separated.ts';

/** Writes the P × P (or rows × P) kernel between coordinates z and z′ ≤ z. */
type FillPair = (z: number, other: number, out: Float64Array) => void;
/** The same as few fixed matrices with factors of z and z′. */
export type VolterraKernel = FillPair | Pick<SeparatedKernel, 'count' | 'terms' | 'factors'>;
/** Gets the points of one panel part with their weights and the values of the polynomials there. */
type VisitPoints = (each: (other: number, weight: number, basis: Float64Array) => void) => void;

/** Σ over points of weight · polynomial j · factor q, order × count. */
export function factorSums(
  { count, factors }: Exclude<VolterraKernel, FillPair>,
  order: number,
  z: number,
  visit: VisitPoints,
): Float64Array {
  const out = new Float64Array(order * count);
  const values = new Float64Array(count);
  visit((other, weight, basis) => {
    factors(z, other, values);
    for (let j = 0; j < order; j++) {
      for (let q = 0; q < count; q++) out[j * count + q] += weight * basis[j] * values[q];
    }
  });
  return out;
}

/** Adds row i of blocks to a system, for a node z, by the points of the panel up to it. */
type AddOwnPanel = (system: Matrix, i: number, z: number, visit: VisitPoints) => void;

/** Adds row i of blocks of a panel's system: what the panel's own polynomials do to its node z. */
export function ownPanel(kernel: VolterraKernel, size: number, order: number, linalg: LinalgBackend): AddOwnPanel {
  const separated = typeof kernel !== 'function';
  const blocks = new Float64Array((separated ? order : 1) * size * size);
  return (system: Matrix, i: number, z: number, visit: VisitPoints) => {
    if (separated) {
      const weights = factorSums(kernel, order, z, visit);
      linalg.multiplyInto({ m: order, n: size * size, k: kernel.count }, weights, kernel.terms, blocks);
      for (let j = 0; j < order; j++) addBlock(system, blocks.subarray(j * size * size), size, i, j, 1);
      return;
    }
    visit((other, weight, basis) => {
      kernel(z, other, blocks);
      for (let j = 0; j < order; j++) addBlock(system, blocks, size, i, j, weight * basis[j]);
    });
  };
}

function addBlock(to: Matrix, block: Float64Array, size: number, i: number, j: number, weight: number): void {
  for (let a = 0; a < size; a++) {
    const row = (i * size + a) * to.cols + j * size;
    for (let b = 0; b < size; b++) to.data[row + b] += weight * block[a * size + b];
  }
}
