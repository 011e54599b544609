import { type FileSource, GgdlnError, throwIfCancelled } from '@ggdln/core';
import { decodeIdx, type IdxArray } from '@ggdln/io';
import type { Images } from './images.ts';
import type { LabelledImages } from './imageTask.ts';
import { sha256 } from './sha256.ts';

/** The four files of MNIST and of datasets in its format. */
export const MNIST_FILES = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/**
 * Reads one half of an MNIST-like dataset.
 * @throws GGDLN_DATA when a file can't be had, is damaged, or images and labels don't fit together.
 */
export async function readIdxImages(
  source: FileSource,
  dataset: string,
  part: keyof typeof MNIST_FILES,
  signal?: AbortSignal,
): Promise<LabelledImages> {
  const where = `@ggdln/datasets ${dataset}`;
  const names = MNIST_FILES[part];
  const read = async (name: string) => {
    throwIfCancelled(signal, where);
    const bytes = await source.read(dataset, name, signal);
    return { array: decodeIdx(bytes, { name }), info: { bytes: bytes.length, sha256: await sha256(bytes) } };
  };
  const images = await read(names.images);
  const labels = await read(names.labels);
  const { pixels, count, side } = requireImages(where, images.array, names.images);
  if (labels.array.dtype !== 'uint8' || labels.array.shape.length !== 1) {
    throw misfit(where, `${names.labels} holds ${describe(labels.array)}`, 'Labels are one list of bytes');
  }
  if (labels.array.shape[0] !== count) {
    throw misfit(
      where,
      `${names.images} has ${count} images, ${names.labels} has ${labels.array.shape[0]} labels`,
      'Take both files from one dataset',
    );
  }
  return {
    images: { count, side, pixels },
    labels: labels.array.data,
    file: names.images,
    files: { [names.images]: images.info, [names.labels]: labels.info },
  };
}

function requireImages(where: string, array: IdxArray, name: string): Images {
  const [count, rows, cols] = array.shape;
  if (array.dtype !== 'uint8' || array.shape.length !== 3 || rows !== cols || rows === 0) {
    throw misfit(where, `${name} holds ${describe(array)}`, 'Images are square, of bytes: count × side × side');
  }
  return { count, side: rows, pixels: array.data };
}

function describe({ dtype, shape }: IdxArray): string {
  return `${shape.join(' × ')} ${dtype}`;
}

function misfit(where: string, problem: string, remedy: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_DATA', where, problem, remedy });
}
