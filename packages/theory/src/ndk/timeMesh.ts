import type { LinalgBackend } from '@ggdln/core';
import { decayRate, type NdkNetwork } from './network.ts';
import type { NdkPoints } from './problem.ts';
import { kernelAt, twoTimeKernel } from './twoTime.ts';
import { gradedEdges, type VolterraMesh } from './volterra.ts';

/** Beyond this lag the dynamical kernel is below 1e-17 of its value. */
export function memoryOf(network: NdkNetwork): number {
  return 40 / decayRate(network);
}

/** A mesh from 0 to `end` for the fastest rate, the largest eigenvalue of Θ at the given times. */
export function timeMesh(
  network: NdkNetwork,
  points: NdkPoints,
  end: number,
  level: number,
  linalg: LinalgBackend,
  ratesAt: readonly number[],
): VolterraMesh {
  const fill = twoTimeKernel(network, points.train);
  const rates = ratesAt.map(
    (t) => linalg.symmetricEigen(kernelAt(points.train, fill, 'tangent', t, t)).values.at(-1) ?? 0,
  );
  const rate = Math.max(...rates);
  const first = rate > 0 ? Math.min(end, 0.5 / (level + 1) / rate) : end;
  const cap = 1 / ((level + 1.5) * decayRate(network));
  return { edges: gradedEdges(end, first, 1.6 - 0.1 * level, cap), order: 4 + level, points: 10 + 2 * level };
}

/** Panels over √τ: finer at first, where the scale is the smaller of σ0 and σ; later of a part of σ² in τ. */
export function rootMesh({ sigma, sigma0 }: NdkNetwork, end: number, level: number): VolterraMesh {
  const finer = 1 + 0.25 * level;
  const edges = [0];
  for (let widest = (0.15 * Math.min(sigma, sigma0)) / finer; edges[edges.length - 1] < end; widest *= 1.25) {
    const z = edges[edges.length - 1];
    const width = Math.min(widest, (0.3 * sigma) / finer, (0.8 * sigma * sigma) / finer / (2 * z + 0.01 * sigma));
    edges.push(z + 1.3 * width > end ? end : z + width);
  }
  return { edges: Float64Array.from(edges), order: 4 + level, points: 10 + 2 * level };
}
