import { type LinalgBackend, type Matrix, NotConvergedError } from '@ggdln/core';
import { columnVector, matrix, requireMatrix, scaleRows } from '@ggdln/linalg';
import { rowSums } from './network.ts';

const where = '@ggdln/theory linearlySeparable';

/** Squared distance from the origin below which the hull of the unit vectors is taken to contain it. */
const TOUCHES = 1e-12;

/**
 * Whether some w has y_μ (Φw)_μ > 0 for every μ, decided by a certificate of either kind: such a w, or weights λ ≥ 0
 * that sum to 1 with Σ_μ λ_μ y_μ Φ_μ = 0 (Gordan's theorem). Both come from the point nearest to the origin in the
 * convex hull of the vectors y_μΦ_μ/‖Φ_μ‖, as non-negative least squares (Lawson and Hanson 1974, chapter 23). A row
 * of zeros is never separable; vectors whose hull comes within 1e-6 of the origin count as inseparable.
 * @param features Φ, m × n. @param labels y, of length m; only signs matter.
 * @throws NotConvergedError when rounding hides both certificates.
 */
export function linearlySeparable(features: Matrix, labels: Float64Array, linalg: LinalgBackend): boolean {
  requireMatrix(where, 'features (m × n)', features);
  requireMatrix(where, 'labels (m)', columnVector(labels), { rows: features.rows });
  const norms = rowSums(
    matrix(
      features.rows,
      features.cols,
      features.data.map((value) => value * value),
    ),
  );
  if (norms.includes(0)) return false;
  const vectors = scaleRows(
    features,
    norms.map((norm, row) => Math.sign(labels[row]) / Math.sqrt(norm)),
  );
  const gram = linalg.syrk(vectors);
  // ‖Σ λ_μ (v_μ, 1) − (0, 1)‖² is least where λ/Σλ is the nearest point: a normal equation with entries vv' + 1.
  const H = matrix(
    gram.rows,
    gram.cols,
    gram.data.map((value) => value + 1),
  );
  return search(H, linalg);
}

/** Active-set search for λ ≥ 0 that minimises λᵀHλ/2 − Σλ. */
function search(H: Matrix, linalg: LinalgBackend): boolean {
  const size = H.rows;
  let weights = new Float64Array(size);
  let passive: number[] = [];
  for (let step = 0; step < 10 * size; step++) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const products = linalg.gemm(H, columnVector(weights)).data;
    const margins = products.map((product) => product - total);
    if (margins.every((margin) => margin > Number.EPSILON * size)) return true;
    if (step > 0 && 1 - total < TOUCHES) return false;
    const entering = indexOfSmallest(products, passive);
    if (entering < 0 || products[entering] >= 1) break;
    ({ weights, passive } = settle(H, weights, [...passive, entering], linalg));
  }
  throw new NotConvergedError(
    {
      where,
      problem: `rounding hides whether ${size} points are separable: their hull comes within about 1e-6 of the origin`,
      remedy: 'Change the inputs slightly, or take a few more or fewer neurons',
    },
    { weights },
  );
}

/** Solves for the passive weights; ones that would be negative leave, the first to vanish on the way first. */
function settle(
  H: Matrix,
  start: Float64Array,
  entering: readonly number[],
  linalg: LinalgBackend,
): { weights: Float64Array<ArrayBuffer>; passive: number[] } {
  const weights = Float64Array.from(start);
  let passive = [...entering];
  for (;;) {
    const goal = solvePassive(H, passive, linalg);
    if (goal.every((value) => value > 0)) {
      passive.forEach((row, i) => {
        weights[row] = goal[i];
      });
      return { weights, passive };
    }
    let fraction = 1;
    passive.forEach((row, i) => {
      if (goal[i] <= 0) fraction = Math.min(fraction, weights[row] / (weights[row] - goal[i]));
    });
    const vanishes = passive.map((row, i) => goal[i] <= 0 && weights[row] <= fraction * (weights[row] - goal[i]));
    passive.forEach((row, i) => {
      weights[row] = vanishes[i] ? 0 : weights[row] + fraction * (goal[i] - weights[row]);
    });
    passive = passive.filter((_, i) => !vanishes[i]);
  }
}

function solvePassive(H: Matrix, passive: readonly number[], linalg: LinalgBackend): Float64Array {
  const size = passive.length;
  const block = matrix(size, size);
  passive.forEach((row, i) => {
    passive.forEach((col, j) => {
      block.data[i * size + j] = H.data[row * H.cols + col];
    });
  });
  return linalg.choleskySolve(linalg.cholesky(block), columnVector(new Float64Array(size).fill(1))).data;
}

function indexOfSmallest(values: Float64Array, except: readonly number[]): number {
  const skipped = new Set(except);
  let best = -1;
  values.forEach((value, i) => {
    if (!skipped.has(i) && (best < 0 || value < values[best])) best = i;
  });
  return best;
}
