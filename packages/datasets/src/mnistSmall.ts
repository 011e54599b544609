import { type Dataset, type FileSource, type JsonObject, type RandomStream, resolveOptions } from '@ggdln/core';
import { readIdxImages } from './imageFiles.ts';
import { type ImageSource, type LoadContext, loadImages } from './imageTask.ts';
import { mnistSource } from './mnist.ts';
import { type MnistOptions, mnistOptions } from './mnistOptions.ts';

/** The 2000 digits that come with this package, read from files that `files` holds under `mnist-small`. */
export const mnistSmallSource: ImageSource = {
  ...mnistSource,
  dataset: 'mnist-small',
  read: (part, files, signal) => readIdxImages(files, 'mnist-small', part, signal),
};

/**
 * 140 training and 60 test images of every digit of MNIST as a learning problem, prepared as `loadMnist` prepares all
 * of them. They come with this package: nothing is fetched in Node, and a web page serves them from its own assets.
 * @param options Any of `mnistOptions`; the rest take their defaults.
 * @param files Where the four files come from, e.g. `createFileSource()` of `@ggdln/datasets/node`.
 * @param rng Draws the examples.
 * @throws As `loadMnist`.
 */
export async function loadMnistSmall(
  options: Partial<MnistOptions>,
  files: FileSource,
  rng: RandomStream,
  context: LoadContext = {},
): Promise<Dataset> {
  const { digits, ...settings } = resolveOptions(mnistOptions, options as JsonObject, 'dataset mnist-small');
  return loadImages(mnistSmallSource, { ...settings, classes: digits }, files, rng, context);
}
