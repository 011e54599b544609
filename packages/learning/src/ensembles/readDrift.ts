import type { FlatArray } from '@ggdln/core';
import type { EnsembleRun } from './ensembleRun.ts';
import type { EnsembleNetwork } from './network.ts';
import type { EnsemblePass, EnsembleWeights } from './passes.ts';

/**
 * Reads what representational drift does: the first call keeps the readouts and the features, every call reads today's
 * features with them, and with the best readout of today (theory page ndk, section 7).
 */
export function readDrift<Numbers extends FlatArray>(
  network: EnsembleNetwork,
  y: Float64Array,
  run: EnsembleRun,
  firstRow: number,
): (pass: EnsemblePass<Numbers>, weights: EnsembleWeights<Numbers>, read: number) => void {
  const { points, frozen, relearned, similarity } = run;
  const { width } = network;
  let kept: { readonly a: Numbers; readonly features: Numbers } | undefined;
  return (pass, { a, count }, read) => {
    const { features } = pass;
    kept ??= { a: a.slice() as Numbers, features: features.slice() as Numbers };
    const old = new Float64Array(count * points);
    pass.readOut(kept.a, count, old);
    for (let s = 0; s < count; s++) {
      const at = (firstRow + s) * run.outputs.cols + read * points;
      const own = features.subarray(s * width * points, (s + 1) * width * points);
      const before = kept.features.subarray(s * width * points, (s + 1) * width * points);
      frozen?.data.set(old.subarray(s * points, (s + 1) * points), at);
      relearned?.data.set(ridge(own, y, network, points), at);
      for (let i = 0; i < points; i++) {
        const norms = Math.sqrt(overlap(own, own, i, i, points) * overlap(before, before, i, i, points));
        if (similarity) similarity.data[at + i] = norms === 0 ? 0 : overlap(own, before, i, i, points) / norms;
      }
    }
  };
}

/** Σ_k φ_k(x_i) φ′_k(x_j). */
function overlap(a: FlatArray, b: FlatArray, i: number, j: number, points: number): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += points) sum += a[k + i] * b[k + j];
  return sum;
}

/** K_x (K + T)⁻¹y with K = σ²φφᵀ/N, by elimination on the few training points; T > 0. */
function ridge(
  features: FlatArray,
  y: Float64Array,
  { sigma, temperature, width }: EnsembleNetwork,
  points: number,
): Float64Array {
  const P = y.length;
  const scale = (sigma * sigma) / width;
  const K = (i: number, j: number) => scale * overlap(features, features, i, j, points);
  const rows = Array.from({ length: P }, (_, i) =>
    Float64Array.from({ length: P + 1 }, (_unused, j) => (j === P ? y[i] : K(i, j) + (i === j ? temperature : 0))),
  );
  for (let i = 0; i < P; i++) {
    for (let below = i + 1; below < P; below++) {
      const factor = rows[below][i] / rows[i][i];
      for (let j = i; j <= P; j++) rows[below][j] -= factor * rows[i][j];
    }
  }
  const weights = new Float64Array(P);
  for (let i = P - 1; i >= 0; i--) {
    let rest = rows[i][P];
    for (let j = i + 1; j < P; j++) rest -= rows[i][j] * weights[j];
    weights[i] = rest / rows[i][i];
  }
  return Float64Array.from({ length: points }, (_, x) => weights.reduce((sum, w, mu) => sum + w * K(x, mu), 0));
}
