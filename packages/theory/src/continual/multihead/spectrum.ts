import { inputError } from '@ggdln/core';
import { requirePositive } from '../network.ts';

/** The numbers that the second head of a linear network depends on, P and N large (theory page continual, section 6). */
export interface MultiHeadSetting {
  /** Load α = P2/N. */
  readonly alpha: number;
  /** Prior variance σ² of every weight. */
  readonly sigma2: number;
  /** Stiffness λ of the hidden weights. */
  readonly lambda: number;
  /** |w|², the squared size of what the old head's direction says of task 2. */
  readonly w2: number;
  /** ρ = cos(w, ỹ), −1 to 1. */
  readonly rho: number;
  /** Q = y2ᵀK22⁻¹y2/N. */
  readonly Q: number;
}

/** @throws GGDLN_INPUT for a number out of range. */
export function requireSetting(where: string, { alpha, sigma2, lambda, w2, rho, Q }: MultiHeadSetting): void {
  requirePositive(where, { alpha, sigma2, lambda, Q });
  if (!(w2 >= 0 && Number.isFinite(w2))) throw inputError(where, `w2 is ${w2}`, 'Give a finite number ≥ 0');
  if (!(Math.abs(rho) <= 1)) throw inputError(where, `rho is ${rho}`, 'Give a cosine, −1 ≤ ρ ≤ 1');
}

/** Where ζ is: its distance below the upper end of the range, so that nothing cancels near the end. */
export interface Spectrum {
  /** The upper end ζ_max of the range of ζ. */
  readonly end: number;
  /** σ²λ̃², the scale of the spectrum of λ̃²GᵀG; its lower edge is scale (√α − 1)². */
  readonly scale: number;
  at(distance: number): SpectrumPoint;
}

/** The functions of ζ that the saddle is made of. */
export interface SpectrumPoint {
  readonly zeta: number;
  readonly gBar: number;
  /** x = ζ/scale. */
  readonly x: number;
  readonly phi0: number;
  readonly phi0Slope: number;
  readonly phi: number;
  readonly phiSlope: number;
}

/** λ̂ = λ + σ⁻². */
export function hatted({ lambda, sigma2 }: Pick<MultiHeadSetting, 'lambda' | 'sigma2'>): number {
  return lambda + 1 / sigma2;
}

/**
 * The spectrum of λ̃²GᵀG: a Marchenko–Pastur bulk with one direction w singled out.
 * @param kept λ̃; 1 for λ → ∞.
 */
export function spectrumOf({ alpha, sigma2, w2, rho }: MultiHeadSetting, kept: number): Spectrum {
  const scale = sigma2 * kept * kept;
  const W = w2 * kept * kept;
  const edge = (Math.sqrt(alpha) - 1) ** 2;
  const bulk = alpha > 1 ? scale * edge : 0;
  const width = 4 * Math.sqrt(alpha);
  const bare = (x: number, belowEdge: number) => {
    const b = x - alpha + 1;
    const root = Math.sqrt(belowEdge * (belowEdge + width));
    const gBar = b < 0 ? 2 / (root - b) : -(b + root) / (2 * x);
    const slope = -(gBar * gBar + gBar) / (2 * x * gBar + b);
    return { gBar, phi0: 1 - 1 / alpha - (x * gBar) / alpha, phi0Slope: -(gBar + x * slope) / (alpha * scale) };
  };
  const outlier = alpha > 1 ? outlierBelow(bulk, (zeta) => W * bare(zeta / scale, edge - zeta / scale).phi0 - zeta) : 0;
  const end = Math.min(bulk, outlier);
  const gap = edge - end / scale;
  return {
    end,
    scale,
    at(distance) {
      const zeta = end - distance;
      const x = zeta / scale;
      const { gBar, phi0, phi0Slope } = bare(x, gap + distance / scale);
      const below = zeta - W * phi0;
      const share = W === 0 ? 0 : rho * rho;
      const factor = share === 0 ? 1 : 1 - share + (share * zeta) / below;
      const factorSlope = share === 0 ? 0 : (share * W * (zeta * phi0Slope - phi0)) / (below * below);
      return { zeta, x, gBar, phi0, phi0Slope, phi: phi0 * factor, phiSlope: phi0Slope * factor + phi0 * factorSlope };
    },
  };
}

/** The root of a decreasing function of ζ on (0, bulk), or `bulk` if it is still positive there. */
function outlierBelow(bulk: number, excess: (zeta: number) => number): number {
  let [low, high] = [0, bulk];
  if (excess(high) >= 0) return bulk;
  while (high - low > Number.EPSILON * bulk) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}
