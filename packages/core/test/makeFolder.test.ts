import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../src/node/index.ts';

const root = mkdtempSync(join(tmpdir(), 'make-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('makeFolder', () => {
  it('makes what is missing, and leaves what is there', () => {
    const folder = join(root, 'a/b/c');
    makeFolder(folder);
    writeFileSync(join(folder, 'kept'), '');
    makeFolder(folder);
    expect(existsSync(join(folder, 'kept'))).toBe(true);
  });

  it('says at once that a file is in the way', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(root, 'file/below'))).toThrow(/ENOTDIR/);
    expect(() => makeFolder(join(root, 'file/further/below'))).toThrow(/ENOTDIR/);
  });

  it.runIf(process.platform === 'linux')('returns where the system refuses folders', () => {
    expect(() => makeFolder('/proc/none')).toThrow(/ENOENT|EACCES|EPERM/);
    expect(() => makeFolder('/proc/none/below')).toThrow(/ENOENT|EACCES|EPERM/);
  });
});
