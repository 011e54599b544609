import type { Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

// Moves of a whole matrix in tiles that stay in the cache: row by row, one side of a transposition misses it at every
// number.
const TILE = 32;

/** Sets what is above the diagonal of a square matrix to 0. */
export function clearUpper({ data, cols: n }: Matrix): void {
  for (let i = 0; i < n; i++) data.fill(0, i * n + i + 1, (i + 1) * n);
}

/** Aᵀ, for a square matrix in its own memory. */
export function transposeSquare({ data, cols: n }: Matrix): void {
  for (let rows = 0; rows < n; rows += TILE) {
    for (let columns = 0; columns <= rows; columns += TILE) {
      for (let i = rows; i < Math.min(n, rows + TILE); i++) {
        for (let j = columns; j < Math.min(i, columns + TILE); j++) {
          const below = data[i * n + j];
          data[i * n + j] = data[j * n + i];
          data[j * n + i] = below;
        }
      }
    }
  }
}

/** Aᵀ in new memory. */
export function transposed({ data, rows: m, cols: n }: Matrix): Matrix {
  const out = matrix(n, m);
  for (let rows = 0; rows < m; rows += TILE) {
    for (let columns = 0; columns < n; columns += TILE) {
      for (let i = rows; i < Math.min(m, rows + TILE); i++) {
        for (let j = columns; j < Math.min(n, columns + TILE); j++) out.data[j * m + i] = data[i * n + j];
      }
    }
  }
  return out;
}

/** The diagonal of a square matrix. */
export function diagonalOf({ data, cols: n }: Matrix): Float64Array {
  const diagonal = new Float64Array(n);
  for (let i = 0; i < n; i++) diagonal[i] = data[i * (n + 1)];
  return diagonal;
}
