import type { LinalgBackend, Matrix } from '@ggdln/core';
import { chooseLinalg, columnVector, matrix } from '@ggdln/linalg';
import { kernelDiagonal, kernelMatrix } from '../kernels/kernelMatrix.ts';
import { linearActivation } from '../kernels/linear.ts';
import { reluActivation } from '../kernels/relu.ts';
import { eigenbasisOf, type Spectrum } from './spectrum.ts';
import type { BpkrData, BpkrOptions } from './types.ts';
import { checkData } from './validate.ts';

/** Data made ready once for any number of solves: the kernel's eigenbasis. Treat it as opaque. */
export interface PreparedBpkr {
  readonly linalg: LinalgBackend;
  readonly data: BpkrData;
  /** Hidden layers that the kernel already holds: 0 for the linear kernel, L for the ReLU heuristic's. */
  readonly kernelDepth: number;
  /** Orthonormal eigenvectors of the kernel, P × p. */
  readonly V: Matrix;
  /** Of the kernel with σ = 1. */
  readonly spectrum: Spectrum;
  /** Test inputs: the kernel with σ = 1 between them and the eigenvectors (P_test × p), and its diagonal. */
  readonly test: { readonly kV: Matrix; readonly diagonal: Float64Array };
}

/**
 * Prepares data for `solvePreparedBpkr`, for instance for a sweep over widths: one eigendecomposition, O(P³).
 * @throws GGDLN_INPUT for shapes that don't fit or numbers that aren't finite.
 */
export async function prepareBpkr(data: BpkrData, options: BpkrOptions = {}): Promise<PreparedBpkr> {
  return prepareWithKernel(data, 0, options);
}

/** @param kernelDepth Hidden ReLU layers of the kernel; 0 is the linear kernel x·x′/N0. */
export async function prepareWithKernel(
  data: BpkrData,
  kernelDepth: number,
  options: BpkrOptions,
): Promise<PreparedBpkr> {
  checkData(data);
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const { X, test, y } = data;
  const network =
    kernelDepth === 0
      ? { activation: linearActivation, sigmas: [1, 1] }
      : { activation: reluActivation, sigmas: new Array<number>(kernelDepth + 1).fill(1) };
  const watchers = { linalg, ...(options.signal ? { signal: options.signal } : {}) };
  const Y = y instanceof Float64Array ? columnVector(y) : y;
  const { V, spectrum } = eigenbasisOf(await kernelMatrix(network, 'nngp', X, undefined, watchers), Y, linalg);
  const testX = test?.X ?? matrix(0, X.cols);
  const kV = linalg.gemm(await kernelMatrix(network, 'nngp', testX, X, watchers), V);
  return { linalg, data, kernelDepth, V, spectrum, test: { kV, diagonal: kernelDiagonal(network, 'nngp', testX) } };
}
