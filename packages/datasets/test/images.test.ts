import { readFileSync } from 'node:fs';
import { decodeIdx } from '@ggdln/io';
import { matrix, matrixFromRows, toRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { columnMeans, type Images, MNIST_FILES, normaliseRows, poolImages, subtractFromRows } from '../src/index.ts';
import { extractFile, failure } from './support.ts';

function extractImages(part: 'train' | 'test'): Images {
  const { shape, data } = decodeIdx(extractFile(MNIST_FILES[part].images));
  return { count: shape[0], side: shape[1], pixels: data as Uint8Array };
}

const everyIndex = ({ count }: Images) => Array.from({ length: count }, (_, i) => i);

describe('poolImages', () => {
  const images: Images = { count: 2, side: 4, pixels: Uint8Array.from({ length: 32 }, (_, i) => (i < 16 ? i : 255)) };

  it('averages square patches', () => {
    const pooled = poolImages(images, [1, 0], 2);
    expect(toRows(pooled)[0]).toEqual([1, 1, 1, 1].map((value) => expect.closeTo(value, 14)));
    expect(toRows(pooled)[1]).toEqual([2.5, 4.5, 10.5, 12.5].map((value) => expect.closeTo(value / 255, 14)));
  });

  it('keeps the mean of the image at any size, and every pixel at full size', () => {
    const mean = (pixels: number) =>
      columnMeans(poolImages(images, [0], pixels)).reduce((a, b) => a + b, 0) / pixels ** 2;
    expect(mean(4)).toBeCloseTo(7.5 / 255, 14);
    expect(mean(2)).toBeCloseTo(mean(4), 14);
    expect(mean(1)).toBeCloseTo(mean(4), 14);
    expect(toRows(poolImages(images, [0]))[0].map((value) => Math.round(value * 255))).toEqual(
      Array.from(images.pixels.subarray(0, 16)),
    );
  });

  it('names sizes that fit, and indices that exist', async () => {
    expect(await failure('GGDLN_INPUT', () => poolImages(images, [0], 3))).toContain(
      "3 pixels a side don't divide images of 4 × 4. Use one of 4, 2, 1",
    );
    expect(await failure('GGDLN_INPUT', () => poolImages(images, [2]))).toContain('no image 2. Indices go from 0 to 1');
  });
});

describe('normaliseRows', () => {
  it('scales every row to |x|² = N0 and keeps its direction', () => {
    const X = normaliseRows(
      matrixFromRows([
        [3, 4],
        [-1e-9, 0],
      ]),
    );
    expect(toRows(X)[0]).toEqual([expect.closeTo(0.6 * Math.SQRT2, 14), expect.closeTo(0.8 * Math.SQRT2, 14)]);
    expect(toRows(X)[1]).toEqual([expect.closeTo(-Math.SQRT2, 14), 0]);
  });

  it('names a row without length', async () => {
    const X = matrix(2, 3, Float64Array.of(1, 0, 0, 0, 0, 0));
    expect(await failure('GGDLN_DATA', () => normaliseRows(X))).toContain(
      "row 1 has no length (|x|² = 0), so it can't be scaled to |x|² = N0 = 3. Turn off normalise",
    );
  });
});

describe('subtractFromRows', () => {
  it('centres by the column means', () => {
    const X = matrixFromRows([
      [1, 5],
      [3, 9],
    ]);
    const centred = subtractFromRows(X, columnMeans(X));
    expect(toRows(centred)).toEqual([
      [-1, -2],
      [1, 2],
    ]);
  });
});

describe('the recipe of the reference numbers', () => {
  interface FixtureCase {
    readonly name: string;
    readonly inputs: { readonly X: number[][]; readonly Xtest: number[][] };
  }
  const text = readFileSync(new URL('../../../fixtures/ggdln.json', import.meta.url), 'utf8');
  const { cases } = JSON.parse(text) as { cases: FixtureCase[] };
  const { inputs } = cases.find(({ name }) => name === 'mnist_7x7_two_digits')!;

  it.each([
    ['train', inputs.X],
    ['test', inputs.Xtest],
  ] as const)('4 × 4 pooling and |x|² = N0 give the %s inputs of the fixture', (part, expected) => {
    const images = extractImages(part);
    const X = normaliseRows(poolImages(images, everyIndex(images), 7));
    expect([X.rows, X.cols]).toEqual([expected.length, 49]);
    const worst = Math.max(...expected.flat().map((value, i) => Math.abs(value - X.data[i])));
    expect(worst).toBeLessThan(1e-12);
  });
});
