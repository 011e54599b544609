import { type NdkNetwork, weightCovariance, weightVariance } from './network.ts';
import { type BaseKernel, twoTimeKernel } from './twoTime.ts';

/** Numbers of nodes that are tried. */
const NODES = [24, 40, 64, 96];
/** Places at which a table is checked. */
const CHECKED = 3;

/** From √(1 − ρ) of neighbouring times to that of the first and the last. */
interface TableRange {
  readonly from: number;
  readonly to: number;
}

/** What is tabulated. */
interface TableWish {
  readonly network: NdkNetwork;
  readonly base: BaseKernel;
  readonly kind: 'tangent' | 'features';
  readonly range: TableRange;
  /** Of the largest entry. */
  readonly accuracy: number;
  /** Nodes at most. */
  readonly most: number;
}

/** Chebyshev nodes of an interval. */
export interface Nodes {
  readonly places: Float64Array;
  /** Of the barycentric formula, up to a factor. */
  readonly weights: Float64Array;
}

/** A kernel at nodes of √(1 − ρ). */
export interface KernelTable {
  readonly nodes: Nodes;
  /** A matrix a node, one after the other. */
  readonly kernels: Float64Array;
  /** Numbers of kernels that were computed to find it. */
  readonly evaluations: number;
}

/**
 * A two-time kernel of a homogeneous activation as a function of the correlation ρ = m/√(s(t)s(t′)) of a weight at both
 * times, for weights of variance 1: all that it depends on but for {@link amplitude}. At Chebyshev nodes in √(1 − ρ), in
 * which an input with itself has no singularity.
 * @returns `undefined` where as many nodes as may be don't reach the accuracy.
 */
export function kernelTable({ network, base, kind, range, accuracy, most }: TableWish): KernelTable | undefined {
  const { rows, cols } = base.gram;
  const size = rows * cols;
  const numbers = base.symmetric ? (rows * (rows + 1)) / 2 : size;
  const fill = standardKernel(network, base, kind);
  let evaluations = 0;
  for (const count of NODES) {
    if (count > most) return undefined;
    const nodes = chebyshevNodes(range, count);
    const kernels = new Float64Array(count * size);
    nodes.places.forEach((v, q) => {
      fill(v, kernels.subarray(q * size, (q + 1) * size));
    });
    evaluations += (count + CHECKED) * numbers;
    if (errorBetween(nodes, kernels, fill) <= accuracy) return { nodes, kernels, evaluations };
  }
  return undefined;
}

/** (s(t)s(t′))^{L/2}: what a kernel has besides its dependence on ρ. */
export function amplitude(network: NdkNetwork, t: number, other: number): number {
  return (weightVariance(network, t) * weightVariance(network, other)) ** (network.depth / 2);
}

/** √(1 − ρ) at two times t ≥ t′. */
export function placeOf(network: NdkNetwork, t: number, other: number): number {
  const norm = Math.sqrt(weightVariance(network, t) * weightVariance(network, other));
  return Math.sqrt(Math.max(0, 1 - weightCovariance(network, t, other) / norm));
}

/** A kernel as a function of √(1 − ρ): weights of variance 1 have ρ = e^{−t} after a time t at T = 1. */
function standardKernel(network: NdkNetwork, base: BaseKernel, kind: TableWish['kind']) {
  const fill = twoTimeKernel({ ...network, sigma: 1, sigma0: 1, temperature: 1 }, base);
  return (v: number, out: Float64Array) => fill(kind, -Math.log1p(-v * v), 0, out);
}

function chebyshevNodes({ from, to }: TableRange, count: number): Nodes {
  const angles = Float64Array.from({ length: count }, (_, q) => (Math.PI * (q + 0.5)) / count);
  return {
    places: angles.map((angle) => (from + to) / 2 + ((to - from) / 2) * Math.cos(angle)),
    weights: angles.map((angle, q) => (q % 2 === 0 ? 1 : -1) * Math.sin(angle)),
  };
}

/** Values at v of the polynomials that are `scale` at one Chebyshev node and 0 at the others (Berrut, Trefethen 2004). */
export function barycentric({ places, weights }: Nodes, v: number, out: Float64Array, scale = 1): void {
  const count = places.length;
  let sum = 0;
  for (let q = 0; q < count; q++) {
    const apart = v - places[q];
    if (apart === 0) {
      out.fill(0);
      out[q] = scale;
      return;
    }
    const term = weights[q] / apart;
    out[q] = term;
    sum += term;
  }
  const factor = scale / sum;
  for (let q = 0; q < count; q++) out[q] *= factor;
}

/** Largest error, relative to the largest entry, between nodes at both ends and in the middle. */
function errorBetween(nodes: Nodes, kernels: Float64Array, fill: (v: number, out: Float64Array) => void): number {
  const { places } = nodes;
  const count = places.length;
  const size = kernels.length / count;
  const [exact, basis] = [new Float64Array(size), new Float64Array(count)];
  let [error, scale] = [0, Number.MIN_VALUE];
  for (const q of [0, count >> 1, count - 2]) {
    const v = (places[q] + places[q + 1]) / 2;
    fill(v, exact);
    barycentric(nodes, v, basis);
    for (let at = 0; at < size; at++) {
      let value = 0;
      for (let k = 0; k < count; k++) value += basis[k] * kernels[k * size + at];
      error = Math.max(error, Math.abs(value - exact[at]));
      scale = Math.max(scale, Math.abs(exact[at]));
    }
  }
  return error / scale;
}
