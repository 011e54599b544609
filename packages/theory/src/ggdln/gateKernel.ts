import { createPacer, inputError, type LinalgBackend, type Matrix, throwIfCancelled } from '@ggdln/core';
import { add, chooseLinalg, requireMatrix, shapeOf } from '@ggdln/linalg';
import { squareNorms } from '../kernels/recursion.ts';
import { halfSpaceOverlap } from './halfSpaceOverlap.ts';

const where = '@ggdln/theory gateKernel';

/** How far, relative to both, the covariance of inputs that are the same may be from their variance. */
const ROUNDING = 1e-12;

/** What half-space gates see of some inputs. */
export interface GateInputs {
  /** Inputs, P × N0; subtract a mean here if the gates do. */
  readonly X: Matrix;
  /** Code z of each input's task, P × N_z. */
  readonly codes?: Matrix;
}

/** The law that half-spaces are drawn from: Θ(V·x/√N0 + λ V′·z/√N_z − b) with standard normal V and V′. */
export interface HalfSpaceLaw {
  /** b. Default 0. */
  readonly threshold?: number;
  /** λ, the strength of task codes. Default 1. */
  readonly strength?: number;
}

export interface GateKernelOptions extends HalfSpaceLaw {
  /** Linear algebra; the fastest portable backend when absent. */
  readonly linalg?: LinalgBackend;
  readonly signal?: AbortSignal;
}

/**
 * κ: the limit of ΦΦ′ᵀ/M for many half-spaces (theory page ggdln, section 9), between inputs (P) and others (Q), P × Q,
 * or among inputs where there are no others; then it is symmetric. Exact where inputs are the same. An always-on gate beside them
 * has no weight in the limit.
 * @throws GGDLN_INPUT for inputs, codes or numbers that don't fit; GGDLN_CANCELLED.
 */
export async function gateKernel(
  inputs: GateInputs,
  others?: GateInputs,
  options: GateKernelOptions = {},
): Promise<Matrix> {
  const overlap = requireLaw(options);
  requireGateInputs('inputs', inputs);
  if (others) requireGateInputs('others', others, inputs);
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const kernel = covariance(inputs, others ?? inputs, options, linalg);
  const rows = variances(inputs, options);
  const columns = others ? variances(others, options) : rows;
  const pause = createPacer();
  for (let i = 0; i < kernel.rows; i++) {
    throwIfCancelled(options.signal, where);
    await pause();
    for (let j = others ? 0 : i; j < kernel.cols; j++) {
      const at = i * kernel.cols + j;
      const isParallel = rows[i] === columns[j] && Math.abs(kernel.data[at] - rows[i]) <= ROUNDING * rows[i];
      const isSame = isParallel && sameRow(inputs, i, others ?? inputs, j, options);
      kernel.data[at] = overlap(rows[i], isSame ? rows[i] : kernel.data[at], columns[j]);
      if (!others) kernel.data[j * kernel.cols + i] = kernel.data[at];
    }
  }
  return kernel;
}

/** Whether gates see the same at two inputs: rounding of their covariance would open an angle of 1e-8 there. */
function sameRow(a: GateInputs, i: number, b: GateInputs, j: number, { strength = 1 }: HalfSpaceLaw): boolean {
  const same = (p: Matrix, q: Matrix) => {
    for (let k = 0; k < p.cols; k++) if (p.data[i * p.cols + k] !== q.data[j * q.cols + k]) return false;
    return true;
  };
  return same(a.X, b.X) && (strength === 0 || !a.codes || !b.codes || same(a.codes, b.codes));
}

/** κ of every input with itself: the share of gates that it opens, length P. @throws As `gateKernel`. */
export function openShares(inputs: GateInputs, law: HalfSpaceLaw = {}): Float64Array {
  const overlap = requireLaw(law);
  requireGateInputs('inputs', inputs);
  return variances(inputs, law).map((k) => overlap(k, k, k));
}

/** Covariances of what drives a gate, x·x′/N0 + λ² z·z′/N_z. */
function covariance(a: GateInputs, b: GateInputs, { strength = 1 }: HalfSpaceLaw, linalg: LinalgBackend): Matrix {
  const fromInputs = linalg.gemm(a.X, b.X, { transB: true, alpha: 1 / a.X.cols });
  if (!a.codes || !b.codes) return fromInputs;
  const fromCodes = linalg.gemm(a.codes, b.codes, { transB: true, alpha: strength ** 2 / a.codes.cols });
  return add(fromInputs, fromCodes);
}

function variances({ X, codes }: GateInputs, { strength = 1 }: HalfSpaceLaw): Float64Array {
  const own = squareNorms(X);
  if (!codes) return own;
  const fromCodes = squareNorms(codes);
  return own.map((value, i) => value + strength ** 2 * fromCodes[i]);
}

function requireLaw({ threshold = 0, strength = 1 }: HalfSpaceLaw): ReturnType<typeof halfSpaceOverlap> {
  for (const [name, value] of Object.entries({ threshold, strength })) {
    if (!Number.isFinite(value)) throw inputError(where, `${name} is ${value}`, 'Give a finite number');
  }
  return halfSpaceOverlap(threshold);
}

function requireGateInputs(name: string, { X, codes }: GateInputs, like?: GateInputs): void {
  requireMatrix(where, `${name}.X (P × N0)`, X, like ? { cols: like.X.cols } : {});
  if (X.cols === 0) throw inputError(where, `${name}.X is ${shapeOf(X)}`, 'Give at least one column, N0 ≥ 1');
  if (like && Boolean(codes) !== Boolean(like.codes)) {
    throw inputError(where, `only one of inputs and others has codes`, 'Give codes of both, or of neither');
  }
  if (!codes) return;
  requireMatrix(where, `${name}.codes (P × N_z)`, codes, {
    rows: X.rows,
    ...(like?.codes ? { cols: like.codes.cols } : {}),
  });
  if (codes.cols === 0) {
    throw inputError(where, `${name}.codes is ${shapeOf(codes)}`, 'Give at least one column, N_z ≥ 1');
  }
}
