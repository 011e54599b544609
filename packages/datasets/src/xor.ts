import {
  type Dataset,
  type Examples,
  type IntegerOption,
  integer,
  type JsonObject,
  type NumberOption,
  number,
  type OptionValues,
  type RandomStream,
  resolveOptions,
} from '@ggdln/core';
import { columnVector } from '@ggdln/linalg';
import { gaussianMatrix, requireRoom, sizeOptions } from './gaussianInputs.ts';

const SIZES = sizeOptions({ inputs: 2, trainSize: 4, testSize: 4 });

/** Options of the dataset `xor`. */
export const xorOptions: {
  readonly spread: NumberOption;
  readonly inputs: IntegerOption;
  readonly trainSize: IntegerOption;
  readonly testSize: IntegerOption;
} = {
  spread: number({
    title: 'Spread',
    min: 0,
    max: 100,
    default: 0,
    help: 'Standard deviation of noise on every input; 0 gives the four corners.',
  }),
  ...SIZES,
  inputs: integer({
    title: 'Inputs',
    symbol: 'N0',
    min: 2,
    max: 10_000,
    default: 2,
    help: 'Two that matter; the others only have the noise.',
  }),
};

export type XorOptions = OptionValues<typeof xorOptions>;

/**
 * Exclusive or: the corners x ∈ {±1}² in turn, y = x₁x₂, which no linear network without gates can tell better than
 * chance (Saxe, Sodhani & Lewallen 2022, arXiv:2207.10430).
 * @param options Any of `xorOptions`; the rest take their defaults.
 * @throws GGDLN_INPUT for an option out of range.
 */
export function xor(options: Partial<XorOptions>, rng: RandomStream): Dataset {
  const settings = resolveOptions(xorOptions, options as JsonObject, 'dataset xor');
  requireRoom('dataset xor', settings);
  const make = (part: string, count: number): Examples => {
    const X = gaussianMatrix(count, settings.inputs, rng.stream(`inputs/${part}`));
    const corner = (i: number) => [i % 2 === 0 ? 1 : -1, i % 4 < 2 ? 1 : -1];
    for (let i = 0; i < X.data.length; i++) {
      const [row, j] = [Math.floor(i / X.cols), i % X.cols];
      X.data[i] = (j < 2 ? corner(row)[j] : 0) + (settings.spread === 0 ? 0 : settings.spread * X.data[i]);
    }
    return { X, Y: columnVector(Float64Array.from({ length: count }, (_, i) => corner(i)[0] * corner(i)[1])) };
  };
  return {
    train: make('train', settings.trainSize),
    test: make('test', settings.testSize),
    provenance: { dataset: 'xor', ...settings },
  };
}
