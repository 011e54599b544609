import type { LinalgBackend } from '@ggdln/core';
import { add, chooseLinalg, columnVector, identity, inner, type Matrix, matrix, trace, transpose } from '@ggdln/linalg';
import { overlapTraces, type SolvedPair, solvePair, type TaskPair } from './taskPair.ts';

/** Similarities of two tasks as a network of infinite width sees them (theory page continual, section 4). */
export interface ContinualOrderParameters {
  /** γ_feature = Tr Π1Π2/P: how far the tasks use the same features, 0 to 1. */
  readonly feature: number;
  /** γ2 = Tr (Π1Π2)²/P, between γ_feature² and γ_feature. */
  readonly feature2: number;
  /** γ_rule = cos(V1, V2): how far they want the same of their features, −1 to 1; 0 where a task's targets are 0. */
  readonly rule: number;
  /** Label-weighted γ_rf, of task 2's rule on both tasks' features. Not symmetric in the tasks. */
  readonly relevantFeature: number;
  /** Label-weighted γ_r. For exchangeable tasks the mean forgetting is E[γ_rf − γ_r]. */
  readonly relevantRule: number;
}

/** P of the normalised traces: the smaller task, so that 1 is full overlap. */
function pairSize({ K11, K22 }: TaskPair): number {
  return Math.min(K11.rows, K22.rows);
}

const where = '@ggdln/theory continualOrderParameters';

/**
 * The order parameters of two tasks from their kernel blocks; see `taskPair`.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, section 4.
 * @throws GGDLN_INPUT for blocks that don't fit; GGDLN_NUMERICAL for a task whose kernel is singular.
 */
export async function continualOrderParameters(
  pair: TaskPair,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<ContinualOrderParameters> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const solved = solvePair(where, pair, linalg);
  const { K12, K21, y1, y2, from1, from2, p1, p2 } = solved;
  const traces = overlapTraces(solved);
  const P = pairSize(pair);
  const norms = Math.sqrt(inner(columnVector(y1), p1) * inner(columnVector(y2), p2));
  const shown = linalg.gemm(K12, p2);
  const back = linalg.gemm(K21, p1);
  const e12 = linalg.gemm(from1, shown, { transA: true });
  const e21 = linalg.gemm(from2, back, { transA: true });
  return {
    feature: traces.first / P,
    feature2: traces.second / P,
    rule: norms === 0 ? 0 : inner(p1, shown) / norms,
    relevantFeature: (inner(shown, shown) + inner(e12, e12)) / P,
    relevantRule: (inner(shown, e21) + inner(e12, back)) / P,
  };
}

/** Forgetting of task 1 by task 2 in the limit λ → ∞, mode `gradient`. */
export interface PairForgetting {
  /** F_{2,1} = |δ|²/P, δ the change of the outputs on task 1. */
  readonly forgetting: number;
  /** δᵀK11⁻¹δ/P. */
  readonly whitened: number;
}

/**
 * Forgetting of the first task after the second: δ = K12 K22⁻¹(y2 − K21 K11⁻¹y1).
 * @throws As `continualOrderParameters`.
 */
export async function pairForgetting(
  pair: TaskPair,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<PairForgetting> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const solved = solvePair('@ggdln/theory pairForgetting', pair, linalg);
  const missing = add(columnVector(pair.y2), linalg.gemm(solved.K21, solved.p1), 1, -1);
  const delta = linalg.gemm(solved.from2, missing, { transA: true });
  const P = delta.rows;
  const whitened = linalg.triangularSolve(linalg.cholesky(pair.K11), delta);
  return { forgetting: inner(delta, delta) / P, whitened: inner(whitened, whitened) / P };
}

/** Means of the forgetting over random rules of correlation r; see `meanPairForgetting`. */
export interface MeanPairForgetting {
  /** Of the whitened forgetting, for teachers in feature space: γ_feature + (1 − 2r)γ2. */
  readonly whitened: number;
  /** Of F_{2,1}, for the same teachers: Cov(Y) = K. */
  readonly kernelLabels: number;
  /** Of F_{2,1}, for white labels with E[Y2 Y1ᵀ] = rI; only where the tasks have as many examples. */
  readonly whiteLabels?: number;
}

/**
 * Forgetting of task 1 averaged over random rules whose components have correlation r in the two tasks.
 * Source: theory page continual, section 4.
 * @param correlation r, −1 to 1.
 * @throws As `continualOrderParameters`.
 */
export async function meanPairForgetting(
  pair: TaskPair,
  correlation: number,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<MeanPairForgetting> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const solved = solvePair('@ggdln/theory meanPairForgetting', pair, linalg);
  const traces = overlapTraces(solved);
  const P = pair.K11.rows;
  const r = correlation;
  const taught = linalg.gemm(solved.from1, solved.K12, { transA: true });
  const kernelLabels = forgottenVariance(solved, add(pair.K22, taught, 1, 1 - 2 * r)) / P;
  const means = { whitened: (traces.first + (1 - 2 * r) * traces.second) / P, kernelLabels };
  return pair.K22.rows === P ? { ...means, whiteLabels: forgottenVariance(solved, whiteLabels(solved, r)) / P } : means;
}

/** I + AAᵀ − r(A + Aᵀ), A = K21 K11⁻¹. */
function whiteLabels({ from1, linalg }: SolvedPair, r: number): Matrix {
  const A = transpose(from1);
  return add(add(identity(A.rows), linalg.syrk(A)), add(A, from1), 1, -r);
}

/** Tr B S Bᵀ, B = K12 K22⁻¹. */
function forgottenVariance({ from2, linalg }: SolvedPair, S: Matrix): number {
  return trace(linalg.gemm(linalg.gemm(from2, S, { transA: true }), from2));
}

/**
 * Anterograde interference: what task 1 adds to the outputs on held-out inputs after task 2,
 * [K_x1 − K_x2 K22⁻¹K21] K11⁻¹y1, beside what task 2 alone would give (mode `gradient`).
 * @param Kx1 Q × P1. @param Kx2 Q × P2.
 * @throws As `continualOrderParameters`.
 */
export async function anterogradeInterference(
  pair: TaskPair,
  { Kx1, Kx2 }: { readonly Kx1: Matrix; readonly Kx2: Matrix },
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<{ readonly alone: Float64Array; readonly interference: Float64Array }> {
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const { p1, p2, from2 } = solvePair('@ggdln/theory anterogradeInterference', pair, linalg);
  const rest = add(Kx1, linalg.gemm(Kx2, from2), 1, -1);
  return { alone: linalg.gemm(Kx2, p2).data, interference: linalg.gemm(rest, p1).data };
}

/** Every pair (i, j) of a sequence: five matrices T × T, row i being task 1 of the pair. */
export async function orderParameterMatrices(
  pairs: (i: number, j: number) => TaskPair | Promise<TaskPair>,
  tasks: number,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<{ readonly [Name in keyof ContinualOrderParameters]: Matrix }> {
  const names = ['feature', 'feature2', 'rule', 'relevantFeature', 'relevantRule'] as const;
  const out = Object.fromEntries(names.map((name) => [name, matrix(tasks, tasks)])) as {
    [Name in keyof ContinualOrderParameters]: Matrix;
  };
  for (let i = 0; i < tasks; i++) {
    for (let j = 0; j < tasks; j++) {
      const found = await continualOrderParameters(await pairs(i, j), options);
      for (const name of names) out[name].data[i * tasks + j] = found[name];
    }
  }
  return out;
}
