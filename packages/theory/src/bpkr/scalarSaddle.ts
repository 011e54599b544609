import { NotConvergedError } from '@ggdln/core';
import type { Direction } from './spectrum.ts';
import type { BpkrSetting } from './types.ts';

/** A solution of equation (4): log s and g(s). */
export interface Root {
  readonly logS: number;
  readonly g: number;
}

const where = '@ggdln/theory bpkr';

/** How far beyond the plausible values of log s roots are looked for, and how finely. */
const MARGIN = 40;
const STEP = 0.02;

/** Σ_l log(u_l/σ²) = Σ_l log(1 − g/N_l); −∞ where some u_l would not be positive. */
export function logShrinkage(g: number, widths: readonly number[]): number {
  let sum = 0;
  for (const width of widths) {
    if (g >= width) return Number.NEGATIVE_INFINITY;
    sum += Math.log1p(-g / width);
  }
  return sum;
}

/** g(s) of equation (3): the degrees of freedom that the data fix, less what the targets ask for. T > 0. */
function dataTermAt({ eigenvalues, squares }: Direction, temperature: number, s: number): number {
  let sum = 0;
  for (let i = 0; i < eigenvalues.length; i++) {
    const signal = s * eigenvalues[i];
    const share = 1 / (1 + temperature / signal);
    sum += share - (squares[i] * share) / (signal + temperature);
  }
  return sum;
}

/**
 * The only root at T = 0, where g = p − P r_0/s.
 * @param rank p. @param overlap P r_0 = yᵀK_0⁺y; where it is 0, s is σ^{2L} ∏(1 − p/N_l), or 0 if p ≥ min N_l.
 * @param widths Need not be whole: only p/N_l and P r_0/N_l enter.
 */
export function zeroTemperatureRoot(
  { rank, overlap }: { readonly rank: number; readonly overlap: number },
  { widths, sigma }: Pick<BpkrSetting, 'widths' | 'sigma'>,
): Root {
  const centre = 2 * widths.length * Math.log(sigma);
  if (overlap === 0) {
    const g = Math.min(rank, ...widths);
    return { logS: centre + logShrinkage(g, widths), g };
  }
  const gAt = (logS: number) => rank - overlap * Math.exp(-logS);
  const excess = (logS: number) => logS - centre - logShrinkage(gAt(logS), widths);
  let [low, high] = [centre, centre];
  for (let step = 1; excess(low) > 0; step *= 2) low -= step;
  for (let step = 1; excess(high) < 0; step *= 2) high += step;
  const logS = bisect(excess, low, high);
  return { logS, g: gAt(logS) };
}

/**
 * All roots at T > 0, by increasing s: a scan in log s, then bisection on each change of sign. There is at least one;
 * strong targets at high temperature have three.
 * @throws NotConvergedError when the scan finds none.
 */
export function positiveTemperatureRoots(direction: Direction, { widths, sigma, temperature }: BpkrSetting): Root[] {
  const centre = 2 * widths.length * Math.log(sigma);
  const gAt = (logS: number) => dataTermAt(direction, temperature, Math.exp(logS));
  const excess = (logS: number) => logS - centre - logShrinkage(gAt(logS), widths);
  const fitted = fittedScale(direction, centre);
  const low = Math.min(centre, fitted) - MARGIN;
  const steps = Math.ceil((Math.max(centre, fitted) + MARGIN - low) / STEP);
  const roots: Root[] = [];
  let last = excess(low);
  for (let k = 1; k <= steps; k++) {
    const [left, right] = [low + (k - 1) * STEP, low + k * STEP];
    const next = excess(right);
    if (last < 0 !== next < 0) {
      const logS = last < 0 ? bisect(excess, left, right) : bisect((x) => -excess(x), left, right);
      roots.push({ logS, g: gAt(logS) });
    }
    last = next;
  }
  if (roots.length === 0) {
    throw new NotConvergedError(
      {
        where,
        problem: `no solution with log s between ${low.toFixed(1)} and ${(low + steps * STEP).toFixed(1)}`,
        remedy: 'Are the targets or the temperature many orders of magnitude away from the inputs? Rescale them',
      },
      { low, high: low + steps * STEP },
    );
  }
  return roots;
}

/** log of the scale at which the targets would be typical of the prior, Σ c²/λ / p. */
function fittedScale({ eigenvalues, squares }: Direction, otherwise: number): number {
  let sum = 0;
  for (let i = 0; i < eigenvalues.length; i++) sum += squares[i] / eigenvalues[i];
  return sum > 0 ? Math.log(sum / eigenvalues.length) : otherwise;
}

/** Where an increasing function crosses 0, to rounding; it may be +∞ at the upper end. */
function bisect(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  while (b - a > Number.EPSILON * Math.max(0.5, Math.abs(a), Math.abs(b))) {
    const middle = a + (b - a) / 2;
    if (f(middle) < 0) a = middle;
    else b = middle;
  }
  return a;
}
