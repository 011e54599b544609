import type { NumbersOption, OptionValues } from '@ggdln/core';
import { classesOption, type ImageOptions, imageOptions } from './imageOptions.ts';

/** Options of the dataset `mnist`. */
export const mnistOptions: ImageOptions & { readonly digits: NumbersOption } = {
  digits: classesOption(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    'Which digits take part; two for a pair, the first of which becomes +1.',
    'Digits',
  ),
  ...imageOptions({
    taskHelp: 'odd from even digits, two digits, or every digit',
    task: 'odd-even',
    nouns: 'digits',
    pixels: 7,
    pixelsHelp: 'Side after averaging square patches; divides 28: 28, 14, 7, 4, 2 or 1. N0 = side².',
  }),
};

export type MnistOptions = OptionValues<typeof mnistOptions>;
