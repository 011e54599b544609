import { type RoutingMode, type RoutingStrengths, routingLoss, routingRecursion } from '@ggdln/theory/race';

/** The scalar race of a routing network, epoch by epoch. */
export interface RoutingTheory {
  /** Places of modes with different singular values, strongest first. */
  readonly distinct: readonly number[];
  /** [b1, b2, b3] of a mode before the step of that number. */
  strengths(mode: number, epoch: number): RoutingStrengths;
  /** κ Σ over the trained pairs. */
  loss(epoch: number): number;
  /** ½|T − W3W2W1|² of a pair; the same for all, trained or not. */
  pairError(epoch: number): number;
  /** Strength of a mode in the shared layer after the last epoch. */
  end(mode: number): number;
  /** Epoch at which that strength passes half of its end; undefined where it starts above. */
  halfTime(mode: number): number | undefined;
}

/** How the race is run. */
export interface RoutingRaceSetting {
  readonly domains: number;
  readonly trainedPerDomain: number;
  /** Singular values of the target, descending. */
  readonly singularValues: readonly number[];
  /** Strength of every mode in every layer at the start. */
  readonly b0: number;
  readonly rate: number;
  readonly kappa: number;
  readonly epochs: number;
}

/**
 * The race of the decoupled routing network under gradient descent, step by step.
 * Saxe, Sodhani and Lewallen 2022, arXiv:2207.10430.
 * @throws GGDLN_INPUT for K outside 1 … M and where the rate makes the strengths grow without end.
 */
export function routingTheory(setting: RoutingRaceSetting): RoutingTheory {
  const { domains, trainedPerDomain, singularValues, b0, rate, kappa, epochs } = setting;
  const modes = singularValues.map((s): RoutingMode => ({ domains, trainedPerDomain, s }));
  const read = Array.from({ length: epochs + 1 }, (_, epoch) => epoch);
  const courses = modes.map((mode) => routingRecursion(mode, [b0, b0, b0], { rate, kappa, epochs: read }));
  return {
    distinct: singularValues.flatMap((s, k) => (k === 0 || singularValues[k - 1] - s > 1e-9 * s ? [k] : [])),
    strengths: (mode, epoch) => courses[mode][epoch],
    loss: (epoch) =>
      routingLoss(
        modes,
        courses.map((course) => course[epoch]),
        kappa,
      ),
    pairError: (epoch) =>
      modes.reduce((sum, { s }, k) => {
        const [b1, b2, b3] = courses[k][epoch];
        return sum + (s - b1 * b2 * b3) ** 2 / 2;
      }, 0),
    end: (mode) => courses[mode][epochs][1],
    halfTime: (mode) =>
      crossing(
        read,
        courses[mode].map(([, b2]) => b2),
        courses[mode][epochs][1] / 2,
      ),
  };
}

/** Where a curve first rises through a level, linearly between its points; undefined where it never does. */
export function crossing(places: readonly number[], values: readonly number[], level: number): number | undefined {
  const after = values.findIndex((value) => value >= level);
  if (after < 1) return undefined;
  const share = (level - values[after - 1]) / (values[after] - values[after - 1]);
  return places[after - 1] + share * (places[after] - places[after - 1]);
}
