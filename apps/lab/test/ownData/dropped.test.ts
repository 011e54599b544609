import { createRandom } from '@ggdln/core';
import { loadTable, readTable, sha256 } from '@ggdln/datasets';
import { encodeNpz } from '@ggdln/io';
import { describe, expect, it } from 'vitest';
import { createOwnFiles, filesOf } from '../../src/engine/ownFiles.ts';
import {
  classOf,
  firstRows,
  type GreyImage,
  lookAtTable,
  MOST_IMAGES,
  packImages,
  sizesFor,
} from '../../src/ownData/dropped.ts';
import { greyOfPixels } from '../../src/ownData/greyImages.ts';

const csv = (rows: number) =>
  new TextEncoder().encode(
    `a,b,kind\n${Array.from({ length: rows }, (_, i) => `${i / 7},${-i},${i % 2 ? 'x' : 'y'}`).join('\n')}\n`,
  );

describe('lookAtTable', () => {
  it('reads small files whole', () => {
    const { rows, exact, table } = lookAtTable('a.csv', csv(50));
    expect([rows, exact, table.target]).toEqual([50, true, ['kind']]);
    expect(firstRows(table, 5, 2)).toEqual([
      ['0', '0'],
      ['0.1429', '−1'],
      ['0.2857', '−2'],
      ['0.4286', '−3'],
      ['0.5714', '−4'],
    ]);
  });

  it('looks at the beginning of large tables alone, and says about how many rows there are', () => {
    const { rows, exact, table } = lookAtTable('a.csv', csv(60_000));
    expect(exact).toBe(false);
    expect(table.rows).toBeLessThan(20_000);
    expect(Math.abs(rows / 60_000 - 1)).toBeLessThan(0.1);
  });

  it('refuses what is too large or no table, in words', () => {
    expect(() => lookAtTable('a.csv', new Uint8Array(65_000_000))).toThrow(
      'a.csv has 65 MB; the page takes up to 64 MB',
    );
    expect(() => lookAtTable('a.txt', csv(3))).toThrow('"a.txt" is not a .csv, .npy or .npz file');
    expect(() => lookAtTable('a.csv', new TextEncoder().encode('a\n1\n'))).toThrow('a.csv has 1 columns and 1 rows');
  });

  it('shows arrays of more dimensions by their shape', () => {
    const data = encodeNpz({
      X: { dtype: 'float64', shape: [2, 3, 3], data: new Float64Array(18) },
      y: { dtype: 'float64', shape: [2], data: Float64Array.of(1, 2) },
    });
    expect(firstRows(lookAtTable('a.npz', data).table, 5, 8)).toEqual([
      ['3 × 3', '1'],
      ['3 × 3', '2'],
    ]);
  });
});

describe('packImages', () => {
  const image = (name: string, level: number): GreyImage => ({ name, pixels: new Uint8Array(4).fill(level) });

  it('makes a file of pictures and classes that the dataset reads as they are', async () => {
    const images = ['dog-1.png', 'cat-1.png', 'cat-2.png', 'dog_2.jpg', 'cat 3.png', 'dog-3.png'].map((name, i) =>
      image(name, 10 * i + 1),
    );
    const { bytes, name, classes } = packImages(images, 2);
    expect(classes).toEqual(['cat', 'dog']);
    const table = readTable(bytes, name);
    expect(table.target).toEqual(['y']);
    expect(Array.from(table.columns[1].values)).toEqual([1, 0, 0, 1, 0, 1]);
    const files = { read: async () => bytes };
    const raw = { file: name, trainSize: 4, testSize: 2, standardise: false, normalise: false };
    const { train, provenance } = await loadTable(raw, files, createRandom(1));
    expect(provenance).toMatchObject({ image: [2, 2], kind: 'classes' });
    for (let row = 0; row < 4; row++) {
      const level = train.X.data[4 * row];
      expect(train.Y.data[row]).toBe(images[(level - 1) / 10].name.startsWith('cat') ? 1 : -1);
    }
  });

  it('says what is missing', () => {
    expect(() => packImages([image('cat-1.png', 1), image('cat-2.png', 2)], 2)).toThrow('all names begin with "cat"');
    expect(() => packImages(new Array(MOST_IMAGES + 1).fill(image('a-1.png', 1)), 2)).toThrow(
      '5001 images, more than 5000',
    );
  });

  it.each([
    ['cat-012.png', 'cat'],
    ['3_7.png', '3'],
    ['dog12.jpg', 'dog'],
    ['big cat 3.png', 'big cat'],
    ['x.png', 'x'],
  ])('finds the class of %s', (name, expected) => {
    expect(classOf(name)).toBe(expected);
  });

  it('takes grey by brightness', () => {
    const pixels = Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255);
    expect(Array.from(greyOfPixels(pixels))).toEqual([76, 150, 29, 255]);
  });
});

describe('sizesFor', () => {
  it('always leaves at least one example to test on, and takes no more than there are', () => {
    for (const rows of [2, 3, 10, 150, 10_000]) {
      const { trainSize, testSize } = sizesFor(rows);
      expect(trainSize).toBeGreaterThan(0);
      expect(testSize).toBeGreaterThan(0);
      expect(trainSize + testSize).toBeLessThanOrEqual(rows);
    }
  });
});

describe('createOwnFiles', () => {
  const refusing = {
    open: () => {
      const request: Record<string, unknown> = { error: new Error('denied') };
      queueMicrotask(() => (request.onerror as () => void)());
      return request;
    },
  } as unknown as IDBFactory;

  it.each([
    ['no database', undefined],
    ['one that refuses', refusing],
  ])('keeps files with %s', async (_, factory) => {
    const files = createOwnFiles(factory);
    const bytes = csv(5);
    const kept = await files.put('a.csv', bytes);
    expect(kept).toEqual({ name: 'a.csv', sha256: await sha256(bytes), bytes: bytes.length });
    await files.put('a.csv', csv(6));
    expect((await files.list()).map(({ name }) => name)).toEqual(['a.csv']);
    expect(await files.get('a.csv')).toEqual(csv(6));
    await expect(files.put('../a.csv', bytes)).rejects.toThrow('is not the name of a file inside a folder');
    await files.remove('a.csv');
    expect(await files.get('a.csv')).toBeUndefined();
  });

  it('gives workers the file that an experiment names, and no other', async () => {
    const files = createOwnFiles();
    await files.put('a.csv', csv(5));
    await files.put('b.csv', csv(5));
    const of = filesOf(files);
    expect((await of({ dataset: { use: 'table', file: 'b.csv' } })).map(({ name }) => name)).toEqual(['b.csv']);
    expect(await of({ dataset: { use: 'table', file: 'c.csv' } })).toEqual([]);
    expect(await of({ dataset: { use: 'mnist-small', file: 'a.csv' } })).toEqual([]);
  });
});
