import { inputError, type Matrix } from '@ggdln/core';
import { matrix, shapeOf } from './matrix.ts';

/**
 * The row-wise Kronecker product: row μ is a_μ ⊗ b_μ, column i · b.cols + j holds a_μi b_μj (the index of `a` is the
 * slower one). Composite gates of a deep gated network are made of it.
 * @param a P × m. @param b P × n. Returns P × mn.
 * @throws GGDLN_INPUT when the numbers of rows differ.
 */
export function rowKronecker(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== b.rows) {
    throw inputError(
      '@ggdln/linalg rowKronecker',
      `the factors are ${shapeOf(a)} and ${shapeOf(b)}`,
      'Both need the same number of rows (one row an example)',
    );
  }
  const out = matrix(a.rows, a.cols * b.cols);
  let at = 0;
  for (let row = 0; row < a.rows; row++) {
    for (let i = 0; i < a.cols; i++) {
      const factor = a.data[row * a.cols + i];
      for (let j = 0; j < b.cols; j++) out.data[at++] = factor * b.data[row * b.cols + j];
    }
  }
  return out;
}
