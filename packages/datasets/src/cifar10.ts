import {
  type BooleanOption,
  boolean,
  type Dataset,
  type FileSource,
  type JsonObject,
  type NumbersOption,
  type OptionValues,
  type RandomStream,
  resolveOptions,
  throwIfCancelled,
} from '@ggdln/core';
import { decodeCifar } from '@ggdln/io';
import { classesOption, type ImageOptions, imageOptions } from './imageOptions.ts';
import { type ImageSource, type LabelledImages, type LoadContext, loadImages } from './imageTask.ts';
import { sha256 } from './sha256.ts';

/** The files of CIFAR-10's binary version: 10 000 images each. */
export const CIFAR10_FILES = {
  train: ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
  test: ['test_batch.bin'],
} as const;

const NAMES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/** Options of the dataset `cifar-10`; classes are numbered from 0 (airplane) to 9 (truck). */
export const cifar10Options: ImageOptions & { readonly classes: NumbersOption; readonly grey: BooleanOption } = {
  classes: classesOption([0, 1], 'Which classes take part; two for a pair, the first of which becomes +1.'),
  grey: boolean({
    title: 'Grey',
    default: true,
    help: 'One plane of grey instead of red, green and blue.',
  }),
  ...imageOptions({
    taskHelp: 'two classes, every class, or odd from even class numbers',
    task: 'pair',
    nouns: 'classes',
    pixels: 8,
    pixelsHelp: 'Side after averaging patches: 32, 16, 8, 4, 2 or 1. N0 = side², in colour 3 · side².',
  }),
};

export type Cifar10Options = OptionValues<typeof cifar10Options>;

/** Natural images, read from the files of the binary version that `files` holds under `cifar-10`. */
function cifar10Source(grey: boolean): ImageSource {
  return {
    dataset: 'cifar-10',
    content: 'natural images',
    noun: 'class',
    nouns: 'classes',
    nameOf: (label) => NAMES[label] ?? `class ${label}`,
    grey,
    read: (part, files, signal) => readCifar(part, files, signal),
  };
}

/**
 * CIFAR-10 as a learning problem, prepared as `loadMnist` prepares digits; in colour or grey.
 * @param options Any of `cifar10Options`; the rest take their defaults.
 * @param files Where the files come from, under the names of `CIFAR10_FILES`.
 * @param rng Draws the examples.
 * @throws As `loadMnist`.
 */
export async function loadCifar10(
  options: Partial<Cifar10Options>,
  files: FileSource,
  rng: RandomStream,
  context: LoadContext = {},
): Promise<Dataset> {
  const { grey, ...settings } = resolveOptions(cifar10Options, options as JsonObject, 'dataset cifar-10');
  return loadImages(cifar10Source(grey), settings, files, rng, context);
}

async function readCifar(
  part: keyof typeof CIFAR10_FILES,
  files: FileSource,
  signal: AbortSignal | undefined,
): Promise<LabelledImages> {
  const names = CIFAR10_FILES[part];
  const batches: ReturnType<typeof decodeCifar>[] = [];
  const read: { [name: string]: JsonObject } = {};
  for (const name of names) {
    throwIfCancelled(signal, '@ggdln/datasets cifar-10');
    const bytes = await files.read('cifar-10', name, signal);
    batches.push(decodeCifar(bytes, { name }));
    read[name] = { bytes: bytes.length, sha256: await sha256(bytes) };
  }
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  return {
    images: { count, side: 32, channels: 3, pixels: joined(batches.map(({ pixels }) => pixels)) },
    labels: joined(batches.map(({ labels }) => labels)),
    file: names.length === 1 ? names[0] : `${names[0]} to ${names[names.length - 1]}`,
    files: read,
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
