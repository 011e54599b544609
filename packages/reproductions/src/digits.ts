import { GgdlnError, type Matrix } from '@ggdln/core';
import { MNIST_FILES, poolImages } from '@ggdln/datasets';
import { decodeIdx } from '@ggdln/io';
import type { ReproductionContext } from './reproduction.ts';

/** Digits of one file of MNIST. */
export interface Digits {
  /** How many there are. */
  readonly count: number;
  readonly labels: Uint8Array;
  /** Pixels between 0 and 1 of some images, count × 784, in file order. */
  rows(from: number, to: number): Matrix;
}

/**
 * One half of MNIST, or of the clothes in MNIST's format, for protocols that count images in file order.
 * @throws GGDLN_DATA where it can't be had.
 */
export async function readDigits(
  part: keyof typeof MNIST_FILES,
  { files, signal }: Pick<ReproductionContext, 'files' | 'signal'>,
  dataset: 'mnist' | 'fashion-mnist' = 'mnist',
): Promise<Digits> {
  if (!files) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where: '@ggdln/reproductions',
      problem: `this reproduction needs ${dataset === 'mnist' ? 'MNIST' : 'Fashion-MNIST'}, and there is no source of files`,
      remedy: 'Give files, e.g. createFileSource() of @ggdln/datasets/node',
    });
  }
  const read = async (name: string) => decodeIdx(await files.read(dataset, name, signal), { name });
  const images = await read(MNIST_FILES[part].images);
  const labels = await read(MNIST_FILES[part].labels);
  const [count, side] = images.shape;
  const pixels = images.data as Uint8Array;
  return {
    count,
    labels: labels.data as Uint8Array,
    rows: (from, to) =>
      poolImages(
        { count, side, pixels },
        Array.from({ length: to - from }, (_, i) => from + i),
      ),
  };
}
