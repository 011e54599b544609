import type { LinalgBackend } from '@ggdln/core';
import { matrix } from './matrix.ts';

/** The gradient of a function at a point, in an array of its own. */
export type GradientAt = (theta: Float64Array) => Float64Array;

/** How steep a function is somewhere, and what that allows. */
export interface StableRate {
  /** λ_max, the largest eigenvalue of the Hessian; from below, to about a percent. */
  readonly curvature: number;
  /** 2/λ_max: gradient descent with a larger rate runs away from there. Infinity where nothing is curved upwards. */
  readonly limit: number;
}

const STEPS = 30;

/**
 * The stability limit of gradient descent around a point: Lanczos' method (with every vector orthogonalised against all
 * before it) on products Hessian × v, which are central differences of the gradient.
 * @param theta Not changed.
 */
export function stableRate(gradientAt: GradientAt, theta: Float64Array, linalg: LinalgBackend): StableRate {
  const size = theta.length;
  // Any vector will do that no symmetry of the function makes orthogonal to the answer.
  let v: Float64Array = Float64Array.from({ length: size }, (_, i) => Math.sin(1 + 12.9898 * (i + 1) + 0.37 * i * i));
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let length = norm(v);
  for (let step = 0; step < Math.min(STEPS, size); step++) {
    if (!(length > 1e-12 * Math.max(1, ...diagonal.map(Math.abs)))) break;
    if (step > 0) beside.push(length);
    const unit = v.map((value) => value / length);
    basis.push(unit);
    const next = curvatureProduct(gradientAt, theta, unit);
    diagonal.push(dot(next, unit));
    for (let pass = 0; pass < 2; pass++) {
      for (const known of basis) subtract(next, known, dot(next, known));
    }
    v = next;
    length = norm(v);
  }
  const curvature = largestOf(diagonal, beside, linalg);
  return { curvature, limit: curvature > 0 ? 2 / curvature : Number.POSITIVE_INFINITY };
}

function curvatureProduct(gradientAt: GradientAt, theta: Float64Array, v: Float64Array): Float64Array {
  const h = 1e-5 * Math.max(1, norm(theta));
  const above = gradientAt(theta.map((value, i) => value + h * v[i]));
  const below = gradientAt(theta.map((value, i) => value - h * v[i]));
  return above.map((value, i) => (value - below[i]) / (2 * h));
}

function largestOf(diagonal: readonly number[], beside: readonly number[], linalg: LinalgBackend): number {
  const size = diagonal.length;
  if (size === 0 || !diagonal.every(Number.isFinite)) return 0;
  const tridiagonal = matrix(size, size);
  diagonal.forEach((value, i) => {
    tridiagonal.data[i * size + i] = value;
    if (i === 0) return;
    tridiagonal.data[i * size + i - 1] = beside[i - 1];
    tridiagonal.data[(i - 1) * size + i] = beside[i - 1];
  });
  return linalg.symmetricEigen(tridiagonal).values[size - 1];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] -= factor * b[i];
}
