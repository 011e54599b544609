import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, columnVector, inner, matrix, mirrorLower, scaleRows, symmetrise } from '@ggdln/linalg';
import { logDeterminant } from './chain.ts';
import { assembleKernel, gatedTrace } from './kernelBlocks.ts';
import type { PreparedGgdln } from './prepare.ts';
import type { KernelRange } from './range.ts';
import type { GgdlnSetting } from './types.ts';
import type { Workspace } from './workspace.ts';

/** At T = 0, directions with less than this of the largest eigenvalue of K0 ∘ FFᵀ are outside the range (section 6). */
const RANGE_CUT = 1e-10;
/** At T > 0 only directions that are zero up to rounding are split off: what they do is known exactly. */
const ROUNDING_CUT = 1e-13;
/** T over the mean of K's diagonal below which targets outside the range, amplified to y/T, would drown the rest. */
const SMALL_TEMPERATURE = 1e-3;

/** What the data say about U_1 at some U_1, everything from one factorisation of K + TI. */
export interface DataTerms {
  /** H y, rows × 1, with H = (K + TI)⁻¹, or where the kernel is singular its part on the range of K. */
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

/**
 * Leaves the lower triangle of H in the workspace.
 * @param lambda Cholesky factor of U_1 (or of V), R × R.
 * @throws GGDLN_NUMERICAL when K + TI can't be factorised.
 */
export function dataTerms(
  prepared: PreparedGgdln,
  setting: GgdlnSetting,
  lambda: Matrix,
  workspace: Workspace,
): DataTerms {
  const { linalg } = prepared;
  const F = gatesOf(prepared);
  const s = kernelPrefactor(prepared, setting.sigma);
  const inverted = invert(prepared, setting, linalg.gemm(F, lambda), workspace);
  const weight = s / setting.widths[setting.widths.length - 1];
  const A = gatedTrace(prepared, workspace.kernel.data, F, weight, workspace.block);
  const B = targetTrace(prepared, F, inverted.beta, weight);
  // tr(HK) = N_1 tr(U_1 A) and βᵀKβ = N_1 tr(U_1 B), with no difference of large numbers.
  const U = linalg.syrk(lambda);
  const width = setting.widths[setting.widths.length - 1];
  const terms = { ...inverted, A, B, effectiveDof: width * inner(U, A), yKinvKKinvy: width * inner(U, B) };
  workspace.holder = terms;
  return terms;
}

/**
 * H of these data terms with its lower triangle, computed again if the workspace has moved on. Valid until its next use.
 */
export function inverseOf(
  prepared: PreparedGgdln,
  setting: Pick<GgdlnSetting, 'sigma' | 'temperature'>,
  lambda: Matrix,
  data: DataTerms,
  workspace: Workspace,
): Matrix {
  if (workspace.holder !== data) {
    invert(prepared, setting, prepared.linalg.gemm(gatesOf(prepared), lambda), workspace);
    workspace.holder = data;
  }
  return workspace.kernel;
}

/** `inverseOf` with both triangles. */
export function wholeInverseOf(...given: Parameters<typeof inverseOf>): Matrix {
  const workspace = given[4];
  const H = inverseOf(...given);
  if (!workspace.isWhole) mirrorLower(H);
  workspace.isWhole = true;
  return H;
}

/** The composite gates, in their row space where that is used. */
export function gatesOf({ F, reduced }: Pick<PreparedGgdln, 'F' | 'reduced'>): Matrix {
  return reduced?.F ?? F;
}

/**
 * weight · Fᵀ diag(β) K0 diag(β) F: through the inputs, as (SᵀX)(SᵀX)ᵀ / N0 with S = diag(β) F summed over outputs,
 * where they are fewer than the examples.
 */
function targetTrace({ linalg, K0, X, outputs }: PreparedGgdln, F: Matrix, beta: Matrix, weight: number): Matrix {
  const S = sumOverOutputs(scaleRows(F, beta.data), outputs);
  if (X.cols < X.rows) {
    // In this order: of two matrices, BLAS takes the smaller one transposed nearly twice as fast.
    return linalg.syrk(linalg.gemm(S, X, { transA: true }), { alpha: weight / X.cols });
  }
  return symmetrise(linalg.gemm(S, linalg.gemm(K0, S), { transA: true, alpha: weight }));
}

/** Adds up the rows (μ, c) of each example μ. */
function sumOverOutputs(a: Matrix, outputs: number): Matrix {
  if (outputs === 1) return a;
  const out = matrix(a.rows / outputs, a.cols);
  for (let row = 0; row < a.rows; row++) {
    const to = Math.floor(row / outputs) * a.cols;
    for (let j = 0; j < a.cols; j++) out.data[to + j] += a.data[row * a.cols + j];
  }
  return out;
}

/** (K + TI)⁻¹ into the workspace and what comes with it, on the range of K if one is given. @param G F Λ. */
function invert(
  prepared: PreparedGgdln,
  setting: Pick<GgdlnSetting, 'sigma' | 'temperature'>,
  G: Matrix,
  workspace: Workspace,
): Pick<DataTerms, 'beta' | 'logdet' | 'yKinvy'> {
  const { linalg, y } = prepared;
  const { kernel, block } = workspace;
  const { sigma, temperature } = setting;
  const s = kernelPrefactor(prepared, sigma);
  const range = rangeAt(prepared, setting);
  const targets = columnVector(y);
  workspace.holder = undefined;
  if (range) {
    assembleKernel(prepared, G, { s, temperature: 0 }, kernel.data, block);
    mirrorLower(kernel);
    workspace.isWhole = true;
    return invertOnRange(linalg, range, temperature, targets, kernel);
  }
  assembleKernel(prepared, G, { s, temperature }, kernel.data, block);
  const factor = linalg.cholesky(kernel, { overwrite: true });
  const beta = linalg.choleskySolve(factor, targets);
  const logdet = logDeterminant(factor);
  workspace.kernel = linalg.choleskyInverse(factor, { overwrite: true, lowerOnly: true });
  workspace.isWhole = false;
  return { beta, logdet, yKinvy: inner(targets, beta) };
}

/** H = Q (QᵀKQ + T)⁻¹ Qᵀ in the place of K. */
function invertOnRange(
  linalg: LinalgBackend,
  { Q }: KernelRange,
  temperature: number,
  targets: Matrix,
  K: Matrix,
): Pick<DataTerms, 'beta' | 'logdet' | 'yKinvy'> {
  const inside = linalg.gemm(Q, linalg.gemm(K, Q), { transA: true });
  for (let i = 0; i < inside.rows; i++) inside.data[i * inside.cols + i] += temperature;
  const factor = linalg.cholesky(inside, { overwrite: true });
  const targetsInside = linalg.gemm(Q, targets, { transA: true });
  const betaInside = linalg.choleskySolve(factor, targetsInside);
  const outside = add(targets, linalg.gemm(Q, targetsInside), 1, -1);
  const logdet = logDeterminant(factor);
  const missing = Q.rows - Q.cols;
  linalg.gemm(linalg.gemm(Q, linalg.choleskyInverse(factor, { overwrite: true })), Q, { transB: true, out: K });
  return {
    beta: linalg.gemm(Q, betaInside),
    logdet: logdet + (temperature > 0 ? missing * Math.log(temperature) : 0),
    yKinvy: inner(targetsInside, betaInside) + (temperature > 0 ? inner(outside, outside) / temperature : 0),
  };
}
