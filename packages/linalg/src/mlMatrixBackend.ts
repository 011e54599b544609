import type { LinalgBackend } from '@ggdln/core';
import {
  allFinite,
  explainNotFinite,
  productSizes,
  requireFiniteLower,
  requireSquare,
  requireTriangular,
  squareSizes,
} from './checks.ts';
import { createFactorisations } from './factorisations.ts';
import { stridedProduct } from './flatProduct.ts';
import { matrix, transpose } from './matrix.ts';
import { mlSymmetricEigen } from './mlSymmetricEigen.ts';
import { plainMultiplyInto } from './plain/multiplyInto.ts';
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
    multiplyInto: (product, a, b, c) => plainMultiplyInto(stridedProduct(product, a, b, c), a, b, c),
    syrk: (a, options = {}) => {
      const { m } = squareSizes(a, options);
      const { trans = false, alpha = 1, beta = 0 } = options;
      const out = plainSyrk(trans ? transpose(a) : a, alpha, beta, options.out ?? matrix(m, m));
      return allFinite(out.data) ? out : explainNotFinite('syrk', { A: a });
    },
    cholesky: (a, { overwrite = false } = {}) => {
      requireSquare('cholesky', 'A', a);
      return plainCholesky(a, overwrite ? a : undefined);
    },
    choleskyInverse: (l, { overwrite = false } = {}) => {
      requireTriangular('choleskyInverse', l);
      if (overwrite) requireFiniteLower('choleskyInverse', 'L', l);
      const out = plainCholeskyInverse(l, overwrite ? l : undefined);
      return allFinite(out.data) ? out : explainNotFinite('choleskyInverse', overwrite ? {} : { L: l });
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
