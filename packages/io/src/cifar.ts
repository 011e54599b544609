import { damaged, type ReadOptions, requireWithinLimit } from './readOptions.ts';

/** Images of a CIFAR file. */
export interface CifarImages {
  readonly count: number;
  /** One byte an image; of CIFAR-100 the fine labels. */
  readonly labels: Uint8Array;
  /** Of CIFAR-100: the labels of the superclasses. */
  readonly coarseLabels?: Uint8Array;
  /** count × 3 × 32 × 32 bytes: the red, green and blue plane of every image, rows from top to bottom. */
  readonly pixels: Uint8Array;
}

const PIXELS = 3 * 32 * 32;

/**
 * Reads the binary version of CIFAR-10 (or CIFAR-100): records of one label byte (two: coarse, fine) and 3072 bytes of
 * pixels, and nothing else.
 * @param options `classes`: 10 (the default) or 100.
 * @throws GGDLN_DATA naming the byte for a file that isn't made of whole records, or a label that is too large.
 */
export function decodeCifar(
  bytes: Uint8Array,
  options: ReadOptions & { readonly classes?: 10 | 100 } = {},
): CifarImages {
  const where = '@ggdln/io decodeCifar';
  const { name = 'the data', classes = 10 } = options;
  const head = classes === 100 ? 2 : 1;
  const record = head + PIXELS;
  const count = Math.floor(bytes.length / record);
  if (count === 0 || count * record !== bytes.length) {
    throw damaged(where, name, {
      at: count * record,
      expected: `records of ${record} bytes (CIFAR-${classes})`,
      got: `${bytes.length - count * record} bytes after ${count} of them`,
    });
  }
  requireWithinLimit(where, name, 0, bytes.length, options);
  const labels = new Uint8Array(count);
  const coarseLabels = new Uint8Array(count);
  const pixels = new Uint8Array(count * PIXELS);
  for (let i = 0; i < count; i++) {
    const start = i * record;
    coarseLabels[i] = bytes[start];
    labels[i] = bytes[start + head - 1];
    if (labels[i] >= classes) {
      throw damaged(where, name, {
        at: start + head - 1,
        expected: `a label from 0 to ${classes - 1}`,
        got: String(labels[i]),
      });
    }
    pixels.set(bytes.subarray(start + head, start + record), i * PIXELS);
  }
  return { count, labels, pixels, ...(classes === 100 ? { coarseLabels } : {}) };
}
