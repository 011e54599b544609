import { type InverseOptions, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { copy, mirrorLower } from '@ggdln/linalg';
import {
  allFinite,
  explainNotFinite,
  firstRowNotFinite,
  pivotError,
  requireFiniteLower,
  requireSquare,
  requireTriangular,
} from '@ggdln/linalg/backend';
import { isAllFinite } from './finite.ts';
import { clearUpper, diagonalOf } from './layout.ts';
import { LEFT, NON_UNIT, ROW_MAJOR_LOWER } from './leaves.ts';
import { LOWER, NO_TRANS, ROW_MAJOR, TRANS } from './products.ts';
import type { Blas } from './symbols.ts';
import { factorLower, invertLower } from './triangles.ts';

/** Cholesky factors, inverses from them, and solves. */
export function createFactors(
  blas: Blas,
): Pick<LinalgBackend, 'cholesky' | 'choleskyInverse' | 'choleskySolve' | 'triangularSolve'> {
  return {
    cholesky: (a, { overwrite = false } = {}) => cholesky(blas, a, overwrite),
    choleskyInverse: (l, options = {}) => choleskyInverse(blas, l, options),
    choleskySolve: (l, b) => {
      requireTriangular('choleskySolve', l, b);
      const x = copy(b);
      solveInPlace(blas, l, x, false);
      solveInPlace(blas, l, x, true);
      return isAllFinite(blas, x.data) ? x : explainNotFinite('choleskySolve', { L: l, B: b });
    },
    triangularSolve: (l, b, { trans = false } = {}) => {
      requireTriangular('triangularSolve', l, b);
      const x = copy(b);
      solveInPlace(blas, l, x, trans);
      return isAllFinite(blas, x.data) ? x : explainNotFinite('triangularSolve', { L: l, B: b });
    },
  };
}

function cholesky(blas: Blas, a: Matrix, overwrite: boolean): Matrix {
  requireSquare('cholesky', 'A', a);
  const n = a.rows;
  const before = diagonalOf(a);
  const l = overwrite ? a : copy(a);
  if (n === 0) return l;
  const failure = factorLower(blas, { a: l.data, ld: n, at: 0, n });
  // Libraries differ in whether they stop at NaN. It reaches the pivot of its row, so the diagonal tells.
  const pivots = diagonalOf(l);
  const stopped = failure > 0 ? failure - 1 : n;
  const unclean = pivots.findIndex((pivot) => !Number.isFinite(pivot));
  const failed = unclean < 0 ? stopped : Math.min(stopped, unclean);
  if (failed < n) {
    if (overwrite) requireFiniteRows(l);
    else requireFiniteLower('cholesky', 'A', a);
    throw pivotError(a, failed, pivots[failed], before[failed]);
  }
  clearUpper(l);
  return l;
}

/** @throws GGDLN_INPUT for a row that isn't finite; what isn't has spread along it, so that columns can't be told. */
function requireFiniteRows(overwritten: Matrix): void {
  const row = firstRowNotFinite(overwritten);
  if (row === overwritten.rows) return;
  throw inputError(
    '@ggdln/linalg cholesky',
    `A has NaN or infinity in row ${row}`,
    'Every entry of its lower triangle must be a finite number',
  );
}

function choleskyInverse(blas: Blas, l: Matrix, { overwrite = false, lowerOnly = false }: InverseOptions): Matrix {
  requireTriangular('choleskyInverse', l);
  if (overwrite) requireFiniteLower('choleskyInverse', 'L', l);
  const n = l.rows;
  const out = overwrite ? l : copy(l);
  if (n === 0) return out;
  invertLower(blas, { a: out.data, ld: n, at: 0, n });
  blas.dlauum(ROW_MAJOR_LOWER, Int32Array.of(n), out.data, Int32Array.of(n), Int32Array.of(0), 1);
  if (!lowerOnly) mirrorLower(out);
  // No entry of the inverse is larger than its diagonal: sums of squares, in which NaN of any row below shows.
  if (allFinite(diagonalOf(out))) return out;
  if (!overwrite) requireFiniteLower('choleskyInverse', 'L', l);
  return explainNotFinite('choleskyInverse', {});
}

/** X ← L⁻¹ X or L⁻ᵀ X. */
function solveInPlace(blas: Blas, l: Matrix, x: Matrix, trans: boolean): void {
  const [n, r] = [x.rows, x.cols];
  if (n === 0 || r === 0) return;
  const op = trans ? TRANS : NO_TRANS;
  if (r === 1) blas.dtrsv(ROW_MAJOR, LOWER, op, NON_UNIT, n, l.data, n, x.data, 1);
  else blas.dtrsm(ROW_MAJOR, LEFT, LOWER, op, NON_UNIT, n, r, 1, l.data, n, x.data, r);
}
