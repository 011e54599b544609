import type { LinalgBackend, Matrix } from '@ggdln/core';
import {
  allFinite,
  explainNotFinite,
  type ProductSizes,
  productSizes,
  requireFactor,
  requireFiniteLower,
  requireShape,
  requireSquare,
  requireTriangular,
} from './checks.ts';
import { createFactorisations } from './factorisations.ts';
import { plainGemm } from './plain/product.ts';
import { plainTriangularSolve } from './plain/triangular.ts';
import { createArena } from './wasm/arena.ts';
import { instantiateKernels } from './wasm/kernels.ts';
import {
  type Engine,
  wasmCholesky,
  wasmCholeskyInverse,
  wasmGemm,
  wasmSolve,
  wasmSymmetricEigen,
  wasmSyrk,
} from './wasm/operations.ts';

/** For vectors, copying the matrix costs more than plain JavaScript takes. */
const isVector = ({ m, n }: ProductSizes) => m === 1 || n === 1;

/**
 * The fast portable backend: float64 SIMD WebAssembly kernels (product, Cholesky, triangular solves, symmetric
 * eigenvectors), one thread, no files to find; SVD and QR finish in plain JavaScript. Each backend has a
 * memory of its own, which grows to what its largest call needed and at most to 4 GiB.
 * @throws GGDLN_BACKEND where WebAssembly SIMD is missing.
 */
export async function createWasmBackend(): Promise<LinalgBackend> {
  const kernels = await instantiateKernels();
  const engine: Engine = { kernels, arena: createArena(kernels) };
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
    syrk: (a, { trans = false, alpha = 1 } = {}) => {
      requireShape('syrk', 'A', a);
      requireFactor('syrk', 'alpha', alpha);
      const out = wasmSyrk(engine, a, trans, alpha);
      return allFinite(out.data) ? out : explainNotFinite('syrk', { A: a });
    },
    cholesky: (a) => {
      requireSquare('cholesky', 'A', a);
      return wasmCholesky(engine, a);
    },
    choleskyInverse: (l) => {
      requireTriangular('choleskyInverse', l);
      const out = wasmCholeskyInverse(engine, l);
      return allFinite(out.data) ? out : explainNotFinite('choleskyInverse', { L: l });
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
