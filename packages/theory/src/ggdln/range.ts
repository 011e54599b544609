import { isGgdlnError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, columnVector, inner, matrix, mirrorLower } from '@ggdln/linalg';
import { assembleKernel, BLOCK_ROWS, type LinearKernel } from './kernelBlocks.ts';

/** Orthonormal basis of the range of the kernel, rows × r. It is the same for every positive-definite U. */
export interface KernelRange {
  readonly Q: Matrix;
}

/** The factor L of A = LLᵀ, or `undefined` when A isn't numerically positive definite. */
export function tryCholesky(a: Matrix, linalg: LinalgBackend): Matrix | undefined {
  try {
    return linalg.cholesky(a);
  } catch (error) {
    if (isGgdlnError(error) && error.code === 'GGDLN_NUMERICAL') return undefined;
    throw error;
  }
}

/**
 * The range of K(U), from K0 ∘ FFᵀ (section 6): eigenvectors with eigenvalues above `cut` times the largest.
 * @returns `undefined` when the kernel has full rank; the eigenvectors are only computed where that is in doubt.
 */
export function kernelRange(kernel: LinearKernel, F: Matrix, cut: number): KernelRange | undefined {
  const { linalg } = kernel;
  if (F.rows === 0) return undefined;
  const gram = matrix(F.rows, F.rows);
  const block = new Float64Array(Math.min(F.rows, BLOCK_ROWS) * F.rows);
  assembleKernel(kernel, F, { s: 1, temperature: 0 }, gram.data, block);
  mirrorLower(gram);
  if (isWellConditioned(gram, 100 * cut, linalg)) return undefined;
  const { values, vectors } = linalg.symmetricEigen(gram);
  const threshold = cut * Math.max(0, values[values.length - 1]);
  const first = values.findIndex((value) => value > threshold);
  if (first === 0) return undefined;
  return { Q: lastColumns(vectors, first < 0 ? 0 : values.length - first) };
}

/** True when the smallest eigenvalue is above `cut` times the largest, beyond the doubt of the estimate. */
function isWellConditioned(a: Matrix, cut: number, linalg: LinalgBackend): boolean {
  const factor = tryCholesky(a, linalg);
  if (!factor) return false;
  const largest = largestEigenvalue(a.rows, (v) => linalg.gemm(a, v));
  const inverse = largestEigenvalue(a.rows, (v) => linalg.choleskySolve(factor, v));
  return 1 / inverse > cut * largest;
}

/** An estimate from below of the largest eigenvalue of a positive-semidefinite matrix by power iteration. */
function largestEigenvalue(size: number, apply: (v: Matrix) => Matrix, steps = 12): number {
  if (size === 0) return 0;
  let v = columnVector(Float64Array.from({ length: size }, (_, i) => 0.5 + ((i * 0.618033988749895) % 1)));
  let value = norm(v);
  for (let step = 0; step < steps && value > 0; step++) {
    v = apply(add(v, v, 1 / value, 0));
    value = norm(v);
  }
  return value;
}

const norm = (v: Matrix) => Math.sqrt(inner(v, v));

/** The last `count` columns, largest eigenvalue's first. */
export function lastColumns(a: Matrix, count: number): Matrix {
  const out = matrix(a.rows, count);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < count; j++) out.data[i * count + j] = a.data[i * a.cols + a.cols - 1 - j];
  }
  return out;
}
