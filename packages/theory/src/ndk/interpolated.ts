import type { LinalgBackend } from '@ggdln/core';
import { decayRate, type NdkNetwork, weightCovariance, weightVariance } from './network.ts';
import { type BaseKernel, twoTimeKernel } from './twoTime.ts';

/** Numbers of nodes that are tried, and how many numbers their kernels may be. */
const NODES = [24, 40, 64, 96];
const MOST_NUMBERS = 2 ** 25;

/** Where K^d is interpolated: √(1 − ρ), from that of neighbouring times to that of the first and the last. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** f += h Σ_{k<n} K^d(n h, k h) r_k, with r_k the rows of `r` (P columns). */
export type AddHistory = (n: number, r: Float64Array, f: Float64Array) => void;

/**
 * Sums over the dynamical kernel of a homogeneous activation on a grid of times n·h. But for a factor of the two times
 * it depends on nothing but the correlation ρ = m/√(s(t)s(t′)) of a weight at both: K^d(t, t′) =
 * e^{−|t−t′|T/σ²} (s(t)s(t′))^{L/2} Θ(ρ), with Θ the tangent kernel for weights of variance 1. Θ is interpolated at
 * Chebyshev nodes in √(1 − ρ), in which an input with itself has no singularity, so that a sum over any number of times
 * takes one product a node.
 * @returns `undefined` where as many nodes as fit don't reach rounding (very small steps), or where it isn't less work.
 */
export function interpolatedHistory(
  network: NdkNetwork,
  base: BaseKernel,
  step: number,
  steps: number,
  linalg: LinalgBackend,
): AddHistory | undefined {
  const size = base.gram.rows * base.gram.cols;
  if (network.activation.homogeneous !== true || steps < 2) return undefined;
  const last = (steps - 1) * step;
  // s(t) falls or rises all the way, and ρ of neighbours with it.
  const range = {
    from: Math.min(placeOf(network, step, 0), placeOf(network, last, last - step)),
    to: placeOf(network, last, 0),
  };
  // What an arccosine leaves of the digits at neighbouring times.
  const accuracy = Math.min(1e-12, (8 * Number.EPSILON) / range.from);
  const tangent = standardTangent(network, base);
  for (const count of NODES) {
    if (count > (steps * (steps - 1)) / 4 || count * size > MOST_NUMBERS) return undefined;
    const nodes = chebyshevNodes(range, count);
    const kernels = new Float64Array(count * size);
    nodes.forEach((v, q) => {
      tangent(v, kernels.subarray(q * size, (q + 1) * size));
    });
    if (errorBetween(nodes, kernels, tangent) <= accuracy) {
      return (n, r, f) => addHistory({ network, base, step, nodes, kernels, linalg }, n, r, f);
    }
  }
  return undefined;
}

interface Interpolation {
  readonly network: NdkNetwork;
  readonly base: BaseKernel;
  readonly step: number;
  readonly nodes: Float64Array;
  readonly kernels: Float64Array;
  readonly linalg: LinalgBackend;
}

function addHistory(
  { network, base, step, nodes, kernels, linalg }: Interpolation,
  n: number,
  r: Float64Array,
  f: Float64Array,
): void {
  const { rows, cols } = base.gram;
  const count = nodes.length;
  const weights = new Float64Array(n * count);
  for (let k = 0; k < n; k++) {
    const weight = step * amplitude(network, n * step, k * step);
    const basis = weights.subarray(k * count, (k + 1) * count);
    barycentric(nodes, placeOf(network, n * step, k * step), basis);
    for (let q = 0; q < count; q++) basis[q] *= weight;
  }
  const sums = new Float64Array(count * cols);
  linalg.multiplyInto({ m: count, n: cols, k: n, transA: true }, weights, r, sums);
  for (let q = 0; q < count; q++) {
    const offsets = { a: q * rows * cols, b: q * cols };
    linalg.multiplyInto({ m: rows, n: 1, k: cols, beta: 1, offsets }, kernels, sums, f);
  }
}

/** √(1 − ρ) at two times t ≥ t′. */
function placeOf(network: NdkNetwork, t: number, other: number): number {
  const norm = Math.sqrt(weightVariance(network, t) * weightVariance(network, other));
  return Math.sqrt(Math.max(0, 1 - weightCovariance(network, t, other) / norm));
}

/** K^d(t, t′)/Θ(ρ). */
function amplitude(network: NdkNetwork, t: number, other: number): number {
  const norm = weightVariance(network, t) * weightVariance(network, other);
  return Math.exp(-decayRate(network) * (t - other)) * norm ** (network.depth / 2);
}

/** Θ as a function of √(1 − ρ): weights of variance 1 have ρ = e^{−t} after a time t at T = 1. */
function standardTangent(network: NdkNetwork, base: BaseKernel): (v: number, out: Float64Array) => void {
  const fill = twoTimeKernel({ ...network, sigma: 1, sigma0: 1, temperature: 1 }, base);
  return (v, out) => fill('tangent', -Math.log1p(-v * v), 0, out);
}

function chebyshevNodes({ from, to }: Range, count: number): Float64Array {
  const middle = (from + to) / 2;
  return Float64Array.from({ length: count }, (_, q) => {
    return middle + ((to - from) / 2) * Math.cos((Math.PI * (q + 0.5)) / count);
  });
}

/** Values at v of the polynomials that are 1 at one Chebyshev node and 0 at the others (Berrut and Trefethen 2004). */
function barycentric(nodes: Float64Array, v: number, out: Float64Array): void {
  const count = nodes.length;
  let sum = 0;
  for (let q = 0; q < count; q++) {
    if (v === nodes[q]) {
      out.fill(0);
      out[q] = 1;
      return;
    }
    out[q] = ((q % 2 === 0 ? 1 : -1) * Math.sin((Math.PI * (q + 0.5)) / count)) / (v - nodes[q]);
    sum += out[q];
  }
  for (let q = 0; q < count; q++) out[q] /= sum;
}

/** Largest error, relative to the largest entry, between nodes at both ends and in the middle. */
function errorBetween(
  nodes: Float64Array,
  kernels: Float64Array,
  tangent: (v: number, out: Float64Array) => void,
): number {
  const count = nodes.length;
  const size = kernels.length / count;
  const [exact, basis] = [new Float64Array(size), new Float64Array(count)];
  let [error, scale] = [0, Number.MIN_VALUE];
  for (const q of [0, count >> 1, count - 2]) {
    const v = (nodes[q] + nodes[q + 1]) / 2;
    tangent(v, exact);
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
