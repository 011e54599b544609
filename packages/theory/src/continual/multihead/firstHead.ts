import type { LinalgBackend } from '@ggdln/core';
import { add, columnVector, inner, type Matrix, trace } from '@ggdln/linalg';
import type { SolvedPair } from '../taskPair.ts';
import type { MultiHeadSaddle } from './saddle.ts';
import { hatted } from './spectrum.ts';

/** The first head on its own task, after the second task. */
export interface FirstHeadAfter {
  /** Mean change of its outputs on the inputs of task 1. */
  readonly change: Float64Array;
  /** Expected squared error on task 1, mean over its inputs. */
  readonly forgetting: number;
}

/** What is known of both tasks and heads. */
interface Known {
  readonly pair: SolvedPair;
  /** m = K21 K11⁻¹y1, P2 × 1. */
  readonly shown: Matrix;
  readonly u1: number;
  readonly gammaFeature: number;
  readonly saddle: MultiHeadSaddle;
  readonly sigma2: number;
  readonly lambda: number;
  readonly width: number;
}

/**
 * What the second task does to the first head: the hidden weights move along a2 by what task 2 leaves unexplained,
 * r = y2 − λ̃F a2, of which the old head sees its overlap c with a2,
 * Δf1 = (λ̃ − 1)f1 + c√(u1/u) K12K22⁻¹r. The mean of r is φ0(y2 − λ̃e m) (theory page continual, section 6). Its size follows
 * from the derivative of the action by λ̂: ⟨rᵀK22⁻¹r⟩ = Nu[ζ + (α + u/σ²)/λ̂]. What is not the mean is, in the metric of
 * K22⁻¹, noise of w, of covariance φ0²λ̃²c²uσ²(1 − K21K11⁻¹K12 K22⁻¹), and alike in all directions. The hidden weights
 * themselves add u1(K11 − c²K12K22⁻¹K21)/λ̂.
 */
export function firstHeadAfter(known: Known, linalg: LinalgBackend): FirstHeadAfter {
  const { pair, shown, u1, gammaFeature, saddle, sigma2, lambda, width } = known;
  const { K11, K12, K21, K22, from2, y1, y2 } = pair;
  const { u, cosine, cosSquared, phi0, zeta } = saddle;
  const precision = hatted({ lambda, sigma2 });
  const kept = lambda / precision;
  const [P1, P2] = [K11.rows, K22.rows];
  const surprise = add(columnVector(y2), shown, 1, -kept * cosine * Math.sqrt(u / u1));
  const solved = linalg.choleskySolve(linalg.cholesky(K22), surprise);
  const share = cosine * Math.sqrt(u1 / u);
  const moved = linalg.gemm(K12, solved).data;
  const change = y1.map((y, i) => (kept - 1) * y + share * phi0 * moved[i]);

  const size = width * u * (zeta + (P2 / width + u / sigma2) / precision);
  const noise = phi0 * phi0 * kept * kept * cosSquared * u * sigma2;
  const rest = size - phi0 * phi0 * inner(surprise, solved) - noise * P2 * (1 - gammaFeature);
  const seen = linalg.gemm(K12, from2);
  const half = linalg.triangularSolve(linalg.cholesky(K11), seen);
  const spread = (Math.max(0, rest) / P2) * trace(seen) + noise * (trace(seen) - inner(half, half));
  const weights = (u1 / precision) * (trace(K11) - cosSquared * inner(K21, from2));
  const squares = change.reduce((sum, value) => sum + value * value, 0);
  return { change, forgetting: (squares + share * share * spread + weights) / P1 };
}
