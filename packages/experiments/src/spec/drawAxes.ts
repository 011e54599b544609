import { createRandom, type Option, type RandomStream } from '@ggdln/core';
import type { AxisValue, Draw, RandomSweep, SweepSpec } from './experimentSpec.ts';

/** Draws have this many significant digits, so that tables stay readable. */
const DIGITS = 6;

/**
 * The values of a group of random axes. Each axis draws from a stream of its own, named by group and path: more points
 * begin with those of fewer, and another axis in the group changes nothing of the others.
 * @param seed Of the experiment. @param group Its number among the random groups, from 0.
 * @param optionOf The option behind a path; whole numbers are drawn where it takes those.
 */
export function drawAxes(
  { count, ...draws }: RandomSweep,
  seed: number,
  group: number,
  optionOf: (path: string) => Option,
): SweepSpec {
  const root = createRandom(seed).stream('sweep').stream(group);
  return Object.fromEntries(
    Object.entries(draws as { readonly [path: string]: Draw }).map(([path, draw]) => {
      const whole = optionOf(path).type === 'integer';
      const stream = root.stream(path);
      return [path, Array.from({ length: Number(count) }, () => drawValue(draw, whole, stream))];
    }),
  );
}

function drawValue(draw: Draw, whole: boolean, stream: RandomStream): AxisValue {
  if ('choice' in draw) return draw.choice[stream.integer(draw.choice.length)];
  const log = 'log-uniform' in draw;
  const [from, to] = log ? draw['log-uniform'] : draw.uniform;
  // Half a step beyond both ends: the first and the last whole number are as likely as the others.
  const [low, high] = whole ? [Math.ceil(from) - 0.5, Math.floor(to) + 0.5] : [from, to];
  const share = stream.uniform();
  const value = log ? low * (high / low) ** share : low + (high - low) * share;
  if (whole) return Math.min(Math.floor(to), Math.max(Math.ceil(from), Math.round(value)));
  return Math.min(to, Math.max(from, Number(value.toPrecision(DIGITS))));
}
