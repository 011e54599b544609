import type { Matrix } from '@ggdln/core';
import { hadamard, matrix } from '@ggdln/linalg';
import { kernelPrefactor } from './dataTerms.ts';
import type { PreparedGgdln } from './prepare.ts';
import type { GgdlnPredictor } from './types.ts';

/**
 * Mean k^Tβ and variance s K0(x,x) g(x)^T U_1 g(x) − k^T H k on the test inputs.
 * @param U1 Full, D × D. @param H (K + TI)⁻¹ there, asked for where there are test inputs. @param beta H y.
 */
export function predictorAt(
  prepared: PreparedGgdln,
  sigma: number,
  U1: Matrix,
  { H, beta }: { readonly H: () => Matrix; readonly beta: Matrix },
): GgdlnPredictor {
  const { linalg, test, F, outputs } = prepared;
  const s = kernelPrefactor(prepared, sigma);
  const rows = test.F.rows;
  if (rows === 0) return { mean: matrix(0, outputs), variance: matrix(0, outputs) };
  const spread = linalg.gemm(test.F, U1);
  const cross = hadamard(test.K0, linalg.gemm(spread, F, { transB: true }), s);
  const explained = linalg.gemm(cross, H());
  const variance = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    variance[row] = s * test.norms[row] * rowDot(spread, test.F, row) - rowDot(explained, cross, row);
  }
  const shape = [rows / outputs, outputs] as const;
  return {
    mean: matrix(...shape, linalg.gemm(cross, beta).data),
    variance: matrix(...shape, variance),
  };
}

function rowDot(a: Matrix, b: Matrix, row: number): number {
  let sum = 0;
  for (let j = row * a.cols; j < (row + 1) * a.cols; j++) sum += a.data[j] * b.data[j];
  return sum;
}
