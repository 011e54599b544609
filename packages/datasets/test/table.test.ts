import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type Matrix } from '@ggdln/core';
import { encodeNpy, encodeNpz } from '@ggdln/io';
import { describe, expect, it } from 'vitest';
import { loadTable, OWN_FILE_LIMIT, readTable } from '../src/index.ts';
import { createFileSource } from '../src/node/index.ts';
import { freshFolder } from './fakeNpm.ts';
import { failure, memoryFiles, rng } from './support.ts';

const text = (value: string) => new TextEncoder().encode(value);
const COUNT = 40;
const draw = createRandom(3)
  .stream('cells')
  .fillGaussian(new Float64Array(COUNT * 2));
const cells = Array.from({ length: COUNT }, (_, i) => [draw[2 * i] * 7 + 100, draw[2 * i + 1], i % 3] as const);
const measurements = ['mass,time,kind', ...cells.map((row) => row.join(','))].join('\r\n');
const files = memoryFiles({
  'measurements.csv': text(measurements),
  'names.csv': text(`x,y,name\n${cells.map(([x, y], i) => `${x},${y},${i % 2 ? 'owl' : 'cat'}`).join('\n')}`),
  'gap.csv': text('x,y,z\n1,2,3\n4,,6\n7,8,9\n'),
  'numbers.csv': text('1,2,3\n4,5,6\n'),
  'constant.csv': text(`a,b,t\n${cells.map(([x, y], i) => `0.1,${x + y},${i / 3}`).join('\n')}`),
  'array.npy': encodeNpy({ dtype: 'float64', shape: [COUNT, 3], data: Float64Array.from(cells.flat()) }),
  'pictures.npz': encodeNpz({
    X: { dtype: 'float64', shape: [6, 2, 3], data: Float64Array.from({ length: 36 }, (_, i) => Math.sin(i)) },
    y: { dtype: 'int32', shape: [6], data: Int32Array.from([4, 7, 4, 7, 7, 4]) },
    names: { dtype: 'float64', shape: [2], data: new Float64Array(2) },
  }),
});
const sizes = { trainSize: 20, testSize: 10 };
const raw = { ...sizes, standardise: false, normalise: false };
const rows = ({ rows: count, cols, data }: Matrix) =>
  Array.from({ length: count }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));

describe('loadTable', () => {
  it('takes the last column for the target, and rows that are there, each once', async () => {
    const { train, test, provenance } = await loadTable({ file: 'measurements.csv', ...raw }, files, rng());
    expect([train.X.cols, train.Y.cols]).toEqual([2, 3]);
    const known = new Map(cells.map(([a, b, kind]) => [`${a},${b}`, kind]));
    const all = [...rows(train.X), ...rows(test.X)].map(String);
    expect(new Set(all).size).toBe(30);
    const targets = [...rows(train.Y), ...rows(test.Y)];
    all.forEach((row, i) => {
      const expected = [0, 1, 2].map((kind) => (kind === known.get(row) ? 1 : -1));
      expect(targets[i]).toEqual(expected);
    });
    expect(provenance).toMatchObject({ dataset: 'table', rows: COUNT, kind: 'classes', targets: ['0', '1', '2'] });
    expect(provenance.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('makes two classes of text one column of ±1, and gives equal numbers when asked to', async () => {
    const { train, provenance } = await loadTable({ file: 'names.csv', ...raw, balance: true }, files, rng());
    expect(provenance.targets).toEqual(['cat +1, owl −1']);
    expect(train.Y.data.reduce((sum, value) => sum + value, 0)).toBe(0);
    const coded = await loadTable({ file: 'names.csv', ...raw, coding: 'one-hot' }, files, rng());
    expect(new Set(rows(coded.train.Y).map(String))).toEqual(new Set(['1,0', '0,1']));
  });

  it('takes numbers for regression, several columns at once, in the order named', async () => {
    const { train } = await loadTable({ file: 'measurements.csv', ...raw, target: 'time, mass' }, files, rng());
    expect([train.X.cols, train.Y.cols]).toEqual([1, 2]);
    const kinds = new Map(cells.map(([mass, time, kind]) => [`${time},${mass}`, kind]));
    rows(train.Y).forEach((row, i) => {
      expect(rows(train.X)[i]).toEqual([kinds.get(String(row))]);
    });
  });

  it('standardises on the training examples only, then scales to |x|² = N0', async () => {
    const options = { file: 'measurements.csv', target: 'time', ...sizes };
    const { train, test } = await loadTable({ ...options, normalise: false }, files, rng());
    for (const values of [train.X, train.Y]) {
      for (let j = 0; j < values.cols; j++) {
        const column = rows(values).map((row) => row[j]);
        const mean = column.reduce((a, b) => a + b, 0) / column.length;
        expect(Math.abs(mean)).toBeLessThan(1e-12);
        expect(column.reduce((sum, value) => sum + value ** 2, 0) / column.length).toBeCloseTo(1, 10);
      }
    }
    expect(Math.abs(test.X.data.reduce((a, b) => a + b, 0))).toBeGreaterThan(1e-6);
    const scaled = await loadTable(options, files, rng());
    for (const row of rows(scaled.test.X)) expect(row[0] ** 2 + row[1] ** 2).toBeCloseTo(2, 12);
  });

  it('keeps constant columns from becoming noise or infinite', async () => {
    const { train } = await loadTable({ file: 'constant.csv', ...sizes, normalise: false }, files, rng());
    for (const row of rows(train.X)) expect(Math.abs(row[0])).toBeLessThan(1e-15);
  });

  it('nests training sets and keeps the test set', async () => {
    const small = await loadTable({ file: 'measurements.csv', ...raw, trainSize: 5 }, files, rng());
    const large = await loadTable({ file: 'measurements.csv', ...raw, trainSize: 25 }, files, rng());
    expect(rows(large.train.X).slice(0, 5)).toEqual(rows(small.train.X));
    expect(large.test).toEqual(small.test);
  });

  it('reads NPY, and NPZ with pictures whose size it keeps', async () => {
    const csv = await loadTable({ file: 'measurements.csv', ...raw }, files, rng());
    const npy = await loadTable({ file: 'array.npy', ...raw }, files, rng());
    expect(npy.train).toEqual(csv.train);
    const pictures = await loadTable({ file: 'pictures.npz', ...raw, trainSize: 4, testSize: 2 }, files, rng());
    expect(pictures.train.X.cols).toBe(6);
    expect(pictures.provenance).toMatchObject({ image: [2, 3], inputs: ['X'], targets: ['4 +1, 7 −1'] });
    expect(readTable(await files.read('table', 'pictures.npz'), 'pictures.npz').target).toEqual(['y']);
  });

  it('takes another file of the same name only where no checksum was kept', async () => {
    const { provenance } = await loadTable({ file: 'measurements.csv', ...raw }, files, rng());
    const kept = { file: 'measurements.csv', ...raw, sha256: String(provenance.sha256).toUpperCase() };
    expect((await loadTable(kept, files, rng())).provenance).toEqual(provenance);
    const message = await failure('GGDLN_DATA', () => loadTable({ ...kept, file: 'names.csv' }, files, rng()));
    expect(message).toContain(`was made with ${kept.sha256}. Use the file that it was made with`);
  });

  it.each<[string, object, string, string]>([
    ['a gap', { file: 'gap.csv', kind: 'regression' }, 'GGDLN_DATA', 'row 2 of gap.csv has nothing in column "y"'],
    ['text as inputs', { file: 'names.csv', target: 'x' }, 'GGDLN_DATA', '"cat" in column "name", not a number'],
    ['no header', { file: 'numbers.csv' }, 'GGDLN_DATA', 'begins with numbers (1, 2, 3)'],
    ['an unknown column', { file: 'measurements.csv', target: 'tim' }, 'GGDLN_UNKNOWN_NAME', 'Did you mean time?'],
    ['a column twice', { file: 'measurements.csv', target: 'time', inputs: 'time' }, 'GGDLN_INPUT', 'both input and'],
    ['too many', { file: 'measurements.csv', trainSize: 31, testSize: 10 }, 'GGDLN_INPUT', 'Ask for at most 40'],
    ['too many rows', { file: 'array.npy', target: '1', trainSize: 39 }, 'GGDLN_INPUT', 'has 40 rows'],
    ['one class', { file: 'constant.csv', target: 'a', kind: 'classes' }, 'GGDLN_DATA', 'has a single class, 0.1'],
    ['classes in two columns', { file: 'array.npy', target: '0,1', kind: 'classes' }, 'GGDLN_DATA', 'several target'],
    ['no file', {}, 'GGDLN_DATA', 'no file is named'],
  ])('says what is wrong with %s', async (_, options, code, problem) => {
    expect(await failure(code, () => loadTable({ ...sizes, ...options }, files, rng()))).toContain(problem);
  });
});

describe('own files in Node', () => {
  it('are found in the named folder, else in the current one', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner', 'a.csv'), measurements);
    for (const source of [createFileSource({ folder }), createFileSource({ ownFolder: folder })]) {
      const { provenance } = await loadTable({ file: 'inner/a.csv', ...sizes }, source, rng());
      expect(provenance.rows).toBe(COUNT);
    }
    const absent = await failure('GGDLN_DATA', () => createFileSource().read('table', 'no-such-file.csv'));
    expect(absent).toContain(`no-such-file.csv is not in ${process.cwd()}. Put it there, or name the folder`);
  });

  it.each(['/etc/passwd', '../secret.csv', 'a/../../secret.csv', 'C:\\a.csv', 'a.csv\0', './a.csv', 'a.txt', ''])(
    'are not looked for under the name %j',
    async (file) => {
      const folder = freshFolder();
      writeFileSync(join(folder, '..', 'secret.csv'), 'a,b\n1,2\n');
      for (const source of [createFileSource({ folder }), createFileSource({ ownFolder: folder })]) {
        await failure('GGDLN_DATA', () => source.read('table', file));
      }
      await failure('GGDLN_DATA', () => loadTable({ ...sizes, file }, files, rng()));
    },
  );

  it('are refused before reading when they are too large; folders are none', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'large.csv'), '');
    truncateSync(join(folder, 'large.csv'), OWN_FILE_LIMIT + 1);
    mkdirSync(join(folder, 'folder.csv'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link.csv'));
    const source = createFileSource({ folder });
    expect(await failure('GGDLN_DATA', () => source.read('table', 'large.csv'))).toContain(
      `more than ${OWN_FILE_LIMIT}`,
    );
    for (const name of ['folder.csv', 'link.csv']) {
      expect(await failure('GGDLN_DATA', () => source.read('table', name))).toContain(`${name} is not in`);
    }
  });
});
