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
  requireFinite(`${where} balancedStrength`, { t });
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
  // Opposite and equal weights run into the saddle at 0 (a λ whose square underflows counts as equal).
  if (lambda < 1e-140 && a0 <= 0) return a0 === 0 ? 0 : s / (1 + (s / a0 - 1) * Math.exp(2 * s * time));
  const w = Math.hypot(lambda, 2 * s);
  const root = Math.hypot(lambda, 2 * a0);
  // (1 − u)/λ at the start and at the end, 1 + u at the start, and −(1 + u₋)/λ: sums of terms of one sign.
  const small = (1 + lambda / (root + 2 * Math.abs(a0))) / (lambda + root);
  const large = 1 + (2 * Math.abs(a0)) / (lambda + root);
  const start = a0 > 0 ? small : large / lambda;
  const end = (1 + (2 * s) / (w + lambda)) / (w + 2 * s);
  const plus0 = a0 > 0 ? large : lambda * small;
  const under = (1 + lambda / (w + 2 * s)) / (2 * s);
  const kappa = ((end - start) / (plus0 + lambda * under)) * Math.exp(-w * time);
  const gap = (end - kappa * (2 + lambda * under)) / (1 - lambda * kappa);
  const plus = (2 - lambda * end + lambda * kappa * lambda * under) / (1 - lambda * kappa);
  return (plus - lambda * gap) / 2 / (gap * plus);
}
