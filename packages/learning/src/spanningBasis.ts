import type { LinalgBackend, Matrix } from '@ggdln/core';
import { identity, matrix, transpose } from '@ggdln/linalg';

/** A space that holds the rows of some matrices. */
export interface SpanningBasis {
  /** Orthonormal columns, N0 × r. */
  readonly Q: Matrix;
  /** Whether row i of all rows needs no more than the first i + 1 directions; else directions are single columns. */
  readonly isLower: boolean;
}

/**
 * An orthonormal basis of a space that holds all rows of the given matrices: r is the number of rows, or that of
 * columns with a number other than 0 where those are fewer. Directions point so that the first row of all has a
 * coordinate ≥ 0 along the first of them, the second along the second and so on: every backend gives the same basis.
 * @param options `triangular`: turn the directions also where there are as many rows as columns, or more.
 */
export function spanningBasis(
  parts: readonly Matrix[],
  linalg: LinalgBackend,
  { triangular = false }: { readonly triangular?: boolean } = {},
): SpanningBasis {
  const [{ cols }] = parts;
  const used = Array.from({ length: cols }, (_, j) => j).filter((j) =>
    parts.some(({ rows, data }) => Array.from({ length: rows }, (_, i) => data[i * cols + j]).some((x) => x !== 0)),
  );
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const isLower = rows < used.length || triangular;
  const count = Math.min(rows, used.length);
  const small = isLower ? factorQ(transpose(columns(parts, used, count)), linalg) : identity(used.length);
  const Q = matrix(cols, small.cols);
  used.forEach((j, i) => {
    Q.data.set(small.data.subarray(i * small.cols, (i + 1) * small.cols), j * small.cols);
  });
  return { Q, isLower };
}

/** Q of a QR factorisation with no negative number on R's diagonal. */
function factorQ(a: Matrix, linalg: LinalgBackend): Matrix {
  const { q, r } = linalg.qr(a);
  const signs = Float64Array.from({ length: q.cols }, (_, j) => (r.data[j * r.cols + j] < 0 ? -1 : 1));
  return { ...q, data: q.data.map((value, at) => value * signs[at % q.cols]) };
}

/** The chosen columns of the first rows of matrices on top of each other. */
function columns(parts: readonly Matrix[], chosen: readonly number[], rows: number): Matrix {
  const out = matrix(rows, chosen.length);
  let at = 0;
  for (const part of parts) {
    for (let row = 0; row < part.rows && at < out.data.length; row++) {
      for (const j of chosen) out.data[at++] = part.data[row * part.cols + j];
    }
  }
  return out;
}
