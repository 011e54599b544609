import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOpenblasBackend } from '../src/index.ts';
import { explainLoadFailure } from '../src/loadFailure.ts';

const file = (name: string) => join(mkdtempSync(join(tmpdir(), 'ggdln-blas-')), name);

const refusalOf = (library: string) =>
  createOpenblasBackend({ library }).then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  );

describe('what could not be loaded', () => {
  it.skipIf(process.platform !== 'linux')(
    'is named as one for another processor where the system says that there is none',
    async () => {
      const library = file('libopenblas.so.0');
      const bytes = Buffer.alloc(4096);
      readFileSync(process.execPath).copy(bytes, 0, 0, 64);
      bytes.writeUInt16LE(bytes.readUInt16LE(18) === 8 ? 3 : 8, 18); // MIPS, or Intel 80386 there
      writeFileSync(library, bytes);
      const message = await refusalOf(library);
      expect(message).toContain(`${library} can't be loaded`);
      expect(message).toMatch(
        new RegExp(`The file is there, for another kind of processor; this Node is linux ${process.arch}\\. Install`),
      );
    },
  );

  it.skipIf(process.platform !== 'linux')('is named as one for 32 bits', async () => {
    const library = file('libopenblas.so.0');
    // The head of an ELF file of class 1.
    writeFileSync(
      library,
      Uint8Array.from({ length: 4096 }, (_, at) => [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1][at] ?? 0),
    );
    expect(await refusalOf(library)).toMatch(
      /wrong ELF class: ELFCLASS32\)\. It was built for another kind of processor/,
    );
  });

  it('is named as one that needs another library', () => {
    const linux = 'Failed to load shared library: libgfortran.so.5: cannot open shared object file: No such file';
    const darwin =
      'dlopen(/a/b.dylib, 1): Library not loaded: @rpath/libgfortran.5.dylib\n  Referenced from: /a/b.dylib';
    expect(explainLoadFailure(linux, '/usr/lib/libopenblas.so.0', 'linux x64')).toBe(
      'It needs libgfortran.so.5, which is not there: install that, too. ',
    );
    expect(explainLoadFailure(darwin, '/a/b.dylib', 'darwin arm64')).toMatch(/It needs libgfortran\.5\.dylib, which/);
  });

  it('is not explained where it is not there', () => {
    const absent = 'Failed to load shared library: libopenblas.so.0: cannot open shared object file: No such file';
    expect(explainLoadFailure(absent, 'libopenblas.so.0', 'linux x64')).toBe('');
    expect(explainLoadFailure('cannot open shared object file: No such file', '/nowhere/a.so', 'linux x64')).toBe('');
  });

  it('is not said to be for another processor where it is for this one, or no program at all', () => {
    expect(explainLoadFailure('undefined symbol: dgemm_', process.execPath, 'linux x64')).toBe('');
    const text = file('libtext.so');
    writeFileSync(text, 'This is not a library.\n'.repeat(20));
    expect(explainLoadFailure('permission denied', text, 'linux x64')).toBe('');
  });
});
