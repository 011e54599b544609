import type { LinalgBackend, Matrix } from '@ggdln/core';
import {
  allFinite,
  explainNotFinite,
  type ProductSizes,
  productSizes,
  requireFiniteLower,
  requireSquare,
  requireTriangular,
  squareSizes,
} from './checks.ts';
import { createFactorisations } from './factorisations.ts';
import { stridedProduct } from './flatProduct.ts';
import { plainMultiplyInto } from './plain/multiplyInto.ts';
import { plainGemm } from './plain/product.ts';
import { plainTriangularSolve } from './plain/triangular.ts';
import { createArena } from './wasm/arena.ts';
import { instantiateKernels } from './wasm/kernels.ts';
import { wasmMultiplyInto } from './wasm/multiplyInto.ts';
import {
  type Engine,
  wasmCholesky,
  wasmCholeskyInverse,
  wasmGemm,
  wasmSolve,
  wasmSymmetricEigen,
  wasmSyrk,
} from './wasm/operations.ts';
import { createSingleProduct } from './wasm/singleProduct.ts';

/** For vectors, copying the matrix costs more than plain JavaScript takes. */
const isVector = ({ m, n }: Pick<ProductSizes, 'm' | 'n'>) => m === 1 || n === 1;

/**
 * The fast portable backend: float64 SIMD WebAssembly kernels (product, Cholesky, triangular solves, symmetric
 * eigenvectors), one thread, no files to find; SVD and QR finish in plain JavaScript. Each backend has a
 * memory of its own, which grows to what its largest call needed and at most to 4 GiB.
 * @throws GGDLN_BACKEND where WebAssembly SIMD is missing.
 */
export async function createWasmBackend(): Promise<LinalgBackend> {
  const kernels = await instantiateKernels();
  const single = await createSingleProduct(kernels.memory);
  const engine: Engine = { kernels, single, arena: createArena(kernels) };
  const basis: Pick<LinalgBackend, 'gemm' | 'symmetricEigen'> = {
    gemm: (a, b, options = {}) => {
      const size = productSizes(a, b, options);
      const out = isVector(size) ? plainGemm(a, b, options, size) : wasmGemm(engine, a, b, options, size);
      return allFinite(out.data) ? out : explainNotFinite('gemm', { A: a, B: b });
    },
    symmetricEigen: (a) => {
      requireSquare('symmetricEigen', 'A', a);
      requireFiniteLower('symmetricEigen', 'A', a);
      return wasmSymmetricEigen(engine, a);
    },
  };
  return {
    ...basis,
    ...createFactorisations(basis),
    name: 'wasm',
    description: 'WebAssembly SIMD, float64, one thread',
    multiplyInto: (product, a, b, c) => {
      const strided = stridedProduct(product, a, b, c);
      if (isVector(strided)) plainMultiplyInto(strided, a, b, c);
      else wasmMultiplyInto(engine, strided, a, b, c);
    },
    syrk: (a, options = {}) => {
      const out = wasmSyrk(engine, a, options, squareSizes(a, options));
      return allFinite(out.data) ? out : explainNotFinite('syrk', { A: a });
    },
    cholesky: (a, { overwrite = false } = {}) => {
      requireSquare('cholesky', 'A', a);
      return wasmCholesky(engine, a, overwrite ? a : undefined);
    },
    choleskyInverse: (l, { overwrite = false } = {}) => {
      requireTriangular('choleskyInverse', l);
      if (overwrite) requireFiniteLower('choleskyInverse', 'L', l);
      const out = wasmCholeskyInverse(engine, l, overwrite ? l : undefined);
      return allFinite(out.data) ? out : explainNotFinite('choleskyInverse', overwrite ? {} : { L: l });
    },
    choleskySolve: (l, b) => {
      requireTriangular('choleskySolve', l, b);
      const out = solve(engine, l, b, { forward: true, backward: true });
      return allFinite(out.data) ? out : explainNotFinite('choleskySolve', { L: l, B: b });
    },
    triangularSolve: (l, b, { trans = false } = {}) => {
      requireTriangular('triangularSolve', l, b);
      const out = solve(engine, l, b, { forward: !trans, backward: trans });
      return allFinite(out.data) ? out : explainNotFinite('triangularSolve', { L: l, B: b });
    },
  };
}

function solve(engine: Engine, l: Matrix, b: Matrix, steps: { forward: boolean; backward: boolean }): Matrix {
  if (b.cols > 1) return wasmSolve(engine, l, b, steps);
  const first = steps.forward ? plainTriangularSolve(l, b, false) : b;
  return steps.backward ? plainTriangularSolve(l, first, true) : first;
}
