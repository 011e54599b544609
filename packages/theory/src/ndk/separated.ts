import { amplitude, barycentric, kernelTable, placeOf } from './kernelTable.ts';
import { decayRate, type NdkNetwork, weightCovariance } from './network.ts';
import type { BaseKernel } from './twoTime.ts';

/** Σ_q f_q(t, t′) K_q: few fixed matrices, so that a sum over any number of times takes one product each. */
export interface SeparatedKernel {
  readonly count: number;
  /** The K_q, one after the other. */
  readonly terms: Float64Array;
  /** Writes the f_q, for t ≥ t′. */
  readonly factors: (t: number, other: number, out: Float64Array) => void;
  /** Numbers of kernels that were computed to find them. */
  readonly evaluations: number;
}

/** When a kernel is separated. */
export interface SeparationWish {
  readonly kind: 'dynamical' | 'prior';
  /** Times are from 0 to this. */
  readonly end: number;
  readonly tolerance: number;
  /** Matrices that are computed pair by pair of times otherwise. */
  readonly matrices: number;
  /** Bytes that the terms may take. */
  readonly bytes: number;
}

/** Examples from which on products are less than kernels; and matrices a term from which on that pays. */
const [LEAST_SIZE, LEAST_MATRICES] = [12, 8];

/**
 * A two-time kernel of a homogeneous activation, interpolated in the correlation of the weights.
 * @returns `undefined` for other activations, where the interpolation isn't a million times as accurate as the tolerance
 * (inputs that are nearly parallel), or where it is no less work.
 */
export function separatedKernel(
  network: NdkNetwork,
  base: BaseKernel,
  { kind, end, tolerance, matrices, bytes }: SeparationWish,
): SeparatedKernel | undefined {
  const { rows, cols } = base.gram;
  if (network.activation.homogeneous !== true || cols < LEAST_SIZE || rows === 0 || end === 0) return undefined;
  const table = kernelTable({
    network,
    base,
    kind: kind === 'prior' ? 'features' : 'tangent',
    range: { from: 0, to: placeOf(network, end, 0) },
    accuracy: Math.min(1e-10, 1e-6 * tolerance),
    most: Math.min(matrices / LEAST_MATRICES, bytes / (8 * rows * cols)),
  });
  if (!table) return undefined;
  const { nodes, kernels, evaluations } = table;
  const rate = decayRate(network);
  return {
    count: nodes.places.length,
    terms: kernels,
    evaluations,
    factors: (t, other, out) => {
      const own = kind === 'prior' ? weightCovariance(network, t, other) : Math.exp(-rate * (t - other));
      const factor = own * amplitude(network, t, other);
      barycentric(nodes, placeOf(network, t, other), out);
      for (let q = 0; q < out.length; q++) out[q] *= factor;
    },
  };
}
