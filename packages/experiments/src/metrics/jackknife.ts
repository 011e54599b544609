/** A number estimated from batches: bias-corrected value and standard error. */
export interface JackknifeEstimate {
  readonly value: number;
  readonly stderr: number;
}

/**
 * Delete-one jackknife of a smooth statistic over B independent batches of equal size.
 *
 * With θ̂ from all batches, θ_b from all but batch b, and θ̄ = (1/B) Σ_b θ_b:
 *
 * - value = B θ̂ − (B − 1) θ̄, which removes the O(1/B) bias (all of it when θ is quadratic in batch means),
 * - stderr = √[ (B − 1)/B · Σ_b (θ_b − θ̄)² ].
 *
 * Source: B. Efron and C. Stein, The jackknife estimate of variance, Annals of Statistics 9:586 (1981).
 * @param count B ≥ 2.
 * @param statistic θ from all batches (`undefined`), or from all but one.
 */
export function jackknife(count: number, statistic: (without: number | undefined) => number): JackknifeEstimate {
  const whole = statistic(undefined);
  const parts = Array.from({ length: count }, (_, b) => statistic(b));
  const mean = parts.reduce((sum, part) => sum + part, 0) / count;
  const scatter = parts.reduce((sum, part) => sum + (part - mean) ** 2, 0);
  return {
    value: whole + (count - 1) * (whole - mean),
    stderr: Math.sqrt(((count - 1) / count) * scatter),
  };
}
