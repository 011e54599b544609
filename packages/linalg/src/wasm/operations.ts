import type { GemmOptions, Matrix, SyrkOptions } from '@ggdln/core';
import { notConverged, notPositiveDefinite, type ProductSizes } from '../checks.ts';
import { lowerTriangleScale, scaledEigen } from '../eigen.ts';
import { matrix, shapeOf } from '../matrix.ts';
import type { Arena } from './arena.ts';
import type { Kernels } from './kernels.ts';
import type { SingleProduct } from './singleProduct.ts';

// Each operation copies its arguments into the memory of the kernels, runs, and copies the result out. Arguments are
// checked by the caller.

/** The kernels and the memory that they work in. */
export interface Engine {
  readonly kernels: Kernels;
  /** Works in the memory of `kernels`. */
  readonly single: SingleProduct;
  readonly arena: Arena;
}

/** alpha · op(A) · op(B) + beta · out. */
export function wasmGemm(engine: Engine, a: Matrix, b: Matrix, options: GemmOptions, size: ProductSizes): Matrix {
  const { kernels, arena } = engine;
  const { transA = false, transB = false, alpha = 1, beta = 0 } = options;
  const { m, n, k } = size;
  const [pa, pb, pc] = arena.reserve(`gemm of ${m} × ${k} by ${k} × ${n}`, m * k, k * n, m * n);
  const out = options.out ?? matrix(m, n);
  arena.view(pa, m * k).set(a.data);
  arena.view(pb, k * n).set(b.data);
  const c = arena.view(pc, m * n);
  if (beta === 0) c.fill(0);
  else for (let i = 0; i < c.length; i++) c[i] = beta * out.data[i];
  const [aRow, aColumn] = transA ? [1, m] : [k, 1];
  const [bRow, bColumn] = transB ? [1, k] : [n, 1];
  kernels.multiplyAdd(m, n, k, alpha, pa, aRow, aColumn, pb, bRow, bColumn, pc, n, 0);
  out.data.set(c);
  return out;
}

/** alpha · AAᵀ (or AᵀA) + beta · out: the lower triangle is computed and mirrored. */
export function wasmSyrk(
  { kernels, arena }: Engine,
  a: Matrix,
  options: SyrkOptions,
  { m, k }: Omit<ProductSizes, 'n'>,
): Matrix {
  const { trans = false, alpha = 1, beta = 0 } = options;
  const [pa, pc] = arena.reserve(`syrk of ${shapeOf(a)}`, m * k, m * m);
  const out = options.out ?? matrix(m, m);
  arena.view(pa, m * k).set(a.data);
  const c = arena.view(pc, m * m);
  if (beta === 0) c.fill(0);
  else for (let at = 0; at < c.length; at++) c[at] = beta * out.data[at];
  const [row, column] = trans ? [1, m] : [k, 1];
  kernels.multiplyAdd(m, m, k, alpha, pa, row, column, pa, column, row, pc, m, 1);
  kernels.mirror(m, pc, 1);
  out.data.set(c);
  return out;
}

/** Lower-triangular L with LLᵀ = A, into `out` when given. @throws GGDLN_NUMERICAL naming the pivot. */
export function wasmCholesky({ kernels, arena }: Engine, a: Matrix, out?: Matrix): Matrix {
  const n = a.rows;
  const [pa] = arena.reserve(`cholesky of ${shapeOf(a)}`, n * n);
  arena.view(pa, n * n).set(a.data);
  const failed = kernels.factorise(n, pa);
  if (failed >= 0) throw notPositiveDefinite(a, failed, kernels.lastPivot());
  return toMatrix(arena, pa, n, out);
}

/** (LLᵀ)⁻¹, into `out` when given. */
export function wasmCholeskyInverse({ kernels, arena }: Engine, l: Matrix, out?: Matrix): Matrix {
  const n = l.rows;
  const [pl, py, ph] = arena.reserve(`choleskyInverse of ${shapeOf(l)}`, n * n, n * n, n * n);
  arena.view(pl, n * n).set(l.data);
  arena.view(py, n * n).fill(0);
  arena.view(ph, n * n).fill(0);
  kernels.inverseFromFactor(n, pl, py, ph);
  return toMatrix(arena, ph, n, out);
}

/** The n × n matrix at an address, in `out` or in memory of its own. */
function toMatrix(arena: Arena, address: number, n: number, out?: Matrix): Matrix {
  if (!out) return matrix(n, n, arena.read(address, n * n));
  out.data.set(arena.view(address, n * n));
  return out;
}

/** Solves with L (`forward`), with Lᵀ (`backward`), or with one after the other. */
export function wasmSolve(
  { kernels, arena }: Engine,
  l: Matrix,
  b: Matrix,
  steps: { readonly forward: boolean; readonly backward: boolean },
): Matrix {
  const n = l.rows;
  const r = b.cols;
  const [pl, px] = arena.reserve(`solve with ${shapeOf(l)} for ${shapeOf(b)}`, n * n, n * r);
  arena.view(pl, n * n).set(l.data);
  arena.view(px, n * r).set(b.data);
  if (steps.forward) kernels.solveLower(n, r, pl, n, 1, px, r);
  if (steps.backward) kernels.solveUpper(n, r, pl, 1, n, px, r);
  return matrix(n, r, arena.read(px, n * r));
}

/** Rotations that are collected at most before they are applied: 1 MiB. */
const ROTATIONS = 65536;

/** Eigenvalues ascending and eigenvectors (columns) of a finite symmetric matrix. */
export function wasmSymmetricEigen({ kernels, arena }: Engine, a: Matrix): { values: Float64Array; vectors: Matrix } {
  const n = a.rows;
  if (n === 0) return { values: new Float64Array(0), vectors: matrix(0, 0) };
  const capacity = Math.max(n, Math.min(ROTATIONS, 2 * n * n));
  const work = 64 * n + 2048;
  const places = [n * n, n * n, n, n, n, work, 2 * capacity, capacity, 8 * n];
  const [pa, pz, d, e, tau, pw, rotations, marks, panel] = arena.reserve(`symmetricEigen of ${shapeOf(a)}`, ...places);
  const scale = lowerTriangleScale(a);
  const scaled = arena.view(pa, n * n);
  for (let i = 0; i < scaled.length; i++) scaled[i] = a.data[i] / scale;
  arena.view(pz, n * n).fill(0);
  kernels.tridiagonalise(n, pa, d, e, tau, pw);
  kernels.formReflections(n, pa, tau, pz, pw);
  const failed = kernels.diagonalise(n, d, e, pz, rotations, marks, capacity, panel);
  if (failed >= 0) throw notConverged(a, failed);
  return scaledEigen(arena.view(d, n), matrix(n, n, arena.view(pz, n * n)), scale);
}
