/** Deep networks in the limit L → ∞ with K_0 held fixed; `undefined` where s diverges. */
export interface DeepLimit {
  readonly u: number;
  readonly s: number | undefined;
}

/**
 * Where a deep linear network of equal widths, one output, full rank and T = 0 goes as its depth grows (section 5, item
 * 2): u → 1 and a finite s where σ²(1 − α) < 1, else u → σ²(1 − α) ≥ 1 and a diverging s.
 * @param load α = P/N. @param overlap r_0 = yᵀK_0⁻¹y/P.
 */
export function deepLimit(load: number, overlap: number, sigma: number): DeepLimit {
  const silent = sigma ** 2 * (1 - load);
  if (silent >= 1) return { u: silent, s: undefined };
  return { u: 1, s: (load * overlap) / (load - 1 + sigma ** -2) };
}
