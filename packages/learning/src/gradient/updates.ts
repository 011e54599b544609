import type { FlatArray } from '@ggdln/core';

// The arithmetic of steps, one pass over the weights each. ∇U is ∇E + decay·θ throughout.

/** Factors of one step of BAOAB. */
export interface InertialStep {
  /** Time of the kick before the drift. */
  readonly kick: number;
  /** Time of half a drift. */
  readonly half: number;
  /** Share of the momentum that friction leaves. */
  readonly kept: number;
  readonly decay: number;
}

/** Kick, half a drift, friction with the given noise, half a drift, for weights `start` … `end` − 1. */
export function moveInertially<Numbers extends FlatArray>(
  { kick, half, kept, decay }: InertialStep,
  theta: Numbers,
  momentum: Numbers,
  gradient: Numbers,
  noise: Numbers,
  start: number,
  end: number,
): void {
  for (let i = start; i < end; i++) {
    const kicked = momentum[i] - kick * (gradient[i] + decay * theta[i]);
    const damped = kept * kicked + noise[i - start];
    momentum[i] = damped;
    theta[i] += half * (kicked + damped);
  }
}

/** θ ← θ − η∇U. */
export function moveDown<Numbers extends FlatArray>(
  { stepSize, decay }: { readonly stepSize: number; readonly decay: number },
  theta: Numbers,
  gradient: Numbers,
): void {
  const kept = 1 - stepSize * decay;
  for (let i = 0; i < theta.length; i++) theta[i] = kept * theta[i] - stepSize * gradient[i];
}

/** Nesterov's v ← μv − η∇U(y), then y to θ + μv, from y = θ_old + μ v_old and θ ← θ_old + v. */
export function moveAhead<Numbers extends FlatArray>(
  { rate, mu, decay }: { readonly rate: number; readonly mu: number; readonly decay: number },
  y: Numbers,
  v: Numbers,
  gradient: Numbers,
): void {
  for (let i = 0; i < y.length; i++) {
    const before = mu * v[i];
    const velocity = before - rate * (gradient[i] + decay * y[i]);
    v[i] = velocity;
    y[i] += (1 + mu) * velocity - before;
  }
}

/** |θ|², |∇U|² and θ·∇U, in float64. */
export function measure(
  theta: FlatArray,
  gradient: FlatArray,
  decay: number,
): { readonly squaredWeights: number; readonly squaredGradient: number; readonly virial: number } {
  let [squaredWeights, squaredGradient, virial] = [0, 0, 0];
  for (let i = 0; i < theta.length; i++) {
    const weight = theta[i];
    const slope = gradient[i] + decay * weight;
    squaredWeights += weight * weight;
    squaredGradient += slope * slope;
    virial += weight * slope;
  }
  return { squaredWeights, squaredGradient, virial };
}
