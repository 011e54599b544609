import type { LinalgBackend } from '@ggdln/core';
import {
  allFinite,
  explainNotFinite,
  productSizes,
  requireFactor,
  requireShape,
  requireSquare,
  requireTriangular,
} from './checks.ts';
import { createFactorisations } from './factorisations.ts';
import { transpose } from './matrix.ts';
import { mlSymmetricEigen } from './mlSymmetricEigen.ts';
import { plainGemm, plainSyrk } from './plain/product.ts';
import { plainCholesky, plainCholeskyInverse, plainTriangularSolve } from './plain/triangular.ts';

/**
 * The backend that runs everywhere JavaScript does: plain loops, and eigenvectors by ml-matrix. About ten times slower
 * than the WebAssembly backend; good for small problems and as an independent check.
 */
export function createMlMatrixBackend(): LinalgBackend {
  const basis: Pick<LinalgBackend, 'gemm' | 'symmetricEigen'> = {
    gemm: (a, b, options = {}) => {
      const out = plainGemm(a, b, options, productSizes(a, b, options));
      return allFinite(out.data) ? out : explainNotFinite('gemm', { A: a, B: b });
    },
    symmetricEigen: mlSymmetricEigen,
  };
  return {
    ...basis,
    ...createFactorisations(basis),
    name: 'ml-matrix',
    description: 'plain JavaScript, eigenvectors by ml-matrix, float64, one thread',
    syrk: (a, { trans = false, alpha = 1 } = {}) => {
      requireShape('syrk', 'A', a);
      requireFactor('syrk', 'alpha', alpha);
      const out = plainSyrk(trans ? transpose(a) : a, alpha);
      return allFinite(out.data) ? out : explainNotFinite('syrk', { A: a });
    },
    cholesky: (a) => {
      requireSquare('cholesky', 'A', a);
      return plainCholesky(a);
    },
    choleskyInverse: (l) => {
      requireTriangular('choleskyInverse', l);
      const out = plainCholeskyInverse(l);
      return allFinite(out.data) ? out : explainNotFinite('choleskyInverse', { L: l });
    },
    choleskySolve: (l, b) => {
      requireTriangular('choleskySolve', l, b);
      const out = plainTriangularSolve(l, plainTriangularSolve(l, b, false), true);
      return allFinite(out.data) ? out : explainNotFinite('choleskySolve', { L: l, B: b });
    },
    triangularSolve: (l, b, { trans = false } = {}) => {
      requireTriangular('triangularSolve', l, b);
      const out = plainTriangularSolve(l, b, trans);
      return allFinite(out.data) ? out : explainNotFinite('triangularSolve', { L: l, B: b });
    },
  };
}
