import type { LinalgBackend, Matrix } from '@ggdln/core';
import { barycentric, kernelTable, type Nodes, placeOf } from './kernelTable.ts';
import { decayRate, type NdkNetwork, weightVariance } from './network.ts';
import type { BaseKernel } from './twoTime.ts';

/** How many numbers the kernels at nodes may be; they are held twice while they are put beside each other. */
const MOST_NUMBERS = 2 ** 24;

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
  const most = Math.min(MOST_NUMBERS / size, (steps * (steps - 1)) / 4);
  const table = kernelTable({ network, base, kind: 'tangent', range, accuracy, most });
  if (!table) return undefined;
  const { nodes } = table;
  const kernels = sideBySide(table.kernels, nodes.places.length, base.gram);
  const rate = decayRate(network);
  const times = Array.from({ length: steps }, (_, n) => n * step);
  const deviations = Float64Array.from(times, (t) => Math.sqrt(weightVariance(network, t)));
  const decays = Float64Array.from(times, (t) => Math.exp(-rate * t));
  return (n, r, f) => addHistory({ network, base, step, nodes, kernels, deviations, decays, linalg }, n, r, f);
}

interface Interpolation {
  readonly network: NdkNetwork;
  readonly base: BaseKernel;
  readonly step: number;
  readonly nodes: Nodes;
  /** [K_1 K_2 …], a row for each row of the kernels. */
  readonly kernels: Float64Array;
  /** √s at each time. */
  readonly deviations: Float64Array;
  /** e^{−tT/σ²} at each time. */
  readonly decays: Float64Array;
  readonly linalg: LinalgBackend;
}

function addHistory(
  { network, base, step, nodes, kernels, deviations, decays, linalg }: Interpolation,
  n: number,
  r: Float64Array,
  f: Float64Array,
): void {
  const { rows, cols } = base.gram;
  const count = nodes.places.length;
  const weights = new Float64Array(n * count);
  for (let k = 0; k < n; k++) {
    const decay = decays[n - k];
    const weight = step * decay * (deviations[n] * deviations[k]) ** network.depth;
    const basis = weights.subarray(k * count, (k + 1) * count);
    // `placeOf` with m(t, t′) = e^{−(t − t′)T/σ²} s(t′).
    barycentric(nodes, Math.sqrt(Math.max(0, 1 - decay * (deviations[k] / deviations[n]))), basis, weight);
  }
  const sums = new Float64Array(count * cols);
  linalg.multiplyInto({ m: count, n: cols, k: n, transA: true }, weights, r, sums);
  linalg.multiplyInto({ m: rows, n: 1, k: count * cols, beta: 1 }, kernels, sums, f);
}

/** Matrices beside each other that were one after the other, so that one product takes them all. */
function sideBySide(
  matrices: Float64Array,
  count: number,
  { rows, cols }: Pick<Matrix, 'rows' | 'cols'>,
): Float64Array {
  const out = new Float64Array(matrices.length);
  for (let q = 0; q < count; q++) {
    for (let i = 0; i < rows; i++) {
      const from = (q * rows + i) * cols;
      out.set(matrices.subarray(from, from + cols), (i * count + q) * cols);
    }
  }
  return out;
}
