const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
/** Beyond it erf is ±1 in float64. */
const SATURATED = 6;
/** The series needs less than this many terms up to there. */
const FACTORS = Float64Array.from({ length: 160 }, (_, n) => 2 / (2 * n + 1));

/** erf′(h) = (2/√π) exp(−h²). */
export function erfSlope(h: number): number {
  return TWO_OVER_ROOT_PI * Math.exp(-h * h);
}

/**
 * erf(h) = (2/√π) ∫₀ʰ exp(−t²) dt, to some units in the last place (at most 4e-15), from its series with positive terms only
 * (2/√π) exp(−h²) Σ_n 2ⁿ h²ⁿ⁺¹/(2n + 1)!!, whose first factor is `slope`, erf′(h).
 */
export function erf(h: number, slope: number = erfSlope(h)): number {
  if (!(Math.abs(h) < SATURATED)) return Math.sign(h);
  const square = h * h;
  let term = h;
  let sum = h;
  for (let n = 1; n < FACTORS.length; n++) {
    term *= square * FACTORS[n];
    sum += term;
    if (Math.abs(term) <= 1e-17 * Math.abs(sum)) break;
  }
  return slope * sum;
}
