import { inputError } from '@ggdln/core';
import { chooseLinalg, type Matrix, requireMatrix } from '@ggdln/linalg';
import { squareNorms } from '../kernels/recursion.ts';
import { type NdkNetwork, requireNetwork, requireTimes } from './network.ts';
import { kernelAt, type NdkKind, twoTimeKernel } from './twoTime.ts';

/**
 * A two-time kernel of a wide network under Langevin learning: entry (i, j) is for row i of Xa at `times[0]` and row j
 * of Xb (Xa where absent) at `times[1]`. Source: Avidan, Li, Sompolinsky, arXiv:2309.04522; theory page ndk, section 3.
 * @throws GGDLN_INPUT for a network, inputs or times that don't fit.
 */
export async function ndkKernel(
  network: NdkNetwork,
  kind: NdkKind,
  times: readonly [number, number],
  Xa: Matrix,
  Xb?: Matrix,
): Promise<Matrix> {
  const where = '@ggdln/theory ndkKernel';
  requireNetwork(where, network);
  requireTimes(where, 'times', times);
  requireMatrix(where, 'Xa (P × N0)', Xa);
  if (Xa.cols === 0) throw inputError(where, `Xa is ${Xa.rows} × 0`, 'Give at least one column, N0 ≥ 1');
  if (Xb) requireMatrix(where, 'Xb (Q × N0)', Xb, { cols: Xa.cols });
  const { backend } = await chooseLinalg();
  const gram = backend.gemm(Xa, Xb ?? Xa, { transB: true, alpha: 1 / Xa.cols });
  const rowNorms = squareNorms(Xa);
  if (!Xb) for (let i = 0; i < Xa.rows; i++) gram.data[i * Xa.rows + i] = rowNorms[i];
  const base = { gram, rowNorms, colNorms: Xb ? squareNorms(Xb) : rowNorms };
  return kernelAt(base, twoTimeKernel(network, base), kind, times[0], times[1]);
}
