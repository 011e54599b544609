import { type Dataset, type FileSource, type JsonObject, type RandomStream, resolveOptions } from '@ggdln/core';
import { readIdxImages } from './imageFiles.ts';
import { type ImageSource, type LoadContext, loadImages } from './imageTask.ts';
import { type MnistOptions, mnistOptions } from './mnistOptions.ts';

/** The digits, read from files in MNIST's format that `files` holds under `mnist`. */
export const mnistSource: ImageSource = {
  dataset: 'mnist',
  content: 'handwritten digits',
  noun: 'digit',
  nouns: 'digits',
  nameOf: (label) => `digit ${label}`,
  read: (part, files, signal) => readIdxImages(files, 'mnist', part, signal),
};

/**
 * Handwritten digits as a learning problem: MNIST, or any dataset in its format that `files` holds under `mnist`.
 * Pixels are divided by 255, averaged over square patches, centred (if asked) and scaled to |x|² = N0 (unless turned
 * off), in this order. The training examples of a smaller `trainSize` are part of those of a larger one, and the test
 * examples don't depend on it.
 * @param options Any of `mnistOptions`; the rest take their defaults.
 * @param files Where the four files come from, e.g. `createFileSource()` of `@ggdln/datasets/node`.
 * @param rng Draws the examples.
 * @throws GGDLN_DATA for files that are missing or damaged, a digit that doesn't occur, or a blank image;
 * GGDLN_INPUT for options that don't fit together or ask for more examples than there are.
 */
export async function loadMnist(
  options: Partial<MnistOptions>,
  files: FileSource,
  rng: RandomStream,
  context: LoadContext = {},
): Promise<Dataset> {
  const { digits, ...settings } = resolveOptions(mnistOptions, options as JsonObject, 'dataset mnist');
  return loadImages(mnistSource, { ...settings, classes: digits }, files, rng, context);
}
