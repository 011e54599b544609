import { gaussLegendre, normalCdf, owenT, type QuadratureRule } from './normal.ts';

/** Enough for all digits of Owen's integral on [0, 1]: its poles ±i leave an error of about 4.6^−2n. */
const POINTS = 20;

/**
 * κ: the share of infinitely many random half-spaces that are open at two inputs, P(u > b, v > b) for normal (u, v)
 * with covariance [[k11, k12], [k12, k22]] (theory page ggdln, section 9). For b = 0 it is (π − θ)/2π. Otherwise
 * Plackett's integral, by Owen's function: there the integrand has no pole as the inputs become parallel. For nearly
 * parallel inputs the angle carries an error of up to 1e-8; it is exact where all three arguments are the same.
 * @param threshold b. A boundary is closed: an input without variance has no open gate at b = 0.
 */
export function halfSpaceOverlap(threshold: number): (k11: number, k12: number, k22: number) => number {
  const rule = gaussLegendre(POINTS);
  return (k11, k12, k22) => {
    if (k11 === 0 || k22 === 0) return overlapWithConstant(threshold, Math.max(k11, k22));
    const [first, second] = [Math.sqrt(k11), Math.sqrt(k22)];
    const isSame = k12 === k11 && k12 === k22;
    const cosine = isSame ? 1 : Math.max(-1, Math.min(1, k12 / (first * second)));
    if (threshold === 0) return (Math.PI - Math.acos(cosine)) / (2 * Math.PI);
    return jointTail(-threshold / first, -threshold / second, cosine, rule);
  };
}

/** One of the two inputs drives no gate: all of its gates are open, or none is. @param k Variance of the other. */
function overlapWithConstant(threshold: number, k: number): number {
  if (threshold >= 0) return 0;
  return k === 0 ? 1 : normalCdf(-threshold / Math.sqrt(k));
}

/** P(u < h, v < k) of standard normals with correlation ρ, for h and k of the same sign. */
function jointTail(h: number, k: number, rho: number, rule: QuadratureRule): number {
  const [below, belowOther] = [normalCdf(h), normalCdf(k)];
  const sine = Math.sqrt((1 - rho) * (1 + rho));
  if (sine === 0) return rho > 0 ? Math.min(below, belowOther) : Math.max(0, below + belowOther - 1);
  const owen = owenT(h, (k / h - rho) / sine, rule) + owenT(k, (h / k - rho) / sine, rule);
  return Math.max(0, 0.5 * (below + belowOther) - owen);
}
