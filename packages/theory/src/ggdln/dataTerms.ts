import type { Matrix } from '@ggdln/core';
import { add, columnVector, hadamard, inner, matrix, scaleRows } from '@ggdln/linalg';
import { logDeterminant } from './chain.ts';
import type { PreparedGgdln } from './prepare.ts';
import type { KernelRange } from './range.ts';
import type { GgdlnSetting } from './types.ts';

/** At T = 0, directions with less than this of the largest eigenvalue of K0 ∘ FFᵀ are outside the range (section 6). */
const RANGE_CUT = 1e-10;
/** At T > 0 only directions that are zero up to rounding are split off: what they do is known exactly. */
const ROUNDING_CUT = 1e-13;
/** T over the mean of K's diagonal below which targets outside the range, amplified to y/T, would drown the rest. */
const SMALL_TEMPERATURE = 1e-3;

/** What the data say about U_1 at some U_1, everything from one factorisation of K + TI. */
export interface DataTerms {
  /** K(U), rows × rows. */
  readonly K: Matrix;
  /** (K + TI)⁻¹; where the kernel is singular, its part on the range of K, which is all that K ever meets. */
  readonly H: Matrix;
  /** H y, rows × 1. */
  readonly beta: Matrix;
  /** A and B of section 2 (R × R, divided by N_1). */
  readonly A: Matrix;
  readonly B: Matrix;
  readonly logdet: number;
  readonly yKinvy: number;
  readonly effectiveDof: number;
  readonly yKinvKKinvy: number;
}

/** s = σ² / Π M_l, without the outputs. */
export function kernelPrefactor(prepared: PreparedGgdln, sigma: number): number {
  return sigma ** 2 / prepared.gateCounts.reduce((product, count) => product * count, 1);
}

/** σ^{2(L−l+1)}: the order parameters of an infinitely wide network are this times I. @param t L − l. */
export function infiniteWidthScale(t: number, sigma: number): number {
  return sigma ** (2 * (t + 1));
}

/**
 * The range that the data terms are restricted to at this temperature; `undefined` for all directions. At T > 0 the
 * rest of K + TI is TI and meets nothing but the targets, so splitting it off is exact; it is done where P exceeds the
 * rank for certain (it is cheaper then) and where T is small (it keeps the digits).
 */
export function rangeAt(
  prepared: PreparedGgdln,
  setting: Pick<GgdlnSetting, 'sigma' | 'temperature'>,
): KernelRange | undefined {
  const { sigma, temperature } = setting;
  const { y, inputs, gateRank, dimensions } = prepared;
  if (temperature === 0) return prepared.range(RANGE_CUT);
  const priorScale = kernelPrefactor(prepared, sigma) * infiniteWidthScale(dimensions.length - 1, sigma);
  const isSmall = temperature < SMALL_TEMPERATURE * priorScale * prepared.meanNorm;
  return y.length > inputs * gateRank || isSmall ? prepared.range(ROUNDING_CUT) : undefined;
}

/** @param lambda Cholesky factor of U_1 (or of V), R × R. @throws GGDLN_NUMERICAL when K + TI can't be factorised. */
export function dataTerms(prepared: PreparedGgdln, setting: GgdlnSetting, lambda: Matrix): DataTerms {
  const { K0, linalg } = prepared;
  const s = kernelPrefactor(prepared, setting.sigma);
  const F = prepared.reduced?.F ?? prepared.F;
  const K = hadamard(K0, linalg.syrk(linalg.gemm(F, lambda)), s);
  const inverted = invert(prepared, setting.temperature, K, rangeAt(prepared, setting));
  const { H, beta } = inverted;
  const weight = s / setting.widths[setting.widths.length - 1];
  const targeted = scaleRows(F, beta.data);
  return {
    K,
    ...inverted,
    A: linalg.gemm(F, linalg.gemm(hadamard(H, K0), F), { transA: true, alpha: weight }),
    B: linalg.gemm(targeted, linalg.gemm(K0, targeted), { transA: true, alpha: weight }),
    effectiveDof: inner(H, K),
    yKinvKKinvy: inner(beta, linalg.gemm(K, beta)),
  };
}

/** (K + TI)⁻¹ and what comes with it, on the range of K if one is given. */
function invert(
  { linalg, y }: PreparedGgdln,
  temperature: number,
  K: Matrix,
  range: KernelRange | undefined,
): Pick<DataTerms, 'H' | 'beta' | 'logdet' | 'yKinvy'> {
  const targets = columnVector(y);
  if (!range) {
    const factor = linalg.cholesky(plusDiagonal(K, temperature));
    const beta = linalg.choleskySolve(factor, targets);
    return {
      H: linalg.choleskyInverse(factor),
      beta,
      logdet: logDeterminant(factor),
      yKinvy: inner(targets, beta),
    };
  }
  const { Q } = range;
  const factor = linalg.cholesky(plusDiagonal(linalg.gemm(Q, linalg.gemm(K, Q), { transA: true }), temperature));
  const inside = linalg.gemm(Q, targets, { transA: true });
  const betaInside = linalg.choleskySolve(factor, inside);
  const outside = add(targets, linalg.gemm(Q, inside), 1, -1);
  const missing = Q.rows - Q.cols;
  return {
    H: linalg.gemm(linalg.gemm(Q, linalg.choleskyInverse(factor)), Q, { transB: true }),
    beta: linalg.gemm(Q, betaInside),
    logdet: logDeterminant(factor) + (temperature > 0 ? missing * Math.log(temperature) : 0),
    yKinvy: inner(inside, betaInside) + (temperature > 0 ? inner(outside, outside) / temperature : 0),
  };
}

function plusDiagonal(a: Matrix, value: number): Matrix {
  const out = matrix(a.rows, a.cols, a.data.slice());
  for (let i = 0; i < a.rows; i++) out.data[i * a.cols + i] += value;
  return out;
}
