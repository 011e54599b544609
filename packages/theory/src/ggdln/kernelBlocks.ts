import type { LinalgBackend, Matrix } from '@ggdln/core';
import { type LoopMemory, matrix, symmetrise } from '@ggdln/linalg';

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
  readonly memory: {
    readonly loops: LoopMemory;
    /** rows numbers to work with where there are several outputs. */
    readonly repeated: Float64Array;
    /** rows numbers to work with. */
    readonly sums: Float64Array;
    readonly ones: Float64Array;
  };
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
  const { loops } = kernel.memory;
  forBlocks(kernel, G, s, block, (row, from, k0, at) => {
    loops.multiply(row + 1, k0, at, block, from, out, row * rows);
    out[row * (rows + 1)] += temperature;
  });
}

/** max_i Σ_j |s K0 ∘ (G Gᵀ)|_ij, an upper bound of its largest eigenvalue, without holding it. */
export function kernelNorm(kernel: LinearKernel, G: Matrix, s: number, block: Float64Array): number {
  const { loops, sums } = kernel.memory;
  sums.fill(0);
  forBlocks(kernel, G, s, block, (row, from, k0, at) => {
    sums[row] += loops.addSizes(row, k0, at, block, from, sums) + Math.abs(k0[at + row] * block[from + row]);
  });
  return sums.reduce((largest, sum) => Math.max(largest, sum), 0);
}

/** max_i Σ_j |H_ij| of a symmetric H, rows × rows, of which the lower triangle is read. */
export function rowSumNorm({ memory: { loops, sums, ones } }: LinearKernel, H: Float64Array): number {
  const rows = sums.length;
  sums.fill(0);
  for (let row = 0; row < rows; row++) {
    sums[row] += loops.addSizes(row, H, row * rows, ones, 0, sums) + Math.abs(H[row * (rows + 1)]);
  }
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
  const { loops } = kernel.memory;
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
      loops.multiply(row + 1, k0, at, H, to, block, from);
      block[from + row] *= 0.5;
      block.fill(0, from + row + 1, from + last);
    }
    linalg.multiplyInto({ m, n: R, k: last }, block, F.data, projected);
    const square = { m: R, n: R, k: m, transA: true, alpha: 2 * weight, beta: 1, offsets: { a: first * R } };
    linalg.multiplyInto(square, F.data, projected, half.data);
  }
  return symmetrise(half);
}

/** Row r of K0 with its entries repeated over the outputs. */
function linearKernelRows({ K0, outputs, memory }: LinearKernel): (row: number) => { k0: Float64Array; at: number } {
  if (outputs === 1) return (row) => ({ k0: K0.data, at: row * K0.cols });
  const { repeated } = memory;
  return (row) => {
    const at = Math.floor(row / outputs) * K0.cols;
    for (let j = 0; j < repeated.length; j++) repeated[j] = K0.data[at + Math.floor(j / outputs)];
    return { k0: repeated, at: 0 };
  };
}
