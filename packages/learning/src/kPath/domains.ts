import { relabelledClasses, rotationAngles } from '@ggdln/architectures/gdln';
import { inputError, type Matrix, type RandomStream } from '@ggdln/core';

const where = '@ggdln/learning k-path domains';

/**
 * What an input domain does to a picture: pixel i of the result is pixel `sources[i]` of the original, or 0 where that is
 * −1.
 */
export type PixelMap = Int32Array;

/** Square pictures, plane after plane, as rows of numbers. */
export interface PictureShape {
  readonly side: number;
  /** Planes, e.g. 3 for colour. Default 1. */
  readonly channels?: number;
}

/**
 * M ways to shuffle pixels, all planes alike; the first shuffles, too. Way i depends on the stream and on i only.
 * @throws GGDLN_INPUT for a shape that is none.
 */
export function permutedPixels(domains: number, shape: PictureShape, rng: RandomStream): PixelMap[] {
  const { side, channels } = readShape(shape);
  return Array.from({ length: domains }, (_, a) => {
    const order = rng.stream(`pixels/${a}`).permutation(side * side);
    return Int32Array.from({ length: channels * side * side }, (__, i) => {
      const plane = Math.floor(i / (side * side));
      return plane * side * side + order[i % (side * side)];
    });
  });
}

/**
 * M turns, by 270 i/M degrees counter-clockwise: nearest pixel, same size, 0 outside of the picture.
 * @throws GGDLN_INPUT for a shape that is none.
 */
export function turnedPixels(domains: number, shape: PictureShape): PixelMap[] {
  const { side, channels } = readShape(shape);
  const middle = (side - 1) / 2;
  return rotationAngles(domains).map((degrees) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    return Int32Array.from({ length: channels * side * side }, (_, i) => {
      const plane = Math.floor(i / (side * side));
      const [right, down] = [(i % side) - middle, Math.floor((i % (side * side)) / side) - middle];
      const col = nearest(right * cos - down * sin + middle);
      const row = nearest(right * sin + down * cos + middle);
      const inside = col >= 0 && col < side && row >= 0 && row < side;
      return inside ? plane * side * side + row * side + col : -1;
    });
  });
}

/**
 * New labels of each class in M output domains. `lexicographic`: the first M permutations in lexicographic order, as
 * published; few domains only rename the last classes. `random`: independent permutations, the first one the identity.
 * @throws GGDLN_INPUT for more domains than permutations.
 */
export function relabellings(
  domains: number,
  classes: number,
  kind: 'lexicographic' | 'random',
  rng: RandomStream,
): number[][] {
  return Array.from({ length: domains }, (_, b) => {
    if (kind === 'lexicographic' || b === 0) return relabelledClasses(b, classes);
    return Array.from(rng.stream(`labels/${b}`).permutation(classes));
  });
}

/** The class of each row of one-hot targets. @throws GGDLN_INPUT for rows that aren't one-hot. */
export function classesOf({ rows, cols, data }: Matrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, p) => {
    const row = data.subarray(p * cols, (p + 1) * cols);
    const label = row.indexOf(Math.max(...row));
    const others = row.filter((value) => value === row[label]).length;
    if (others === 1 && cols > 1) return label;
    throw inputError(where, `row ${p} of the targets, [${row.join(', ')}], names no class`, 'Give one-hot targets');
  });
}

function readShape({ side, channels = 1 }: PictureShape) {
  if (Number.isInteger(side) && side > 0 && Number.isInteger(channels) && channels > 0) return { side, channels };
  throw inputError(where, `pictures have side ${side} and ${channels} planes`, 'Give whole numbers above 0');
}

/** Rounds halves away from rounding noise, so that quarter turns are exact. */
function nearest(value: number): number {
  return Math.round(value - 1e-9);
}
