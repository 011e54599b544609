import { GgdlnError } from '@ggdln/core';

/** The loss at which a run counts as diverged, in units of its natural scale. */
const DIVERGED = 1e6;

/** What is known when a run has diverged. */
export interface Divergence {
  readonly where: string;
  readonly step: number;
  /** E at the start and now (not finite when float32 overflowed). */
  readonly loss: { readonly start: number; readonly now: number };
  /** Size of a step and the name of its option. */
  readonly size: number;
  readonly option: string;
  /** Stability limit of the size at the start, with its formula, e.g. `2/λ`. */
  readonly limit: { readonly value: number; readonly formula: string };
  readonly curvature: number;
}

/** Says which step was too large and what to use; the caller throws it. */
export function divergenceError(found: Divergence): GgdlnError {
  const { where, step, loss, size, option, limit, curvature } = found;
  const use = rounded(Math.min(0.8 * limit.value, size / 2));
  const above =
    size > limit.value
      ? `${option} ${short(size)} is above the stability limit ${short(limit.value)}`
      : `${option} ${short(size)} is too large for the curvature on the way; at the start the limit is ${short(limit.value)}`;
  const now = Number.isFinite(loss.now) ? `reached ${short(loss.now)}` : 'left the range of float32';
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem: `the loss ${now} at step ${step} (it was ${short(loss.start)} at the start): ${above} (${limit.formula}, largest curvature λ = ${short(curvature)})`,
    remedy: `Use ${option} ${use}, or 0 to have it chosen`,
    changes: { [option]: use },
  });
}

/** True when a loss is out of all proportion to its scale, or no number. */
export function hasDiverged(scale: number, loss: number): boolean {
  return !(loss <= DIVERGED * scale);
}

function short(value: number): string {
  const number = rounded(value);
  return number >= 1e6 ? number.toExponential().replace('e+', 'e') : String(number);
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
