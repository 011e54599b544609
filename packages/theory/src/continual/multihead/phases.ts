import { type MultiHeadSetting, requireSetting, spectrumOf } from './spectrum.ts';

/** Phases as λ → ∞: A frozen representation, B good (head reused), C bad (catastrophic anterograde interference). */
export type MultiHeadPhase = 'frozen' | 'good' | 'bad';

/** The limit λ → ∞ of `solveMultiHead`. */
export interface MultiHeadLimit {
  readonly phase: MultiHeadPhase;
  /** u in the phases `frozen` and `good`, u/√λ in `bad`. */
  readonly value: number;
  /** |w|²(1 − ρ²) − σ²(α − √α): negative in B, positive in C; absent for α ≤ 1. */
  readonly transitionExcess?: number;
}

/** |w|²(1 − ρ²) − σ²(α − √α), whose sign separates the phases B and C; undefined for α ≤ 1. */
export function transitionExcess({
  alpha,
  sigma2,
  w2,
  rho,
}: Pick<MultiHeadSetting, 'alpha' | 'sigma2' | 'w2' | 'rho'>): number | undefined {
  return alpha <= 1 ? undefined : w2 * (1 - rho * rho) - sigma2 * (alpha - Math.sqrt(alpha));
}

/**
 * Phase and size of the second head as λ → ∞ (theory page continual, section 6). At α = 1 the head diverges.
 * @throws GGDLN_INPUT for a number out of range.
 */
export function multiHeadLimit(given: Omit<MultiHeadSetting, 'lambda'>): MultiHeadLimit {
  const setting = { ...given, lambda: 1 };
  requireSetting('@ggdln/theory multiHeadLimit', setting);
  const { alpha, sigma2, w2, rho, Q } = setting;
  const excess = transitionExcess(setting);
  if (excess === undefined) {
    const free = 1 / (sigma2 * (1 - alpha));
    const fitted = 1 - rho * rho + (rho * rho) / (1 + w2 * free);
    return { phase: 'frozen', value: alpha === 1 ? Number.POSITIVE_INFINITY : 1 / free + Q * free * fitted };
  }
  if (excess < 0 && rho !== 0) return { phase: 'good', value: reusedHead(setting), transitionExcess: excess };
  const threshold = w2 / (sigma2 * (alpha - Math.sqrt(alpha)));
  const edge = (1 - 1 / Math.sqrt(alpha)) * (1 - rho * rho - (rho === 0 ? 0 : (rho * rho) / (threshold - 1)));
  return { phase: 'bad', value: Math.sqrt(sigma2 * Q * edge), transitionExcess: excess };
}

/** u of phase B: −Qφ′ where |w|²(1 − ρ²)φ0(ζ) = ζ. */
function reusedHead(setting: MultiHeadSetting): number {
  const { w2, rho, Q } = setting;
  const left = w2 * (1 - rho * rho);
  if (left <= 0) return Q / w2;
  const spectrum = spectrumOf(setting, 1);
  let [low, high] = [0, spectrum.end];
  while (high - low > Number.EPSILON * spectrum.end) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    const { phi0, zeta } = spectrum.at(middle);
    if (left * phi0 - zeta < 0) low = middle;
    else high = middle;
  }
  return -Q * spectrum.at(low).phiSlope;
}
