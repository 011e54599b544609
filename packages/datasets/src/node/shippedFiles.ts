import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GgdlnError, unknownNameError } from '@ggdln/core';
import { MNIST_FILES } from '../imageFiles.ts';
import { readIfPresent, withStorage } from './storage.ts';

const where = '@ggdln/datasets createFileSource';
const folder = fileURLToPath(new URL('../../assets/', import.meta.url));

/** Files of the datasets that come with this package. */
const shipped: Readonly<Record<string, readonly string[]>> = {
  'mnist-small': Object.values(MNIST_FILES).flatMap(({ images, labels }) => [images, labels]),
};

export function isShipped(dataset: string): boolean {
  return Object.hasOwn(shipped, dataset);
}

/** A file of a dataset that `isShipped`. @throws GGDLN_UNKNOWN_NAME, or GGDLN_DATA where the package lacks it. */
export async function readShipped(dataset: string, file: string): Promise<Uint8Array> {
  if (!shipped[dataset].includes(file)) throw unknownNameError(where, `file of ${dataset}`, file, shipped[dataset]);
  const path = join(folder, dataset, file);
  const bytes = await withStorage(folder, () => readIfPresent(path));
  if (bytes) return bytes;
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem: `${path}, which comes with @ggdln/datasets, is missing`,
    remedy: 'Install @ggdln/datasets again',
  });
}
