import { createPacer, inputError, type LinalgBackend, type Matrix, throwIfCancelled } from '@ggdln/core';
import { chooseLinalg, matrix, mirrorLower, requireMatrix, shapeOf } from '@ggdln/linalg';
import {
  type KernelKind,
  type KernelNetwork,
  layerVariances,
  recurse,
  squareNorms,
  type Variances,
} from './recursion.ts';

/** How kernels are computed; nothing here changes the numbers beyond rounding. */
export interface KernelOptions {
  /** Linear algebra; the fastest portable backend when absent. */
  readonly linalg?: LinalgBackend;
  /** Rows computed at a time. Default 256. */
  readonly blockRows?: number;
  readonly signal?: AbortSignal;
}

/** Some rows of a kernel. */
export interface KernelBlock {
  /** Index of the block's first row in the whole. */
  readonly firstRow: number;
  readonly kernel: Matrix;
}

const where = '@ggdln/theory kernels';

/**
 * The kernel between inputs Xa (P × N0) and Xb (Q × N0), P × Q, or among those of Xa where Xb is absent: then half of
 * the work is done and the diagonal is exact. Besides the result, `blockRows` rows are held.
 * @throws GGDLN_INPUT for inputs or a network that don't fit; GGDLN_CANCELLED.
 */
export async function kernelMatrix(
  network: KernelNetwork,
  kind: KernelKind,
  Xa: Matrix,
  Xb?: Matrix,
  options: KernelOptions = {},
): Promise<Matrix> {
  requireInputs(Xa, Xb);
  const out = matrix(Xa.rows, (Xb ?? Xa).rows);
  for await (const { firstRow, kernel } of kernelBlocks(network, kind, Xa, Xb, { ...options, upTo: !Xb })) {
    for (let i = 0; i < kernel.rows; i++) {
      out.data.set(kernel.data.subarray(i * kernel.cols, (i + 1) * kernel.cols), (firstRow + i) * out.cols);
    }
  }
  if (!Xb) mirrorLower(out);
  return out;
}

/**
 * The same kernel, some rows at a time, for kernels that don't fit into memory.
 * @throws As `kernelMatrix`.
 */
export async function* kernelBlocks(
  network: KernelNetwork,
  kind: KernelKind,
  Xa: Matrix,
  Xb?: Matrix,
  options: KernelOptions & {
    /** Among the inputs of Xa: leave out the columns after the block's last row. Default false. */
    readonly upTo?: boolean;
  } = {},
): AsyncGenerator<KernelBlock, void, void> {
  requireNetwork(network);
  requireInputs(Xa, Xb);
  const { blockRows = 256, signal, upTo = false } = options;
  if (!Number.isSafeInteger(blockRows) || blockRows < 1) {
    throw inputError(where, `blockRows is ${blockRows}`, 'Give a whole number ≥ 1');
  }
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const pace = createPacer();
  const norms = squareNorms(Xa);
  const variances = layerVariances(network, norms);
  const others = Xb ? layerVariances(network, squareNorms(Xb)) : variances;
  for (let first = 0; first < Xa.rows; first += blockRows) {
    throwIfCancelled(signal, where);
    await pace();
    const last = Math.min(first + blockRows, Xa.rows);
    const columns = Xb ?? (upTo ? someRows(Xa, 0, last) : Xa);
    const kernel = linalg.gemm(someRows(Xa, first, last), columns, { transB: true, alpha: 1 / Xa.cols });
    if (!Xb) for (let i = first; i < last; i++) kernel.data[(i - first) * kernel.cols + i] = norms[i];
    recurse(network, kind, kernel, someColumns(variances, first, last), others);
    yield { firstRow: first, kernel };
  }
}

/**
 * The kernel of every input with itself, length P.
 * @throws GGDLN_INPUT for inputs or a network that don't fit.
 */
export function kernelDiagonal(network: KernelNetwork, kind: KernelKind, X: Matrix): Float64Array {
  requireNetwork(network);
  requireInputs(X);
  const norms = squareNorms(X);
  const variances = layerVariances(network, norms);
  for (let i = 0; i < norms.length; i++) {
    const own = someColumns(variances, i, i + 1);
    const entry = matrix(1, 1, norms.subarray(i, i + 1));
    recurse(network, kind, entry, own, own);
  }
  return norms;
}

function someRows(a: Matrix, first: number, last: number): Matrix {
  return matrix(last - first, a.cols, a.data.subarray(first * a.cols, last * a.cols));
}

function someColumns(a: Variances, first: number, last: number): Variances {
  const out = matrix(a.rows, last - first);
  for (let l = 0; l < a.rows; l++) {
    out.data.set(a.data.subarray(l * a.cols + first, l * a.cols + last), l * out.cols);
  }
  return out;
}

function requireNetwork({ activation, sigmas }: KernelNetwork): void {
  if (typeof activation?.moment !== 'function' || typeof activation.derivativeMoment !== 'function') {
    throw inputError(
      where,
      'activation has no Gaussian moments',
      'Give linearActivation, reluActivation, erfActivation or your own',
    );
  }
  if (!Array.isArray(sigmas) || sigmas.length < 2) {
    throw inputError(
      where,
      `sigmas has ${sigmas?.length ?? 0} numbers`,
      'Give one standard deviation a layer of weights, readout first: [σ_{L+1}, …, σ_1], L ≥ 1',
    );
  }
  const bad = sigmas.findIndex((sigma) => !(Number.isFinite(sigma) && sigma > 0));
  if (bad >= 0)
    throw inputError(where, `sigmas[${bad}] is ${sigmas[bad]}`, 'A standard deviation is a finite number > 0');
}

function requireInputs(Xa: Matrix, Xb?: Matrix): void {
  requireMatrix(where, 'the inputs (P × N0)', Xa);
  if (Xa.cols === 0) throw inputError(where, `the inputs are ${shapeOf(Xa)}`, 'Give at least one column, N0 ≥ 1');
  if (Xb) requireMatrix(where, 'the other inputs (Q × N0)', Xb, { cols: Xa.cols });
}
