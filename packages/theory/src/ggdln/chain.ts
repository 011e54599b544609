import type { LinalgBackend, Matrix } from '@ggdln/core';
import { matrix, symmetrise, transpose } from '@ggdln/linalg';

// The chain of Wishart matrices of section 3. Lists run from the top down: index t is layer l = L − t.

/** `scale` · U ⊗ I_m: composite index (k, j), k of U slower. */
export function kroneckerIdentity(U: Matrix, m: number, scale = 1): Matrix {
  const out = matrix(U.rows * m, U.cols * m);
  for (let a = 0; a < U.rows; a++) {
    for (let b = 0; b < U.cols; b++) {
      const value = scale * U.data[a * U.cols + b];
      for (let j = 0; j < m; j++) out.data[(a * m + j) * out.cols + b * m + j] = value;
    }
  }
  return out;
}

/** ptr: the trace over the fastest index, of m values. */
export function partialTrace(U: Matrix, m: number): Matrix {
  const size = U.rows / m;
  const out = matrix(size, size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      let sum = 0;
      for (let j = 0; j < m; j++) sum += U.data[(a * m + j) * U.cols + b * m + j];
      out.data[a * size + b] = sum;
    }
  }
  return out;
}

/** The prior covariance C_l given the layer above. @param upper U_{l+1}; absent at the top. @param m M_l. */
export function priorCovariance(upper: Matrix | undefined, m: number, sigma2: number): Matrix {
  return kroneckerIdentity(upper ?? matrix(1, 1, Float64Array.of(1)), m, sigma2);
}

/** log det A from its Cholesky factor. */
export function logDeterminant(factor: Matrix): number {
  let sum = 0;
  for (let i = 0; i < factor.rows; i++) sum += Math.log(factor.data[i * factor.cols + i]);
  return 2 * sum;
}

/** Γ⁻¹ A Γ⁻ᵀ for lower-triangular Γ and symmetric A. */
export function whiten(factor: Matrix, a: Matrix, linalg: LinalgBackend): Matrix {
  const left = linalg.triangularSolve(factor, a);
  return symmetrise(linalg.triangularSolve(factor, transpose(left)));
}

/** f of a symmetric matrix through its eigenvalues. */
export function spectralMap(a: Matrix, f: (eigenvalue: number) => number, linalg: LinalgBackend): Matrix {
  const { values, vectors } = linalg.symmetricEigen(a);
  const mapped = values.map(f);
  const scaled = matrix(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) scaled.data[i * a.cols + j] = vectors.data[i * a.cols + j] * mapped[j];
  }
  return symmetrise(linalg.gemm(scaled, vectors, { transB: true }));
}
