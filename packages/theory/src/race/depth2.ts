import { requireFinite, requirePositive } from './checks.ts';

const where = '@ggdln/theory';

/** A pathway of two layers: correlation s > 0 of its mode with the target, input variance d (default 1), time unit τ. */
export interface Pathway {
  readonly s: number;
  readonly d?: number;
  readonly tau?: number;
}

/**
 * Strength a(t) = c1 c2 of a pathway of two layers that start alike: τ da/dt = 2a(s − d a), from a(0) = a0 > 0.
 * Saxe, McClelland and Ganguli 2014, arXiv:1312.6120.
 * @throws GGDLN_INPUT unless s, d, τ and a0 are above 0.
 */
export function balancedStrength(pathway: Pathway & { readonly a0: number }, t: number): number {
  const { s, d = 1, tau = 1, a0 } = pathway;
  requirePositive(`${where} balancedStrength`, { s, d, tau, a0 });
  return s / d / (1 + (s / (d * a0) - 1) * Math.exp((-2 * s * t) / tau));
}

/** Weights of the two layers of a pathway at t = 0. */
export interface UnbalancedPathway extends Pathway {
  readonly c1: number;
  readonly c2: number;
}

/**
 * Strength a(t) = c1 c2 where τ dc1/dt = c2(s − d a), τ dc2/dt = c1(s − d a), from any weights: λ = |c2² − c1²| stays.
 * Written in (1 − u)/λ instead of u = tanh(θ/2), a = λ/2 sinh θ, it loses no digits at small λ and is the balanced
 * formula at λ = 0. Saxe, McClelland and Ganguli 2014, arXiv:1312.6120.
 * @throws GGDLN_INPUT unless s, d and τ are above 0 and the weights are finite.
 */
export function unbalancedStrength(pathway: UnbalancedPathway, t: number): number {
  const { d = 1, tau = 1, c1, c2 } = pathway;
  requirePositive(`${where} unbalancedStrength`, { s: pathway.s, d, tau });
  requireFinite(`${where} unbalancedStrength`, { c1, c2, t });
  const [s, time] = [pathway.s / d, (d * t) / tau];
  const lambda = Math.abs(c2 * c2 - c1 * c1);
  const a0 = c1 * c2;
  // Opposite and equal weights run into the saddle at 0; equal ones start at it when they are 0.
  if (lambda === 0 && a0 <= 0) return a0 === 0 ? 0 : s / (1 + (s / a0 - 1) * Math.exp(2 * s * time));
  const w = Math.hypot(lambda, 2 * s);
  const root = Math.hypot(lambda, 2 * a0);
  const u0 = (2 * a0) / (lambda + root);
  const lower = -(lambda + w) / (2 * s);
  // (1 − u)/λ at the start and at the end.
  const start =
    a0 > 0 ? (1 + lambda / (root + 2 * a0)) / (lambda + root) : (lambda + root - 2 * a0) / (lambda + root) / lambda;
  const end = (1 + (2 * s) / (w + lambda)) / (w + 2 * s);
  const kappa = ((end - start) / (u0 - lower)) * Math.exp(-w * time);
  const gap = (end - kappa * (1 - lower)) / (1 - lambda * kappa);
  const u = 1 - lambda * gap;
  return u / (gap * (1 + u));
}
