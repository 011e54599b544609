import type { Matrix, RandomStream } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { type GatedUnits, trainGatedUnits, type XorRace } from '@ggdln/theory/race';

/** A network that is trained step by step, with every loss that it had; `advance` adds to them. */
export interface Follower {
  readonly network: GatedUnits;
  /** Loss before step n, n = 0, 1, … */
  readonly losses: number[];
}

/** A ReLU network with normal weights of standard deviation `scale`/√H. */
export function randomRelu(
  hidden: number,
  scale: number,
  { X, y }: Pick<GatedUnits, 'X' | 'y'>,
  rng: RandomStream,
): GatedUnits {
  const deviation = scale / Math.sqrt(hidden);
  return {
    X,
    y,
    W1: matrix(hidden, X.cols, rng.fillGaussian(new Float64Array(X.cols * hidden), deviation)),
    w2: rng.fillGaussian(new Float64Array(hidden), deviation),
    gates: 'relu',
  };
}

/** A network before its first step. */
export function startFollower(network: GatedUnits): Follower {
  const [{ loss }] = trainGatedUnits(network, { rate: 1, epochs: [0] });
  return { network, losses: [loss] };
}

/** The same network one step of gradient descent later. */
export function advance({ network, losses }: Follower, rate: number): Follower {
  const [{ loss, W1, w2 }] = trainGatedUnits(network, { rate, epochs: [1] });
  losses.push(loss);
  return { network: { ...network, W1, w2 }, losses };
}

/** Time at which a network passes a loss of ¼, linearly in the logit of its strength; undefined before it does. */
export function quarterTime({ losses }: Pick<Follower, 'losses'>, rate: number): number | undefined {
  const after = losses.findIndex((loss) => loss < 0.25);
  if (after < 1) return undefined;
  const [before, now] = [losses[after - 1], losses[after]].map(logit);
  return rate * (after - 1 + (logit(0.25) - before) / (now - before));
}

/** In it the course of the closed form is a straight line. */
function logit(loss: number): number {
  const share = 1 - Math.sqrt(2 * Math.min(0.5, loss));
  return Math.log(share / (1 - share));
}

/** Time at which the closed form passes a loss of ¼. */
export function closedFormQuarterTime(race: XorRace): number {
  let [low, high] = [0, 200];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (race.loss(middle) > 0.25) low = middle;
    else high = middle;
  }
  return low;
}

/** Loss at a time between steps, linearly; undefined outside of what was trained. */
export function lossAt({ losses }: Pick<Follower, 'losses'>, rate: number, time: number): number | undefined {
  const place = time / rate;
  const before = Math.floor(place);
  if (before < 0 || before >= losses.length - 1) return undefined;
  return losses[before] + (place - before) * (losses[before + 1] - losses[before]);
}

/** Largest angle, in degrees, of a unit from its diagonal, over units with a tenth of the strongest one's strength. */
export function largestAngle({ W1, w2 }: { readonly W1: Matrix; readonly w2: ArrayLike<number> }): number {
  const units = Array.from(w2, (up, k) => {
    const [first, second] = [W1.data[2 * k], W1.data[2 * k + 1]];
    const direction = (Math.atan2(Math.abs(second), Math.abs(first)) * 180) / Math.PI;
    return { strength: Math.abs(up) * Math.hypot(first, second), angle: Math.abs(direction - 45) };
  });
  const strongest = Math.max(...units.map(({ strength }) => strength));
  return Math.max(...units.filter(({ strength }) => strength > strongest / 10).map(({ angle }) => angle));
}
