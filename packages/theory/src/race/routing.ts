import { inputError } from '@ggdln/core';
import { requireCount, requireFinite, requirePositive } from './checks.ts';
import { type IntegrateOptions, integrate } from './integrate.ts';

const where = '@ggdln/theory';

/** One mode of a routing network: M input and M output domains, K trained partners of each, singular value s. */
export interface RoutingMode {
  readonly domains: number;
  readonly trainedPerDomain: number;
  readonly s: number;
}

/** Strengths of the mode in encoders, shared layer and decoders: [b1, b2, b3]. */
export type RoutingStrengths = readonly [number, number, number];

/**
 * Strengths of encoders, shared layer and decoders of a decoupled routing network under gradient flow, times × 3:
 * db1/dt = K/M² b2 b3 E, db2/dt = K/M b1 b3 E, db3/dt = K/M² b1 b2 E with E = s − b1 b2 b3. Time is that of a uniform
 * law over the M² pairs: one step of rate η on κ Σ ‖·‖² is 2ηκM² of it. Kept are b2² − M b1² and b1² − b3².
 * Saxe, Sodhani and Lewallen 2022, arXiv:2207.10430.
 * @throws GGDLN_INPUT for K outside 1 … M, s that isn't above 0 or strengths that aren't finite.
 */
export function routingRace(
  mode: RoutingMode,
  initial: RoutingStrengths,
  times: ArrayLike<number>,
  options: IntegrateOptions = {},
): Float64Array[] {
  const { M, K, s } = readMode('routingRace', mode);
  return integrate(
    (_, [b1, b2, b3], out) => {
      const rate = (K / M ** 2) * (s - b1 * b2 * b3);
      out[0] = rate * b2 * b3;
      out[1] = rate * M * b1 * b3;
      out[2] = rate * b1 * b2;
    },
    initial,
    times,
    options,
  );
}

/** The same strengths after each of `epochs` (ascending) steps of gradient descent of rate η on κ Σ ‖·‖². */
export function routingRecursion(
  mode: RoutingMode,
  initial: RoutingStrengths,
  { rate, kappa, epochs }: { readonly rate: number; readonly kappa: number; readonly epochs: readonly number[] },
): RoutingStrengths[] {
  const { M, K, s } = readMode('routingRecursion', mode);
  requireFinite(`${where} routingRecursion`, { rate, kappa });
  let [b1, b2, b3] = initial;
  let epoch = 0;
  return epochs.map((end): RoutingStrengths => {
    for (; epoch < end; epoch++) {
      const push = 2 * rate * kappa * K * (s - b1 * b2 * b3);
      [b1, b2, b3] = [b1 + push * b2 * b3, b2 + push * M * b1 * b3, b3 + push * b1 * b2];
    }
    if (!Number.isFinite(b1 * b2 * b3)) {
      // 2/λ_max at the end of a small start, where b2² = (M s)^(2/3) and b1² = b3² = b2²/M.
      const limit = (M * s) ** (2 / 3) / (3 * kappa * K * M * s ** 2);
      throw inputError(
        `${where} routingRecursion`,
        `rate ${rate} makes the strengths of the mode s = ${s} grow without end; where a small start ends, its stability ` +
          `limit is ${limit.toPrecision(3)}`,
        'Lower the rate below that, further for larger starts',
      );
    }
    return [b1, b2, b3];
  });
}

/** The route from equal strengths b0 in closed form. */
export interface RoutingClosedForm {
  /** b2 at the end: the root of r³ + c0 r = M s, c0 = (M − 1) b0². */
  readonly end: number;
  /** b1 = b3 where the shared layer has strength b2. */
  outerStrength(b2: number): number;
  /** Time at which the shared layer has strength b2, for b0 ≤ b2 < `end`. @throws GGDLN_INPUT outside of it. */
  timeOf(b2: number): number;
  /** b2 at time t ≥ 0: the inverse of `timeOf`, by bisection on the distance to the end. */
  strengthAt(t: number): number;
}

/**
 * The race of a routing network from b1 = b2 = b3 = b0 in closed form.
 * @throws GGDLN_INPUT where b0 isn't between 0 and the end point, and as `routingRace`.
 */
export function routingClosedForm(mode: RoutingMode, b0: number): RoutingClosedForm {
  const { M, K, s } = readMode('routingClosedForm', mode);
  requirePositive(`${where} routingClosedForm`, { b0 });
  const c0 = (M - 1) * b0 * b0;
  const r = c0 === 0 ? Math.cbrt(M * s) : endPoint(c0, M * s);
  if (b0 >= r) throw inputError(`${where} routingClosedForm`, `b0 is ${b0}`, `It must be below the end point ${r}`);
  const q = r * r + c0;
  const A = r / (3 * r * r + c0);
  const delta = Math.sqrt(3 * r * r + 4 * c0);
  const phi = (x: number) => (c0 === 0 ? -1 / x : Math.atan(x / Math.sqrt(c0)) / Math.sqrt(c0));
  const primitive = (gap: number) => {
    const x = r - gap;
    const angle = ((r + (2 * q) / r) / delta) * Math.atan((2 * x + r) / delta);
    return phi(x) + A * (-Math.log(gap) + Math.log(x * x + r * x + q) / 2 - angle);
  };
  const start = primitive(r - b0);
  const timeOfGap = (gap: number) => ((M * M) / (K * s)) * (primitive(gap) - start);
  return {
    end: r,
    outerStrength: (b2) => Math.sqrt((b2 * b2 + c0) / M),
    timeOf: (b2) => {
      if (!(b2 >= b0 && b2 < r)) {
        throw inputError(`${where} routingClosedForm`, `b2 is ${b2}`, `It is never outside [${b0}, ${r})`);
      }
      return timeOfGap(r - b2);
    },
    strengthAt: (t) => {
      requireFinite(`${where} routingClosedForm`, { t });
      if (t <= 0) {
        if (t < 0) throw inputError(`${where} routingClosedForm`, `t is ${t}`, 'Time starts at 0');
        return b0;
      }
      let [low, high] = [0, 60];
      for (let i = 0; i < 100; i++) {
        const middle = (low + high) / 2;
        if (timeOfGap((r - b0) * Math.exp(-middle)) < t) low = middle;
        else high = middle;
      }
      return r - (r - b0) * Math.exp(-low);
    },
  };
}

/** What the shared route of a routing network gains on a private route for each pair, from a small start. */
export function sharedRouteSpeedUp(domains: number, trainedPerDomain: number): number {
  const { M, K } = readMode('sharedRouteSpeedUp', { domains, trainedPerDomain, s: 1 });
  return M === 1 ? K : (K * Math.sqrt(M - 1)) / Math.atan(Math.sqrt(M - 1));
}

/** κ K M Σ (s − b1 b2 b3)² over modes: the loss κ Σ_trained ‖T − W3 W2 W1‖² of a decoupled network. */
export function routingLoss(
  modes: readonly RoutingMode[],
  strengths: readonly ArrayLike<number>[],
  kappa: number,
): number {
  let sum = 0;
  modes.forEach(({ domains, trainedPerDomain, s }, i) => {
    const [b1, b2, b3] = Array.from(strengths[i]);
    sum += kappa * trainedPerDomain * domains * (s - b1 * b2 * b3) ** 2;
  });
  return sum;
}

/** The real root of r³ + c r = p for c > 0. */
function endPoint(c: number, p: number): number {
  return 2 * Math.sqrt(c / 3) * Math.sinh(Math.asinh(((3 * p) / (2 * c)) * Math.sqrt(3 / c)) / 3);
}

function readMode(caller: string, { domains, trainedPerDomain, s }: RoutingMode) {
  requireCount(`${where} ${caller}`, { domains, trainedPerDomain });
  requirePositive(`${where} ${caller}`, { s });
  if (trainedPerDomain > domains) {
    throw inputError(
      `${where} ${caller}`,
      `each of ${domains} domains has ${trainedPerDomain} trained partners`,
      `There are at most ${domains}`,
    );
  }
  return { M: domains, K: trainedPerDomain, s };
}
