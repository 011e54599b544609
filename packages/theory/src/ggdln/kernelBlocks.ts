import type { LinalgBackend, Matrix } from '@ggdln/core';
import { matrix, symmetrise } from '@ggdln/linalg';

// Everything here touches a rows × rows array once, some rows at a time, and only its lower triangle: half of the
// products and of the memory traffic of s K0 ∘ (F U Fᵀ) and Fᵀ (K0 ∘ H) F written with whole matrices.

/** Rows worked on at a time: a block of them stays in the cache between its product and its Hadamard product. */
export const BLOCK_ROWS = 64;

/** The linear kernel of the examples; row r of the problem belongs to example ⌊r / outputs⌋. */
export interface LinearKernel {
  readonly linalg: LinalgBackend;
  /** P × P. */
  readonly K0: Matrix;
  readonly outputs: number;
}

/**
 * s K0 ∘ (G Gᵀ) + T I: the lower triangle of `out` (rows × rows); the upper one is left as it is.
 * @param G rows × R. @param block Memory for BLOCK_ROWS rows.
 */
export function assembleKernel(
  kernel: LinearKernel,
  G: Matrix,
  { s, temperature }: { readonly s: number; readonly temperature: number },
  out: Float64Array,
  block: Float64Array,
): void {
  const rows = G.rows;
  forBlocks(kernel, G, s, block, (row, from, k0, at) => {
    const to = row * rows;
    for (let j = 0; j <= row; j++) out[to + j] = k0[at + j] * block[from + j];
    out[to + row] += temperature;
  });
}

/** max_i Σ_j |s K0 ∘ (G Gᵀ)|_ij, an upper bound of its largest eigenvalue, without holding it. */
export function kernelNorm(kernel: LinearKernel, G: Matrix, s: number, block: Float64Array): number {
  const sums = new Float64Array(G.rows);
  forBlocks(kernel, G, s, block, (row, from, k0, at) => {
    let sum = Math.abs(k0[at + row] * block[from + row]);
    for (let j = 0; j < row; j++) {
      const size = Math.abs(k0[at + j] * block[from + j]);
      sum += size;
      sums[j] += size;
    }
    sums[row] += sum;
  });
  return sums.reduce((largest, sum) => Math.max(largest, sum), 0);
}

/** Calls `use` for each row of s G Gᵀ up to its diagonal, at `from` in `block`, with the row of K0 at `at` in `k0`. */
function forBlocks(
  kernel: LinearKernel,
  G: Matrix,
  s: number,
  block: Float64Array,
  use: (row: number, from: number, k0: Float64Array, at: number) => void,
): void {
  const { rows, cols: k } = G;
  const rowOf = linearKernelRows(kernel);
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const last = Math.min(rows, first + BLOCK_ROWS);
    const shape = { m: last - first, n: last, k, transB: true, alpha: s, offsets: { a: first * k } };
    kernel.linalg.multiplyInto(shape, G.data, G.data, block);
    for (let row = first; row < last; row++) {
      const { k0, at } = rowOf(row);
      use(row, (row - first) * last, k0, at);
    }
  }
}

/** weight · Fᵀ (K0 ∘ H) F for symmetric H, of which the lower triangle is read; R × R. */
export function gatedTrace(
  kernel: LinearKernel,
  H: Float64Array,
  F: Matrix,
  weight: number,
  block: Float64Array,
): Matrix {
  const { rows, cols: R } = F;
  const { linalg } = kernel;
  const rowOf = linearKernelRows(kernel);
  const half = matrix(R, R);
  const projected = new Float64Array(Math.min(rows, BLOCK_ROWS) * R);
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const last = Math.min(rows, first + BLOCK_ROWS);
    const m = last - first;
    for (let row = first; row < last; row++) {
      const from = (row - first) * last;
      const to = row * rows;
      const { k0, at } = rowOf(row);
      for (let j = 0; j < row; j++) block[from + j] = k0[at + j] * H[to + j];
      block[from + row] = 0.5 * k0[at + row] * H[to + row];
      block.fill(0, from + row + 1, from + last);
    }
    linalg.multiplyInto({ m, n: R, k: last }, block, F.data, projected);
    const square = { m: R, n: R, k: m, transA: true, alpha: 2 * weight, beta: 1, offsets: { a: first * R } };
    linalg.multiplyInto(square, F.data, projected, half.data);
  }
  return symmetrise(half);
}

/** Row r of K0 with its entries repeated over the outputs. */
function linearKernelRows({ K0, outputs }: LinearKernel): (row: number) => { k0: Float64Array; at: number } {
  if (outputs === 1) return (row) => ({ k0: K0.data, at: row * K0.cols });
  const repeated = new Float64Array(K0.cols * outputs);
  return (row) => {
    const at = Math.floor(row / outputs) * K0.cols;
    for (let j = 0; j < repeated.length; j++) repeated[j] = K0.data[at + Math.floor(j / outputs)];
    return { k0: repeated, at: 0 };
  };
}

/** Copies the lower triangle of an n × n array to the upper one, tile by tile. */
export function mirror(a: Float64Array, n: number): void {
  const tile = 32;
  for (let top = 0; top < n; top += tile) {
    for (let left = 0; left <= top; left += tile) {
      for (let i = top; i < Math.min(n, top + tile); i++) {
        for (let j = left; j < Math.min(i, left + tile); j++) a[j * n + i] = a[i * n + j];
      }
    }
  }
}
