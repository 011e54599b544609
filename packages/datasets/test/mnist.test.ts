import { createRegistry, resolveOptions } from '@ggdln/core';
import { selectMatrixRows, toRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { datasetsPlugin, loadMnist, MNIST_FILES, type MnistOptions, normaliseRows, poolImages } from '../src/index.ts';
import { extractFile, failure, idxFile, memoryFiles, rng } from './support.ts';

const PAIR = { task: 'pair', digits: [3, 8], trainSize: 50, testSize: 10 } as const;
const load = (options: Partial<MnistOptions>, files = memoryFiles(), seed: number | string = 1) =>
  loadMnist(options, files, rng(seed));

interface PartProvenance {
  readonly file: string;
  readonly indices: readonly number[];
  readonly classCounts: Readonly<Record<string, number>>;
}
const part = (dataset: Awaited<ReturnType<typeof load>>, name: 'train' | 'test') =>
  dataset.provenance[name] as unknown as PartProvenance;

/** Five 2 × 2 images of each digit, as a whole dataset; pixel 0 tells the image, the rest the digit. */
function allDigits(perDigit = 5): Record<string, Uint8Array> {
  const labels = Array.from({ length: 10 * perDigit }, (_, i) => i % 10);
  const images = labels.flatMap((label, i) => [i + 1, label, label, 9]);
  return Object.fromEntries(
    Object.values(MNIST_FILES).flatMap((names) => [
      [names.images, idxFile([labels.length, 2, 2], images)],
      [names.labels, idxFile([labels.length], labels)],
    ]),
  );
}
const small = { pixels: 2, trainSize: 20, testSize: 10 } as const;

describe('loadMnist', () => {
  it('takes whole files, the first digit of a pair being +1, rows scaled to |x|² = N0', async () => {
    const { train, test, provenance } = await load(PAIR);
    expect([train.X.rows, train.X.cols, train.Y.cols, test.X.rows]).toEqual([50, 49, 1, 10]);
    const pixels = extractFile(MNIST_FILES.train.images).subarray(16);
    const all = normaliseRows(
      poolImages(
        { count: 50, side: 28, pixels },
        Array.from({ length: 50 }, (_, i) => i),
        7,
      ),
    );
    const { indices } = provenance.train as unknown as PartProvenance;
    expect([...indices].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(train.X.data).toEqual(selectMatrixRows(all, indices).data);
    // In the extract the first 25 are threes.
    expect(Array.from(train.Y.data)).toEqual(indices.map((index) => (index < 25 ? 1 : -1)));
    for (const row of toRows(test.X)) expect(row.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(49, 10);
  });

  it('writes down indices, counts, checksums, targets and every transformation', async () => {
    const dataset = await load({ ...PAIR, trainSize: 20, centre: true });
    expect(part(dataset, 'train')).toMatchObject({ file: 'train-images-idx3-ubyte', classCounts: { 3: 10, 8: 10 } });
    expect(part(dataset, 'test')).toMatchObject({ file: 't10k-images-idx3-ubyte', classCounts: { 3: 5, 8: 5 } });
    expect(dataset.provenance).toMatchObject({
      task: 'pair',
      digits: [3, 8],
      targets: ['digit 3 +1, digit 8 −1'],
      inputs: [
        'pixels / 255',
        'means of 4 × 4 pixels',
        'training mean subtracted',
        'each input scaled to |x|² = N0 = 49',
      ],
      files: {
        'train-labels-idx1-ubyte': {
          bytes: 58,
          sha256: '65166a933bab465f3d2622357942f0852972f7620b7e1c19f641679a1f3814d4',
        },
      },
    });
    expect(Object.keys(dataset.provenance.files as object)).toHaveLength(4);
    expect(JSON.parse(JSON.stringify(dataset.provenance))).toEqual(dataset.provenance);
  });

  it('draws the same examples for the same seed and others for another', async () => {
    const options = { ...PAIR, trainSize: 20 };
    const [first, again, other] = await Promise.all([load(options), load(options), load(options, undefined, 2)]);
    expect(again).toEqual(first);
    expect(part(other, 'train').indices).not.toEqual(part(first, 'train').indices);
  });

  it('nests training sets, and keeps the test set whatever P is', async () => {
    for (const testFrom of ['test', 'train'] as const) {
      const [few, many] = await Promise.all([7, 30].map((trainSize) => load({ ...PAIR, testFrom, trainSize })));
      expect(part(many, 'train').indices.slice(0, 7)).toEqual(part(few, 'train').indices);
      expect(part(many, 'test').indices).toEqual(part(few, 'test').indices);
    }
  });

  it('draws test examples from the training file without overlap when asked to', async () => {
    const dataset = await load({ ...PAIR, trainSize: 40, testFrom: 'train' });
    expect(part(dataset, 'test').file).toBe('train-images-idx3-ubyte');
    const both = [...part(dataset, 'train').indices, ...part(dataset, 'test').indices];
    expect(new Set(both).size).toBe(50);
    expect(part(dataset, 'test').classCounts).toEqual({ 3: 5, 8: 5 });
  });

  it('balances digits, or takes them as they come', async () => {
    const labels = Uint8Array.from({ length: 50 }, (_, i) => (i < 10 ? 3 : 8));
    const files = memoryFiles({ [MNIST_FILES.train.labels]: idxFile([50], labels) });
    const balanced = await load({ ...PAIR, trainSize: 19 }, files);
    expect(part(balanced, 'train').classCounts).toEqual({ 3: 10, 8: 9 });
    const asTheyCome = await load({ ...PAIR, balance: false }, files);
    expect(part(asTheyCome, 'train').classCounts).toEqual({ 3: 10, 8: 40 });
  });

  it('centres both parts by the training mean', async () => {
    const plain = await load({ ...PAIR, normalise: false });
    const centred = await load({ ...PAIR, normalise: false, centre: true });
    const column = (X: { rows: number; cols: number; data: Float64Array }, j: number) =>
      Array.from({ length: X.rows }, (_, i) => X.data[i * X.cols + j]);
    const mean = column(plain.train.X, 24).reduce((a, b) => a + b, 0) / 50;
    expect(column(centred.train.X, 24).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
    column(centred.test.X, 24).forEach((value, i) => {
      expect(value).toBeCloseTo(column(plain.test.X, 24)[i] - mean, 12);
    });
  });

  it.each([
    [{ task: 'odd-even' }, ['odd +1, even −1'], (digit: number) => [digit % 2 ? 1 : -1]],
    [{ task: 'odd-even', coding: 'one-hot' }, ['odd', 'even'], (digit: number) => (digit % 2 ? [1, 0] : [0, 1])],
    [
      { task: 'pair', digits: [8, 3], coding: 'one-hot' },
      ['digit 8', 'digit 3'],
      (digit: number) => (digit === 8 ? [1, 0] : [0, 1]),
    ],
    [
      { task: 'classes', digits: [7, 1, 4], coding: 'one-hot' },
      ['digit 7', 'digit 1', 'digit 4'],
      (digit: number) => [7, 1, 4].map((d) => Number(d === digit)),
    ],
    [
      { task: 'classes', digits: [7, 1], coding: 'plus-minus' },
      ['digit 7', 'digit 1'],
      (digit: number) => [7, 1].map((d) => (d === digit ? 1 : -1)),
    ],
  ] as const)('codes the targets of %j', async (options, columns, encode) => {
    const dataset = await load({ ...small, ...options, trainSize: 6, testSize: 6 }, memoryFiles(allDigits()));
    expect(dataset.provenance.targets).toEqual(columns);
    expect(toRows(dataset.train.Y)).toEqual(part(dataset, 'train').indices.map((index) => encode(index % 10)));
  });

  it('reads other datasets of the same format: here 2 × 2 images', async () => {
    const { train, provenance } = await load({ ...small, normalise: false }, memoryFiles(allDigits()));
    expect(train.X.cols).toBe(4);
    expect(provenance.inputs).toEqual(['pixels / 255']);
  });
});

describe('loadMnist refuses', () => {
  const blank = extractFile(MNIST_FILES.train.images).fill(0, 16 + 784 * 7, 16 + 784 * 8);
  const labels = MNIST_FILES.train.labels;
  const images = MNIST_FILES.train.images;

  it.each([
    ['P = 0', { trainSize: 0 }, {}, 'GGDLN_INPUT', 'trainSize] 0 is not allowed. Give a whole number ≥ 1'],
    [
      'more than there are',
      { ...PAIR, trainSize: 51 },
      {},
      'GGDLN_INPUT',
      '51 training examples asked for, but train-images-idx3-ubyte has 50 in equal numbers of the classes 3, 8. Ask for at most 50, or turn off balance',
    ],
    [
      'more tests than there are',
      { ...PAIR, testSize: 11, balance: false },
      {},
      'GGDLN_INPUT',
      '11 test examples asked for, but t10k-images-idx3-ubyte has 10 of the classes 3, 8. Ask for at most 10.',
    ],
    [
      'a train and test overlap',
      { ...PAIR, testFrom: 'train' },
      {},
      'GGDLN_INPUT',
      '50 training and 10 other examples asked for',
    ],
    [
      'an absent digit',
      { task: 'pair', digits: [3, 5] },
      {},
      'GGDLN_DATA',
      'train-images-idx3-ubyte has no example of class 5. The classes there are 3, 8',
    ],
    [
      'a repeated digit',
      { task: 'pair', digits: [3, 3] },
      {},
      'GGDLN_INPUT',
      'digit 3 is listed twice in 3, 3. List each digit once',
    ],
    [
      'a pair of ten',
      { task: 'pair' },
      {},
      'GGDLN_INPUT',
      'a pair task got 10 digits (0, 1, 2, 3, 4, 5, 6, 7, 8, 9). Set digits to two of them',
    ],
    ['odd digits only', { digits: [1, 3] }, {}, 'GGDLN_INPUT', 'of the digits 1, 3 none is even'],
    [
      'one class',
      { task: 'classes', digits: [4] },
      {},
      'GGDLN_INPUT',
      'a classes task got the digits 4. List at least two',
    ],
    ['no digits', { digits: [] }, {}, 'GGDLN_INPUT', 'of the digits none none is odd'],
    ['a digit beyond 9', { digits: [1, 10] }, {}, 'GGDLN_INPUT', 'digits[1]] 10 is not allowed'],
    [
      'pixels that do not divide',
      { ...PAIR, pixels: 5 },
      {},
      'GGDLN_INPUT',
      "5 pixels a side don't divide images of 28 × 28. Use one of 28, 14, 7, 4, 2, 1",
    ],
    [
      'a blank image',
      PAIR,
      { [images]: blank },
      'GGDLN_DATA',
      'image 7 of train-images-idx3-ubyte (label 3) has no length',
    ],
    ['one centred image', { ...PAIR, trainSize: 1, centre: true }, {}, 'GGDLN_DATA', 'has no length'],
    [
      'a truncated file',
      PAIR,
      { [labels]: extractFile(labels).subarray(0, 20) },
      'GGDLN_DATA',
      'train-labels-idx1-ubyte, byte 20: expected 50 bytes of uint8 for 50, got 12 bytes',
    ],
    [
      'labels of another set',
      PAIR,
      { [labels]: idxFile([2], [3, 8]) },
      'GGDLN_DATA',
      'has 50 images, train-labels-idx1-ubyte has 2 labels',
    ],
    [
      'labels for images',
      PAIR,
      { [images]: extractFile(labels) },
      'GGDLN_DATA',
      'train-images-idx3-ubyte holds 50 uint8. Images are square',
    ],
    [
      'images for labels',
      PAIR,
      { [labels]: extractFile(images) },
      'GGDLN_DATA',
      'train-labels-idx1-ubyte holds 50 × 28 × 28 uint8. Labels are one list',
    ],
    [
      'two image sizes',
      PAIR,
      { [images]: idxFile([50, 2, 2], new Uint8Array(200)) },
      'GGDLN_DATA',
      'train-images-idx3-ubyte has images of 2 × 2, t10k-images-idx3-ubyte of 28 × 28',
    ],
  ] as const)('%s', async (_, options, files, code, words) => {
    expect(await failure(code, () => load(options, memoryFiles(files)))).toContain(words);
  });

  it('to go on when cancelled', async () => {
    const signal = AbortSignal.abort();
    const message = await failure('GGDLN_CANCELLED', () => loadMnist(PAIR, memoryFiles(), rng(), { signal }));
    expect(message).toContain('cancelled');
  });
});

describe('the entry mnist', () => {
  const entry = createRegistry([datasetsPlugin]).get('dataset', 'mnist');
  const linalg = undefined as never;

  it('gives what loadMnist gives', async () => {
    const options = resolveOptions(entry.options, { ...PAIR }, 'dataset mnist');
    const dataset = await entry.create(options, { rng: rng(), linalg, files: memoryFiles() });
    expect(dataset).toEqual(await load(PAIR));
  });

  it('says what is missing when it has nothing to read from', async () => {
    const options = resolveOptions(entry.options, {}, 'dataset mnist');
    const message = await failure('GGDLN_DATA', () => entry.create(options, { rng: rng(), linalg }));
    expect(message).toContain('createFileSource() of @ggdln/datasets/node');
  });

  it('reports progress while reading', async () => {
    const seen: number[] = [];
    await loadMnist(PAIR, memoryFiles(), rng(), { onProgress: ({ done }) => seen.push(done) });
    expect(seen).toEqual([0, 1, 2]);
  });
});
