import type { Matrix } from '@ggdln/core';
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { allFinite, notConverged, requireFiniteLower, requireSquare } from './checks.ts';
import { lowerTriangleScale, scaledEigen } from './eigen.ts';
import { matrix } from './matrix.ts';
import { plainGemm } from './plain/product.ts';

/**
 * Relative to the largest entry. Smaller ones are dropped: ml-matrix divides by what it finds on the off-diagonal and
 * loses its way in subnormal numbers.
 */
const NOTHING = 1e-100;
/** Largest entry of VᵀV − I that rounding explains. */
const ORTHONORMAL = 1e-10;

/** Eigenvalues ascending and eigenvectors (columns) by ml-matrix: Householder reduction and QL iteration. */
export function mlSymmetricEigen(a: Matrix): { values: Float64Array; vectors: Matrix } {
  requireSquare('symmetricEigen', 'A', a);
  requireFiniteLower('symmetricEigen', 'A', a);
  if (a.rows === 0) return { values: new Float64Array(0), vectors: matrix(0, 0) };
  const scale = lowerTriangleScale(a);
  // On matrices of low rank ml-matrix can underflow and return vectors that are not orthogonal; those of A + I, which
  // has full rank, are the same. The shift costs digits of small eigenvalues, so it is the second try.
  for (const shift of [0, 1]) {
    const { values, vectors } = shiftedEigen(a, scale, shift);
    if (allFinite(values) && isOrthonormal(vectors)) return scaledEigen(values, vectors, scale);
  }
  throw notConverged(a, 0);
}

function shiftedEigen(a: Matrix, scale: number, shift: number): { values: Float64Array; vectors: Matrix } {
  const n = a.rows;
  const full = new MlMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = a.data[i * n + j] / scale + (i === j ? shift : 0);
      const kept = Math.abs(value) < NOTHING ? 0 : value;
      full.set(i, j, kept);
      full.set(j, i, kept);
    }
  }
  const result = new EigenvalueDecomposition(full, { assumeSymmetric: true });
  return {
    values: Float64Array.from(result.realEigenvalues, (value) => value - shift),
    vectors: matrix(n, n, Float64Array.from(result.eigenvectorMatrix.to1DArray())),
  };
}

function isOrthonormal(v: Matrix): boolean {
  const n = v.rows;
  const product = plainGemm(v, v, { transA: true }, { m: n, n, k: n });
  return product.data.every((value, at) => Math.abs(value - (at % (n + 1) === 0 ? 1 : 0)) <= ORTHONORMAL);
}
