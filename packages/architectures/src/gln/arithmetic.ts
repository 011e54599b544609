/** Σ_j a[from + j] b[j] over all of b. Four partial sums let the processor overlap the additions. */
export function dotAt(a: Float64Array, from: number, b: Float64Array): number {
  const n = b.length;
  const whole = n - (n % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let j = 0; j < whole; j += 4) {
    s0 += a[from + j] * b[j];
    s1 += a[from + j + 1] * b[j + 1];
    s2 += a[from + j + 2] * b[j + 2];
    s3 += a[from + j + 3] * b[j + 3];
  }
  for (let j = whole; j < n; j++) s0 += a[from + j] * b[j];
  return s0 + s1 + (s2 + s3);
}

/** The number in [min, max] that is nearest to `value`; NaN stays NaN. */
export function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

/** σ(a) = 1/(1 + e^−a), without overflow. A base prediction of a Bernoulli network is often σ of an input. */
export function sigmoid(a: number): number {
  if (a >= 0) return 1 / (1 + Math.exp(-a));
  const e = Math.exp(a);
  return e / (1 + e);
}
