import type { LinalgBackend, Matrix } from '@ggdln/core';
import { columnVector, matrix } from '@ggdln/linalg';

/** Steps that are remembered (section 5). */
const DEPTH = 6;
/** Singular values of the Gram matrix of directions below this times the largest count as zero. */
const RCOND = 1e-13;

/** Speeds up a fixed-point iteration x ← g(x) by extrapolating over its last steps. */
export interface AndersonMixing {
  /** The next point from x and g(x); g(x) itself when there is no history to use. */
  next(x: Float64Array, image: Float64Array): Float64Array;
  /** Forgets the history. */
  reset(): void;
}

/**
 * Anderson mixing (type II): the combination of the last images whose residual g(x) − x is smallest.
 * D. G. Anderson, J. ACM 12, 547 (1965).
 */
export function createAndersonMixing(linalg: LinalgBackend): AndersonMixing {
  let residuals: Float64Array[] = [];
  let images: Float64Array[] = [];
  return {
    next: (x, image) => {
      residuals = [...residuals.slice(-DEPTH), difference(image, x)];
      images = [...images.slice(-DEPTH), image];
      // More differences than unknowns would say nothing new.
      const count = Math.min(residuals.length - 1, x.length);
      return count === 0 ? image : extrapolate(residuals.slice(-count - 1), images.slice(-count - 1), linalg);
    },
    reset: () => {
      residuals = [];
      images = [];
    },
  };
}

function extrapolate(residuals: Float64Array[], images: Float64Array[], linalg: LinalgBackend): Float64Array {
  const count = residuals.length - 1;
  const last = residuals[count];
  const changes = residuals.slice(1).map((residual, k) => difference(residual, residuals[k]));
  // The residuals shrink over many orders of magnitude, so the differences are compared by direction.
  const norms = changes.map((change) => Math.sqrt(dot(change, change)) || 1);
  const gram = matrix(count, count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) gram.data[i * count + j] = dot(changes[i], changes[j]) / (norms[i] * norms[j]);
  }
  const projection: Matrix = columnVector(changes.map((change, k) => dot(change, last) / norms[k]));
  const weights = linalg.leastSquares(gram, projection, RCOND);
  const out = images[count].slice();
  for (let k = 0; k < count; k++) {
    const weight = weights.data[k] / norms[k];
    for (let i = 0; i < out.length; i++) out[i] -= weight * (images[k + 1][i] - images[k][i]);
  }
  return out;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
