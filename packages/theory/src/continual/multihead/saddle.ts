import { NotConvergedError } from '@ggdln/core';
import {
  hatted,
  type MultiHeadSetting,
  requireSetting,
  type Spectrum,
  type SpectrumPoint,
  spectrumOf,
} from './spectrum.ts';

/** The saddle of the second head. */
export interface MultiHeadSaddle {
  /** u = |a2|²/N. */
  readonly u: number;
  /** The multiplier ζ. */
  readonly zeta: number;
  /** c² = cos²(a1, a2), the overlap of the heads. */
  readonly cosSquared: number;
  /** c, of the sign of ρ. */
  readonly cosine: number;
  /** φ0 at ζ, which the old head's change needs. */
  readonly phi0: number;
  /**
   * N·Var[A]/⟨A⟩² of A = λ̃²wᵀR(ζ)w − ζ over random hidden layers at this ζ, ⟨A⟩ = λ̃²|w|²φ0 − ζ, which the overlap is inversely
   * proportional to: widths must be far above it. Overlap and forgetting of finite networks differ from theory by the order of
   * `crossoverWidth`/N. It grows like √λ in the phase `bad`, where ζ comes within 1/λ of the edge of the spectrum; for N below
   * λ^(3/2), levels there are farther apart than that, and deviations fall as N^(−2/3).
   */
  readonly crossoverWidth: number;
}

const where = '@ggdln/theory solveMultiHead';

/** Distances from ζ_max scanned, as factors of the spectrum's scale, ten a decade. */
const DECADES = { from: -14, to: 8, perDecade: 10 };

/**
 * Norm and direction of a fresh head for a second task on a linear hidden layer that task 1 has shaped, P, N → ∞ at
 * fixed α = P2/N. One-dimensional: all roots in ζ are searched and that of least action is taken.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, section 6.
 * @throws GGDLN_INPUT for a number out of range; NotConvergedError when no root is found.
 */
export function solveMultiHead(setting: MultiHeadSetting): MultiHeadSaddle {
  requireSetting(where, setting);
  const hat = hatted(setting);
  const spectrum = spectrumOf(setting, setting.lambda / hat);
  const roots = stationaryPoints(setting, spectrum, hat);
  if (roots.length === 0) return condensed(setting, spectrum, hat);
  const best = roots.reduce((a, b) => (action(setting, a, hat) <= action(setting, b, hat) ? a : b));
  const { point, u } = best;
  const { rho, Q, w2 } = setting;
  const W = w2 * (setting.lambda / hat) ** 2;
  const share = ((Q * rho * rho * W) / u) * (point.phi0 / (W * point.phi0 - point.zeta)) ** 2;
  return saddleAt(setting, best, rho === 0 ? 0 : share);
}

function saddleAt(setting: MultiHeadSetting, { point, u }: Root, cosSquared: number): MultiHeadSaddle {
  const cosine = Math.sign(setting.rho) * Math.sqrt(cosSquared);
  const { zeta, phi0 } = point;
  return { u, zeta, cosSquared, cosine, phi0, crossoverWidth: crossoverWidth(setting, point) };
}

/**
 * A fixed w sees R = 1 − λ̃G⊥(λ̃²G⊥ᵀG⊥ − ζ)⁻¹λ̃G⊥ᵀ in a random basis of P directions: Var[wᵀRw] = 2|w|⁴(Tr R²/P − φ0²)/P, and
 * R² = R − ζ dR/dζ.
 */
function crossoverWidth(setting: MultiHeadSetting, { zeta, phi0, phi0Slope }: SpectrumPoint): number {
  const W = setting.w2 * (setting.lambda / hatted(setting)) ** 2;
  if (W === 0) return 0;
  const variance = (2 * W * W * (phi0 - zeta * phi0Slope - phi0 * phi0)) / setting.alpha;
  return variance / (W * phi0 - zeta) ** 2;
}

/**
 * Where the first head says nothing of the targets (ρ = 0 or w = 0) and no ζ inside the range is stationary, ζ stays at
 * its end and the second head takes a share c² of the first one's direction, of either sign: the limit ρ → 0.
 */
function condensed(setting: MultiHeadSetting, spectrum: Spectrum, hat: number): MultiHeadSaddle {
  const { alpha, sigma2, Q } = setting;
  const point = spectrum.at(0);
  const W = setting.w2 * (setting.lambda / hat) ** 2;
  const half = (sigma2 * (alpha - 1)) / 2;
  const u = Math.sqrt(half * half + sigma2 * hat * Q * point.phi) - half;
  const share = (1 - point.gBar / (spectrum.scale * hat) + (Q * point.phiSlope) / u) / (1 - W * point.phiSlope);
  if (!(share >= 0 && share <= 1)) {
    const { lambda } = setting;
    throw new NotConvergedError(
      { where, problem: `no solution at α = ${alpha}, λ = ${lambda}, ρ = ${setting.rho}`, remedy: 'Is Q far from 1?' },
      { ...setting },
    );
  }
  return saddleAt(setting, { point, u }, share);
}

interface Root {
  readonly point: SpectrumPoint;
  readonly u: number;
}

/** Roots of u²/σ² + (α − 1)u = λ̂Qφ(ζ) with u(ζ) from the other condition, where λ̂ > g and u > 0. */
function stationaryPoints(setting: MultiHeadSetting, spectrum: Spectrum, hat: number): Root[] {
  const { alpha, sigma2, Q } = setting;
  const rootAt = (distance: number): Root => {
    const point = spectrum.at(distance);
    return { point, u: (-hat * Q * point.phiSlope) / (hat - point.gBar / spectrum.scale) };
  };
  const excess = ({ point, u }: Root) => (u * u) / sigma2 + (alpha - 1) * u - hat * Q * point.phi;
  const valid = ({ point, u }: Root) => hat > point.gBar / spectrum.scale && u > 0 && Number.isFinite(u);
  const roots: Root[] = [];
  let last: { distance: number; excess: number } | undefined;
  for (const distance of distances(spectrum, hat)) {
    const here = rootAt(distance);
    if (!valid(here)) {
      last = undefined;
      continue;
    }
    const value = excess(here);
    if (last && last.excess < 0 !== value < 0) {
      const distanceOf = bisectDistance(last.distance, distance, last.excess < 0, (d) => excess(rootAt(d)));
      roots.push(rootAt(distanceOf));
    }
    last = { distance, excess: value };
  }
  return roots;
}

/**
 * Distances below ζ_max, ascending: a grid dense at ζ_max, or where g = λ̂ if that comes first, and for α > 1 at ζ = 0
 * from both sides.
 */
function distances(spectrum: Spectrum, hat: number): number[] {
  const { end, scale } = spectrum;
  const { from, to, perDecade } = DECADES;
  const steps = Array.from({ length: (to - from) * perDecade + 1 }, (_, k) => 10 ** (from + k / perDecade));
  const first = poleDistance(spectrum, hat);
  const grid = steps.map((step) => first + step * scale);
  if (first > 0) grid.push(...steps.map((step) => first * (1 + step)));
  if (end > 0) {
    for (const step of steps) {
      if (step < 1) grid.push(end * (1 - step));
      grid.push(end * (1 + step));
    }
  }
  return grid.sort((a, b) => a - b).filter((distance, k, all) => distance > first && distance !== all[k - 1]);
}

/** Where g(ζ) = λ̂, above which nothing is stationary; 0 if g stays below. g ≤ 1/distance everywhere. */
function poleDistance(spectrum: Spectrum, hat: number): number {
  const tooLarge = (distance: number) => spectrum.at(distance).gBar / spectrum.scale >= hat;
  let [a, b] = [spectrum.scale * 10 ** DECADES.from, 1 / hat];
  if (!tooLarge(a)) return 0;
  while (b - a > Number.EPSILON * b) {
    const middle = a + (b - a) / 2;
    if (middle === a || middle === b) break;
    if (tooLarge(middle)) a = middle;
    else b = middle;
  }
  return a;
}

function bisectDistance(low: number, high: number, negativeAtLow: boolean, f: (distance: number) => number): number {
  let [a, b] = [low, high];
  while (b - a > Number.EPSILON * b) {
    const middle = a + (b - a) / 2;
    if (middle === a || middle === b) break;
    if (f(middle) < 0 === negativeAtLow) a = middle;
    else b = middle;
  }
  return a;
}

/** f(u, ζ) of section 6. */
function action({ alpha, sigma2, Q }: MultiHeadSetting, { point, u }: Root, hat: number): number {
  const { x, gBar, zeta, phi } = point;
  const bulk = alpha * Math.log1p(gBar) - Math.log(gBar) - x * gBar - 1;
  return u / sigma2 + (alpha - 1) * Math.log(u) + bulk + hat * zeta + (hat * Q * phi) / u;
}
